"""Texts as readers see them: in their clean form, cut into stretches with and without a mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from paperkg.model import Paper, PartialDate, Span
from paperkg.text.clean import CleanText, clean

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be marked: a stretch of the stored text, and where it leads.

    Attributes:
        href: address, or None for a mark that leads nowhere.
        kind: `model`, `task`, ...: the end of the names of a class and a colour.
        title: what a pointer shows; the empty string for nothing.
    """

    span: Span
    href: str | None
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a shown text, and its mark if it has one."""

    text: str
    mark: Mark | None = None


@lru_cache(maxsize=512)
def shown(stored: str) -> CleanText:
    """The clean form of a stored text."""
    return clean(stored)


def pieces(paper: Paper, stretch: Span, marks: Iterable[Mark]) -> list[Piece]:
    """A stretch of a paper's text in pieces; of marks that overlap, the first and longest is kept."""
    text = shown(paper.text(stretch.field))
    at, end = text.to_clean(stretch.start, stretch.end)
    places = sorted(
        (
            (*text.to_clean(mark.span.start, mark.span.end), mark)
            for mark in marks
            if mark.span.field == stretch.field
        ),
        key=lambda place: (place[0], -place[1]),
    )
    found = list[Piece]()
    for start, stop, mark in places:
        if start < at or stop > end or start >= stop:
            continue
        if at < start:
            found.append(Piece(text.text[at:start]))
        found.append(Piece(text.text[start:stop], mark))
        at = stop
    if at < end:
        found.append(Piece(text.text[at:end]))
    return found


def whole(paper: Paper, field: str) -> Span:
    """All of the title or the abstract of a paper."""
    stored = paper.title if field == "title" else paper.abstract
    return Span("title" if field == "title" else "abstract", 0, len(stored), stored)


def around(paper: Paper, span: Span) -> Span:
    """The sentence or so round a stretch, for a reader who wants to see where it stands."""
    stored = paper.text(span.field)
    start = max(stored.rfind(". ", 0, span.start) + 1, span.start - 240, 0)
    stop = stored.find(". ", span.end)
    end = min(len(stored) if stop < 0 else stop + 1, span.end + 240)
    start += len(stored[start : span.start]) - len(stored[start : span.start].lstrip())
    return Span(span.field, start, end, stored[start:end])


def date_text(date: PartialDate | None) -> str:
    """`7 Dec 2023`; with a question mark where the year was concluded; empty if nothing is known."""
    if date is None:
        return ""
    parts = [
        date.day and str(date.day),
        date.month and MONTHS[date.month - 1],
        date.best_year and str(date.best_year),
    ]
    guess = " ?" if date.year is None and date.inferred_year is not None else ""
    return " ".join(part for part in parts if part) + guess


def outward(url: str) -> str | None:
    """A link out of the site, None if it is no http(s) address."""
    return url if url.startswith(("http://", "https://")) else None
