"""A graph as sorted quads in four named graphs: knowledge, evidence, provenance, and what these hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pyoxigraph as ox

from paperkg.model import Entity, Extraction, Provenance
from paperkg.rdf.description import GRAPH, description_triples
from paperkg.rdf.evidence import evidence_triples
from paperkg.rdf.iris import Minter
from paperkg.rdf.knowledge import Triples, entity_triples, extraction_triples
from paperkg.rdf.provenance import provenance_triples, replaced_triples
from paperkg.rdf.terms import term
from paperkg.rdf.ties import known_ties, linked_ties

GRAPHS = ("knowledge", "evidence", "provenance")


class Graph(Protocol):
    """What is read of a `KnowledgeGraph`."""

    @property
    def extractions(self) -> Sequence[Extraction]:
        """The resolved extractions."""

    @property
    def entities(self) -> Mapping[str, Entity]:
        """The entities by IRI."""

    @property
    def provenance(self) -> Provenance:
        """How the graph was made."""

    @property
    def base(self) -> str:
        """The IRI below which all resources stand."""


def quads(kg: Graph) -> list[ox.Quad]:
    """All that a graph knows.

    Returns:
        Each quad once, sorted by graph (knowledge, evidence, provenance, description), subject, predicate and object in
        the order of their N-Triples form.
    """
    mint = Minter(kg.base)
    entities = list(kg.entities.values())
    graphs: tuple[Iterable[Triples], ...] = (
        [
            *(extraction_triples(e, mint) for e in kg.extractions),
            *(entity_triples(e, mint) for e in entities),
            *(known_ties(e) for e in entities),
            *(linked_ties(e) for e in kg.extractions),
            replaced_triples(kg.provenance),
        ],
        [evidence_triples(e, mint) for e in kg.extractions],
        [provenance_triples(kg.extractions, kg.provenance, mint)],
    )
    told = [
        quad for name, parts in zip(GRAPHS, graphs, strict=True) for quad in _sorted(parts, mint.graph(name))
    ]
    return told + _sorted([description_triples(told, kg.provenance, mint)], mint.graph(GRAPH))


def _sorted(parts: Iterable[Triples], graph: ox.NamedNode) -> list[ox.Quad]:
    found: dict[tuple[str, str, str], ox.Quad] = {}
    for part in parts:
        for subject, known, object_ in part:
            predicate = term(known)
            key = (subject.value, predicate.value, str(object_))
            if key not in found:
                found[key] = ox.Quad(subject, predicate, object_, graph)
    return [found[key] for key in sorted(found)]


def knowledge(all_quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """The triples of the knowledge alone, in the given order."""
    return [quad.triple for quad in all_quads if _is_knowledge(quad)]


def _is_knowledge(quad: ox.Quad) -> bool:
    graph = quad.graph_name
    return isinstance(graph, ox.NamedNode) and graph.value.endswith("/graph/knowledge")
