"""Stub."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CleanText:
    text: str

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        return start, end

    def to_clean(self, start: int, end: int) -> tuple[int, int]:
        return start, end


def clean(text: str) -> CleanText:
    return CleanText(text)
