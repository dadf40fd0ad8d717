"""Building a graph from sources, and letting papers come to one and go from it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg import __version__
from paperkg.building.coming import coming, leaving
from paperkg.building.contents import Contents
from paperkg.building.large import CONTENTS, LARGE, build_key, build_large
from paperkg.building.lines import OldLines
from paperkg.building.living import change_large
from paperkg.building.settings import LEXICON as LEXICON_FORMAT
from paperkg.building.settings import Running, Settings, read_all, still_skipped
from paperkg.building.whole import whole_graph
from paperkg.decisions import parse_decisions
from paperkg.errors import GraphError, NotInGraph
from paperkg.export import Target, find_set, load, writing
from paperkg.export.edited import FORMAT as DECISIONS_FORMAT
from paperkg.export.files import file_of
from paperkg.export.graph_set import LEXICON, PAPERS, build_of
from paperkg.export.staged import file_state, open_file, read_file
from paperkg.extraction import ExtractionCache
from paperkg.model import Extraction, InputFile, LeftOut, Outcome, Paper, Provenance, SourceReport
from paperkg.resolution import Ledger, unresolved
from paperkg.sources import PaperStream, open_papers

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

Sources = Sequence[str | Path]
EXTRACTIONS = "extractions.sqlite"
"""What was found in papers, in the graph's folder of caches."""


class Findings:
    """What is found in some papers, one after the other; `report` is whole when all were read."""

    def __init__(self, papers: PaperStream, settings: Settings, running: Running) -> None:
        """For `finding`."""
        self._papers, self._settings, self._running = papers, settings, running
        self._left_out = LeftOut()

    def __iter__(self) -> Iterator[Extraction]:
        for extraction, doubtful in read_all(self._papers, len(self._papers), self._settings, self._running):
            self._left_out += doubtful
            yield extraction

    @property
    def report(self) -> SourceReport:
        """What was read, skipped and left out."""
        return replace(self._papers.report, left_out=self._left_out)


@contextmanager
def finding(sources: Sources, settings: Settings, running: Running) -> Iterator[Findings]:
    """Read the papers in some sources, of which no more than a few are in memory at a time.

    Raises:
        SourceError: a source cannot be read at all.
    """
    running.progress("reading", 0, 0)
    with _opened(sources) as papers:
        yield Findings(papers, settings, running)


def extract_sources(
    sources: Sources, settings: Settings, running: Running
) -> tuple[list[Extraction], SourceReport]:
    """What is found in the papers of some sources, and what was read, skipped and left out.

    Raises:
        SourceError: a source cannot be read at all.
    """
    with finding(sources, settings, running) as found:
        return list(found), found.report


def build_graph(sources: Sources, settings: Settings, running: Running) -> KnowledgeGraph:
    """The graph of the papers in some sources, in memory alone.

    Raises:
        SourceError: a source cannot be read at all.
    """
    extractions, report = extract_sources(sources, settings, running)
    running.progress("resolving", 0, len(extractions))
    return whole_graph(extractions, settings.provenance(report), settings)[0]


def build_files(path: Path, sources: Sources, settings: Settings, running: Running) -> KnowledgeGraph | None:
    """Build the set of files at `path` (without ending).

    Returns:
        The graph; None if it is too large to be made as a whole.

    Raises:
        SourceError: a source cannot be read at all.
        DecisionError: the decisions cannot be read.
        GraphError: another process is writing the same files.
    """
    with writing(path) as target:
        parse_decisions(
            target.decisions(), str(target.decisions_file)
        )  # a fault is said before papers are read
        running.progress("reading", 0, 0)
        with _opened(sources) as papers:
            return _build(target, papers, settings, running)


def add_papers(path: str | Path, sources: Sources, running: Running) -> KnowledgeGraph | None:
    """Add the papers in some sources to a graph, as if it had been built with them.

    Returns:
        The new graph; None if it is too large to be made as a whole.

    Raises:
        SourceError: a source cannot be read at all.
        GraphError: there is no such graph, or another process is writing it.
    """
    return _change(path, sources, (), running)


def remove_papers(path: str | Path, papers: Iterable[str], running: Running) -> KnowledgeGraph | None:
    """Remove papers from a graph, as if it had been built without them.

    Args:
        path: the graph's.
        papers: by id, IRI or title.
        running: how the work is done.

    Returns:
        The new graph; None if it is too large to be made as a whole.

    Raises:
        NotInGraph: a paper is not there, or all are.
        GraphError: there is no such graph, or another process is writing it.
    """
    return _change(path, (), tuple(papers), running)


def renew(
    path: str | Path,
    change: Callable[[KnowledgeGraph, bytes], bytes],
    check: Callable[[Sequence[Outcome]], None] = lambda _: None,
) -> KnowledgeGraph:
    """Change the decisions of a set, and write both again, together.

    Args:
        path: that of the set without ending, or any file of the set.
        change: from the graph as it is and the content of its file of decisions to the new content.
        check: is told what comes of the decisions before anything is written, and may raise an error.

    Returns:
        The graph with the new decisions.

    Raises:
        GraphError: there is no such set, or another process is writing it.
        DecisionError: a line of the file is no decision; or `change` or `check` raised it. Nothing has changed then.
    """
    with writing(find_set(path)) as target:
        kg = load(path)
        decisions = change(kg, target.decisions())
        if _change_large(target, (), (), Running(), decisions, check):
            return load(path)
        settings = Settings.of(kg.provenance, kg.base)
        new, _ = whole_graph(kg.extractions, kg.provenance, settings, decisions, target.decisions_file)
        check(new.provenance.outcomes)
        target.write(new, decisions)
    return new


def _change(
    path: str | Path, sources: Sources, gone: Sequence[str], running: Running
) -> KnowledgeGraph | None:
    with writing(find_set(path)) as target:
        if _change_large(target, sources, gone, running):
            return None
        kg = load(path)
        settings, made = Settings.of(kg.provenance, kg.base), kg.provenance
        leaving_ = {kg.paper(text).id for text in gone}
        before = kg.extractions
        known = [x.paper for x in before if x.paper.id not in leaving_]
        if not known and not sources:
            raise NotInGraph("all papers would be gone", hint="remove the files of the graph instead")
        running.progress("reading", 0, 0)
        with _opened(sources, known, _inputs(made)) as papers:
            return _build(target, papers, settings, running, before, made)


def _change_large(
    target: Target,
    sources: Sources,
    gone: Sequence[str],
    running: Running,
    decisions: bytes | None = None,
    check: Callable[[Sequence[Outcome]], None] = lambda _: None,
) -> bool:
    """Change a large graph where its tables are at hand.

    Args:
        target: where it is.
        sources: bring papers.
        gone: papers that leave.
        running: how the work is done.
        decisions: what the file of decisions is to hold; as it is if None.
        check: is told what comes of the decisions before anything is written.

    Returns:
        Whether that was done.
    """
    _, content, manifest = build_of(target.path)
    was, tables = manifest.provenance, target.cache_folder / CONTENTS
    if LEXICON in manifest.files:
        was = replace(was, lexicon=read_file(target.path, LEXICON).decode())
    settings = Settings.of(was, manifest.base)
    alike = (was.version, was.extractor) == (__version__, settings.extractor)
    if "trig" in manifest.files or not alike or not tables.exists():
        return False
    if file_state(target.path, PAPERS) != manifest.files[PAPERS]:
        raise GraphError("is not as it was written", file=str(file_of(target.path, PAPERS)))
    with ExitStack() as stack:
        try:
            ledger = stack.enter_context(Ledger(settings.lexicon, settings.base, tables))
            contents = Contents(ledger.database)
        except sqlite3.DatabaseError:
            return False
        if contents.build != build_key(content):
            return False
        cache = ExtractionCache(
            target.cache_folder / EXTRACTIONS, settings.extractor, settings.reader_lexicon
        )
        stack.enter_context(cache)
        lines = OldLines(stack.enter_context(open_file(target.path, PAPERS)), contents)
        running.progress("reading", 0, 0)
        come = coming(sources, getattr(sys.stdin, "buffer", None), contents, lines, _inputs(was))
        numbers = leaving(gone, contents, settings.base)
        if len(numbers) == manifest.counts.papers:
            raise NotInGraph("all papers would be gone", hint="remove the files of the graph instead")
        change_large(
            target,
            content,
            was,
            lines,
            ledger,
            contents,
            settings=settings,
            running=running,
            cache=cache,
            came=come.papers,
            gone=[*come.gone, *numbers],
            report=come.report,
            decisions=decisions,
            check=check,
        )
    return True


def _inputs(made: Provenance) -> list[InputFile]:
    """The files from which the papers of a graph come."""
    return [file for file in made.files if file.format not in (LEXICON_FORMAT, DECISIONS_FORMAT)]


@contextmanager
def _opened(
    sources: Sources, known: Iterable[Paper] = (), files: Iterable[InputFile] = ()
) -> Iterator[PaperStream]:
    stdin = getattr(sys.stdin, "buffer", None)
    with open_papers(sources, stdin=stdin, known=known, known_files=files) as papers:
        yield papers


def _build(
    target: Target,
    papers: PaperStream,
    settings: Settings,
    running: Running,
    before: Sequence[Extraction] | None = None,
    was: Provenance | None = None,
) -> KnowledgeGraph | None:
    """Write the set of files of some papers.

    Args:
        target: where.
        papers: those of the graph.
        settings: with which it is built.
        running: how the work is done.
        before: what the graph consisted of, if papers come to it or go from it.
        was: how that was made.
    """
    with ExtractionCache(
        target.cache_folder / EXTRACTIONS, settings.extractor, settings.reader_lexicon
    ) as cache:
        if before is not None and was is not None:
            _recall(cache, before, was, settings)
        if len(papers) > LARGE:
            build_large(target, papers, settings, running, cache)
            cache.drop_unused(papers)
            return None
        extractions, left_out = _read(papers, settings, running, cache)
        report = replace(papers.report, left_out=left_out)
        if was is not None:
            report = replace(report, skipped=still_skipped(report, was))
        running.progress("resolving", 0, len(extractions))
        kg, decisions = whole_graph(
            extractions,
            settings.provenance(report),
            settings,
            target.decisions(),
            target.decisions_file,
            before=before,
        )
        running.progress("writing", 0, len(extractions))
        target.write(kg, decisions if before is not None else None)
        cache.drop_unused(papers)
    return kg


def _recall(
    cache: ExtractionCache, before: Iterable[Extraction], was: Provenance, settings: Settings
) -> None:
    """Let the cache know what a graph tells of its papers, where it was lost and nothing was left out."""
    if was.extractor == settings.extractor and not settings.min_confidence:
        for extraction in before:
            if cache.get(extraction.paper) is None:
                cache.put(unresolved(extraction))


def _read(
    papers: PaperStream, settings: Settings, running: Running, cache: ExtractionCache | None
) -> tuple[list[Extraction], LeftOut]:
    extractions, left_out = list[Extraction](), LeftOut()
    for extraction, doubtful in read_all(papers, len(papers), settings, running, cache):
        extractions.append(extraction)
        left_out += doubtful
    return extractions, left_out
