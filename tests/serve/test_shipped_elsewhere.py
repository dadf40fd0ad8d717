"""The shipped queries, unchanged: by SPARQLWrapper at our endpoint, and at an Oxigraph server with our N-Quads."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
import rdflib
from client import eventually, running
from SPARQLWrapper import CSV, JSON, POST, TSV, TURTLE, XML, SPARQLWrapper

from paperkg.query import Engine, examples
from paperkg.rdf import quads, serialize
from paperkg.rdf.namespaces import PREFIXES

# SPARQLWrapper leaves its connections to the collector, and rdflib uses what it calls deprecated
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
HEAD = f"PREFIX skos: <{PREFIXES['skos']}> PREFIX pkg: <{PREFIXES['pkg']}> "
COUNT = (
    f"{HEAD} SELECT ?name (COUNT(?paper) AS ?papers) "
    "{ ?paper pkg:mentions/skos:prefLabel ?name } GROUP BY ?name ORDER BY ?name"
)
EXAMPLES = {example.name: example.query for example in examples()}


@pytest.fixture(scope="module")
def engine(small_graph: Any) -> Engine:
    return Engine(quads(small_graph))


@pytest.fixture(scope="module")
def file(small_graph: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph as N-Quads."""
    path = tmp_path_factory.mktemp("shipped") / "small.nq"
    path.write_bytes(serialize(small_graph, "nq"))
    return path


@pytest.fixture(scope="module")
def ours(file: Path) -> Iterator[str]:
    """Our endpoint."""
    with running(file) as server:
        yield f"http://127.0.0.1:{server.port}/sparql"


@pytest.fixture(scope="module")
def oxigraph(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of an Oxigraph server, of the package `oxigraph`."""
    program = str(Path(sys.executable).with_name("oxigraph"))
    store = str(tmp_path_factory.mktemp("oxigraph"))
    loading = [program, "load", "--location", store, "--file", str(file)]
    subprocess.run(loading, check=True, capture_output=True)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    serving = [program, "serve-read-only", "--location", store, "--union-default-graph"]
    with subprocess.Popen([*serving, "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL) as process:
        try:
            assert eventually(lambda: _listens(port))
            yield f"http://127.0.0.1:{port}/query"
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def ask(endpoint: str, query: str, format_: str, method: str = "GET") -> Any:
    client = SPARQLWrapper(endpoint, returnFormat=format_)
    client.setMethod(method)
    client.setQuery(query)
    return client.queryAndConvert()


def rows(answer: Any) -> list[tuple[str, ...]]:
    """An answer in SPARQL's JSON: order of equal rows, and of the parts of a GROUP_CONCAT, is the engine's."""
    return sorted(
        tuple("".join(sorted(json.dumps(row.get(name)))) for name in answer["head"]["vars"])
        for row in answer["results"]["bindings"]
    )


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("server", ["ours", "oxigraph"])
def test_shipped_queries(request: pytest.FixtureRequest, engine: Engine, server: str, name: str) -> None:
    expected = json.loads(engine.run(EXAMPLES[name]).format("json"))
    got = ask(request.getfixturevalue(server), EXAMPLES[name], JSON, POST)
    assert len(got["results"]["bindings"]) > 0
    assert rows(got) == rows(expected)


@pytest.mark.parametrize("method", ["GET", POST])
def test_formats(ours: str, engine: Engine, method: str) -> None:
    expected = [(row.name, row.papers) for row in engine.run(COUNT)]
    bindings = ask(ours, COUNT, JSON, method)["results"]["bindings"]
    assert [(row["name"]["value"], int(row["papers"]["value"])) for row in bindings] == expected
    document = ask(ours, COUNT, XML, method)
    assert len(document.getElementsByTagName("result")) == len(expected)
    assert len(ask(ours, COUNT, CSV, method).splitlines()) == len(expected) + 1
    assert len(ask(ours, COUNT, TSV, method).splitlines()) == len(expected) + 1
    assert ask(ours, f"{HEAD} ASK {{ ?e a pkg:Entity }}", JSON, method)["boolean"] is True


def test_triples(ours: str, engine: Engine) -> None:
    query = f"{HEAD} CONSTRUCT {{ ?e skos:prefLabel ?n }} WHERE {{ ?e a pkg:Entity ; skos:prefLabel ?n }}"
    expected = rdflib.Graph().parse(data=engine.run(query).format("nt"), format="nt")
    assert len(expected) == 19
    assert set(rdflib.Graph().parse(data=ask(ours, query, TURTLE), format="turtle")) == set(expected)
    assert set(ask(ours, query, "rdf+xml")) == set(expected)


def test_pandas_reads_an_address(ours: str, engine: Engine) -> None:
    frame = pd.read_csv(f"{ours}?{urlencode({'query': COUNT})}", storage_options={"Accept": "text/csv"})
    assert list(zip(frame.name, frame.papers, strict=True)) == [
        (row.name, row.papers) for row in engine.run(COUNT)
    ]
