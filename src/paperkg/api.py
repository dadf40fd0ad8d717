"""The verbs of paperkg: the same as on the command line, without printing."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg import __version__
from paperkg.model import Extraction, InputFile, LeftOut, Provenance
from paperkg.resolution.iris import DEFAULT_BASE

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Paper, SourceReport

Progress = Callable[[str, int, int], None]
"""Is called as each stage begins and goes on: with its name (`reading`, `extracting`, `resolving`, `writing`), the number
of papers that are done, and that of all, 0 where it is not known."""


def _silent(stage: str, done: int, of: int) -> None:
    """The progress of which nobody wants to know."""


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
    progress: Progress | None = None,
) -> tuple[list[Extraction], SourceReport]:
    """Extract what each paper names; entities of different papers are not joined.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        fast: read by rules and lexicon alone: many times as fast, and less is found.
        min_confidence: what has less confidence than this is left out, 0 to 1.
        lexicon: a file with names of your own (docs/lexicon.md), which are found and keep their spelling.
        processes: how many read papers side by side, which changes nothing in the result; as many as are of use if None.
        progress: called as the stages go on (see `Progress`).

    Returns:
        An extraction for each paper, in the order of the input, and what was read, skipped and left out.

    Raises:
        SourceError: a source or the lexicon cannot be read at all.
        ValueError: `min_confidence` is not between 0 and 1.
    """
    return _extract(sources, fast, min_confidence, _lexicon(lexicon), processes, progress)


def _lexicon(path: str | Path | None) -> tuple[InputFile, str] | None:
    """A user's lexicon: what it is as an input, and its text."""
    from paperkg.lexicon import parse_lexicon

    if path is None:
        return None
    content = Path(path).read_bytes()
    entries = parse_lexicon(content, str(path))
    file = InputFile(Path(path).name, hashlib.sha256(content).hexdigest(), "lexicon", len(entries))
    return file, content.decode("utf-8-sig")


def _extract(
    sources: tuple[str | Path, ...],
    fast: bool,
    min_confidence: float,
    own: tuple[InputFile, str] | None,
    processes: int | None,
    progress: Progress | None,
) -> tuple[list[Extraction], SourceReport]:
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"min_confidence must lie between 0 and 1, not at {min_confidence}")
    from paperkg.extraction import extract_papers, useful_processes
    from paperkg.extraction.threshold import keep_sure
    from paperkg.lexicon import load_lexicon, parse_lexicon
    from paperkg.sources import read_papers

    progress = progress or _silent
    progress("reading", 0, 0)
    papers, report = read_papers(sources, stdin=getattr(sys.stdin, "buffer", None))
    done = 0
    progress("extracting", done, len(papers))

    def more(number: int) -> None:
        nonlocal done
        done += number
        progress("extracting", done, len(papers))

    kept, left_out = list[Extraction](), LeftOut()
    lexicon = load_lexicon(parse_lexicon(own[1].encode(), own[0].name)) if own else None
    side_by_side = processes or useful_processes(len(papers), fast=fast)
    for found in extract_papers(papers, fast=fast, lexicon=lexicon, processes=side_by_side, progress=more):
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
    lexicon: str | Path | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> KnowledgeGraph:
    """Build a graph from papers.

    Decisions that were made by hand on a graph of that name (`NAME.decisions.tsv` in `out`) are applied.

    Args:
        sources: files, folders (searched recursively), or `-` for standard input.
        out: folder in which the graph's files are written; none are if None.
        name: name of these files; that of the source if None.
        base: IRI under which the graph's resources stand, ending in `/` or `#`.
        fast, min_confidence, lexicon, processes: as for `extract`; the graph's provenance says them, and how much was left out.
        progress: called as the stages go on (see `Progress`).

    Raises:
        SourceError: a source or the lexicon cannot be read at all.
        DecisionError: the decisions cannot be read.
        GraphError: another process is writing the same files.
        ValueError: `min_confidence` is not between 0 and 1.
    """
    from paperkg.decisions import parse_decisions
    from paperkg.export import decided_graph, writing

    own, tell = _lexicon(lexicon), progress or _silent

    def made(decisions: bytes, file: Path) -> KnowledgeGraph:
        parse_decisions(decisions, str(file))  # what is wrong in it is said before the papers are read
        extractions, report = _extract(sources, fast, min_confidence, own, processes, progress)
        provenance = _provenance(report, base, fast, min_confidence, own)
        tell("resolving", 0, len(extractions))
        return decided_graph(extractions, provenance, base, decisions, file)

    if out is None:
        return made(b"", Path())
    with writing(Path(out) / (name or default_name(*sources))) as target:
        kg = made(target.decisions(), target.decisions_file)
        tell("writing", 0, len(kg.papers))
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


def _provenance(
    report: SourceReport,
    base: str,
    fast: bool,
    min_confidence: float,
    own: tuple[InputFile, str] | None,
) -> Provenance:
    """How a graph is made, but for its decisions."""
    from paperkg.extraction import extractor

    settings = [("base", base)]
    if min_confidence:
        settings += [
            ("min_confidence", str(min_confidence)),
            *((f"left_out_{what}", str(number)) for what, number in asdict(report.left_out).items()),
        ]
    return Provenance(
        version=__version__,
        extractor=extractor(fast=fast),
        files=(*report.files, *([own[0]] if own else [])),
        settings=tuple(settings),
        skipped=report.skipped,
        listings=report.listings,
        lexicon=own[1] if own else "",
    )
