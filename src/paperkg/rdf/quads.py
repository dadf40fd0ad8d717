"""A graph as quads in four named graphs: knowledge, evidence, provenance, and what these hold.

Each quad is stated by a paper, by an entity, or by the run that made the graph: so a graph can be written paper by
paper, and a paper's quads go with it. A few may be stated by several: they are shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby
from typing import NamedTuple, Protocol

import pyoxigraph as ox
from rdflib.namespace import SKOS

from paperkg.model import ENTITY_PREDICATES, Entity, Extraction, Provenance
from paperkg.rdf.description import GRAPH, Counts, description_triples, examples
from paperkg.rdf.evidence import evidence_triples
from paperkg.rdf.iris import Minter
from paperkg.rdf.knowledge import Triples, entity_triples, extraction_triples
from paperkg.rdf.namespaces import PKG
from paperkg.rdf.provenance import merge_provenance, paper_provenance, replaced_triples, run_provenance
from paperkg.rdf.terms import term
from paperkg.rdf.ties import known_ties, linked_ties
from paperkg.resolution import Merge, merges

GRAPHS = ("knowledge", "evidence", "provenance")
_SHARED_PROPERTIES = frozenset({*(str(PKG[name]) for name in ENTITY_PREDICATES), str(SKOS.closeMatch)})
_SHARED_PLACES = ("organisation/", "page/", "family/")
_BETWEEN = "\0"
"""Stands before any character of an IRI, and in none."""
_Parts = tuple[list[Triples], list[Triples], list[Triples]]
"""What is stated in each of `GRAPHS`."""


class Stated(NamedTuple):
    """The quads that one paper or entity states, sorted, each once.

    Attributes:
        own: nothing else states them.
        shared: other papers or entities may state them too.
    """

    own: list[ox.Quad]
    shared: list[ox.Quad]


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


def paper_quads(extraction: Extraction, made: Provenance, mint: Minter) -> Stated:
    """What a paper states."""
    return _stated(_of_paper(extraction, made, mint), mint)


def entity_quads(entity: Entity, joined: Iterable[Merge], made: Provenance, mint: Minter) -> Stated:
    """What an entity states.

    Args:
        entity: the entity.
        joined: the decisions of resolution that lead to it, where there are several.
        made: how the graph was made.
        mint: makes its IRIs.
    """
    return _stated(_of_entity(entity, joined, made, mint), mint)


def run_quads(made: Provenance, mint: Minter) -> list[ox.Quad]:
    """What the run states: nothing else does."""
    return _stated(_of_run(made, mint), mint).own


def description_quads(
    counts: Counts, shown: Mapping[str, str], made: Provenance, mint: Minter
) -> list[ox.Quad]:
    """What the graph as a whole is, sorted: for a counted graph, and an example of each class."""
    return _sorted([description_triples(counts, shown, made, mint)], mint.graph(GRAPH))


def quads(kg: Graph) -> list[ox.Quad]:
    """All that a graph knows.

    Returns:
        Each quad once, sorted by graph (knowledge, evidence, provenance, description), subject, predicate and object in
        the order of their N-Triples form.
    """
    mint, made = Minter(kg.base), kg.provenance
    joined = {iri: list(ways) for iri, ways in groupby(merges(kg.extractions), key=lambda merge: merge.iri)}
    parts = [_of_paper(extraction, made, mint) for extraction in kg.extractions]
    parts += [_of_entity(entity, joined.get(iri, ()), made, mint) for iri, entity in kg.entities.items()]
    parts.append(_of_run(made, mint))
    told = [
        quad
        for name, of_graph in zip(GRAPHS, zip(*parts, strict=True), strict=True)
        for quad in _sorted(chain.from_iterable(of_graph), mint.graph(name))
    ]
    counts = Counts()
    counts.add(told, kg.base)
    shown = examples(
        (extraction.paper.id for extraction in kg.extractions),
        ((entity.type, iri) for iri, entity in kg.entities.items()),
        mint,
    )
    return told + description_quads(counts, shown, made, mint)


def _of_paper(extraction: Extraction, made: Provenance, mint: Minter) -> _Parts:
    return (
        [extraction_triples(extraction, mint), linked_ties(extraction)],
        [evidence_triples(extraction, mint)],
        [paper_provenance(extraction, made, mint)],
    )


def _of_entity(entity: Entity, joined: Iterable[Merge], made: Provenance, mint: Minter) -> _Parts:
    return [entity_triples(entity, mint), known_ties(entity)], [], [merge_provenance(joined, made, mint)]


def _of_run(made: Provenance, mint: Minter) -> _Parts:
    return [replaced_triples(made)], [], [run_provenance(made, mint)]


def _stated(parts: _Parts, mint: Minter) -> Stated:
    shared_places = tuple(mint.base + place for place in _SHARED_PLACES)
    own, shared = list[ox.Quad](), list[ox.Quad]()
    for name, part in zip(GRAPHS, parts, strict=True):
        found = _found(part, mint.graph(name))
        for key in sorted(found):
            subject, predicate, _ = key.split(_BETWEEN, 2)
            is_shared = predicate in _SHARED_PROPERTIES or subject.startswith(shared_places)
            (shared if is_shared else own).append(found[key])
    return Stated(own, shared)


def _sorted(parts: Iterable[Triples], graph: ox.NamedNode) -> list[ox.Quad]:
    found = _found(parts, graph)
    return [found[key] for key in sorted(found)]


def _found(parts: Iterable[Triples], graph: ox.NamedNode) -> dict[str, ox.Quad]:
    """The quads of some triples, by what they are sorted by: one text, which is compared faster than three."""
    found: dict[str, ox.Quad] = {}
    for part in parts:
        for subject, known, object_ in part:
            predicate = term(known)
            key = f"{subject.value}{_BETWEEN}{predicate.value}{_BETWEEN}{object_}"
            if key not in found:
                found[key] = ox.Quad(subject, predicate, object_, graph)
    return found


def knowledge(all_quads: Iterable[ox.Quad]) -> list[ox.Triple]:
    """The triples of the knowledge alone, in the given order."""
    return [quad.triple for quad in all_quads if _is_knowledge(quad)]


def _is_knowledge(quad: ox.Quad) -> bool:
    graph = quad.graph_name
    return isinstance(graph, ox.NamedNode) and graph.value.endswith("/graph/knowledge")
