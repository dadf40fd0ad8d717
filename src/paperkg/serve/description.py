"""What a bare GET of the endpoint gives: the SPARQL 1.1 service description, with that of the dataset."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from rdflib.namespace import RDF
from rdflib.term import URIRef

from paperkg.rdf.description import GRAPH, describe
from paperkg.rdf.iris import Minter
from paperkg.rdf.namespaces import SD
from paperkg.rdf.terms import term
from paperkg.rdf.writers import GRAPH_WRITERS, sorted_triples
from paperkg.serve.settings import Served

_FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    "JSON-LD",
    "N-Triples",
    "RDF_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_JSON",
    "SPARQL_Results_TSV",
    "SPARQL_Results_XML",
    "Turtle",
)


async def service_description(served: Served, endpoint: str, format_: str) -> bytes:
    """The description of a server's endpoint and of what it serves.

    Args:
        served: the graph, and the way to ask it.
        endpoint: its address.
        format_: `ttl`, `nt`, `jsonld` or `rdfxml`.
    """
    graphs = [row[0] for row in await served.ask("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")]
    graph = Minter(served.base).graph(GRAPH)
    known = await served.ask(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")
    quads = (ox.Quad(one.subject, one.predicate, one.object, graph) for one in known.triples)
    dataset = describe(quads, served.base, endpoint=endpoint)
    return GRAPH_WRITERS[format_](sorted_triples((*dataset, *_service(endpoint, graphs))))


def _service(endpoint: str, graphs: list[str]) -> Iterator[ox.Triple]:
    service, dataset, default = (
        ox.NamedNode(f"{endpoint}#{part}") for part in ("service", "dataset", "default")
    )

    def fact(subject: ox.NamedNode, known: URIRef, object_: ox.NamedNode) -> ox.Triple:
        return ox.Triple(subject, term(known), object_)

    yield fact(service, RDF.type, term(SD.Service))
    yield fact(service, SD.endpoint, ox.NamedNode(endpoint))
    yield fact(service, SD.supportedLanguage, term(SD.SPARQL11Query))
    yield fact(service, SD.feature, term(SD.UnionDefaultGraph))
    for name in _RESULT_FORMATS:
        yield fact(service, SD.resultFormat, ox.NamedNode(_FORMATS + name))
    yield fact(service, SD.defaultDataset, dataset)
    yield fact(dataset, RDF.type, term(SD.Dataset))
    yield fact(dataset, SD.defaultGraph, default)
    yield fact(default, RDF.type, term(SD.Graph))
    for number, graph in enumerate(graphs, 1):
        named = ox.NamedNode(f"{endpoint}#graph-{number}")
        yield fact(dataset, SD.namedGraph, named)
        yield fact(named, RDF.type, term(SD.NamedGraph))
        yield fact(named, SD.name, ox.NamedNode(graph))
