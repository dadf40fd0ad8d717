"""Communities of a bipartite paper-entity graph, and names for them.

Shared entities are joined where papers name both; Louvain parts them, then each paper and each further entity
goes where most of its links lead. Only the best-linked entities enter Louvain: large graphs stay quick.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CORE = 1200
"""How many of the best-linked entities enter Louvain."""
MOST_REGIONS = 28
FINER_ABOVE = 400
"""Above so many papers communities are sought ever finer, so that a region stays small enough to be read."""
SEED = 20


@dataclass(frozen=True, slots=True)
class Bipartite:
    """Who names what: `links[p]` maps the numbers of paper `p`'s entities, below `entities`, to weights."""

    entities: int
    links: Sequence[Mapping[int, float]]

    def papers_of(self) -> list[list[int]]:
        """For each entity the numbers of its papers, ascending."""
        papers: list[list[int]] = [[] for _ in range(self.entities)]
        for paper, row in enumerate(self.links):
            for entity in row:
                papers[entity].append(paper)
        return papers


@dataclass(frozen=True, slots=True)
class Partition:
    """The region of each paper and shared entity, -1 for what shares nothing; the largest comes first."""

    papers: tuple[int, ...]
    entities: tuple[int, ...]
    count: int


def _rarity(graph: Bipartite, papers_of: Sequence[Sequence[int]]) -> list[float]:
    """A weight per entity that keeps what every paper names from gluing all papers into one community."""
    total = len(graph.links)
    return [math.log(1 + total / len(papers)) if papers else 0.0 for papers in papers_of]


def _joint_mentions(
    graph: Bipartite, core: Sequence[int], rarity: Sequence[float]
) -> dict[tuple[int, int], float]:
    inside = set(core)
    weights: dict[tuple[int, int], float] = defaultdict(float)
    for row in graph.links:
        named = sorted(e for e in row if e in inside)
        for i, one in enumerate(named):
            for other in named[i + 1 :]:
                weights[one, other] += rarity[one] * rarity[other] * row[one] * row[other] / (len(named) - 1)
    return weights


def _louvain(
    core: Sequence[int], weights: Mapping[tuple[int, int], float], fineness: float
) -> dict[int, int]:
    import networkx as nx

    joint: nx.Graph[int] = nx.Graph()
    joint.add_nodes_from(core)
    joint.add_weighted_edges_from((a, b, w) for (a, b), w in sorted(weights.items()))
    found = nx.community.louvain_communities(joint, weight="weight", resolution=fineness, seed=SEED)
    groups = sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))
    return {entity: number for number, group in enumerate(groups) for entity in group}


def _vote(ballots: Mapping[int, float]) -> int:
    return min(ballots, key=lambda region: (-ballots[region], region)) if ballots else -1


def partition(graph: Bipartite) -> Partition:
    """Parts papers and shared entities into at most `MOST_REGIONS` regions, the same for the same graph."""
    papers_of = graph.papers_of()
    shared = [e for e in range(graph.entities) if len(papers_of[e]) > 1]
    core = sorted(sorted(shared, key=lambda e: (-len(papers_of[e]), e))[:CORE])
    rarity = _rarity(graph, papers_of)
    fineness = max(1.0, math.sqrt(len(graph.links) / FINER_ABOVE))
    region_of = _louvain(core, _joint_mentions(graph, core, rarity), fineness) if core else {}

    def of_papers() -> list[int]:
        chosen = []
        for row in graph.links:
            ballots: dict[int, float] = defaultdict(float)
            for entity, weight in row.items():
                if entity in region_of:
                    ballots[region_of[entity]] += weight * rarity[entity]
            chosen.append(_vote(ballots))
        return chosen

    paper_regions = of_papers()
    sizes = Counter(paper_regions)
    big = [r for r, n in sorted(sizes.items(), key=lambda item: (-item[1], item[0])) if r >= 0]
    least = max(3, len(graph.links) // 200)
    kept = {r for r in big[:MOST_REGIONS] if sizes[r] >= least} or set(big[:1])
    region_of = {entity: region for entity, region in region_of.items() if region in kept}
    paper_regions = of_papers()
    for entity in shared:
        if entity not in region_of:
            ballots = Counter(paper_regions[p] for p in papers_of[entity] if paper_regions[p] >= 0)
            region_of[entity] = _vote(ballots)
    region_of = {entity: region for entity, region in region_of.items() if region >= 0}
    paper_regions = of_papers()

    sizes = Counter(r for r in paper_regions if r >= 0)
    order = {r: i for i, r in enumerate(sorted(sizes, key=lambda r: (-sizes[r], r)))}
    return Partition(
        papers=tuple(order.get(r, -1) for r in paper_regions),
        entities=tuple(order.get(region_of.get(e, -1), -1) for e in range(graph.entities)),
        count=len(order),
    )


def typical(graph: Bipartite, parts: Partition, *, most: int = 3) -> list[tuple[int, ...]]:
    """For each region the entities that most tell it from the rest, the most typical first."""
    total = len(graph.links)
    everywhere: Counter[int] = Counter(e for row in graph.links for e in row)
    inside: list[Counter[int]] = [Counter() for _ in range(parts.count)]
    sizes: Counter[int] = Counter(parts.papers)
    for region, row in zip(parts.papers, graph.links, strict=True):
        if region >= 0:
            inside[region].update(row.keys())

    def score(region: int, entity: int) -> float:
        n = inside[region][entity]
        lift = (n / sizes[region]) / (everywhere[entity] / total)
        return n * math.log(lift) if n > 1 and lift > 1 else 0.0

    names = []
    for region in range(parts.count):
        scored = {e: score(region, e) for e in inside[region] if parts.entities[e] == region}
        best = sorted(scored, key=lambda e: (-scored[e], e))[:most]
        names.append(tuple(best))
    return names
