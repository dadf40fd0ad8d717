"""The order in which nodes are drawn, so that any beginning of it has room between its marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from paperkg.html.communities import Bipartite, Partition
from paperkg.html.layout import Layout

COLUMNS = 36
"""So many marks side by side fill the picture of the first look."""
LEVELS = 9
MANY_PAPERS = 400
"""In a picture of more papers than this, entities come before papers."""


def _by_structure(graph: Bipartite, parts: Partition) -> list[str]:
    """Papers and shared entities by how much structure they carry, every region in turn."""
    papers_of = graph.papers_of()
    late = 1.0 if len(graph.links) <= MANY_PAPERS else 4.0
    weights = {
        "e": ([len(papers) for papers in papers_of], parts.entities, 1.0),
        "p": ([sum(len(papers_of[e]) > 1 for e in row) for row in graph.links], parts.papers, late),
    }
    queue: list[tuple[float, str, int]] = []
    for kind, (weight, regions, delay) in weights.items():
        members: dict[int, list[int]] = {}
        for n, region in enumerate(regions):
            if kind == "p" or weight[n] > 1:
                members.setdefault(region, []).append(n)
        for region, inside in members.items():
            alone = 1e6 if region < 0 else 0.0
            for rank, (_, n) in enumerate(sorted((-weight[n], n) for n in inside)):
                queue.append((delay * (rank + 1) / (1 + len(inside)) ** 0.5 + alone, kind, n))
    return [f"{kind}{n}" for _, kind, n in sorted(queue)]


def _sieve(points: Sequence[tuple[int, int]], gap: float) -> Iterator[bool]:
    """For each point in turn whether it keeps its distance from those that were let through before."""
    taken: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for x, y in points:
        column, row = int(x // gap), int(y // gap)
        near = (
            point
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for point in taken.get((i, j), ())
        )
        free = all((x - a) ** 2 + (y - b) ** 2 >= gap * gap for a, b in near)
        if free:
            taken.setdefault((column, row), []).append((x, y))
        yield free


def drawing_order(graph: Bipartite, parts: Partition, layout: Layout) -> list[str]:
    """All papers and shared entities (`p3`, `e17`), what carries most structure first."""
    places: dict[str, tuple[int, int]] = {f"p{n}": point for n, point in enumerate(layout.papers)}
    places |= {f"e{n}": point for n, point in enumerate(layout.entities) if point is not None}
    if not places:
        return []
    width = max(x for x, _ in places.values()) - min(x for x, _ in places.values())
    waiting = _by_structure(graph, parts)
    done: list[str] = []
    for level in range(LEVELS):
        gap = max(width, 1) / COLUMNS / 2**level
        now = done + waiting
        kept = list(_sieve([places[node] for node in now], gap))
        let = [node for node, free in zip(now[len(done) :], kept[len(done) :], strict=True) if free]
        chosen = set(let)
        waiting = [node for node in waiting if node not in chosen]
        done += let
        if not waiting:
            break
    return done + waiting
