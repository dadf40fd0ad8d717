"""Which papers of a large graph sources bring, and which they are about that it has already."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO
from urllib.parse import unquote

from paperkg.building.contents import Contents, Place
from paperkg.building.large import placed
from paperkg.building.lines import OldLines
from paperkg.errors import NotInGraph
from paperkg.model import InputFile, Paper, SourceReport
from paperkg.sources import open_papers
from paperkg.text.fold import fold

_IN_MEMORY = 1 << 24


@dataclass(frozen=True, slots=True)
class Coming:
    """What sources do to a large graph.

    Attributes:
        papers: those that are new, or of which something else is known now, with their places.
        gone: the numbers of those of them that were there.
        report: on the files of the graph and of the sources.
    """

    papers: list[tuple[Paper, Place]]
    gone: list[int]
    report: SourceReport


def coming(
    sources: Sequence[str | Path],
    stdin: BinaryIO | None,
    contents: Contents,
    lines: OldLines,
    files: Sequence[InputFile],
) -> Coming:
    """What sources do to a large graph: only papers with an id or a title of theirs are looked at.

    Args:
        sources: files, folders, or `-` for `stdin`; none to change nothing.
        stdin: the stream that `-` reads.
        contents: what the graph holds.
        lines: its papers.
        files: those that it was made of.

    Raises:
        SourceError: a source cannot be read at all.
    """
    if not sources:
        return Coming([], [], SourceReport(files=tuple(files)))
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as held:
        if stdin is not None and "-" in map(str, sources):
            copyfileobj(stdin, held)
        held.seek(0)
        with open_papers(sources, stdin=held) as papers:  # type: ignore[arg-type]
            alike = {number for paper in papers for number in _alike(contents, paper)}
        held.seek(0)
        known = {number: lines.extraction(number).paper for number in lines.in_order(alike)}
        there = {paper.id: number for number, paper in known.items()}
        with open_papers(sources, stdin=held, known=list(known.values()), known_files=files) as papers:  # type: ignore[arg-type]
            report = papers.report
            every = tuple(sorted({*files, *report.files}, key=lambda f: (f.name, f.sha256)))
            found, gone = list[tuple[Paper, Place]](), set(known)
            for paper, place in placed(papers, every):
                number = there.get(paper.id)
                if number is not None and contents.holds(number, paper):
                    gone.discard(number)
                else:
                    before = (place,) if number is None else (place, contents.place_of(number))
                    found.append((paper, min(before)))
    return Coming(found, sorted(gone), SourceReport(every, report.skipped, report.listings))


def _alike(contents: Contents, paper: Paper) -> list[int]:
    number = contents.number_of(paper.id)
    return [*contents.titled(paper), *([] if number is None else [number])]


def leaving(texts: Iterable[str], contents: Contents, base: str) -> list[int]:
    """The numbers of papers that are given by id, IRI or title.

    Raises:
        NotInGraph: one is not there, or several have the title.
    """
    found = set[int]()
    for text in texts:
        number = contents.number_of(text)
        if number is None and text.startswith(f"{base}paper/"):
            number = contents.number_of(unquote(text.removeprefix(f"{base}paper/")))
        numbers = (
            [number] if number is not None else contents.titled(Paper("", text, "")) if fold(text) else []
        )
        if not numbers:
            raise NotInGraph(
                f"no paper {text!r} in the graph", hint="give its id, its IRI or its whole title"
            )
        if len(numbers) > 1:
            raise NotInGraph(f"{len(numbers)} papers have the title {text!r}", hint="give the id")
        found.add(numbers[0])
    return sorted(found)
