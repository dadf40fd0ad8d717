"""The edges of a graph and its results: frozen, each with the words that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from paperkg.model import EntityPredicate, EntityType, Relation, Result, Span


@dataclass(frozen=True, slots=True)
class Edge:
    """A paper's one relation to an entity.

    Attributes:
        paper: id of the paper.
        entity: IRI of the entity.
        type: as this paper types the entity; the node has the commonest type.
        confidence: probability in [0, 1] that entity, type and relation are right.
        evidence: the sentence that decides the relation.
        mentions: every occurrence in the paper, title first.
        key: what the paper and the lexicon alone know of the entity.
        resolved_by: the rule by which the entity of the paper became this entity of the graph.
    """

    paper: str
    entity: str
    relation: Relation
    type: EntityType
    confidence: float
    evidence: Span
    mentions: tuple[Span, ...]
    key: str
    resolved_by: str


@dataclass(frozen=True, slots=True)
class EntityEdge:
    """A relation between two entities (IRIs), as one paper (id) states it."""

    subject: str
    predicate: EntityPredicate
    object: str
    paper: str
    confidence: float
    evidence: Span


@dataclass(frozen=True, slots=True)
class ReportedResult:
    """A number that a paper reports.

    Attributes:
        paper: id of the paper.
        number: its place among the results of the paper, counted from 1.
        system, on, metric: IRIs of entities, where the paper says them.
        result: value, number, unit, kind, mention and confidence; its names are those of the same entities.
    """

    paper: str
    number: int
    system: str | None
    on: str | None
    metric: str | None
    result: Result
