"""Numbers with what they count."""

from __future__ import annotations


def plural(number: int, noun: str) -> str:
    """The noun as it goes with a number: `paper`, `papers`; `entity`, `entities`."""
    if number == 1:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def count(number: int, noun: str) -> str:
    """`1 paper`, `2 papers`."""
    return f"{number} {plural(number, noun)}"
