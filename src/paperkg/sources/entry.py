"""What a reader of one format gives: entries, which `merge` turns into papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from paperkg.model import Paper, Skip
from paperkg.text.extent import extent

if TYPE_CHECKING:
    from paperkg.sources.files import SourceFile


ALONE = "line "
"""Begins a namespace of one entry alone, whose id names it but speaks neither for nor against another."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as one place of one source gives it.

    Attributes:
        paper: what stands there; its `id` is empty where there is none.
        line: the line at which it begins, counted from 1.
        namespace: within which two different ids mean two different papers (`arxiv`, `own`, ...); None
            without an id, or with one that an earlier build made.
        updated: the date is that of the last change, not of publication: any other date is better.
    """

    paper: Paper
    line: int
    namespace: str | None = None
    updated: bool = False


class Reader(Protocol):
    """Reads the entries of a file of one format; what it leaves out it yields as a `Skip`."""

    def __call__(self, file: SourceFile) -> Iterator[Entry | Skip]:
        """The entries of an opened file, in order."""


class BadRecord(Exception):
    """A record that cannot be used; its message is the reason."""


_SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST_TITLE = 2_000
LONGEST_RECORD = 4_000_000
"""Characters; a longer record is refused."""
MOST_NAMES = 6_000
"""Authors, organisations, listings and sources of a record together; papers of the largest experiments have some 5,000 authors."""


def _strings(paper: Paper) -> Iterator[str]:
    """All that a source wrote."""
    yield from (paper.id, paper.title, paper.abstract, paper.url or "", *paper.authors, *paper.sources)
    for organisation in paper.organisations:
        yield from (organisation.slug, organisation.name)
    for listing in paper.listings:
        yield listing.page
    for date in (paper.date, *(listing.page_date for listing in paper.listings)):
        if date is not None:
            yield from (date.written, date.reason or "")


def checked(entry: Entry, file: str) -> Iterator[Entry | Skip]:
    """An entry whose texts can be stored, or the reason why they cannot; notes on what is too much of it."""
    paper = entry.paper
    reason = ""
    if not paper.title.strip():
        reason = "no title"
    elif len(paper.title) > LONGEST_TITLE:
        reason = f"a title of more than {LONGEST_TITLE:,} characters"
    else:
        said = "\n".join(_strings(paper))
        if "\0" in said:
            reason = "a NUL character"
        elif not said.isascii() and _SURROGATE.search(said):
            reason = "bytes that are not UTF-8, or half of a surrogate pair"
    if reason:
        yield Skip(file, entry.line, "record", reason)
        return
    read = extent(paper.title, paper.abstract)[1]
    if read < len(paper.abstract):
        yield Skip(
            file,
            entry.line,
            "field",
            f"an abstract of {len(paper.abstract):,} characters: the first {read:,} are read",
        )
    room = MOST_NAMES
    for field in ("sources", "listings", "organisations", "authors"):
        given = getattr(paper, field)
        if len(given) > room:
            yield Skip(file, entry.line, "field", f"{len(given):,} {field}: the first {room:,} are kept")
            entry = replace(entry, paper=replace(entry.paper, **{field: given[:room]}))
        room -= min(room, len(given))
    yield entry
