"""How much of a paper is read: far more than an abstract holds, and so little that no text takes long."""

from __future__ import annotations

import re

MOST_CHARACTERS = 10_000
"""Of an abstract; the longest of 130,624 abstracts of arXiv has 4,506."""
MOST_WORDS = 1_000
"""Of title and abstract together, each sign counted as one; the most in those 130,624 are 800. The slowest text of 1,000 takes most of a second."""
_WORD = re.compile(r"[^\W_]{1,100}|[^\w\s]|_")


def extent(title: str, abstract: str) -> tuple[int, int]:
    """How many characters of a title and of an abstract are read: all of them, but of texts that are no abstracts.

    >>> extent("A title", "(" * 30_000)
    (7, 998)
    """
    if len(title) + len(abstract) <= MOST_WORDS:
        return len(title), len(abstract)
    lengths, room = list[int](), MOST_WORDS
    for text in (title, abstract):
        begins = [match.start() for match in _WORD.finditer(text[:MOST_CHARACTERS])]
        lengths.append(begins[room] if len(begins) > room else min(len(text), MOST_CHARACTERS))
        room -= min(room, len(begins))
    return lengths[0], lengths[1]
