"""What the coming and going of papers, and decisions, do to the entities of a graph."""

from __future__ import annotations

from dataclasses import dataclass

from paperkg.model import Decision, Outcome
from paperkg.resolution.clusters import Cluster


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a ledger since it was last resolved.

    Attributes:
        papers: numbers of those that are new, or whose entities are others now.
        moved: decisions for IRIs that no entity has any more since papers came or went.
        clusters: the entities of the graph, without decisions.
    """

    papers: frozenset[int]
    moved: tuple[Decision, ...]
    clusters: tuple[Cluster, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What decisions do to the entities of a graph.

    Attributes:
        papers: numbers of those in which they change something else than before.
        outcomes: what came of each.
        replaced: IRIs that gave way by decisions, each with the one that stands in its place now, sorted.
    """

    papers: frozenset[int]
    outcomes: tuple[Outcome, ...]
    replaced: tuple[tuple[str, str], ...]
