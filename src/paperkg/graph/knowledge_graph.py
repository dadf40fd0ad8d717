"""The knowledge graph: papers, entities, results, and the edges between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from paperkg.errors import NotInGraph
from paperkg.graph import verbs
from paperkg.graph.edges import Edge, EntityEdge, ReportedResult
from paperkg.graph.tables import Tables, lookup_table, tables
from paperkg.graph.views import EntityView, NotebookView, PaperView, Path
from paperkg.model import (
    ENTITY_PREDICATES,
    ENTITY_TYPES,
    RELATIONS,
    Entity,
    Extraction,
    Paper,
    Provenance,
    Stats,
)
from paperkg.resolution import DEFAULT_BASE, paper_iri
from paperkg.sources.skips import by_kind
from paperkg.text.fold import fold

if TYPE_CHECKING:
    import networkx as nx
    import rdflib

    from paperkg.query import Answer, Engine

T = TypeVar("T")
SUGGESTIONS = 3


class KnowledgeGraph:
    """Papers, the entities that they name, the numbers that they report; every edge leads to its words.

    Nothing in it changes after it was made; equal extractions and provenance make equal graphs.
    """

    def __init__(
        self,
        extractions: tuple[Extraction, ...],
        provenance: Provenance,
        base: str,
        contents: Tables,
        engine: Callable[[KnowledgeGraph], Engine],
    ) -> None:
        """For `from_extractions`."""
        self._make_engine = engine
        self._extractions = extractions
        self._provenance = provenance
        self._base = base
        self._tables = contents

    @classmethod
    def from_extractions(
        cls,
        extractions: Sequence[Extraction],
        provenance: Provenance,
        *,
        base: str = DEFAULT_BASE,
        engine: Callable[[KnowledgeGraph], Engine] = verbs.engine,
    ) -> KnowledgeGraph:
        """A graph of resolved extractions (`paperkg.resolution.resolve`).

        Args:
            extractions: one a paper, in the order that the graph keeps.
            provenance: how they were made.
            base: IRI under which all resources of the graph stand, the same as in `resolve`.
            engine: makes what answers queries on the graph, when the first one is asked.

        Raises:
            GraphError: the extractions contradict themselves (see `paperkg.graph.tables`).
        """
        extractions = tuple(extractions)
        return cls(extractions, provenance, base, tables(extractions), engine)

    @property
    def extractions(self) -> tuple[Extraction, ...]:
        """What each paper's text gave, resolved, in the order of the input."""
        return self._extractions

    @property
    def provenance(self) -> Provenance:
        """How the graph was made."""
        return self._provenance

    @property
    def base(self) -> str:
        """The IRI under which all resources of the graph stand."""
        return self._base

    @property
    def papers(self) -> Mapping[str, Paper]:
        """The papers by id, in the order of the input."""
        return MappingProxyType(self._tables.papers)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The entities by IRI, in the order of IRIs."""
        return MappingProxyType(self._tables.entities)

    def edges(self) -> tuple[Edge, ...]:
        """All relations of papers to entities, paper after paper."""
        return self._tables.edges

    def entity_edges(self) -> tuple[EntityEdge, ...]:
        """All relations between entities, paper after paper; several papers may state one relation."""
        return self._tables.entity_edges

    def results(self) -> tuple[ReportedResult, ...]:
        """All reported numbers, paper after paper."""
        return self._tables.results

    def paper_iri(self, paper_id: str) -> str:
        """The IRI of a paper."""
        return paper_iri(paper_id, base=self._base)

    def edges_of(self, iri: str) -> tuple[Edge, ...]:
        """The edges at the paper or the entity with that IRI; none if there is no such node."""
        return self._edges_of.get(iri, ())

    def entity_edges_of(self, iri: str) -> tuple[EntityEdge, ...]:
        """The relations to other entities of the entity with that IRI."""
        return self._entity_edges_of.get(iri, ())

    @cached_property
    def replaced(self) -> Mapping[str, str]:
        """IRIs that gave way by decisions made by hand, each with the one that stands in its place."""
        return MappingProxyType(dict(self._provenance.replaced))

    def find(self, text: str) -> tuple[EntityView, ...]:
        """All entities that an IRI, a name, a long form or a spelling may mean, the likeliest first."""
        iri = self.replaced.get(text, text)
        if iri in self._tables.entities:
            return (EntityView(self, self._tables.entities[iri]),)

        def rank(entity: Entity) -> tuple[int, int, str]:
            spelled = (entity.name, *(spelling for spelling, _ in entity.spellings))
            place = 0 if text == entity.name else 1 if text in spelled else 2
            return place, -len(self.edges_of(entity.iri)), entity.iri

        found = [self._tables.entities[iri] for iri in self._lookup.get(fold(text), ())]
        return tuple(EntityView(self, entity) for entity in sorted(found, key=rank))

    def entity(self, text: str) -> EntityView:
        """The entity with that IRI, name, long form or any spelling; of several the first that `find` gives.

        Raises:
            NotInGraph: there is none.
        """
        if found := self.find(text):
            return found[0]
        names = {entity.name.casefold(): entity.name for entity in self._tables.entities.values()}
        raise _not_in_graph("entity", text, names)

    def family(self, name: str) -> tuple[EntityView, ...]:
        """The entities of a family, by name; none if no entity has that family."""
        members = [
            e for e in self._tables.entities.values() if e.family is not None and fold(e.family) == fold(name)
        ]
        return tuple(EntityView(self, entity) for entity in sorted(members, key=lambda e: (e.name, e.iri)))

    def paper(self, text: str) -> PaperView:
        """The paper with that id, IRI or title, or the only one whose title begins like that.

        Raises:
            NotInGraph: there is none, or several titles begin like that.
        """
        place = self._paper_places.get(text)
        if place is None:
            key = fold(text.removesuffix("...").removesuffix("…"))
            begins = [i for i, title in enumerate(self._folded_titles) if key and title.startswith(key)]
            exact = [i for i in begins if self._folded_titles[i] == key]
            found = exact or begins
            if len(found) > 1:
                some = ", ".join(repr(self._extractions[i].paper.title) for i in found[:SUGGESTIONS])
                hint = f"give its id or more of its title: {len(found)} begin so, such as {some}"
                raise NotInGraph(f"no one paper {text!r} in the graph", hint=hint)
            if not found:
                titles = {paper.title.casefold(): paper.title for paper in self._tables.papers.values()}
                raise _not_in_graph("paper", text, titles)
            place = found[0]
        return PaperView(self, self._extractions[place])

    def path(self, start: str, end: str) -> Path | None:
        """A shortest way between two papers or entities, over edges in both directions, or None.

        Args:
            start: a paper or an entity, by what `entity` or `paper` finds.
            end: likewise.

        Raises:
            NotInGraph: one of them is not in the graph.
        """
        from paperkg.graph.network import shortest_path

        return shortest_path(self, self._multidigraph, self._node(start).iri, self._node(end).iri)

    def stats(self) -> Stats:
        """What the graph holds, in numbers."""
        types = Counter(entity.type for entity in self._tables.entities.values())
        relations = Counter(edge.relation for edge in self._tables.edges)
        predicates = Counter(edge.predicate for edge in self._tables.entity_edges)
        return Stats(
            papers=len(self._extractions),
            listings=self._provenance.listings,
            entities={type_: types[type_] for type_ in ENTITY_TYPES},
            edges={relation: relations[relation] for relation in RELATIONS},
            entity_edges={predicate: predicates[predicate] for predicate in ENTITY_PREDICATES},
            mentions=sum(len(edge.mentions) for edge in self._tables.edges),
            results=len(self._tables.results),
            links=sum(len(extraction.links) for extraction in self._extractions),
            skipped=dict(sorted(by_kind(self._provenance.skipped).items())),
            resolved_by=dict(sorted(Counter(edge.resolved_by for edge in self._tables.edges).items())),
        )

    def query(self, sparql: str) -> Answer:
        """Run a SPARQL query: SELECT gives rows as named tuples, ASK a truth value, CONSTRUCT triples.

        Raises:
            QueryError: the query is malformed or asks for something that is refused.
        """
        return verbs.run_query(self._engine, sparql)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """A new networkx graph (see `paperkg.graph.network`), which can be changed at will."""
        from paperkg.graph.network import to_multidigraph

        return to_multidigraph(self)

    def to_rdflib(self) -> rdflib.Dataset:
        """The graph as an rdflib dataset on the store that answers `query`; it cannot be changed."""
        return verbs.to_rdflib(self._engine)

    def view(self, *, height: int = 640) -> NotebookView:
        """The viewer, to look at in a notebook: the last line of a cell shows it, `height` pixels high."""
        return NotebookView(verbs.frame(self, f"Knowledge graph of {len(self.papers)} papers", height))

    def save(self, path: str | FilePath) -> None:
        """Write the set of files `path.papers.jsonl`, `path.trig`, ... (`paperkg.export.save`)."""
        verbs.save(self, path)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, KnowledgeGraph):
            return NotImplemented
        return (self._base, self._provenance, self._extractions) == (
            other._base,
            other._provenance,
            other._extractions,
        )

    def __hash__(self) -> int:
        return hash((self._base, self._provenance, tuple(self._tables.papers)))

    def __repr__(self) -> str:
        return f"<KnowledgeGraph: {len(self._extractions)} papers, {len(self._tables.entities)} entities>"

    def _repr_html_(self) -> str:
        stats = self.stats()
        cells = [("papers", stats.papers), *stats.entities.items(), ("edges", sum(stats.edges.values()))]
        rows = "".join(f"<tr><th>{name}</th><td>{number}</td></tr>" for name, number in cells)
        return f"<table>{rows}</table>"

    def _node(self, text: str) -> PaperView | EntityView:
        if text in self._paper_places:
            return self.paper(text)
        try:
            return self.entity(text)
        except NotInGraph:
            return self.paper(text)

    @cached_property
    def _edges_of(self) -> dict[str, tuple[Edge, ...]]:
        found: dict[str, list[Edge]] = {}
        for edge in self._tables.edges:
            found.setdefault(edge.entity, []).append(edge)
            found.setdefault(self.paper_iri(edge.paper), []).append(edge)
        return _frozen(found)

    @cached_property
    def _entity_edges_of(self) -> dict[str, tuple[EntityEdge, ...]]:
        found: dict[str, list[EntityEdge]] = {}
        for edge in self._tables.entity_edges:
            found.setdefault(edge.subject, []).append(edge)
            found.setdefault(edge.object, []).append(edge)
        return _frozen(found)

    @cached_property
    def _lookup(self) -> dict[str, tuple[str, ...]]:
        return lookup_table(self._tables.entities)

    @cached_property
    def _paper_places(self) -> dict[str, int]:
        """From ids, IRIs and titles that only one paper has to places among the extractions."""
        places: dict[str, int] = {}
        titles = Counter(extraction.paper.title for extraction in self._extractions)
        for place, extraction in enumerate(self._extractions):
            paper = extraction.paper
            if titles[paper.title] == 1:
                places[paper.title] = place
        for place, extraction in enumerate(self._extractions):
            places[self.paper_iri(extraction.paper.id)] = place
        for place, extraction in enumerate(self._extractions):
            places[extraction.paper.id] = place
        return places

    @cached_property
    def _folded_titles(self) -> tuple[str, ...]:
        return tuple(fold(extraction.paper.title) for extraction in self._extractions)

    @cached_property
    def _multidigraph(self) -> nx.MultiDiGraph[str]:
        return self.to_networkx()

    @cached_property
    def _engine(self) -> Engine:
        return self._make_engine(self)


def _frozen(table: Mapping[str, Sequence[T]]) -> dict[str, tuple[T, ...]]:
    return {key: tuple(values) for key, values in table.items()}


def _not_in_graph(what: str, text: str, names: Mapping[str, str]) -> NotInGraph:
    close = get_close_matches(text.casefold(), names, n=SUGGESTIONS, cutoff=0.6)
    hint = f"did you mean {', '.join(repr(names[name]) for name in close)}?" if close else None
    return NotInGraph(f"no {what} {text!r} in the graph", hint=hint)
