"""Communities, positions and the order of drawing."""

from __future__ import annotations

import math
import random
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.html.communities import Bipartite, partition, typical
from paperkg.html.layout import AT_ONCE, PAPER_RADIUS, neighbours, place, radius
from paperkg.html.order import drawing_order


def groups(papers: int, kinds: int, *, seed: int = 1) -> Bipartite:
    """Papers that name five of the ten entities of their kind, and one entity that all name."""
    rng = random.Random(seed)
    links = []
    for paper in range(papers):
        kind = paper % kinds
        links.append({kind * 10 + n: 1.0 for n in rng.sample(range(10), 5)} | {kinds * 10: 1.0})
    return Bipartite(kinds * 10 + 1, links)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3 * AT_ONCE), st.sampled_from((0.0, 1.0, 20.0, 300.0)), st.integers(0, 1_000))
def test_neighbours_are_those_of_the_table_of_all_pairs(count: int, wide: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pos, radii = rng.integers(-9, 10, (count, 2)) * wide, rng.uniform(5.0, 30.0, count)
    gap = pos[None, :, :] - pos[:, None, :]
    reach = radii[:, None] + radii[None, :] + 7.0
    table = np.nonzero(np.triu((gap * gap).sum(axis=2) < reach * reach, 1))
    assert np.array_equal(np.stack(neighbours(pos, radii, 7.0)), np.stack(table))


def test_partition_finds_groups() -> None:
    graph = groups(60, 4)
    parts = partition(graph)
    assert parts.count == 4
    found = {(paper % 4, region) for paper, region in enumerate(parts.papers)}
    assert len(found) == 4
    for region, names in enumerate(typical(graph, parts)):
        assert len(names) == 3
        assert all(parts.entities[e] == region for e in names)


def test_marks_do_not_cover_each_other() -> None:
    graph = groups(80, 3)
    parts = partition(graph)
    layout = place(graph, parts)
    degrees = [len(papers) for papers in graph.papers_of()]
    discs = [(x, y, PAPER_RADIUS) for x, y in layout.papers]
    discs += [(p[0], p[1], radius(degrees[e])) for e, p in enumerate(layout.entities) if p is not None]
    assert all(math.dist(a[:2], b[:2]) > a[2] + b[2] for a, b in combinations(discs, 2))
    assert all(math.dist(a[:2], b[:2]) > 0.85 * (a[2] + b[2]) for a, b in combinations(layout.regions, 2))


def test_wider_than_high() -> None:
    graph = groups(300, 12)
    points = place(graph, partition(graph)).papers
    width, height = (max(p[i] for p in points) - min(p[i] for p in points) for i in (0, 1))
    assert width > height


@given(st.lists(st.dictionaries(st.integers(0, 15), st.floats(0.1, 1.0), max_size=6), max_size=25))
@settings(max_examples=60, deadline=None)
def test_any_graph_has_a_picture(links: list[dict[int, float]]) -> None:
    graph = Bipartite(16, links)
    parts = partition(graph)
    layout = place(graph, parts)
    assert (parts, layout) == (partition(graph), place(graph, parts))
    shared = {e for e, papers in enumerate(graph.papers_of()) if len(papers) > 1}
    assert {e for e, point in enumerate(layout.entities) if point is not None} == shared
    order = drawing_order(graph, parts, layout)
    assert sorted(order) == sorted([*(f"p{n}" for n in range(len(links))), *(f"e{n}" for n in shared)])
    assert len(layout.regions) == parts.count


def test_beginning_of_the_order_has_room() -> None:
    graph = groups(900, 9)
    layout = place(graph, partition(graph))
    order = drawing_order(graph, partition(graph), layout)
    first = [
        layout.papers[int(node[1:])] if node[0] == "p" else layout.entities[int(node[1:])]
        for node in order[:60]
    ]
    width = max(x for x, _ in layout.papers) - min(x for x, _ in layout.papers)
    gaps = [math.dist(a, b) for a, b in combinations([p for p in first if p is not None], 2)]
    assert min(gaps) > width / 60
