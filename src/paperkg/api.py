"""The verbs of paperkg: the same as on the command line, without printing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg import __version__
from paperkg.model import Extraction, LeftOut
from paperkg.resolution.iris import DEFAULT_BASE

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import SourceReport

Progress = Callable[[int, int], None]
"""Is called with the number of papers that are done and of all."""


def extract(
    *sources: str | Path,
    fast: bool = False,
    min_confidence: float = 0.0,
    progress: Progress | None = None,
) -> tuple[list[Extraction], SourceReport]:
    """Extract what each paper names; entities of different papers are not joined.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        fast: read by rules and lexicon alone: many times as fast, and less is found.
        min_confidence: what has less confidence than this is left out, 0 to 1.
        progress: called while papers are read.

    Returns:
        An extraction for each paper, in the order of the input, and what was read, skipped and left out.

    Raises:
        SourceError: a source cannot be read at all.
        ValueError: `min_confidence` is not between 0 and 1.
    """
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"min_confidence must lie between 0 and 1, not at {min_confidence}")
    from paperkg.extraction import extract_papers
    from paperkg.extraction.threshold import keep_sure
    from paperkg.sources import read_papers

    papers, report = read_papers(sources, stdin=getattr(sys.stdin, "buffer", None))
    done = 0

    def more(number: int) -> None:
        nonlocal done
        done += number
        if progress:
            progress(done, len(papers))

    kept, left_out = list[Extraction](), LeftOut()
    for found in extract_papers(papers, fast=fast, progress=more):
        sure, doubtful = keep_sure(found, min_confidence)
        kept.append(sure)
        left_out += doubtful
    return kept, replace(report, left_out=left_out)


def build(
    *sources: str | Path,
    out: str | Path | None = None,
    name: str | None = None,
    base: str = DEFAULT_BASE,
    fast: bool = False,
    min_confidence: float = 0.0,
    progress: Progress | None = None,
) -> KnowledgeGraph:
    """Build a graph from papers.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        out: folder in which the graph's files are written; none are if None.
        name: name of these files; that of the source if None.
        base: IRI under which the graph's resources stand, ending in `/` or `#`.
        fast, min_confidence: as for `extract`; the graph's provenance says them, and how much was left out.
        progress: called while papers are read.

    Raises:
        SourceError: a source cannot be read at all.
        GraphError: another process is writing the same files.
        ValueError: `min_confidence` is not between 0 and 1.
    """

    def made() -> KnowledgeGraph:
        extractions, report = extract(*sources, fast=fast, min_confidence=min_confidence, progress=progress)
        return _joined(extractions, report, base, fast, min_confidence)

    if out is None:
        return made()
    from paperkg.export import writing

    with writing(Path(out) / (name or default_name(*sources))) as target:
        kg = made()
        target.write(kg)
    return kg


def load(path: str | Path) -> KnowledgeGraph:
    """Open a built graph.

    Args:
        path: that of its files without ending (`graphs/seeds`), or any of its files.

    Raises:
        GraphError: there is no graph, or a file of it was changed, cut or removed.
    """
    from paperkg import export

    return export.load(path)


def default_name(*sources: str | Path) -> str:
    """The name of the files of a graph: that of the only source without ending, else `papers`."""
    if len(sources) != 1 or str(sources[0]) == "-":
        return "papers"
    return Path(sources[0]).resolve().name.lstrip(".").split(".")[0] or "papers"


def _joined(
    extractions: list[Extraction], report: SourceReport, base: str, fast: bool, min_confidence: float
) -> KnowledgeGraph:
    """The graph of some extractions, with its provenance."""
    from paperkg.extraction import extractor
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Provenance
    from paperkg.resolution import resolve

    settings = [("base", base)]
    if min_confidence:
        settings += [
            ("min_confidence", str(min_confidence)),
            *((f"left_out_{what}", str(number)) for what, number in asdict(report.left_out).items()),
        ]
    provenance = Provenance(
        version=__version__,
        extractor=extractor(fast=fast),
        files=report.files,
        settings=tuple(settings),
        skipped=report.skipped,
        listings=report.listings,
    )
    return KnowledgeGraph.from_extractions(resolve(extractions, base=base), provenance, base=base)
