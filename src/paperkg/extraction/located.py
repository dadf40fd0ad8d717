"""Entities by their places in the clean text of one paper, before they are mapped back to the stored text.

The text of a paper is its clean title, a blank line, and its clean abstract; spans are (start, end) in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from paperkg.model import EntityPredicate, EntityType, Relation, ResultKind

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LocatedEntity:
    """An entity with the places of all its mentions, in order."""

    name: str
    type: EntityType
    named: bool
    relation: Relation
    confidence: float
    spans: tuple[Offsets, ...]


@dataclass(frozen=True, slots=True)
class LocatedRelation:
    """A relation between two entities, by name, with the sentence that says so."""

    subject: str
    predicate: EntityPredicate
    object: str
    confidence: float
    evidence: Offsets


@dataclass(frozen=True, slots=True)
class LocatedResult:
    """A reported number; `span` covers `value`."""

    value: str
    kind: ResultKind
    number: float
    unit: str
    span: Offsets
    confidence: float
    system: str | None = None
    on: str | None = None
    metric: str | None = None
