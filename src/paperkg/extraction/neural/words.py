"""The words of a text with what their spelling and place say.

The recogniser's view of a text, in training and at run time.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

WORD = re.compile(r"[^\W_]{1,100}|[^\w\s]|_")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,300}")
_CLOSERS = frozenset(")]\"'\u2019\u201d")

WORD_FEATURES = (
    "alphanumeric",
    "lower",
    "capitalised",
    "upper",
    "mixed case",
    "plural acronym",
    "has digit",
    "all digits",
    "one letter",
    "in title",
    "sentence start",
    "hyphen before",
    "hyphen after",
    "in parentheses",
    "parenthesis before",
    "parenthesis after",
    "glued before",
    "glued after",
    "twice in text",
    "three times in text",
    "stands in title",
    "lower-cased elsewhere",
    "title in title case",
    "before colon of title",
    "quoted",
    "first sentence",
    "last sentence",
    "in address",
)
"""Names of the columns of `Words.features`."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut into words.

    Attributes:
        text: the text; its title ends at the first blank line, if there is one.
        spans: (start, end) offsets of each word; runs of letters and digits, or single other characters.
        strings: the words as written.
        lower: the words in lower case.
        sentence: number of the sentence of each word, from 0 (the title's); never decreasing.
        features: (words, len(WORD_FEATURES)) of 0 and 1.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    strings: tuple[str, ...]
    lower: tuple[str, ...]
    sentence: npt.NDArray[np.int64]
    features: npt.NDArray[np.float32]

    def __len__(self) -> int:
        """Number of words."""
        return len(self.spans)


def split_words(text: str) -> Words:
    """Cut a text into words and describe each."""
    spans = tuple(m.span() for m in WORD.finditer(text))
    strings = tuple(text[a:b] for a, b in spans)
    lower = tuple(s.lower() for s in strings)
    title_end = text.find("\n\n")
    title_words = sum(b <= title_end for _, b in spans) if title_end >= 0 else 0
    sentence = _sentences(text, spans, strings, title_words)
    features = _features(text, spans, strings, lower, sentence, title_words)
    return Words(text, spans, strings, lower, sentence, features)


def _sentences(
    text: str, spans: tuple[tuple[int, int], ...], strings: tuple[str, ...], title_words: int
) -> npt.NDArray[np.int64]:
    """Number each word's sentence: a stop, white space, and no lower-case letter after it end one."""
    sentence = np.zeros(len(spans), dtype=np.int64)
    number = 0
    ended = False
    for i, (start, _) in enumerate(spans):
        if i and i == title_words:
            number += 1
            ended = False
        elif ended and strings[i] not in _CLOSERS:
            gap = start > spans[i - 1][1]
            if gap and not strings[i][0].islower():
                number += 1
            ended = ended and not gap and strings[i] in ".?!"
        if strings[i] in (".", "?", "!"):
            ended = not (strings[i] == "." and i and _abbreviates(strings, i))
        sentence[i] = number
    return sentence


def _abbreviates(strings: tuple[str, ...], i: int) -> bool:
    """True if the stop at `i` belongs to a one-letter or usual abbreviation (`e.g.`, `et al.`, `vs.`)."""
    return (len(strings[i - 1]) == 1 and strings[i - 1].isalpha()) or strings[i - 1].lower() in {
        "al",
        "vs",
        "cf",
    }


@lru_cache(maxsize=1 << 16)
def _shape(word: str) -> tuple[bool, ...]:
    """What the spelling alone says: the columns from `alphanumeric` to `one letter`."""
    letters = word.isalnum()
    upper = word.isupper()
    return (
        letters,
        word.islower(),
        letters and word[0].isupper() and word[1:].islower(),
        upper and len(word) > 1,
        letters and not upper and any(map(str.isupper, word[1:])),
        len(word) > 2 and word[-1] == "s" and word[:-1].isupper(),
        any(map(str.isdigit, word)),
        word.isdigit(),
        len(word) == 1 and word.isalpha(),
    )


def _features(
    text: str,
    spans: tuple[tuple[int, int], ...],
    strings: tuple[str, ...],
    lower: tuple[str, ...],
    sentence: npt.NDArray[np.int64],
    title_words: int,
) -> npt.NDArray[np.float32]:
    count = len(spans)
    if not count:
        return np.zeros((0, len(WORD_FEATURES)), dtype=np.float32)
    rows: list[tuple[bool, ...]] = []
    numbers = sentence.tolist()
    occurrences = Counter(lower)
    exact = set(strings)
    in_title = set(lower[:title_words])
    long_title = [s for s in strings[:title_words] if len(s) > 3 and s.isalpha()]
    title_case = bool(long_title) and 2 * sum(s[0].isupper() for s in long_title) > len(long_title)
    colon = strings.index(":", 0, title_words) if ":" in strings[:title_words] else 0
    addresses = {k for m in _ADDRESS.finditer(text) for k in range(*m.span())}
    depth = 0
    quoted = False
    for i, s in enumerate(strings):
        start, end = spans[i]
        glued_before = i > 0 and spans[i - 1][1] == start
        glued_after = i + 1 < count and spans[i + 1][0] == end
        before = strings[i - 1] if i else ""
        after = strings[i + 1] if i + 1 < count else ""
        if s == ")":
            depth = max(0, depth - 1)
        if s in '"\u201c\u201d':
            quoted = not quoted
        times = occurrences[lower[i]] if s.isalnum() else 0
        rows.append(
            (
                *_shape(s),
                i < title_words,
                i == 0 or numbers[i] != numbers[i - 1],
                glued_before and before == "-",
                glued_after and after == "-",
                depth > 0,
                before == "(",
                after == "(",
                glued_before,
                glued_after,
                times >= 2,
                times >= 3,
                i >= title_words and times > 0 and lower[i] in in_title,
                s != lower[i] and lower[i] in exact,
                i < title_words and title_case,
                i < colon,
                quoted,
                numbers[i] == 1,
                numbers[i] == numbers[-1],
                start in addresses,
            )
        )
        if s == "(":
            depth += 1
    return np.array(rows, dtype=np.float32)
