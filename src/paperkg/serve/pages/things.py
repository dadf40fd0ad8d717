"""What stands under which address: papers, entities, families, results, organisations and listing pages.

The path of a thing on the server is `/id/` and what follows the graph's base in its IRI.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import quote, unquote_to_bytes

from paperkg.errors import NotInGraph
from paperkg.graph import EntityEdge, EntityView, KnowledgeGraph, PaperView, ReportedResult
from paperkg.model import Organisation
from paperkg.rdf.iris import Minter
from paperkg.text.fold import fold

ROOT = "/id/"
"""Where the resources of the graph stand on the server."""
MOST_FOUND = 24
"""Entities, and papers, that a search gives at most."""
MOST_PARTS = 3
"""Of the path of a thing with a page of its own: `result/ID/NUMBER`."""
LEAST_TYPED, MOST_TYPED = 3, 300
"""Characters from which on a search finds parts of names, and those of it that are read."""

Kind = Literal["paper", "entity", "family", "result", "organisation", "page"]


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a page of its own.

    Attributes:
        kind: what it is.
        iri: its identity.
        key: what `Things` finds its parts by: the id of a paper, else the IRI.
    """

    kind: Kind
    iri: str
    key: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives, the most often named first."""

    entities: tuple[EntityView, ...]
    papers: tuple[PaperView, ...]


class Things:
    """The resources of a graph by IRI, with the tables that their pages need."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg = kg
        self.mint = Minter(kg.base)

    def path(self, iri: str) -> str:
        """The path of a resource of the graph on this server."""
        return ROOT + iri.removeprefix(self.kg.base)

    def iri(self, path: str) -> str:
        """The IRI of a path below `ROOT`, as a browser sent it: percent-encoded in the graph's own way."""
        segments = (unquote_to_bytes(segment) for segment in path.split("/"))
        return self.kg.base + "/".join(
            quote(segment, safe="") if segment not in (b".", b"..") else segment.decode().replace(".", "%2E")
            for segment in segments
        )

    def thing(self, iri: str) -> Thing | None:
        """What stands under an IRI, None if nothing does."""
        if iri in self.kg.entities:
            return Thing("entity", iri, iri)
        if iri in self._papers:
            return Thing("paper", iri, self._papers[iri])
        tables: tuple[tuple[Kind, Mapping[str, object]], ...] = (
            ("family", self.families),
            ("result", self.results),
            ("organisation", self.organisations),
            ("page", self.pages),
        )
        return next((Thing(kind, iri, iri) for kind, table in tables if iri in table), None)

    def owner(self, iri: str) -> Thing | None:
        """The paper, entity or other thing to which an IRI below it belongs: a statement, a spelling, a link."""
        *above, _ = iri.removeprefix(self.kg.base).split("/", MOST_PARTS)
        for length in range(len(above), 1, -1):
            if found := self.thing(self.kg.base + "/".join(above[:length])):
                return found
        return None

    def find(self, text: str) -> Found:
        """Entities and papers that a text may mean: by any spelling first, then by a part of a name or title."""
        text = text[:MOST_TYPED].strip()
        entities = {view.iri: view for view in self.kg.find(text)}
        papers = list[str]()
        with suppress(NotInGraph):
            papers.append(self.kg.paper(text).iri)
        key = fold(text)
        if len(key) >= LEAST_TYPED:
            parts = [iri for folded, iri in self._names if key in folded]
            parts.sort(key=lambda iri: (-len(self.kg.edges_of(iri)), iri))
            for iri in parts[: 2 * MOST_FOUND]:
                entities.setdefault(iri, EntityView(self.kg, self.kg.entities[iri]))
            papers += [iri for folded, iri in self._titles if key in folded]
        if key and not entities and not papers:
            entities = {iri: EntityView(self.kg, self.kg.entities[iri]) for iri in self._begin_like(key)}
        return Found(
            tuple(entities.values())[:MOST_FOUND],
            tuple(self.kg.paper(iri) for iri in list(dict.fromkeys(papers))[:MOST_FOUND]),
        )

    def _begin_like(self, key: str) -> list[str]:
        """The entities whose names begin like a key for the longest stretch."""
        place = bisect_left(self._names, (key,))
        nearest = [name for name, _ in self._names[max(0, place - 1) : place + 1]]
        begins = max((_shared_beginning(key, name) for name in nearest), key=len, default="")
        if len(begins) < LEAST_TYPED:
            return []
        end = bisect_left(self._names, (begins + "\U0010ffff",))
        found = [iri for _, iri in self._names[bisect_left(self._names, (begins,)) : end]]
        return sorted(found, key=lambda iri: (-len(self.kg.edges_of(iri)), iri))[:MOST_FOUND]

    def results_of(self, iri: str) -> tuple[ReportedResult, ...]:
        """The results of a paper, or those of which an entity is system, collection or metric."""
        return self._results_of.get(iri, ())

    def relations_in(self, paper_id: str) -> tuple[EntityEdge, ...]:
        """The relations between entities that a paper states."""
        return self._relations_in.get(paper_id, ())

    @cached_property
    def results(self) -> dict[str, ReportedResult]:
        """The results by IRI."""
        return {self.mint.result(r.paper, r.number).value: r for r in self.kg.results()}

    @cached_property
    def families(self) -> dict[str, tuple[str, tuple[EntityView, ...]]]:
        """Families by IRI: name and members, the most often named first."""
        members: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for entity in self.kg.entities.values():
            if entity.family:
                iri = self.mint.family(entity.family).value
                names.setdefault(iri, entity.family)
                members.setdefault(iri, []).append(entity.iri)
        return {
            iri: (
                names[iri],
                tuple(
                    EntityView(self.kg, self.kg.entities[one])
                    for one in sorted(inside, key=lambda one: (-len(self.kg.edges_of(one)), one))
                ),
            )
            for iri, inside in members.items()
        }

    @cached_property
    def organisations(self) -> dict[str, tuple[Organisation, tuple[str, ...]]]:
        """Organisations by IRI, with the ids of their papers."""
        found: dict[str, tuple[Organisation, list[str]]] = {}
        for paper in self.kg.papers.values():
            for one in paper.organisations:
                found.setdefault(self.mint.top("organisation", one.slug).value, (one, []))[1].append(paper.id)
        return {iri: (one, tuple(papers)) for iri, (one, papers) in found.items()}

    @cached_property
    def pages(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Listing pages by IRI: name, and the ids of their papers in the page's order."""
        found: dict[str, tuple[str, list[tuple[int, str]]]] = {}
        for paper in self.kg.papers.values():
            for one in paper.listings:
                place = found.setdefault(self.mint.top("page", one.page).value, (one.page, []))
                place[1].append((one.position, paper.id))
        return {
            iri: (name, tuple(paper for _, paper in sorted(papers))) for iri, (name, papers) in found.items()
        }

    @cached_property
    def _papers(self) -> dict[str, str]:
        return {self.kg.paper_iri(paper): paper for paper in self.kg.papers}

    @cached_property
    def _results_of(self) -> dict[str, tuple[ReportedResult, ...]]:
        found: dict[str, list[ReportedResult]] = {}
        for result in self.kg.results():
            ends = (self.kg.paper_iri(result.paper), result.system, result.on, result.metric)
            for iri in dict.fromkeys(end for end in ends if end):
                found.setdefault(iri, []).append(result)
        return {iri: tuple(results) for iri, results in found.items()}

    @cached_property
    def _relations_in(self) -> dict[str, tuple[EntityEdge, ...]]:
        found: dict[str, list[EntityEdge]] = {}
        for edge in self.kg.entity_edges():
            found.setdefault(edge.paper, []).append(edge)
        return {paper: tuple(edges) for paper, edges in found.items()}

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """Folded names with their entities, sorted."""
        return sorted((fold(entity.name), iri) for iri, entity in self.kg.entities.items())

    @cached_property
    def _titles(self) -> list[tuple[str, str]]:
        return [(fold(paper.title), self.kg.paper_iri(paper.id)) for paper in self.kg.papers.values()]


def _shared_beginning(one: str, other: str) -> str:
    places = (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return one[: next(places, min(len(one), len(other)))]
