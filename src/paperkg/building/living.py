"""Papers that come to a large graph and go from it: only what they touch is made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pyoxigraph as ox

from paperkg.building.contents import Contents, Place
from paperkg.building.decided import decide, with_outcomes
from paperkg.building.large import build_key, finish
from paperkg.building.lines import OldLines
from paperkg.building.rendering import Rendered, n_quads, rendered, shared_lines
from paperkg.building.settings import Running, Settings, read_all, still_skipped
from paperkg.errors import GraphError
from paperkg.export.graph_set import DECISIONS, NQUADS, PAPERS, Target
from paperkg.export.store import change_store
from paperkg.extraction import ExtractionCache
from paperkg.model import Entity, Extraction, LeftOut, Outcome, Paper, Provenance, SourceReport
from paperkg.rdf import Minter, description_quads, entity_quads, examples, run_quads
from paperkg.resolution import Ledger, Merge, rebuilt, unresolved

Lines = set[bytes]
"""Quads, a line of N-Quads each."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper that is written anew.

    Attributes:
        number: by which ledger and contents know it.
        old, new: how it was written, and how it is now; None if it was not there, or goes.
        paper, place: what is known of it now, and where it stands.
    """

    number: int
    old: Rendered | None
    new: Rendered | None
    paper: Paper
    place: Place


def change_large(
    target: Target,
    manifest: bytes,
    was: Provenance,
    lines: OldLines,
    ledger: Ledger,
    contents: Contents,
    *,
    settings: Settings,
    running: Running,
    cache: ExtractionCache,
    came: Sequence[tuple[Paper, Place]],
    gone: Sequence[int],
    report: SourceReport,
    decisions: bytes | None,
    check: Callable[[Sequence[Outcome]], None],
) -> None:
    """Change the set of files of a large graph.

    Args:
        target: where; its decisions are applied.
        manifest: that of the graph as it is; `was` is how that was made, `lines` are its papers.
        ledger, contents: its tables.
        settings: with which it is built.
        running: how the work is done.
        cache: holds what was found in papers.
        came: papers that are new, or of which something else is known now, each with its place.
        gone: the numbers of those that go, and of those in `came` that were there.
        report: on all files of the graph, also those that may have no paper any more; skips are those in new ones.
        decisions: what the file of decisions is to hold; if None what it holds, with pointers to where IRIs went.
        check: is told what comes of them before anything is written, and may raise an error.
    """
    mint = Minter(settings.base)
    before = {number: lines.extraction(number) for number in gone}
    ledger.remove(gone)
    new: dict[int, tuple[Extraction, LeftOut, Place]] = {}
    papers = [paper for paper, _ in came]
    for (extraction, left_out), (_, place) in zip(
        read_all(papers, len(papers), settings, running, cache), came, strict=True
    ):
        new[ledger.put(extraction)] = extraction, left_out, place
    running.progress("resolving", 0, 0)
    change = ledger.resolve()
    if decisions is None:
        decisions, verdict = decide(ledger, change, target.decisions(), target.decisions_file, change.moved)
    else:
        decisions, verdict = decide(ledger, change, decisions, target.decisions_file)
    check(verdict.outcomes)
    touched = sorted((change.papers | verdict.papers) - new.keys())
    running.progress("writing", 0, len(touched) + len(new))
    made = with_outcomes(settings.provenance(report), verdict, decisions, target.decisions_file)
    nothing = LeftOut()
    changed = [
        _Paper(number, rendered(x, nothing, was, mint), None, x.paper, contents.place_of(number))
        for number, x in before.items()
    ]
    for number in touched:
        known = lines.extraction(number)
        now = rebuilt(unresolved(known), ledger.resolved(number))
        if now != known:
            left_out, place = contents.left_out_of(number), contents.place_of(number)
            old_, new_ = rendered(known, left_out, was, mint), rendered(now, left_out, made, mint)
            changed.append(_Paper(number, old_, new_, known.paper, place))
    for number, (extraction, left_out, place) in new.items():
        now = rebuilt(extraction, ledger.resolved(number))
        changed.append(_Paper(number, None, rendered(now, left_out, made, mint), now.paper, place))
    delta = _Delta(contents, was, mint, changed)
    for one in changed:
        delta.swap(one)
    report = replace(
        report, left_out=contents.left_out(), listings=contents.listings(), files=contents.used(report.files)
    )
    report = replace(report, skipped=still_skipped(report, was))
    made = with_outcomes(settings.provenance(report), verdict, decisions, target.decisions_file)
    delta.finish(made)
    with target.staged() as stage:
        if decisions:
            stage.write(DECISIONS, decisions)
        else:
            stage.remove(DECISIONS)
        with stage.open(PAPERS) as out:
            order = (number for number, _ in contents.order())
            lines.copy(order, {one.number: one.new.line for one in changed if one.new}, out)
        stage.remove(NQUADS)
        now_manifest = finish(stage, made, settings, contents)
    with suppress(GraphError, OSError):
        change_store(
            target.cache_folder,
            manifest,
            now_manifest,
            quads_of(delta.removed - delta.added),
            quads_of(delta.added - delta.removed),
        )
    contents.say(build_key(now_manifest))
    ledger.save()


class _Delta:
    """What changes in the quads of a graph, and in its tables.

    Attributes:
        removed, added: lines of N-Quads; one that is in both stays.
    """

    def __init__(self, contents: Contents, was: Provenance, mint: Minter, changed: Iterable[_Paper]) -> None:
        """Look at what the papers touch, before it changes."""
        self.removed: Lines = set()
        self.added: Lines = set()
        self._contents, self._was, self._mint = contents, was, mint
        self._came: Lines = set()
        self._went: Lines = set()
        written = [one for paper in changed for one in (paper.old, paper.new) if one]
        named = {iri for one in written for iri, _ in one.edges}
        named |= {iri for one in written for iri, *_ in one.ways}
        self._old: dict[str, tuple[Entity, list[Merge]] | None] = {}
        for iri in sorted(named):
            entity = contents.known(iri)
            self._old[iri] = None if entity is None else (entity, contents.merges(iri))
        self._described = self._description(was)

    def swap(self, one: _Paper) -> None:
        """Let a paper be written as it is now."""
        if one.old:
            self._turn(self._contents.remove(one.number, one.old), -1)
            self.removed.update(one.old.quads.splitlines(keepends=True))
        if one.new:
            self._turn(self._contents.put(one.number, one.paper, one.place, one.new), 1)
            self.added.update(one.new.quads.splitlines(keepends=True))

    def finish(self, made: Provenance) -> None:
        """Let the rest follow: entities, run, description."""
        contents = self._contents
        contents.keep(contents.entities(self._old))
        contents.drop(iri for iri in self._old if not contents.is_named(iri))
        for entity in contents.name_families():
            self._old.setdefault(entity.iri, (entity, contents.merges(entity.iri)))
        for iri, before in self._old.items():
            if before is not None:
                self._entity(*before, self._was, -1)
            if (now := contents.known(iri)) is not None:
                self._entity(now, contents.merges(iri), made, 1)
        for told, lines, sign in (
            (run_quads(self._was, self._mint), self.removed, -1),
            (run_quads(made, self._mint), self.added, 1),
        ):
            contents.counts.add(told, self._mint.base, sign)
            lines.update(n_quads(told).splitlines(keepends=True))
        for shared, lines, sign in ((self._went, self.removed, -1), (self._came, self.added, 1)):
            contents.counts.add(quads_of(sorted(shared)), self._mint.base, sign)
            lines |= shared
        self.removed |= self._described
        self.added |= self._description(made)

    def _entity(self, entity: Entity, joined: Iterable[Merge], made: Provenance, sign: int) -> None:
        stated = entity_quads(entity, joined, made, self._mint)
        self._contents.counts.add(stated.own, self._mint.base, sign)
        (self.added if sign > 0 else self.removed).update(n_quads(stated.own).splitlines(keepends=True))
        share = self._contents.share if sign > 0 else self._contents.unshare
        self._turn(share(shared_lines(stated)), sign)

    def _turn(self, lines: Iterable[bytes], sign: int) -> None:
        """Note lines of which the first owner came (1) or the last one went (-1)."""
        now, before = (self._came, self._went) if sign > 0 else (self._went, self._came)
        for line in lines:
            if line in before:
                before.remove(line)
            else:
                now.add(line)

    def _description(self, made: Provenance) -> Lines:
        shown = examples(*self._contents.first(), self._mint)
        quads = description_quads(self._contents.counts, shown, made, self._mint)
        return set(n_quads(quads).splitlines(keepends=True))


def quads_of(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    """The quads of lines of N-Quads."""
    return iter(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))
