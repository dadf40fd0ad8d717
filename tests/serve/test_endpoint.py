"""The endpoint beyond the W3C tests: formats, headers, the description, what it refuses, and other origins."""

from __future__ import annotations

import json
import socket
import threading

import pyoxigraph as ox
import pytest
from client import DATA, Server

from paperkg.rdf.namespaces import PREFIXES

SELECT = "SELECT ?s ?n { ?s <http://e/name> ?n } ORDER BY ?s LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s <http://e/name> ?n } { ?s <http://e/name> ?n . FILTER(?s = <http://e/7>) }"
SD = "http://www.w3.org/ns/sparql-service-description#"
RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
TRIPLES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


@pytest.mark.parametrize("kind", RESULTS)
def test_rows_in_every_format(server: Server, kind: str) -> None:
    got = server.ask(SELECT, accept=kind)
    assert (got.status, got.kind) == (200, kind)
    found = ox.parse_query_results(got.body, format=RESULTS[kind])
    assert isinstance(found, ox.QuerySolutions)
    assert [row["n"] for row in found] == [ox.Literal(f'name "{n}" é <b>') for n in (0, 1, 10)]


def test_rows_as_csv(server: Server) -> None:
    got = server.ask(SELECT, accept="text/csv")
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    assert got.text.splitlines()[1] == 'http://e/0,"name ""0"" é <b>"'


@pytest.mark.parametrize("kind", TRIPLES)
def test_triples_in_every_format(server: Server, kind: str) -> None:
    got = server.ask(CONSTRUCT, accept=kind)
    assert (got.status, got.kind) == (200, kind)
    triples = {quad.triple for quad in ox.parse(got.body, format=TRIPLES[kind])}
    name = ox.Literal('name "7" é <b>')
    assert triples == {ox.Triple(ox.NamedNode("http://e/7"), ox.NamedNode("http://e/name"), name)}


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        (SELECT, "", "application/sparql-results+json"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml;q=0.4", "text/csv"),
        (SELECT, "text/html, application/xml;q=0.9, */*;q=0.8", "application/xml"),
        (SELECT, "text/turtle, text/*;q=0.1", "text/csv"),
        ("ASK {}", "text/turtle, application/*;q=0.1", "application/sparql-results+json"),
        (CONSTRUCT, "", "text/turtle"),
        (CONSTRUCT, "application/sparql-results+json, application/*;q=0.2", "application/n-triples"),
        ("DESCRIBE <http://e/7>", "application/ld+json;q=0.1, text/csv", "application/ld+json"),
    ],
)
def test_the_format_that_the_client_likes_best(server: Server, query: str, accept: str, kind: str) -> None:
    got = server.ask(query, accept=accept)
    assert (got.status, got.kind) == (200, kind)
    assert got.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (SELECT, "image/png"),
        (SELECT, "text/turtle"),
        (CONSTRUCT, "text/csv"),
        ("ASK {}", "*/*;q=0"),
        ("", "text/csv"),
    ],
)
def test_what_cannot_be_given(server: Server, query: str, accept: str) -> None:
    path = "/sparql" if not query else None
    got = server.request("GET", path, accept=accept) if path else server.ask(query, accept=accept)
    assert got.status == 406


def test_rdf_xml_that_cannot_hold_a_property(server: Server) -> None:
    got = server.ask("CONSTRUCT { <http://e/1> <http://e/1/> 2 } {}", accept="application/rdf+xml")
    assert got.status == 406 and "RDF/XML cannot hold" in got.text


def test_head_is_get_without_a_body(server: Server) -> None:
    path = "/sparql?query=ASK%20%7B%7D"
    head, get = server.request("HEAD", path), server.request("GET", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.body))
    assert server.request("HEAD", "/sparql").status == 200
    assert server.request("HEAD", "/sparql?query=ASK").status == 400


def test_options(server: Server) -> None:
    got = server.request("OPTIONS", "/sparql")
    assert (got.status, got.body) == (204, b"")
    assert got.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert "access-control-allow-origin" not in got.headers


def test_the_same_answer_is_not_sent_twice(server: Server) -> None:
    tag = server.ask(SELECT).headers["etag"]
    assert server.ask(SELECT, if_none_match=tag).status == 304
    assert server.ask(SELECT, if_none_match=f'"x", {tag}').status == 304
    assert server.ask(f"{SELECT} ", if_none_match=tag).status == 200
    assert server.ask(SELECT, if_none_match=tag, accept="text/csv").status == 200
    assert server.ask(SELECT, ("default-graph-uri", "http://e/g"), if_none_match=tag).status == 200
    assert "etag" not in server.ask("SELECT (RAND() AS ?x) {}").headers


def test_prefixes_are_declared(server: Server) -> None:
    triples = " ".join(f"{prefix}:x a 1 ." for prefix in PREFIXES)
    assert server.ask(f"CONSTRUCT {{ {triples} }} {{}}").status == 200


@pytest.mark.parametrize("kind", TRIPLES)
def test_the_description_of_the_service(server: Server, kind: str) -> None:
    got = server.request("GET", "/sparql", accept=kind)
    assert (got.status, got.kind) == (200, kind)
    triples = {quad.triple for quad in ox.parse(got.body, format=TRIPLES[kind])}
    endpoint = ox.NamedNode(f"http://127.0.0.1:{server.port}/sparql")
    assert endpoint in {t.object for t in triples if t.predicate.value == f"{SD}endpoint"}
    names = {str(t.object.value) for t in triples if t.predicate.value == f"{SD}name"}  # type: ignore[union-attr]
    assert names == {"http://e/g", *(DATA.format(n) for n in range(4))}
    assert ox.NamedNode(f"{SD}SPARQL11Query") in {t.object for t in triples}


def _listener() -> tuple[socket.socket, list[bytes]]:
    """A server that counts who comes."""
    listening = socket.create_server(("127.0.0.1", 0))
    seen: list[bytes] = []

    def count() -> None:
        try:
            while True:
                client, _ = listening.accept()
                seen.append(b"")
                client.close()
        except OSError:
            return

    threading.Thread(target=count, daemon=True).start()
    return listening, seen


def test_no_query_reaches_another_server(server: Server) -> None:
    listening, seen = _listener()
    with listening:
        other = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        for query in (
            f"SELECT * {{ SERVICE <{other}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ service silent <{other}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ VALUES ?x {{ <{other}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
            f"SELECT * {{SERVICE<{other}>{{?s ?p ?o}}}}",
            f"SELECT * {{ ?s a skos:.SERVICE <{other}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ \\u0053ERVICE <{other}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{other}> {{ ?s ?p ?o }} }} }}",
            f"SELECT * FROM <{other}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{other}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"LOAD <{other}>",
            f"INSERT DATA {{ <{other}> a <{other}> }}",
            f"DELETE WHERE {{ <{other}> a <{other}> }}",
            f"PREFIX a: <{other}> DROP ALL",
        ):
            for got in (server.ask(query), server.post(query)):
                assert got.status == 400
                assert got.text.count("\n") == 1
        for name in ("default-graph-uri", "named-graph-uri"):
            assert server.ask("ASK {}", (name, other)).status == 400
        # what only looks like it is answered
        assert server.ask(f"ASK {{ BIND('SERVICE <{other}> {{}}' AS ?x) }}").truth
    assert seen == []


def test_a_worker_can_open_nothing(server: Server) -> None:
    worker = server.workers[0]
    with open(f"/proc/{worker}/limits") as file:  # noqa: PTH123
        limits = file.read()
    assert "Max open files            0                    0" in limits
    assert "Max core file size        0                    0" in limits


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "127.0.0.1.example.org",
        "localhost.example.org:80",
        "a@localhost",
        "localhost/x",
        "localhost:x",
        "",
        "[::1",
        "0",
    ],
)
def test_hosts_of_others(server: Server, host: str) -> None:
    for path in ("/sparql?query=ASK%20%7B%7D", "/", "/nothing"):
        assert server.request("GET", path, host=host).status == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8000"])
def test_own_hosts(server: Server, host: str) -> None:
    assert server.request("GET", "/sparql?query=ASK%20%7B%7D", host=host).truth


@pytest.mark.parametrize(
    "origin", ["https://example.com", "null", "", "http://127.0.0.1", "file://", "http://127.0.0.1:1"]
)
def test_pages_of_others_get_nothing(server: Server, origin: str) -> None:
    assert server.post("ASK {}", origin=origin).status == 403
    got = server.ask("ASK {}", origin=origin)
    assert got.status == 403
    assert "access-control-allow-origin" not in got.headers
    assert got.headers["cross-origin-resource-policy"] == "same-origin"


def test_own_pages_may_post(server: Server) -> None:
    assert server.post("ASK {}", origin=f"http://127.0.0.1:{server.port}").truth


def test_one_origin_may_read(strict: Server) -> None:
    allowed, other = "https://example.org", "https://example.org.evil"
    got = strict.post("ASK {}", origin=allowed)
    assert got.truth
    assert got.headers["access-control-allow-origin"] == allowed
    assert "access-control-allow-credentials" not in got.headers
    assert "Origin" in got.headers["vary"] and "Accept" in got.headers["vary"]
    assert strict.post("ASK {}", origin=other).status == 403
    assert "access-control-allow-origin" not in strict.ask("ASK {}", origin=other).headers
    preflight = {"access_control_request_method": "POST"}
    got = strict.request("OPTIONS", "/sparql", origin=allowed, **preflight)
    assert got.status == 204 and got.headers["access-control-allow-methods"] == "GET, HEAD, POST"
    assert (
        "access-control-allow-methods"
        not in strict.request("OPTIONS", "/sparql", origin=other, **preflight).headers
    )
    error = strict.ask("ASK", origin=allowed)
    assert error.status == 400 and error.headers["access-control-allow-origin"] == allowed


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "//example.org/",
        "/sparql/x",
        "/%2e%2e/etc/passwd",
        "/../etc/passwd",
        "/sparql%00",
        "/.%2fsparql",
    ],
)
def test_other_paths(server: Server, path: str) -> None:
    got = server.request("GET", path)
    assert got.status in (400, 404)
    assert "location" not in got.headers


def test_answers_cannot_run_in_a_browser(server: Server) -> None:
    for got in (
        server.ask(SELECT),
        server.ask("<script>alert(1)</script>"),
        server.request("GET", "/nothing<b>"),
    ):
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in got.headers["content-security-policy"]
        assert got.kind != "text/html" or got.status == 404


def test_an_answer_says_its_length(server: Server) -> None:
    got = server.ask("SELECT * { ?s ?p ?o . ?x ?y ?z } LIMIT 30000")
    assert int(got.headers["content-length"]) == len(got.body) > 1 << 20
    assert len(json.loads(got.body)["results"]["bindings"]) == 30_000
