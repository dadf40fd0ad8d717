"""The verbs of paperkg: the same as on the command line, without printing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg import __version__
from paperkg.resolution.iris import DEFAULT_BASE

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Extraction, SourceReport

Progress = Callable[[int, int], None]
"""Is called with the number of papers that are done and of all."""


def extract(*sources: str | Path, progress: Progress | None = None) -> tuple[list[Extraction], SourceReport]:
    """Extract what each paper names; entities of different papers are not joined.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        progress: called while papers are read.

    Returns:
        An extraction for each paper, in the order of the input, and what was read and skipped.

    Raises:
        SourceError: a source cannot be read at all.
    """
    from paperkg.extraction import extract_papers
    from paperkg.sources import read_papers

    papers, report = read_papers(sources, stdin=getattr(sys.stdin, "buffer", None))
    done = 0

    def more(number: int) -> None:
        nonlocal done
        done += number
        if progress:
            progress(done, len(papers))

    return list(extract_papers(papers, progress=more)), report


def build(
    *sources: str | Path,
    out: str | Path | None = None,
    name: str | None = None,
    base: str = DEFAULT_BASE,
    progress: Progress | None = None,
) -> KnowledgeGraph:
    """Build a graph from papers.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        out: folder in which the graph's files are written; none are if None.
        name: name of these files; that of the source if None.
        base: IRI under which the graph's resources stand, ending in `/` or `#`.
        progress: called while papers are read.

    Raises:
        SourceError: a source cannot be read at all.
        GraphError: another process is writing the same files.
    """
    if out is None:
        return _build(sources, base, progress)
    from paperkg.export import writing

    with writing(Path(out) / (name or default_name(*sources))) as target:
        kg = _build(sources, base, progress)
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


def _build(sources: tuple[str | Path, ...], base: str, progress: Progress | None) -> KnowledgeGraph:
    from paperkg.extraction import EXTRACTOR
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Provenance
    from paperkg.resolution import resolve

    extractions, report = extract(*sources, progress=progress)
    provenance = Provenance(
        version=__version__,
        extractor=EXTRACTOR,
        files=report.files,
        settings=(("base", base),),
        skipped=report.skipped,
        listings=report.listings,
    )
    return KnowledgeGraph.from_extractions(resolve(extractions, base=base), provenance, base=base)
