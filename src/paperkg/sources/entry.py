"""What a reader of one format gives: entries, which `merge` turns into papers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from paperkg.model import Paper, Skip
from paperkg.text.extent import extent

if TYPE_CHECKING:
    from paperkg.sources.files import SourceFile


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


LONGEST_TITLE = 2_000
LONGEST_RECORD = 4_000_000
"""Characters; a longer record is refused."""


def checked(entry: Entry, file: str) -> Iterator[Entry | Skip]:
    """An entry whose texts can be stored, or the reason why they cannot; a note on an overlong abstract."""
    paper = entry.paper
    reason = ""
    if not paper.title.strip():
        reason = "no title"
    elif len(paper.title) > LONGEST_TITLE:
        reason = f"a title of more than {LONGEST_TITLE:,} characters"
    else:
        for text in (
            paper.title,
            paper.abstract,
            paper.id,
            *paper.authors,
            *(o.name for o in paper.organisations),
        ):
            if "\0" in text:
                reason = "a NUL character"
            elif any("\ud800" <= c <= "\udfff" for c in text) if not text.isascii() else False:
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
    yield entry
