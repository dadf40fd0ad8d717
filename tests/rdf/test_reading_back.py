"""Every export, read by rdflib, Oxigraph and a JSON-LD processor, is the same graph in canonical form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from pyld import jsonld

from paperkg.graph import KnowledgeGraph
from paperkg.rdf import FORMATS, knowledge, quads, serialize, terms, writers
from strategies import graphs

# rdflib's own parsers use what rdflib calls deprecated
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

OXIGRAPH = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdfxml": "xml", "trig": "trig", "nq": "nquads"}
Reader = Callable[[bytes, str], Iterable[ox.Quad]]


def canonical(items: Iterable[ox.Quad]) -> list[str]:
    """A dataset in canonical N-Quads (RDFC-1.0)."""
    dataset = ox.Dataset(items)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def by_oxigraph(data: bytes, name: str) -> Iterable[ox.Quad]:
    return ox.parse(data, format=OXIGRAPH[name])


def by_rdflib(data: bytes, name: str) -> Iterator[ox.Quad]:
    dataset = rdflib.Dataset(default_union=False)
    dataset.parse(data=data, format=RDFLIB[name])
    for subject, predicate, object_, graph in dataset.quads():
        # rdflib names the graph of triples after the file, here by a blank node, or not at all
        named = isinstance(graph, rdflib.URIRef) and name in writers.DATASET_WRITERS
        yield ox.Quad(
            ox.NamedNode(str(subject)),
            ox.NamedNode(str(predicate)),
            _term(object_),
            ox.NamedNode(str(graph)) if named else ox.DefaultGraph(),
        )


def _term(node: Any) -> ox.NamedNode | ox.Literal:
    if isinstance(node, rdflib.URIRef):
        return ox.NamedNode(str(node))
    assert isinstance(node, rdflib.Literal) and node.language is None
    return ox.Literal(str(node), datatype=ox.NamedNode(node.datatype) if node.datatype else None)


def by_pyld(data: bytes, name: str) -> Iterable[ox.Quad]:
    def no_network(url: str, options: object) -> None:
        raise AssertionError(f"loads {url}")

    options = {"format": "application/n-quads", "documentLoader": no_network}
    return ox.parse(jsonld.to_rdf(json.loads(data), options), format=ox.RdfFormat.N_QUADS)


READERS: dict[str, tuple[Reader, ...]] = {
    name: (by_oxigraph, by_rdflib, *((by_pyld,) if name == "jsonld" else ())) for name in FORMATS
}


def meant(name: str, all_quads: Iterable[ox.Quad]) -> list[str]:
    """What a file in a format ought to hold."""
    if name in writers.DATASET_WRITERS:
        return canonical(all_quads)
    triples = (ox.Quad(q.subject, q.predicate, _writable(name, q.object)) for q in all_quads)
    return canonical(triples)


def _writable(name: str, term: Any) -> Any:
    """RDF/XML holds no control characters: U+FFFD stands for them."""
    if name != "rdfxml" or not isinstance(term, ox.Literal):
        return term
    kept = (c if c in "\t\n\r" or " " <= c < "\ufffe" or c > "\uffff" else "\ufffd" for c in term.value)
    return ox.Literal("".join(kept), datatype=term.datatype)


def reads_back(kg: KnowledgeGraph, name: str) -> None:
    all_quads = quads(kg)
    if name in writers.GRAPH_WRITERS:
        all_quads = [ox.Quad(*triple) for triple in knowledge(all_quads)]
    expected, data = meant(name, all_quads), serialize(kg, name)
    for reader in READERS[name]:
        assert canonical(reader(data, name)) == expected, reader.__name__


@pytest.fixture(scope="module")
def some_seeds() -> KnowledgeGraph:
    """Every fifth paper of the graph that stands in the repository."""
    from pathlib import Path

    import paperkg

    kg = paperkg.load(Path(__file__).parents[2] / "graphs" / "seeds")
    return KnowledgeGraph.from_extractions(kg.extractions[::5], kg.provenance, base=kg.base)


@pytest.mark.parametrize("name", FORMATS)
def test_seeds(name: str, some_seeds: KnowledgeGraph) -> None:
    reads_back(some_seeds, name)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kg=graphs())
def test_any_graph(name: str, kg: KnowledgeGraph) -> None:
    reads_back(kg, name)


def scalars(step: int) -> list[str]:
    """Each so many-th Unicode scalar value."""
    points = range(0, 0x110000, step)
    return [chr(point) for point in points if not 0xD800 <= point <= 0xDFFF]


def characters_read_back(name: str, characters: Iterable[str]) -> None:
    """Each of them as a literal, and at the beginning, in the midst and at the end of one."""
    title, graph = terms.iri("http://purl.org/dc/terms/title"), terms.iri("http://e/g")
    items = sorted(
        {
            # a subject each: readers of JSON-LD compare all values of one with each other
            ox.Quad(terms.iri(f"http://e/{ord(c):x}"), title, terms.text(text), graph)
            for c in characters
            for text in (c, f"{c}a{c}b{c}")
        },
        key=str,
    )
    if name in writers.DATASET_WRITERS:
        data = writers.DATASET_WRITERS[name](items)
    else:
        data = writers.GRAPH_WRITERS[name](quad.triple for quad in items)
    expected = meant(name, items)
    for reader in READERS[name]:
        assert canonical(reader(data, name)) == expected, reader.__name__


@pytest.mark.parametrize("name", FORMATS)
def test_every_hundredth_character(name: str) -> None:
    characters_read_back(name, scalars(100))


@pytest.mark.parametrize("name", FORMATS)
def test_the_first_characters_and_those_that_are_none(name: str) -> None:
    odd = (chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
    characters_read_back(name, [*map(chr, range(0x300)), *odd, *map(chr, range(0x2000, 0x2070)), "\ufeff"])
