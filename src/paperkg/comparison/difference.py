"""The value types of what changed between two graphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from paperkg.model import EntityPredicate, EntityType, Relation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What the new graph has and the old one has not, and the other way round."""

    came: tuple[T, ...] = ()
    went: tuple[T, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class NamedPaper:
    """A paper."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, order=True)
class NamedEntity:
    """An entity of a graph, with the name and the type that it has there."""

    iri: str
    name: str
    type: EntityType


@dataclass(frozen=True, slots=True)
class ChangedEntity:
    """An entity that is another one in the new graph, or the same in other words.

    Attributes:
        how: `merged` (it is now one with an entity that was there), `renamed` (its IRI leads to its new one), or
            `altered` (one IRI, another name or type).
    """

    how: Literal["merged", "renamed", "altered"]
    old: NamedEntity
    new: NamedEntity


@dataclass(frozen=True, slots=True, order=True)
class PaperEdge:
    """A paper's relation to an entity."""

    relation: Relation
    name: str
    iri: str


@dataclass(frozen=True, slots=True, order=True)
class StatedRelation:
    """A relation that a paper states between two entities, by their names."""

    subject: str
    predicate: EntityPredicate
    object: str


@dataclass(frozen=True, slots=True, order=True)
class StatedResult:
    """A number that a paper reports; what it does not name is an empty string."""

    system: str
    on: str
    metric: str
    value: str


@dataclass(frozen=True, slots=True)
class ChangedPaper:
    """A paper of both graphs that is not the same in them.

    Attributes:
        fields: the parts of the paper itself that are others: `title`, `date`, `sources`, ...
        links: web addresses.
        words: whether something stays but with other words, another confidence or another type in this paper.
    """

    id: str
    title: str
    fields: tuple[str, ...]
    edges: Change[PaperEdge]
    relations: Change[StatedRelation]
    results: Change[StatedResult]
    links: Change[str]
    words: bool


@dataclass(frozen=True, slots=True)
class Made:
    """Something about the making of the graphs that is not the same."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many of a kind came, went, or changed."""

    came: int = 0
    went: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two graphs; it is true if they are not the same.

    Attributes:
        numbers: of `papers`, `entities`, `edges`, `relations`, `results` and `links`, those of papers that came and
            went included: how many came, went and changed. They count all, also where the lists below were cut.
        papers, changed_papers: in the order of their graph.
        entities, changed_entities: in the order of IRIs.
        made: differences in how the graphs were made. They alone make no difference.
    """

    numbers: Mapping[str, Numbers]
    papers: Change[NamedPaper]
    changed_papers: tuple[ChangedPaper, ...]
    entities: Change[NamedEntity]
    changed_entities: tuple[ChangedEntity, ...]
    made: tuple[Made, ...]

    def __bool__(self) -> bool:
        return any(number != Numbers() for number in self.numbers.values())
