"""The figures of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MistakeKind = Literal["missed", "extra", "type", "relation"]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of `gold` things and of `found` things are the same: `hits`."""

    hits: int
    gold: int
    found: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of gold that was found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Bin:
    """The edges whose confidence is at least `low` and below `low + 0.1` (the last bin: at most 1).

    Attributes:
        edges: their number.
        confidence: their mean confidence.
        right: the share of them that is right.
    """

    low: float
    edges: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake and how often it was made.

    Attributes:
        what: the type of an entity that is missed or extra; else `gold's -> the one found`.
        name: the entity's, gold's where it stands there.
    """

    kind: MistakeKind
    what: str
    name: str
    times: int


@dataclass(frozen=True, slots=True)
class Scores:
    """What an evaluation gives. Counts are summed over papers; shares are in [0, 1].

    Attributes:
        named: entities with a proper name: found, flagged as such, of the right type (Dataset and Benchmark count
            as one type).
        term: common-noun technical terms, likewise.
        all: both layers, whatever the flag.
        edges: as `all`, and the paper's relation to the entity is right.
        untyped: as `all`, whatever the type.
        results: reported numbers: the value, and the metric or what it was measured on where gold has one.
        results_strict: value, unit, kind, and each of system, metric and `on` that gold has.
        entity_relations: relations between entities.
        links: URL and kind.
        types: `all` by type, each entity under its own (`Dataset` holds the benchmarks).
        relations: `edges` by relation, each entity under its own.
        type_accuracy: of the entities found, those with the right type.
        relation_accuracy: of the entities found with the right type, those with the right relation.
        surfaces: of gold's spellings of the entities found, those among their mentions.
        resolution: F1 over pairs of found entities that gold, or the build, holds to be one thing.
        b_cubed: B-cubed F1 of the same clusters.
        sure_precision: of the edges with confidence 0.9 or more, those that are right; sure_share: their share of
            all edges found.
        calibration: expected calibration error of the edges' confidence, over `bins`.
        bins: the edges by confidence, in steps of a tenth; empty steps are left out.
        papers: in gold; missing: ids of those that were not read.
        mistakes: the most frequent first.
    """

    named: Counts
    term: Counts
    all: Counts
    edges: Counts
    untyped: Counts
    results: Counts
    results_strict: Counts
    entity_relations: Counts
    links: Counts
    types: Mapping[str, Counts]
    relations: Mapping[str, Counts]
    type_accuracy: float
    relation_accuracy: float
    surfaces: float
    resolution: float
    b_cubed: float
    sure_precision: float
    sure_share: float
    calibration: float
    bins: tuple[Bin, ...]
    papers: int
    missing: tuple[str, ...]
    mistakes: tuple[Mistake, ...]

    def layers(self) -> dict[str, Counts]:
        """The counts, by name."""
        return {
            "named": self.named,
            "term": self.term,
            "all": self.all,
            "edges": self.edges,
            "untyped": self.untyped,
            "results": self.results,
            "results_strict": self.results_strict,
            "entity_rel": self.entity_relations,
            "links": self.links,
        }

    def shares(self) -> dict[str, float]:
        """The shares, by name."""
        return {
            "type_accuracy": self.type_accuracy,
            "relation_accuracy": self.relation_accuracy,
            "surfaces": self.surfaces,
            "resolution": self.resolution,
            "b_cubed": self.b_cubed,
            "sure_precision": self.sure_precision,
            "sure_share": self.sure_share,
            "calibration": self.calibration,
        }
