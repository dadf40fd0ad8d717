"""`open_papers`: from paths to papers, as a stream that can be read again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from paperkg.errors import SourceError
from paperkg.model import InputFile, Paper, Skip, SourceReport
from paperkg.sources.files import Found, SourceFile, find, opened, same_file
from paperkg.sources.formats import FORMATS, detect
from paperkg.sources.known import KnownFiles
from paperkg.sources.merge import merge
from paperkg.sources.pile import Pile, room
from paperkg.sources.skips import Skips
from paperkg.sources.unique import make_unique
from paperkg.text.plural import count

_HINT = "known formats: " + ", ".join(f.title for f in FORMATS)


class PaperStream:
    """Papers that were read, each with an id of its own, in the order in which they first stand in the files.

    They lie on disk where they are many: iterate, as often as needed, while `open_papers` is open.

    Attributes:
        report: what was read and left out.
    """

    def __init__(self, pile: Pile, report: SourceReport) -> None:
        self._pile = pile
        self._size = len(pile)
        self.report = report

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Paper]:
        with room():
            yield from self._pile.papers()


@dataclass(frozen=True, slots=True)
class _Read:
    """What one file gave, beside its entries."""

    number: int
    file: InputFile
    skips: Skips
    listings: int


def _read(file: SourceFile, pile: Pile, number: int) -> _Read:
    """Puts the entries of a file on the pile; none if it cannot be read to its end."""
    known = detect(file.head)
    if known is None:
        cause = "an empty file" if not file.head.strip() else "not of a known format"
        raise file.error(cause, hint=_HINT)
    skips, listings, size = Skips(), 0, pile.size
    try:
        for item in known.read(file):
            if isinstance(item, Skip):
                skips.add(item)
                continue
            pile.add(item, number)
            listings += len(item.paper.listings)
        file.drain()
    except SourceError:
        pile.shrink(size)
        raise
    records = pile.size - size
    if not records:
        left_out = skips.count("record")
        first = min((s for s in skips.all() if s.kind == "record"), key=lambda s: s.line, default=None)
        hint = (f"{count(left_out, 'record')}, none usable; " if left_out else "") + f"read as {known.title}"
        cause = first.reason if first else "no papers in it"
        raise file.error(cause, line=first.line if first else None, hint=hint)
    return _Read(number, InputFile(file.name, file.digest, known.name, records), skips, listings)


def _found(sources: Sequence[str | Path]) -> Iterator[Found]:
    for source in sources:
        if str(source) != "-":
            yield from find(source)


def _read_all(
    sources: Sequence[str | Path], stdin: BinaryIO | None, pile: Pile, known: KnownFiles
) -> tuple[list[_Read], list[Skip]]:
    """What the sources gave, and the files in folders that cannot be read."""
    reads, refused, skips = dict[tuple[str, str], _Read](), list[SourceError](), list[Skip]()
    there = {(f.name, f.sha256) for f in known.files}
    again = False
    seen: set[tuple[int, int]] = set()

    def read(file: SourceFile) -> None:
        nonlocal again
        size = pile.size
        done = _read(file, pile, len(known.files) + 1 + len(reads))
        key = (done.file.name, done.file.sha256)
        if key in there or key in reads:
            pile.shrink(size)
            again = True
        else:
            reads[key] = done

    if any(str(s) == "-" for s in sources):
        read(SourceFile("-", stdin or BytesIO(), shown="standard input"))
    for found in _found(sources):
        try:
            with opened(found) as stream:
                identity = same_file(stream)
                if identity in seen:
                    continue
                if identity:
                    seen.add(identity)
                read(SourceFile(found.name, stream, shown=found.path))
        except SourceError as error:
            if not found.inside:
                raise
            refused.append(error)
            skips.append(Skip(found.name, error.line or 0, "file", error.cause))
    if sources and not reads and not again:
        if len(refused) == 1:
            raise refused[0]
        places = ", ".join(str(s) for s in sources)
        raise SourceError(
            "no papers found", file=places, hint=f"{len(refused)} files, none readable; {_HINT}"
        )
    return list(reads.values()), skips


def _gathered(
    pile: Pile,
    sources: Sequence[str | Path],
    stdin: BinaryIO | None,
    known: Iterable[Paper],
    before: KnownFiles,
) -> SourceReport:
    """Makes a pile one of papers."""
    listings = 0
    for entry, number in before.entries(known):
        pile.add(entry, number)
        listings += len(entry.paper.listings)
    reads, refused = _read_all(sources, stdin, pile, before)
    places = {number: (f.name, f.sha256) for number, f in enumerate(before.files)}
    places[len(before.files)] = before.place_of_others()
    places |= {read.number: (read.file.name, read.file.sha256) for read in reads}
    pile.arrange(sorted(places, key=lambda number: (places[number], number)))
    skips = Skips()
    for conflict in merge(pile, {number: name for number, (name, _) in places.items()}):
        skips.add(conflict)
    make_unique(pile)
    files = (*before.used(), *(read.file for read in reads))
    skipped = [*refused, *skips.all(), *(skip for read in reads for skip in read.skips.all())]
    return SourceReport(
        files=tuple(sorted(files, key=lambda f: (f.name, f.sha256))),
        skipped=tuple(sorted(skipped)),
        listings=listings + sum(read.listings for read in reads),
    )


@contextmanager
def open_papers(
    sources: Sequence[str | Path],
    *,
    stdin: BinaryIO | None = None,
    known: Iterable[Paper] = (),
    known_files: Iterable[InputFile] = (),
) -> Iterator[PaperStream]:
    """Reads papers from files and folders, and makes one of each paper that stands in several places.

    Files count in order of their names, whatever the order in which they are given; a file that is given
    twice is read once. Memory does not grow with what is read: a temporary file does (in `TMPDIR`).

    Args:
        sources: files, folders (read with their folders), or `-` for `stdin`; none if there are known papers.
        stdin: the stream that `-` reads.
        known: the papers of a graph, in its order, which take part as if their files were read again.
        known_files: the files from which they were read. A source that is one of these is not read again.

    Yields:
        The papers. The report names the known files that still have a paper too; what was skipped, and which
        sources disagree, is that of this time.

    Raises:
        SourceError: a source does not exist, a named file cannot be read or has no paper, a folder has none;
            there is no room for the temporary file.
    """
    if not sources and not known:
        raise SourceError("no source given", hint="give a file, a folder, or - for standard input")
    with closing(Pile()) as pile:
        with room():
            report = _gathered(pile, sources, stdin, known, KnownFiles(known_files))
        yield PaperStream(pile, report)


def read_papers(
    sources: Sequence[str | Path], *, stdin: BinaryIO | None = None
) -> tuple[list[Paper], SourceReport]:
    """All papers of `open_papers` at once, and the report on them."""
    with open_papers(sources, stdin=stdin) as papers:
        return list(papers), papers.report
