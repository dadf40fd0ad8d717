"""Clients of others against the endpoint."""

from __future__ import annotations

import io
import shutil
import subprocess

import pytest
from client import DATA, Server
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format_", ["xml", "json", "csv", "tsv"])
def test_rdflib(server: Server, method: str, format_: str) -> None:
    store = SPARQLStore(f"http://127.0.0.1:{server.port}/sparql", method=method, returnFormat=format_)
    graph = Graph(store)
    rows = graph.query("SELECT ?n { <http://e/7> <http://e/name> ?n }")
    assert [str(row[0]) for row in rows] == ['name "7" é <b>']  # type: ignore[index]
    if format_ in ("xml", "json"):
        assert graph.query("ASK { ?s ?p ?o }").askAnswer
    if format_ != "xml":
        return  # rdflib then asks for rows alone
    found = graph.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?s = <http://e/7>) }").graph
    assert found is not None and len(found) == 3


def test_rdflib_reads_one_graph(server: Server) -> None:
    store = SPARQLStore(f"http://127.0.0.1:{server.port}/sparql")
    graph = Graph(store, identifier=URIRef(DATA.format(1)))
    assert len(graph) == 1


def test_curl(server: Server) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not there")
    command = [curl, "-sfG", f"http://127.0.0.1:{server.port}/sparql", "-H", "Accept: text/csv"]
    done = subprocess.run([*command, "--data-urlencode", "query=SELECT (1 AS ?one) {}"], capture_output=True)
    assert done.stdout == b"one\r\n1\r\n"


def test_pandas(server: Server) -> None:
    pandas = pytest.importorskip("pandas")
    content = server.ask("SELECT ?s ?o { ?s <http://e/q> ?o }", accept="text/csv").body
    frame = pandas.read_csv(io.BytesIO(content))
    assert frame["o"].sum() == sum(range(1000))
