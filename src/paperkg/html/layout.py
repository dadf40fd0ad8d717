"""Positions of papers and shared entities in the plane, the same for the same graph.

Regions are discs that do not touch; inside a disc a spring model places the nodes, then nodes that cover each
other are pushed apart. Only sums, products, quotients and square roots of doubles are used, in a fixed order:
the figures do not depend on the processor.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paperkg.html.communities import Bipartite, Partition

Array = NDArray[np.float64]
Nodes = Sequence[tuple[str, int]]
"""Papers and entities as ("p", number) and ("e", number)."""

PAPER_RADIUS = 7.0
ROOM = 15.0
"""Free space round each node."""
LABEL_ROOM = 7.0
"""More of it round an entity of three papers or more, for its name."""
WIDE = 0.62
"""Horizontal distances count less, for labels are wide."""
SPRING_NODES = 300
"""At most so many nodes of a region are placed by springs; the others settle among their neighbours."""
AT_ONCE = 256
"""Discs whose neighbours are looked up in one step."""
PACKING = 200
"""Steps in which regions move together."""
SEED = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions of papers and entities (None for one that is not shared); regions as (x, y, radius).

    `alone` is the place of the first paper that shares nothing, None if there is no such paper.
    """

    papers: tuple[tuple[int, int], ...]
    entities: tuple[tuple[int, int] | None, ...]
    regions: tuple[tuple[int, int, int], ...]
    alone: tuple[int, int] | None


def radius(papers: int) -> float:
    """The radius of the mark of an entity that so many papers name."""
    return min(5.0 + 2.2 * math.sqrt(papers), 26.0)


def neighbours(pos: Array, radii: Array, slack: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of discs, the lower number first, with less than `slack` between them; in order.

    Discs are taken from left to right, some at a time, and held against those that are not too far to the right, so
    that thousands of discs need no table of all pairs.
    """
    order = np.argsort(pos[:, 0], kind="stable")
    x, y, size = pos[order, 0], pos[order, 1], radii[order]
    ends = np.searchsorted(x, x + (size + float(radii.max(initial=0.0)) + slack), side="right")
    found = []
    for begin in range(0, len(pos), AT_ONCE):
        rows = slice(begin, begin + AT_ONCE)
        beside = slice(begin, int(ends[rows].max()))
        dx = x[None, beside] - x[rows, None]
        dy = y[None, beside] - y[rows, None]
        reach = size[rows, None] + size[None, beside]
        one, other = np.nonzero(np.triu(dx * dx + dy * dy < (reach + slack) ** 2, 1))
        found.append(order[np.stack([one, other]) + begin])
    pairs = np.sort(np.concatenate(found, axis=1) if found else np.zeros((2, 0), np.intp), axis=0)
    one, other = pairs[:, np.lexsort((pairs[1], pairs[0]))]
    return one, other


def _separate(pos: Array, radii: Array, rounds: int, wide: float) -> Array:
    """Pushes discs apart that overlap; `wide` < 1 asks for more room from left to right.

    Which discs are near enough to touch is looked up every tenth round only.
    """
    pos = np.stack([pos[:, 0] * wide, pos[:, 1]], axis=1)
    count = len(pos)
    slack = float(radii.max()) * 0.5 if count else 0.0
    for step in range(rounds):
        if step % 10 == 0:
            one, other = neighbours(pos, radii, slack)
            near = radii[one] + radii[other]
        gap = pos[other] - pos[one]
        dist = np.sqrt(gap[:, 0] * gap[:, 0] + gap[:, 1] * gap[:, 1]) + 1e-9
        push = np.maximum(near - dist, 0.0) / dist * 0.35
        if not push.any():
            break
        for axis in (0, 1):
            shift = push * gap[:, axis]
            pos[:, axis] += np.bincount(other, shift, count) - np.bincount(one, shift, count)
    return np.stack([pos[:, 0] / wide, pos[:, 1]], axis=1)


def _springs(count: int, ties: Array, pull: Array, rng: np.random.Generator, rounds: int) -> Array:
    """Fruchterman and Reingold's model with gravity.

    Args:
        count: number of nodes.
        ties: rows (node, node, weight).
        pull: shape (count, 2), a constant force on each node.
        rng: source of the first positions.
        rounds: number of steps.

    Returns:
        Positions, shape (count, 2), in units of the ideal length of a tie.
    """
    pos = (rng.random((count, 2)) - 0.5) * math.sqrt(count) * 1.5
    one, other, weight = ties[:, 0].astype(np.int64), ties[:, 1].astype(np.int64), ties[:, 2]
    heat = math.sqrt(count) * 0.25 + 0.3
    for step in range(rounds):
        dx = pos[None, :, 0] - pos[:, None, 0]
        dy = pos[None, :, 1] - pos[:, None, 1]
        away = 1.0 / (dx * dx + dy * dy + 0.02)
        force = np.stack([(away * dx).sum(axis=0), (away * dy).sum(axis=0)], axis=1)
        along = pos[other] - pos[one]
        stretch = along * (np.sqrt((along * along)[:, 0] + (along * along)[:, 1]) * weight)[:, None]
        for axis in (0, 1):
            force[:, axis] += np.bincount(one, stretch[:, axis], count)
            force[:, axis] -= np.bincount(other, stretch[:, axis], count)
        force += pull - pos * 0.35
        length = np.sqrt(force[:, 0] ** 2 + force[:, 1] ** 2) + 1e-9
        limit = heat * (1.0 - step / rounds)
        pos += force * (np.minimum(length, limit) / length)[:, None]
    return pos


def _spiral(count: int, step: float) -> Array:
    turn = math.pi * (3.0 - math.sqrt(5.0))
    reach = [step * math.sqrt(i) for i in range(count)]
    return np.array([(r * 1.5 * math.cos(i * turn), r * math.sin(i * turn)) for i, r in enumerate(reach)])


def _pack(pos: Array, radii: Array, ties: Array) -> Array:
    """Moves discs together, near those that they are tied to, into a picture wider than high."""
    for step in range(PACKING):
        cool = 1.0 - step / PACKING
        dx = pos[None, :, 0] - pos[:, None, 0]
        dy = pos[None, :, 1] - pos[:, None, 1]
        pull = np.stack([(ties * dx).sum(axis=0), (ties * dy).sum(axis=0)], axis=1)
        pos = pos - pull * (0.05 * cool) - pos * np.array([0.014, 0.055])
        pos = _separate(pos, radii, 3, 1.0)
    return _separate(pos, radii, 400, 1.0)


def _inside(members: Nodes, graph: Bipartite, radii: Array, pull: Array, seed: int) -> Array:
    """Positions of a region's nodes round the origin."""
    place = {node: i for i, node in enumerate(members)}
    ties = [
        (i, place["e", entity], weight)
        for i, (kind, number) in enumerate(members)
        if kind == "p"
        for entity, weight in sorted(graph.links[number].items())
        if ("e", entity) in place
    ]
    count = len(members)
    degree = [0] * count
    for one, other, _ in ties:
        degree[one] += 1
        degree[other] += 1
    rng = np.random.default_rng(SEED + seed)
    first = sorted(range(count), key=lambda i: (members[i][0] == "p", -degree[i], i))[:SPRING_NODES]
    slot = {node: i for i, node in enumerate(first)}
    held = [(slot[a], slot[b], w / math.sqrt(degree[b])) for a, b, w in ties if a in slot and b in slot]
    springs = _springs(len(first), np.array(held or [(0, 0, 0.0)]), pull[first], rng, 120)
    pos = np.zeros((count, 2))
    pos[first] = springs
    if count > len(first):
        around: dict[int, list[int]] = {}
        for one, other, _ in ties:
            if one not in slot and other in slot:
                around.setdefault(one, []).append(other)
        jitter = rng.random((count, 2)) - 0.5
        for node in range(count):
            if node not in slot:
                near = around.get(node, [])
                pos[node] = (pos[near].sum(axis=0) / len(near) if near else 0.0) + jitter[node] * 2.5
    room = float((radii * radii).sum()) / WIDE
    spread = math.sqrt(float((pos * pos).sum()) / count) + 1e-9
    pos *= math.sqrt(room) * 0.72 / spread
    return _separate(pos, radii, 90 if count < 900 else 40, WIDE)


def _rows(count: int, left: float, top: float, right: float, step: float) -> list[tuple[float, float]]:
    columns = max(1, int((right - left) / step))
    return [(left + (i % columns) * step, top + (i // columns) * step) for i in range(count)]


def place(graph: Bipartite, parts: Partition) -> Layout:
    """Gives every paper and every shared entity a position; papers that share nothing stand in rows below."""
    degrees = [len(papers) for papers in graph.papers_of()]
    members: list[list[tuple[str, int]]] = [[] for _ in range(parts.count)]
    for kind, regions in (("e", parts.entities), ("p", parts.papers)):
        for number, region in enumerate(regions):
            if region >= 0:
                members[region].append((kind, number))

    def size(kind: str, number: int) -> float:
        if kind == "p":
            return PAPER_RADIUS + ROOM / 2
        return radius(degrees[number]) + ROOM / 2 + (LABEL_ROOM if degrees[number] > 2 else 0.0)

    radii = [np.array([size(kind, number) for kind, number in nodes]) for nodes in members]
    ties = np.zeros((parts.count, parts.count))
    for paper, row in enumerate(graph.links):
        for entity, weight in sorted(row.items()):
            a, b = parts.papers[paper], parts.entities[entity]
            if a >= 0 and b >= 0 and a != b:
                ties[a, b] += weight / math.sqrt(degrees[entity])
    ties = ties + ties.transpose()
    strongest = float(ties.max()) if ties.size else 0.0
    ties /= strongest or 1.0
    papers: list[tuple[float, float]] = [(0.0, 0.0)] * len(graph.links)
    entities: list[tuple[float, float] | None] = [None] * graph.entities
    discs: list[tuple[float, float, float]] = []
    if parts.count:
        guess = np.array([math.sqrt(float((r * r).sum()) / WIDE) * 1.2 for r in radii])
        centres = _pack(_spiral(parts.count, float(guess.max())), guess, ties)
        local = [
            _inside(nodes, graph, radii[r], _outward(nodes, graph, parts, r, centres), r)
            for r, nodes in enumerate(members)
        ]
        local = [pos - (pos.min(axis=0) + pos.max(axis=0)) / 2 for pos in local]
        far = [np.sqrt(pos[:, 0] ** 2 + pos[:, 1] ** 2) + radii[r] for r, pos in enumerate(local)]
        reach = np.array([float(distances.max()) for distances in far])
        centres = _pack(centres * float(reach.sum() / guess.sum()), reach * 0.95 + 12.0, ties)
        for r, nodes in enumerate(members):
            for (kind, number), (x, y) in zip(nodes, (local[r] + centres[r]).tolist(), strict=True):
                if kind == "p":
                    papers[number] = (x, y)
                else:
                    entities[number] = (x, y)
            discs.append((float(centres[r, 0]), float(centres[r, 1]), float(reach[r])))
    left, right, bottom = _frame(discs)
    alone = [p for p, region in enumerate(parts.papers) if region < 0]
    for paper, point in zip(
        alone, _rows(len(alone), left, bottom + 44.0, right, 3.2 * PAPER_RADIUS), strict=True
    ):
        papers[paper] = point
        bottom = max(bottom, point[1])
    loose = [e for e, region in enumerate(parts.entities) if region < 0 and degrees[e] > 1]
    for entity, point in zip(loose, _rows(len(loose), left, bottom + 36.0, right, 60.0), strict=True):
        entities[entity] = point
    return Layout(
        papers=tuple((round(x), round(y)) for x, y in papers),
        entities=tuple(None if p is None else (round(p[0]), round(p[1])) for p in entities),
        regions=tuple((round(x), round(y), math.ceil(r)) for x, y, r in discs),
        alone=(round(papers[alone[0]][0]), round(papers[alone[0]][1])) if alone else None,
    )


def _outward(nodes: Nodes, graph: Bipartite, parts: Partition, region: int, centres: Array) -> Array:
    """A light force on each paper towards the other regions that it is linked to."""
    pull: Any = np.zeros((len(nodes), 2))
    for i, (kind, number) in enumerate(nodes):
        if kind != "p":
            continue
        for entity in sorted(graph.links[number]):
            other = parts.entities[entity]
            if other >= 0 and other != region:
                way = centres[other] - centres[region]
                pull[i] += way / (math.sqrt(float(way[0]) ** 2 + float(way[1]) ** 2) + 1e-9) * 0.5
    return np.asarray(pull)


def _frame(discs: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    if not discs:
        return -300.0, 300.0, 0.0
    return (
        min(x - r for x, _, r in discs),
        max(x + r for x, _, r in discs),
        max(y + r for _, y, r in discs),
    )
