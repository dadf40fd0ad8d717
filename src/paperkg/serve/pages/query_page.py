"""What the page of the query editor knows: the words to complete, the shipped examples, the limits."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS, SKOS

from paperkg.graph import KnowledgeGraph
from paperkg.query import examples
from paperkg.rdf.evidence import evidence_triples
from paperkg.rdf.iris import Minter
from paperkg.rdf.knowledge import entity_triples, extraction_triples
from paperkg.rdf.namespaces import PREFIXES
from paperkg.rdf.shipped import shipped
from paperkg.rdf.writers import compact

Json = dict[str, Any]

SAMPLE = 200
"""Papers and entities that are looked at for the terms in use."""
FIRST_EXAMPLE = "benchmark-coverage"
_PROPERTIES = frozenset(str(c) for c in (RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty))


def query_page_data(kg: KnowledgeGraph, *, seconds: float) -> Json:
    """The data of the page.

    Args:
        kg: the graph.
        seconds: the limit on the time of a query.
    """
    own = {one["term"]: one for one in ontology_terms()}
    return {
        "base": kg.base,
        "prefixes": PREFIXES,
        "terms": [*own.values(), *(one for one in _terms_in_use(kg) if one["term"] not in own)],
        "examples": [
            {"name": e.name, "title": e.title, "explanation": e.explanation, "query": e.query}
            for e in examples()
        ],
        "first": FIRST_EXAMPLE,
        "seconds": seconds,
    }


@cache
def ontology_terms() -> tuple[Json, ...]:
    """The classes and properties of the ontology: term as `pkg:uses`, kind, label, definition; sorted."""
    found: dict[str, Json] = {}
    told: dict[str, dict[str, str]] = {}
    for quad in ox.parse(shipped("ontology.ttl"), format=ox.RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not (term := compact(subject.value)):
            continue
        if isinstance(value, ox.Literal):
            told.setdefault(term, {})[quad.predicate.value] = value.value
        elif quad.predicate.value == str(RDF.type) and isinstance(value, ox.NamedNode):
            if value.value == str(OWL.Class):
                found[term] = {"term": term, "kind": "class"}
            elif value.value in _PROPERTIES:
                found[term] = {"term": term, "kind": "property"}
    for term, one in found.items():
        one["label"] = told[term].get(str(RDFS.label), "")
        one["definition"] = told[term].get(str(SKOS.definition), "")
    return tuple(found[term] for term in sorted(found))


def _terms_in_use(kg: KnowledgeGraph) -> list[Json]:
    """Classes and properties of other vocabularies, as a part of the graph uses them."""
    mint, kinds = Minter(kg.base), dict[str, str]()
    sources = (
        *(extraction_triples(one, mint) for one in kg.extractions[:SAMPLE]),
        *(evidence_triples(one, mint) for one in kg.extractions[:SAMPLE]),
        *(entity_triples(one, mint) for one in islice(kg.entities.values(), SAMPLE)),
    )
    for triples in sources:
        for _, predicate, object_ in triples:
            if term := compact(str(predicate)):
                kinds[term] = "property"
            if str(predicate) == str(RDF.type) and isinstance(object_, ox.NamedNode):
                kinds[compact(object_.value) or ""] = "class"
    kinds.pop("", None)
    return [{"term": term, "kind": kinds[term], "label": "", "definition": ""} for term in sorted(kinds)]
