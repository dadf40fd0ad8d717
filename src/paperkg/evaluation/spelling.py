"""When two spellings, numbers or addresses count as the same.

The measure has a key of its own: were it the extractor's (`paperkg.text.fold`), a change there would move the
figures with the thing that they measure.
"""

from __future__ import annotations

import re
import unicodedata

_NOT_WORD = re.compile(r"[^\w+#%&]+")
_NUMBER = re.compile(r"\d[\d,]*\.?\d*")
_NUMBER_AND_UNIT = re.compile(r"\d[\d,]*\.?\d*\s*(%|percent|x\b|times|points?|ms|s\b)?")
_UNITS = {"percent": "%", "times": "x", "point": "points"}


def fold(text: str) -> str:
    """The key under which two spellings of one name are equal: no case, spaces, hyphens, plural s."""
    words = _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).replace("_", " ").split()
    if words and len(words[-1]) > 3 and words[-1].endswith("s") and not words[-1].endswith("ss"):
        words[-1] = words[-1][:-1]
    return "".join(words)


def number(value: str) -> str:
    """The first number in a value, without separators of thousands (`up to 1,234.5%` -> `1234.5`); else its key."""
    found = _NUMBER.search(value)
    return found[0].replace(",", "").rstrip(".") if found else fold(value)


def unit(value: str) -> str:
    """The unit right after the first number (`%`, `x`, `points`, `ms`, `s`), or the empty string."""
    found = _NUMBER_AND_UNIT.search(value)
    written = (found[1] or "") if found else ""
    return _UNITS.get(written, written)


def address(url: str) -> str:
    """The key of a URL."""
    return url.rstrip("/.").lower()
