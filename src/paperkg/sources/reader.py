"""`read_papers`: from paths to papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from paperkg.errors import SourceError
from paperkg.model import InputFile, Paper, Skip, SourceReport
from paperkg.sources.entry import Entry
from paperkg.sources.files import Found, SourceFile, find, opened, same_file
from paperkg.sources.formats import FORMATS, detect
from paperkg.sources.merge import Placed, merge
from paperkg.text.plural import count

_HINT = "known formats: a saved Daily Papers page, " + ", ".join(f.title for f in FORMATS[1:])


@dataclass(frozen=True, slots=True)
class _Read:
    """What one file gave."""

    file: InputFile
    entries: tuple[Entry, ...]
    skips: tuple[Skip, ...]


def _read(file: SourceFile) -> _Read:
    known = detect(file.head)
    if known is None:
        cause = "an empty file" if not file.head.strip() else "not of a known format"
        raise file.error(cause, hint=_HINT)
    entries, skips = list[Entry](), list[Skip]()
    for item in known.read(file):
        if isinstance(item, Entry):
            entries.append(item)
        else:
            skips.append(item)
    file.drain()
    if not entries:
        left_out = [s for s in skips if s.kind == "record"]
        first = min(left_out, key=lambda s: s.line, default=None)
        cause = first.reason if first else "no papers in it"
        hint = (
            f"{count(len(left_out), 'record')}, none usable; read as {known.title}"
            if left_out
            else f"read as {known.title}"
        )
        raise file.error(cause, line=first.line if first else None, hint=hint)
    return _Read(InputFile(file.name, file.digest, known.name, len(entries)), tuple(entries), tuple(skips))


def _found(sources: Sequence[str | Path]) -> Iterator[Found]:
    for source in sources:
        if str(source) != "-":
            yield from find(source)


def read_papers(
    sources: Sequence[str | Path], *, stdin: BinaryIO | None = None
) -> tuple[list[Paper], SourceReport]:
    """Reads papers from files and folders, and makes one of each paper that stands in several places.

    Files count in order of their names, whatever the order in which they are given; a file that is given
    twice is read once.

    Args:
        sources: files, folders (read with their folders), or `-` for `stdin`.
        stdin: the stream that `-` reads.

    Returns: The papers in the order in which they first stand in the files, and a report on what was read
    and left out.

    Raises:
        SourceError: a source does not exist, a named file cannot be read or has no paper, a folder has none.
    """
    if not sources:
        raise SourceError("no source given", hint="give a file, a folder, or - for standard input")
    reads, skips, refused = list[_Read](), list[Skip](), list[SourceError]()
    seen: set[tuple[int, int]] = set()
    if any(str(s) == "-" for s in sources):
        reads.append(_read(SourceFile("-", stdin or BytesIO(), shown="standard input")))
    for found in _found(sources):
        try:
            with opened(found) as stream:
                identity = same_file(stream)
                if identity in seen:
                    continue
                if identity:
                    seen.add(identity)
                reads.append(_read(SourceFile(found.name, stream, shown=found.path)))
        except SourceError as error:
            if not found.inside:
                raise
            refused.append(error)
            skips.append(Skip(found.name, error.line or 0, "file", error.cause))
    if not reads:
        if len(refused) == 1:
            raise refused[0]
        places = ", ".join(str(s) for s in sources)
        raise SourceError(
            "no papers found", file=places, hint=f"{len(refused)} files, none readable; {_HINT}"
        )
    reads.sort(key=lambda r: (r.file.name, r.file.sha256))
    papers, conflicts = merge(Placed(r.file.name, e) for r in reads for e in r.entries)
    skips += [s for r in reads for s in r.skips]
    report = SourceReport(
        files=tuple(r.file for r in reads),
        skipped=tuple(sorted({*skips, *conflicts})),
        listings=sum(len(e.paper.listings) for r in reads for e in r.entries),
    )
    return papers, report
