"""A paper of a large graph as what is written of it: a pure function, which several processes run side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pyoxigraph as ox

from paperkg.model import Extraction, LeftOut, Provenance
from paperkg.rdf import Counts, Minter, Stated, paper_quads
from paperkg.records import extraction_to_line
from paperkg.resolution import Occurrence, Resolved, rebuilt
from paperkg.text.utf8 import json_to_utf8


class Task(NamedTuple):
    """A paper to be written.

    Attributes:
        extraction: as its text gave it.
        resolved: what became of each of its entities.
        left_out: how much in it is not sure enough.
    """

    extraction: Extraction
    resolved: list[Resolved | None]
    left_out: LeftOut


class Rendered(NamedTuple):
    """A paper as it is written.

    Attributes:
        line: that of papers.jsonl.
        quads: those that only this paper states, as N-Quads.
        shared: the others, a line of N-Quads each.
        counts: of `quads`.
        numbers: what statistics are made of.
        edges: IRI of an entity, and what the paper says of it, for each.
        ways: IRI, key and rule of each entity before decisions.
    """

    line: bytes
    quads: bytes
    shared: tuple[bytes, ...]
    counts: Counts
    numbers: Counter[str]
    edges: list[tuple[str, Occurrence]]
    ways: list[tuple[str, str, str]]


def make_renderer(made: Provenance, base: str) -> Callable[[Iterable[Task]], Iterator[Rendered]]:
    """What renders the papers of a graph.

    Args:
        made: how the graph is made.
        base: IRI under which its resources stand.
    """
    mint, made = Minter(base), replace(made, skipped=(), outcomes=(), replaced=())

    def renderer(tasks: Iterable[Task]) -> Iterator[Rendered]:
        for task in tasks:
            yield rendered(rebuilt(task.extraction, task.resolved), task.left_out, made, mint)

    return renderer


def rendered(extraction: Extraction, left_out: LeftOut, made: Provenance, mint: Minter) -> Rendered:
    """A resolved paper as it is written."""
    stated = paper_quads(extraction, made, mint)
    counts = Counts()
    counts.add(stated.own, mint.base)
    return Rendered(
        line=json_to_utf8(f"{extraction_to_line(extraction)}\n"),
        quads=n_quads(stated.own),
        shared=shared_lines(stated),
        counts=counts,
        numbers=numbers_of(extraction, left_out),
        edges=[(entity.iri or "", Occurrence.of(entity)) for entity in extraction.entities],
        ways=[
            (entity.iri, entity.key, entity.resolved_by or "")
            for entity in (extraction.extracted or extraction).entities
            if entity.iri is not None
        ],
    )


def n_quads(quads: Iterable[ox.Quad]) -> bytes:
    """Some quads as N-Quads."""
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def shared_lines(stated: Stated) -> tuple[bytes, ...]:
    """What others may state too, a line each."""
    return tuple(n_quads(stated.shared).splitlines(keepends=True))


def numbers_of(extraction: Extraction, left_out: LeftOut) -> Counter[str]:
    """What a resolved paper adds to the statistics of its graph, by a name and what it is of."""
    numbers = Counter[str](f"edges {entity.relation}" for entity in extraction.entities)
    numbers.update(f"entity_edges {relation.predicate}" for relation in extraction.entity_relations)
    numbers.update(f"resolved_by {entity.resolved_by}" for entity in extraction.entities)
    numbers["listings"] = len(extraction.paper.listings)
    numbers["mentions"] = sum(len(entity.mentions) for entity in extraction.entities)
    numbers["results"] = len(extraction.results)
    numbers["links"] = len(extraction.links)
    for what in ("entities", "relations", "results"):
        numbers[f"left_out {what}"] = getattr(left_out, what)
    return numbers
