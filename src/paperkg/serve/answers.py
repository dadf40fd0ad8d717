"""Answers that were given before: a build never changes, so a query's answer stays the same."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

MOST_BYTES = 32 << 20
"""What all answers that are kept may take; those go first that were wanted least recently."""
BESIDE = 400
"""What an answer takes beside its bytes, about: else thousands of empty ones would take ten times as much."""
LARGEST = 1 << 20
"""A larger answer is not kept."""


@dataclass(frozen=True, slots=True)
class Known:
    """An answer: its media type and its bytes."""

    media_type: str
    content: bytes


class Answers:
    """The answers that are kept, by the tags of their requests."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._bytes = 0

    def get(self, tag: str) -> Known | None:
        """The answer, if it is kept."""
        if tag in self._known:
            self._known.move_to_end(tag)
        return self._known.get(tag)

    def keep(self, tag: str, known: Known) -> None:
        """Keep an answer, unless it is too large."""
        if tag in self._known or len(known.content) > LARGEST:
            return
        self._known[tag] = known
        self._bytes += _taken(known)
        while self._bytes > MOST_BYTES:
            _, gone = self._known.popitem(last=False)
            self._bytes -= _taken(gone)


def _taken(known: Known) -> int:
    return BESIDE + len(known.content)
