"""A graph that is larger than memory: its papers.jsonl, N-Quads and store, written paper by paper."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import BinaryIO

import pyoxigraph as ox

from paperkg.building.contents import Contents, Place
from paperkg.building.decided import decide, with_outcomes
from paperkg.building.rendering import Rendered, Task, make_renderer, n_quads, shared_lines
from paperkg.building.settings import Running, Settings, read_all
from paperkg.errors import GraphError
from paperkg.export.formats import RENDERED
from paperkg.export.graph_set import DECISIONS, LEXICON, MANIFEST, NQUADS, PAPERS, Target
from paperkg.export.manifest import render_manifest
from paperkg.export.staged import Stage, open_file
from paperkg.export.store import write_store
from paperkg.extraction import ExtractionCache
from paperkg.extraction.side_by_side import cores, read_side_by_side
from paperkg.model import InputFile, Paper, Provenance, Stats
from paperkg.rdf import Minter, description_quads, entity_quads, examples, run_quads
from paperkg.resolution import Ledger
from paperkg.sources import PaperStream

LARGE = 10_000
"""Papers above which a graph is written without what has to be made as a whole, in 6 GB of memory; `export` makes it when asked."""
CONTENTS = "contents.sqlite"
"""The tables of a large graph, in its folder of caches."""
_TOGETHER = 64
"""Papers that a process writes at a time."""


@dataclass(frozen=True, slots=True)
class Written:
    """A graph of which no more is in memory than its manifest says."""

    provenance: Provenance
    base: str
    numbers: Stats

    def stats(self) -> Stats:
        """What it holds."""
        return self.numbers


def build_large(
    target: Target, papers: PaperStream, settings: Settings, running: Running, cache: ExtractionCache
) -> None:
    """Write the set of files of a large graph.

    Args:
        target: where; its decisions are applied.
        papers: those of the graph.
        settings: with which it is built.
        running: how the work is done.
        cache: holds what was found in papers: they are asked for twice.

    Raises:
        DecisionError: the decisions cannot be read.
        OSError: there is no room; what was there is as it was.
    """
    tables = target.cache_folder / CONTENTS
    tables.unlink(missing_ok=True)
    with Ledger(settings.lexicon, settings.base, tables) as ledger:
        numbers = array("q")
        for extraction, _ in read_all(papers, len(papers), settings, running, cache):
            numbers.append(ledger.put(extraction))
        running.progress("resolving", 0, len(papers))
        _, verdict = decide(ledger, ledger.resolve(), target.decisions(), target.decisions_file)
        made = settings.provenance(papers.report)
        contents = Contents(ledger.database)
        with target.staged() as stage:
            with stage.open(PAPERS) as lines, stage.open(NQUADS) as quads:
                found = read_all(papers, len(papers), settings, running, cache, stage="writing")
                tasks = (Task(x, ledger.resolved(n), out) for n, (x, out) in zip(numbers, found, strict=True))
                written = _rendered(tasks, running, partial(make_renderer, made, settings.base))
                places = placed(papers, papers.report.files)
                for number, (paper, place), one in zip(numbers, places, written, strict=True):
                    lines.write(one.line)
                    quads.write(one.quads)
                    contents.put(number, paper, place, one)
                made = settings.provenance(replace(papers.report, left_out=contents.left_out()))
                made = with_outcomes(made, verdict, target.decisions(), target.decisions_file)
                _write_rest(contents, made, Minter(settings.base), quads)
            manifest = finish(stage, made, settings, contents)
        with suppress(GraphError, OSError), open_file(target.path, NQUADS) as file:
            write_store(target.cache_folder, manifest, (file, ox.RdfFormat.N_QUADS))
        contents.say(build_key(manifest))
        ledger.save()


def finish(stage: Stage, made: Provenance, settings: Settings, contents: Contents) -> bytes:
    """Write the lexicon and the manifest of a large graph whose other files are written.

    Args:
        stage: gets them.
        made: how the graph is made.
        settings: with which.
        contents: what it holds.

    Returns:
        The manifest.
    """
    for ending in RENDERED:
        stage.remove(ending)
    if made.lexicon:
        stage.write(LEXICON, made.lexicon.encode())
    else:
        stage.remove(LEXICON)
    states = {ending: state for ending, state in stage.states.items() if ending != DECISIONS}
    manifest = render_manifest(Written(made, settings.base, contents.stats(made)), states)
    stage.write(MANIFEST, manifest)
    return manifest


def build_key(manifest: bytes) -> str:
    """By which the tables know the set that they are about."""
    return hashlib.sha256(manifest).hexdigest()


def _write_rest(contents: Contents, made: Provenance, mint: Minter, out: BinaryIO) -> None:
    """Write what entities state, what several state, and what the graph as a whole is."""
    contents.keep(contents.entities())
    contents.name_families()
    for entity in contents.all_known():
        stated = entity_quads(entity, contents.merges(entity.iri), made, mint)
        contents.counts.add(stated.own, mint.base)
        contents.share(shared_lines(stated))
        out.write(n_quads(stated.own))
    shared = contents.database.execute("select quad from shared order by quad")
    contents.counts.add(_passed(shared, out), mint.base)
    told = run_quads(made, mint)
    contents.counts.add(told, mint.base)
    out.write(n_quads(told))
    shown = examples(*contents.first(), mint)
    out.write(n_quads(description_quads(contents.counts, shown, made, mint)))


def _passed(rows: Iterable[tuple[bytes]], out: BinaryIO) -> Iterator[ox.Quad]:
    """The quads of some lines of N-Quads, which are written on the way."""
    for (line,) in rows:
        out.write(line)
        yield from ox.parse(line, format=ox.RdfFormat.N_QUADS)


def placed(papers: Iterable[Paper], files: Iterable[InputFile]) -> Iterator[tuple[Paper, Place]]:
    """Papers with where they stand, given in the order in which their files have them."""
    known: dict[str, str] = {}
    for file in sorted(files, key=lambda file: (file.name, file.sha256)):
        known.setdefault(file.name, file.sha256)
    last = ("", "")
    for place, paper in enumerate(papers):
        first = min(((name, known[name]) for name in paper.sources if name in known), default=last)
        last = max(last, first)
        yield paper, Place(*last, place)


def _rendered(
    tasks: Iterator[Task],
    running: Running,
    make: Callable[[], Callable[[Iterable[Task]], Iterator[Rendered]]],
) -> Iterator[Rendered]:
    """Papers as they are written, in their order."""
    processes = running.processes or cores()
    if processes == 1:
        yield from make()(tasks)
        return
    portions = iter(lambda: list(islice(tasks, _TOGETHER)), [])
    for portion in read_side_by_side(portions, processes, make):
        yield from portion
