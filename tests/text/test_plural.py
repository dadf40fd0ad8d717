"""Numbers with what they count."""

from __future__ import annotations

import pytest

from paperkg.text.plural import count


@pytest.mark.parametrize(
    ("number", "noun", "written"),
    [(0, "paper", "0 papers"), (1, "entity", "1 entity"), (2, "entity", "2 entities")],
)
def test_count(number: int, noun: str, written: str) -> None:
    assert count(number, noun) == written
