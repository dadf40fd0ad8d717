"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        level: `good`; `note` for what a user may want to know and nothing fails for; `wrong`.
        about: what was checked.
        what: what was found, in one line.
        to_do: what mends it; empty where nothing has to.
    """

    level: Literal["good", "note", "wrong"]
    about: str
    what: str
    to_do: str = ""


def good(about: str, what: str) -> Finding:
    """All is well."""
    return Finding("good", about, what)


def note(about: str, what: str, to_do: str = "") -> Finding:
    """Something to know."""
    return Finding("note", about, what, to_do)


def wrong(about: str, what: str, to_do: str) -> Finding:
    """Something does not work."""
    return Finding("wrong", about, what, to_do)


def size(number: float) -> str:
    """`1.5 GB`."""
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
