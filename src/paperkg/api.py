"""The verbs of paperkg: the same as on the command line, without printing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from paperkg.building.settings import Progress, Running, Settings, read_lexicon, silent
from paperkg.model import Extraction
from paperkg.resolution.iris import DEFAULT_BASE

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Paper, SourceReport


def fetch(origin: str, *wanted: str, most: int = 100) -> tuple[list[Paper], SourceReport]:
    """Get papers over the network.

    Args:
        origin: `daily`, `arxiv`, `openalex`, `semantic-scholar`, or what a plug-in adds.
        wanted: what the origin takes: ids, a date, words to search for.
        most: papers at most.

    Returns:
        The papers, and what was read and left out.

    Raises:
        FetchError: the origin is not known or not reachable, refuses, or has no such paper.
        MissingExtra: the extra `fetch` is not installed.
    """
    from paperkg import origins

    return origins.fetch(origins.origin(origin), wanted, most=most)


def extract(
    *sources: str | Path,
    fast: bool = False,
    min_confidence: float = 0.0,
    lexicon: str | Path | None = None,
    processes: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> tuple[list[Extraction], SourceReport]:
    """Extract what each paper names; entities of different papers are not joined.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        fast: read by rules and lexicon alone: many times as fast, and less is found.
        min_confidence: what has less confidence than this is left out, 0 to 1.
        lexicon: a file with names of your own (docs/lexicon.md), which are found and keep their spelling.
        processes: how many read papers side by side, which changes nothing in the result; as many as are of use if None.
        cluster: address of a Ray cluster that reads them (docs/scale.md), `auto` for the one that this machine belongs to.
        progress: called as the stages go on (see `Progress`).

    Returns:
        An extraction for each paper, in the order of the input, and what was read, skipped and left out.

    Raises:
        SourceError: a source or the lexicon cannot be read at all.
        ValueError: `min_confidence` is not between 0 and 1.
    """
    from paperkg.building import extract_sources

    settings = Settings(DEFAULT_BASE, fast, min_confidence, read_lexicon(lexicon))
    return extract_sources(sources, settings, Running(processes, progress or silent, cluster))


def build(
    *sources: str | Path,
    out: str | Path | None = None,
    name: str | None = None,
    base: str = DEFAULT_BASE,
    fast: bool = False,
    min_confidence: float = 0.0,
    lexicon: str | Path | None = None,
    processes: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> KnowledgeGraph:
    """Build a graph from papers.

    Decisions that were made by hand on a graph of that name (`NAME.decisions.tsv` in `out`) are applied. What was found
    in a paper before, in an earlier build or one that was interrupted, is not looked for again.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        out: folder in which the graph's files are written; none are if None.
        name: name of these files; that of the source if None.
        base: IRI under which the graph's resources stand, ending in `/` or `#`.
        fast, min_confidence, lexicon: as for `extract`; the graph's provenance says them, and how much was left out.
        processes, cluster: as for `extract`.
        progress: called as the stages go on (see `Progress`).

    Raises:
        SourceError: a source or the lexicon cannot be read at all.
        DecisionError: the decisions cannot be read.
        GraphError: another process is writing the same files.
        ValueError: `min_confidence` is not between 0 and 1.
    """
    from paperkg.building import build_files, build_graph

    settings = Settings(base, fast, min_confidence, read_lexicon(lexicon))
    running = Running(processes, progress or silent, cluster)
    if out is None:
        return build_graph(sources, settings, running)
    path = Path(out) / (name or default_name(*sources))
    return build_files(path, sources, settings, running) or load(path)


def add(
    path: str | Path,
    *sources: str | Path,
    processes: int | None = None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> KnowledgeGraph:
    """Add papers to a built graph: afterwards it is as if it had been built with them.

    It is built with the settings that it was built with, and its decisions stay. Where an entity gets another IRI by
    what comes, a line in the file of decisions leads from the old one to the new.

    Args:
        path: the graph's.
        sources: files, folders (searched recursively), or `-` for standard input.
        processes, cluster: as for `extract`.
        progress: called as the stages go on (see `Progress`).

    Returns:
        The new graph.

    Raises:
        SourceError: a source cannot be read at all; nothing has changed.
        GraphError: there is no such graph, or another process is writing it.
    """
    from paperkg.building import add_papers

    return add_papers(path, sources, Running(processes, progress or silent, cluster)) or load(path)


def remove(path: str | Path, *papers: str, progress: Progress | None = None) -> KnowledgeGraph:
    """Remove papers from a built graph: afterwards it is as if it had been built without them. As `add`.

    Args:
        path: the graph's.
        papers: each by id, IRI or title.
        progress: called as the stages go on (see `Progress`).

    Raises:
        NotInGraph: a paper is not there, or none would be left; nothing has changed.
        GraphError: there is no such graph, or another process is writing it.
    """
    from paperkg.building import remove_papers

    return remove_papers(path, papers, Running(progress=progress or silent)) or load(path)


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
