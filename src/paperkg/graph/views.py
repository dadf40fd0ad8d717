"""One paper or one entity of a graph, with its neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from paperkg.errors import NotInGraph
from paperkg.graph.edges import Edge, EntityEdge, ReportedResult
from paperkg.model import (
    ENTITY_PREDICATES,
    RELATIONS,
    Entity,
    EntityPredicate,
    EntityType,
    Extraction,
    Link,
    Organisation,
    Paper,
    PartialDate,
    Relation,
    Span,
)

if TYPE_CHECKING:
    from paperkg.graph.knowledge_graph import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Mention:
    """An occurrence of an entity: the id of the paper and the place in its text."""

    paper: str
    span: Span


@dataclass(frozen=True, slots=True, repr=False)
class EntityView:
    """An entity of a graph and what surrounds it."""

    graph: KnowledgeGraph
    entity: Entity

    @property
    def iri(self) -> str:
        """Its identity."""
        return self.entity.iri

    @property
    def name(self) -> str:
        """Its canonical name."""
        return self.entity.name

    @property
    def type(self) -> EntityType:
        """The commonest of its papers' types."""
        return self.entity.type

    @property
    def family(self) -> str | None:
        """The canonical name of its family; `graph.family` gives the members."""
        return self.entity.family

    @property
    def spellings(self) -> tuple[tuple[str, int], ...]:
        """Its surface forms, each with the number of occurrences, most frequent first."""
        return self.entity.spellings

    def edges(self, relation: Relation | None = None) -> tuple[Edge, ...]:
        """The papers' relations to it, in the order of papers, all or those of one kind.

        Raises:
            NotInGraph: there is no such relation.
        """
        return _of_kind(self.graph.edges_of(self.iri), relation)

    def papers(self, relation: Relation | None = None) -> tuple[PaperView, ...]:
        """The papers that name it, all or those that stand in one relation to it, as in `edges`."""
        return tuple(self.graph.paper(edge.paper) for edge in self.edges(relation))

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Every occurrence in every paper."""
        return tuple(Mention(edge.paper, span) for edge in self.edges() for span in edge.mentions)

    @property
    def relations(self) -> tuple[EntityEdge, ...]:
        """The relations to other entities of which it is subject or object."""
        return self.graph.entity_edges_of(self.iri)

    def related(self, predicate: EntityPredicate | None = None) -> tuple[EntityView, ...]:
        """The entities at the other end of `relations`, by name, all or those of one predicate.

        Raises:
            NotInGraph: there is no such predicate.
        """
        _check(predicate, ENTITY_PREDICATES)
        iris = {
            edge.object if edge.subject == self.iri else edge.subject
            for edge in self.relations
            if predicate is None or edge.predicate == predicate
        }
        views = [EntityView(self.graph, self.graph.entities[iri]) for iri in iris]
        return tuple(sorted(views, key=lambda view: (view.name, view.iri)))

    @property
    def results(self) -> tuple[ReportedResult, ...]:
        """The reported numbers of which it is system, collection or metric."""
        return tuple(r for r in self.graph.results() if self.iri in (r.system, r.on, r.metric))

    def __repr__(self) -> str:
        return f"<EntityView: {self.name!r}, {self.type}>"

    def _repr_html_(self) -> str:
        return f"<b>{escape(self.name)}</b> ({self.type}), named by {len(self.edges())} papers"


@dataclass(frozen=True, slots=True, repr=False)
class PaperView:
    """A paper of a graph and what it names."""

    graph: KnowledgeGraph
    extraction: Extraction

    @property
    def paper(self) -> Paper:
        """The paper itself."""
        return self.extraction.paper

    @property
    def id(self) -> str:
        """Its id."""
        return self.paper.id

    @property
    def iri(self) -> str:
        """Its IRI."""
        return self.graph.paper_iri(self.id)

    @property
    def title(self) -> str:
        """Its title as stored."""
        return self.paper.title

    @property
    def abstract(self) -> str:
        """Its abstract as stored."""
        return self.paper.abstract

    @property
    def date(self) -> PartialDate | None:
        """Its date, as far as known."""
        return self.paper.date

    @property
    def organisations(self) -> tuple[Organisation, ...]:
        """The organisations under which it is listed."""
        return self.paper.organisations

    @property
    def links(self) -> tuple[Link, ...]:
        """Its links to code, data, project pages and demos."""
        return self.extraction.links

    def edges(self, relation: Relation | None = None) -> tuple[Edge, ...]:
        """Its relations to entities, in the order of the extraction, all or those of one kind.

        Raises:
            NotInGraph: there is no such relation.
        """
        return _of_kind(self.graph.edges_of(self.iri), relation)

    def entities(self, relation: Relation | None = None) -> tuple[EntityView, ...]:
        """The entities that it names, all or those to which it stands in one relation, as in `edges`."""
        return tuple(
            EntityView(self.graph, self.graph.entities[edge.entity]) for edge in self.edges(relation)
        )

    @property
    def results(self) -> tuple[ReportedResult, ...]:
        """The numbers that it reports."""
        return tuple(r for r in self.graph.results() if r.paper == self.id)

    @property
    def relations(self) -> tuple[EntityEdge, ...]:
        """The relations between entities that it states."""
        return tuple(edge for edge in self.graph.entity_edges() if edge.paper == self.id)

    def __repr__(self) -> str:
        return f"<PaperView: {self.id!r}, {self.title!r}>"

    def _repr_html_(self) -> str:
        return f"<b>{escape(self.title)}</b>, names {len(self.extraction.entities)} entities"


@dataclass(frozen=True, slots=True)
class NotebookView:
    """The viewer of a graph; a notebook shows it as the value of a cell."""

    html: str = field(repr=False)

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True, slots=True)
class Path:
    """A way through a graph.

    Attributes:
        nodes: papers and entities, from the one end to the other.
        edges: one edge for each step, the most confident where there are several.
    """

    nodes: tuple[PaperView | EntityView, ...]
    edges: tuple[Edge | EntityEdge, ...]


def _of_kind(edges: tuple[Edge, ...], relation: Relation | None) -> tuple[Edge, ...]:
    _check(relation, RELATIONS)
    return tuple(edge for edge in edges if relation is None or edge.relation == relation)


def _check(relation: str | None, known: Sequence[str]) -> None:
    if relation is not None and relation not in known:
        raise NotInGraph(f"no relation {relation!r}", hint=f"one of {', '.join(known)}")
