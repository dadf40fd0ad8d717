"""Abbreviations that a text defines itself, by the algorithm of Schwartz and Hearst (2003), with offsets.

Differences from the paper, for this field: a short form may end in a plural s (`LLMs`), hold digits and
hyphens, and stand before its long form (`CIP (Causal Information Prioritization)`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paperkg.extraction.located import Offsets

_SHORT = re.compile(r"[A-Za-z0-9][\w&+./’'-]{0,14}")
_WORD = re.compile(r"[^\s]+")
_INITIAL = re.compile(r"[^\W_]+")
_FILLERS = frozenset(("and", "of", "the", "for", "in", "on", "to", "a", "with"))
_MAX_LONG = 120


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and its long form: (start, end) of each in the text."""

    short: Offsets
    long: Offsets


def is_short_form(text: str) -> bool:
    """Whether a text has the shape of an abbreviation: short, with a capital, few ordinary letters."""
    if not 2 <= len(text) <= 15 or not _SHORT.fullmatch(text) or text[-1] in ".'’/":
        return False
    capitals = sum(c.isupper() for c in text)
    letters = sum(c.isalpha() for c in text)
    return capitals >= 2 or (capitals == 1 and letters <= 4 and not text.islower() and not text.istitle())


def _match_back(short: str, long: str) -> int | None:
    """Where in `long` the long form of `short` begins, or None; the core loop of Schwartz and Hearst."""
    letters = [c for c in short.casefold() if c.isalnum()]
    low = long.casefold()
    if len(low) != len(long):
        return None
    position = len(low)
    for index in range(len(letters) - 1, -1, -1):
        position -= 1
        while position >= 0 and (
            low[position] != letters[index] or (index == 0 and position > 0 and low[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
    return position


def _whole_initialism(short: str, text: str, found: int) -> int:
    """Where the long form begins, if not at `found`: further left, where a word begins for each letter.

    The shortest match for TTA is 'time adaptation', while 'test-time adaptation' is meant.
    """
    letters = [c for c in short.casefold() if c.isalnum()]
    words = [m for m in _INITIAL.finditer(text) if m[0].casefold() not in _FILLERS]
    start = len(words) - len(letters)
    if start < 0 or [m[0][0].casefold() for m in words[start:]] != letters:
        return found
    return min(found, words[start].start())


def _initials_fit(short: str, long: str) -> bool:
    """Guards against chance matches: most letters of the short form begin words of the long form."""
    letters = [c for c in short.casefold() if c.isalpha()]
    words = re.findall(r"[^\W_]+", long.casefold())
    inner = re.findall(r"[A-Z]", long)
    starts = [w[0] for w in words] + [c.casefold() for c in inner]
    if not letters or len(words) > 2 * len(letters) + 4:
        return False
    hits = sum(c in starts for c in letters)
    return hits >= max(1, round(0.6 * len(letters)))


def _trim_plural(short: str) -> str:
    return short[:-1] if len(short) > 2 and short.endswith("s") and short[-2].isupper() else short


def _parentheses(text: str) -> Iterator[Offsets]:
    """The insides of round brackets that hold no further bracket."""
    for match in re.finditer(r"\(([^()\n]{2,160})\)", text):
        yield match.span(1)


def _long_before(text: str, short: str, bracket: int) -> Offsets | None:
    window_start = max(0, bracket - _MAX_LONG)
    window = text[window_start:bracket]
    # A long form does not reach over the end of a sentence or clause.
    cut = max(window.rfind(c) for c in (". ", "? ", "! ", "; ", ": ", "\n", "(", ")"))
    if cut >= 0:
        window_start += cut + 1
        window = text[window_start:bracket]
    letters = sum(c.isalnum() for c in short)
    words = [m.span() for m in _WORD.finditer(window)]
    allowed = words[-min(letters + 5, letters * 2 + 1) :]
    if not allowed:
        return None
    offset = allowed[0][0]
    candidate = window[offset:].rstrip(" \"'“”‘’,")
    found = _match_back(short, candidate)
    if found is None:
        return None
    found = _whole_initialism(short, candidate, found)
    long = candidate[found:]
    if len(long) <= len(short) or not _initials_fit(short, long) or long.casefold() == short.casefold():
        return None
    start = window_start + offset + found
    return (start, start + len(long))


def find_abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """All pairs that the text defines, in order; each short form once, by its first definition."""
    found: dict[str, Abbreviation] = {}
    for start, end in _parentheses(text):
        inside = text[start:end]
        # 'Long Form (LF, 2024)' and 'Long Form (LF; a thing)': the short form is what stands first.
        head = re.split(r"[,;:]", inside, maxsplit=1)[0].strip(" \"'“”‘’")
        at = start + inside.find(head) if head else start
        short = _trim_plural(head)
        bracket = start - 1
        if is_short_form(short):
            long = _long_before(text, short, bracket)
            if long:
                found.setdefault(short, Abbreviation((at, at + len(short)), long))
                continue
        # 'LF (Long Form)'
        before = re.search(r"([^\s()\"“”]{2,16})\s?$", text[max(0, bracket - 20) : bracket])
        if before and len(inside.split()) >= 2:
            short = _trim_plural(before[1])
            if is_short_form(short) and short not in found:
                position = _match_back(short, inside)
                if position is not None and position <= 4 and _initials_fit(short, inside[position:]):
                    offset = max(0, bracket - 20) + before.start(1)
                    found[short] = Abbreviation((offset, offset + len(short)), (start + position, end))
    return tuple(sorted(found.values(), key=lambda a: a.short))
