"""The ontology as a page for readers; as Turtle it is `ontology.ttl` beside this file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import jinja2
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS
from rdflib.term import Node

from paperkg.rdf.namespaces import ONTOLOGY
from paperkg.rdf.shipped import shipped

_KINDS = (
    ("Classes", OWL.Class),
    ("Properties between resources", OWL.ObjectProperty),
    ("Properties with a value", OWL.DatatypeProperty),
)
_RELATIONS = (
    ("subclass of", RDFS.subClassOf),
    ("subproperty of", RDFS.subPropertyOf),
    ("domain", RDFS.domain),
    ("range", RDFS.range),
    ("inverse of", OWL.inverseOf),
    ("close match", SKOS.closeMatch),
    ("related match", SKOS.relatedMatch),
)


@dataclass(frozen=True, slots=True)
class _Link:
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class _Term:
    id: str
    label: str
    definition: str
    example: str
    facts: tuple[tuple[str, tuple[_Link, ...]], ...]


def ontology_page() -> str:
    """The ontology as HTML without scripts: each term under its name, with definition, alignment, example."""
    graph = rdflib.Graph().parse(data=shipped("ontology.ttl"), format="turtle")
    (about,) = graph.subjects(RDF.type, OWL.Ontology)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(shipped("ontology.html"))
    return template.render(
        title=graph.value(about, DCTERMS.title),
        description=graph.value(about, DCTERMS.description),
        version=graph.value(about, OWL.versionInfo),
        namespace=ONTOLOGY,
        groups=[(name, _terms(graph, kind)) for name, kind in _KINDS],
    )


def _terms(graph: rdflib.Graph, kind: Node) -> list[_Term]:
    found = [term for term in graph.subjects(RDF.type, kind) if str(term).startswith(ONTOLOGY)]
    return [_term(graph, term) for term in sorted(found, key=lambda term: str(term).lower())]


def _term(graph: rdflib.Graph, term: Node) -> _Term:
    facts = [(name, _links(graph, graph.objects(term, known))) for name, known in _RELATIONS]
    belonging = (one for one, domain in graph.subject_objects(RDFS.domain) if term in _members(graph, domain))
    facts.append(("properties", _links(graph, belonging)))
    return _Term(
        id=str(term).removeprefix(ONTOLOGY),
        label=str(graph.value(term, RDFS.label)),
        definition=str(graph.value(term, SKOS.definition)),
        example=str(graph.value(term, SKOS.example)),
        facts=tuple((name, links) for name, links in facts if links),
    )


def _links(graph: rdflib.Graph, nodes: Iterable[Node]) -> tuple[_Link, ...]:
    targets = sorted({str(one) for node in nodes for one in _members(graph, node)})
    return tuple(
        _Link(_name(graph, target), target.replace(ONTOLOGY, "#") if target.startswith(ONTOLOGY) else target)
        for target in targets
    )


def _members(graph: rdflib.Graph, node: Node) -> list[Node]:
    """The node, or those of which it is the union."""
    union = graph.value(node, OWL.unionOf)
    return [node] if union is None else list(Collection(graph, union))


def _name(graph: rdflib.Graph, iri: str) -> str:
    prefix, _, name = graph.namespace_manager.compute_qname(iri, generate=False)
    return f"{prefix}:{name}"
