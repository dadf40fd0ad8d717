"""The graph as an rdflib dataset: answered by the engine's store, and not to be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, SKOS
from rdflib.plugins.sparql import prepareQuery

from paperkg.errors import GraphError, PaperkgError, QueryError
from paperkg.query import Engine
from paperkg.query.dataset import to_rdflib
from paperkg.rdf import quads
from paperkg.rdf.namespaces import PKG

pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own calls of itself

KNOWLEDGE = rdflib.URIRef("https://w3id.org/paperkg/id/graph/knowledge")
CLADDER = "CLadder: A Benchmark for Causal Reasoning"


@pytest.fixture(scope="module")
def engine(small_graph: Any) -> Engine:
    return Engine(quads(small_graph))


@pytest.fixture
def dataset(engine: Engine) -> rdflib.Dataset:
    return to_rdflib(engine)


def test_it_holds_everything(small_graph: Any, dataset: rdflib.Dataset) -> None:
    made = quads(small_graph)
    assert len(dataset) == len({quad.triple for quad in made})
    told = ox.parse(dataset.serialize(format="nquads"), format=ox.RdfFormat.N_QUADS)
    assert set(told) == set(made)
    store = dataset.namespace_manager.store
    assert store.prefix(rdflib.URIRef("https://w3id.org/paperkg/ontology#")) == "pkg"


def test_it_is_read_as_any_dataset(dataset: rdflib.Dataset) -> None:
    paper = dataset.value(predicate=DCTERMS.title, object=rdflib.Literal(CLADDER))
    assert (paper, RDF.type, PKG.Paper) in dataset
    knowledge = dataset.graph(KNOWLEDGE)
    assert rdflib.Literal(CLADDER) in set(knowledge.objects(paper, DCTERMS.title))
    assert {str(graph.identifier) for graph in dataset.graphs()} > {str(KNOWLEDGE)}
    assert knowledge.query("ASK { ?p pkg:introduces ?e }").askAnswer


def test_queries(dataset: rdflib.Dataset) -> None:
    query = "SELECT ?n ?y ?t { ?p pkg:introduces ?e ; pkg:year ?y . ?e a ?t ; skos:prefLabel ?n }"
    (row,) = dataset.query(query, initBindings={"t": PKG.Dataset})
    assert (row.n, row.y) == (rdflib.Literal("CLadder"), rdflib.Literal(2023))  # type: ignore[union-attr]
    named = dataset.query("CONSTRUCT { ?e skos:prefLabel ?n } { ?e a pkg:Dataset ; skos:prefLabel ?n }")
    assert named.graph is not None
    assert rdflib.Literal("CLadder") in set(named.graph.objects(predicate=SKOS.prefLabel))
    inside = dataset.query(f"SELECT ?s FROM <{KNOWLEDGE}> {{ ?s a pkg:Run }}")
    assert len(inside) == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "SELECT * { ?s ?p ",
        prepareQuery("SELECT * { ?s ?p ?o }"),
    ],
)
def test_queries_that_rdflib_must_not_answer(dataset: rdflib.Dataset, query: Any) -> None:
    with pytest.raises(QueryError):
        dataset.query(query)
    with pytest.raises(QueryError):
        dataset.graph(KNOWLEDGE).query(query)


def test_what_the_store_cannot_do_is_not_done_by_rdflib(dataset: rdflib.Dataset) -> None:
    with pytest.raises(QueryError):
        dataset.query("SELECT * { ?s ?p ?o }", DEBUG=True)


TRIPLE = (rdflib.URIRef("http://e/s"), rdflib.URIRef("http://e/p"), rdflib.Literal("o"))
TURTLE = "<http://e/s> <http://e/p> 1 ."


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.add(TRIPLE),
        lambda d: d.addN([(*TRIPLE, d.graph(KNOWLEDGE))]),
        lambda d: d.graph(KNOWLEDGE).add(TRIPLE),
        lambda d: d.remove((None, None, None)),
        lambda d: d.set((rdflib.URIRef("http://e/s"), DCTERMS.title, rdflib.Literal("x"))),
        lambda d: d.graph(rdflib.URIRef("http://e/new")),
        lambda d: d.remove_graph(KNOWLEDGE),
        lambda d: d.parse(data=TURTLE, format="turtle"),
        lambda d: d.parse(data=TURTLE, format="ox-turtle"),
        lambda d: d.update("INSERT DATA { <http://e/s> <http://e/p> 1 }"),
        lambda d: d.update("LOAD <http://127.0.0.1:9/>"),
        lambda d: d.update("DROP ALL", initBindings={"x": rdflib.Literal(1)}),
        lambda d: d.open("/nowhere", create=True),
        lambda d: d.destroy("/nowhere"),
    ],
)
def test_nothing_changes(
    engine: Engine, dataset: rdflib.Dataset, change: Callable[[rdflib.Dataset], object]
) -> None:
    before = set(engine.store)
    with pytest.raises(PaperkgError):
        change(dataset)
    assert set(engine.store) == before


def test_a_copy_can_be_changed(dataset: rdflib.Dataset) -> None:
    copy = rdflib.Graph() + dataset.graph(KNOWLEDGE)
    copy.add(TRIPLE)
    assert TRIPLE in copy and TRIPLE not in dataset
    with pytest.raises(GraphError, match="copy what you want to change"):
        dataset.add(TRIPLE)
