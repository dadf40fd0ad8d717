"""The query part of the W3C tests of the SPARQL 1.1 Protocol, by their names, with their graphs preloaded.

https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from client import DATA, Got, Server

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
ROWS = {
    "application/sparql-results+xml",
    "application/sparql-results+json",
    "text/tab-separated-values",
    "text/csv",
}
TRIPLES = {"application/rdf+xml", "text/turtle", "application/ld+json", "application/n-triples"}
D0, D1, D2, D3 = (DATA.format(n) for n in range(4))


def get(server: Server, *fields: tuple[str, str]) -> Got:
    return server.request("GET", f"/sparql?{urlencode(fields)}")


def form(server: Server, *fields: tuple[str, str]) -> Got:
    return server.request("POST", "/sparql", urlencode(fields).encode(), content_type=FORM)


def direct(server: Server, query: str, *fields: tuple[str, str]) -> Got:
    return server.request("POST", f"/sparql?{urlencode(fields)}", query.encode(), content_type=DIRECT)


def test_query_get(server: Server) -> None:
    got = get(server, ("query", "ASK {}"))
    assert got.status == 200 and got.kind in ROWS and got.truth


def test_query_post_direct(server: Server) -> None:
    assert direct(server, "ASK {}").truth


def test_query_post_form(server: Server) -> None:
    assert form(server, ("query", "ASK {}")).truth


def test_query_dataset_default_graph(server: Server) -> None:
    chosen = ("default-graph-uri", D1)
    assert direct(server, f"ASK {{ <{D1}> ?p ?o }}", chosen).truth
    assert not direct(server, f"ASK {{ <{D2}> ?p ?o }}", chosen).truth


def test_query_dataset_default_graphs_get(server: Server) -> None:
    chosen = [("default-graph-uri", D1), ("default-graph-uri", D2)]
    both = f"ASK {{ <{D1}> a ?type . <{D2}> a ?type }}"
    assert get(server, ("query", both), *chosen).truth
    assert not get(server, ("query", both), chosen[0]).truth
    assert not get(server, ("query", "ASK { GRAPH ?g { ?s ?p ?o } }"), *chosen).truth


def test_query_dataset_default_graphs_post(server: Server) -> None:
    chosen = [("default-graph-uri", D1), ("default-graph-uri", D2)]
    assert form(server, ("query", f"ASK {{ <{D1}> a ?type . <{D2}> a ?type }}"), *chosen).truth


def test_query_dataset_named_graphs_get(server: Server) -> None:
    chosen = [("named-graph-uri", D1), ("named-graph-uri", D2)]
    assert get(server, ("query", f"ASK {{ GRAPH ?g {{ <{D2}> a ?type }} }}"), *chosen).truth
    assert not get(server, ("query", f"ASK {{ GRAPH ?g {{ <{D3}> a ?type }} }}"), *chosen).truth
    assert not get(server, ("query", "ASK { ?s ?p ?o }"), *chosen).truth


def test_query_dataset_named_graphs_post(server: Server) -> None:
    chosen = [("named-graph-uri", D1), ("named-graph-uri", D2)]
    assert form(server, ("query", "ASK { GRAPH ?g { ?s ?p ?o } }"), *chosen).truth


def test_query_dataset_full(server: Server) -> None:
    got = form(
        server,
        ("query", "SELECT ?g ?x ?s { ?x ?y ?o  GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"),
        ("default-graph-uri", D3),
        ("named-graph-uri", D1),
        ("named-graph-uri", D2),
    )
    rows = json.loads(got.body)["results"]["bindings"]
    assert [(row["g"]["value"], row["x"]["value"]) for row in rows] == [(D1, D3), (D2, D3)]


@pytest.mark.parametrize("send", [get, form])
def test_query_multiple_dataset(server: Server, send: Callable[..., Got]) -> None:
    """The request's graphs count, not the query's."""
    query = f"ASK FROM <{D1}> {{ <{D1}> ?p ?o }}"
    assert get(server, ("query", query)).truth
    assert not send(server, ("query", query), ("default-graph-uri", D2)).truth
    named = f"ASK FROM NAMED <{D1}> {{ GRAPH ?g {{ <{D1}> ?p ?o }} }}"
    assert get(server, ("query", named)).truth
    assert not send(server, ("query", named), ("default-graph-uri", D2)).truth


def test_query_content_type_select(server: Server) -> None:
    got = direct(server, "SELECT (1 AS ?value) {}")
    assert got.status == 200 and got.kind in ROWS


def test_query_content_type_ask(server: Server) -> None:
    assert direct(server, "ASK {}").kind in ROWS


def test_query_content_type_describe(server: Server) -> None:
    got = direct(server, "DESCRIBE <http://example.org/>")
    assert got.status == 200 and got.kind in TRIPLES


def test_query_content_type_construct(server: Server) -> None:
    got = direct(server, "CONSTRUCT { <s> <p> 1 } WHERE {}")
    assert got.status == 200 and got.kind in TRIPLES
    assert f"<http://127.0.0.1:{server.port}/s>" in got.text


def test_bad_query_method(server: Server) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "FOO"):
        got = server.request(method, "/sparql?query=ASK%20%7B%7D")
        assert got.status == 405
        assert set(got.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_bad_multiple_queries(server: Server) -> None:
    two = [("query", "ASK {}"), ("query", "SELECT * {}")]
    assert get(server, *two).status == 400
    assert form(server, *two).status == 400
    assert direct(server, "ASK {}", two[0]).status == 400


def test_bad_query_wrong_media_type(server: Server) -> None:
    got = server.request("POST", "/sparql", b"ASK {}", content_type="text/plain")
    assert got.status == 415 and "application/sparql-query" in got.text


@pytest.mark.parametrize("body", [b"query=ASK%20%7B%7D", b"ASK {}"])
def test_bad_query_missing_form_type_and_direct_type(server: Server, body: bytes) -> None:
    assert server.request("POST", "/sparql", body).status == 415


def test_bad_query_non_utf8(server: Server) -> None:
    utf16 = "ASK {}".encode("utf-16")
    assert server.request("POST", "/sparql", utf16, content_type=f"{DIRECT}; charset=UTF-16").status == 415
    assert server.request("POST", "/sparql", utf16, content_type=DIRECT).status == 400
    assert (
        server.request(
            "POST", "/sparql", b"query=ASK%20%7B%20?s%20?p%20%22%FF%22%7D", content_type=FORM
        ).status
        == 400
    )
    assert server.request("GET", "/sparql?query=ASK%20%7B%20?s%20?p%20%22%FF%22%7D").status == 400


def test_bad_query_syntax(server: Server) -> None:
    got = get(server, ("query", "ASK"))
    assert got.status == 400 and got.kind == "text/plain"
    assert "line 1, column 4" in got.text


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("POST", "/sparql", b"update=CLEAR%20ALL", FORM),
        ("POST", "/sparql", b"CLEAR ALL", "application/sparql-update"),
        ("GET", "/sparql?update=CLEAR%20ALL", None, ""),
        ("POST", "/sparql?using-graph-uri=http://e/g", b"update=CLEAR%20ALL", FORM),
    ],
)
def test_updates_are_refused(server: Server, method: str, path: str, body: bytes | None, kind: str) -> None:
    got = server.request(method, path, body, content_type=kind)
    assert got.status == 403 and "no updates" in got.text


def test_charset_and_parameters_of_the_media_type(server: Server) -> None:
    for kind in ("application/sparql-query; charset=utf-8", 'Application/SPARQL-Query;charset="UTF-8"; x=y'):
        assert server.request("POST", "/sparql", "ASK { 'é' a 1 }".encode(), content_type=kind).status in (
            200,
            400,
        )
        assert server.request("POST", "/sparql", b"ASK {}", content_type=kind).truth
    assert (
        server.request("POST", "/sparql", b"ASK {}", content_type=f"{DIRECT};charset=latin-1").status == 415
    )


def test_percent_signs_are_decoded_once(server: Server) -> None:
    for send in (get, form):
        got = send(server, ("query", "SELECT ('%41+%2B' AS ?x) {}"))
        assert json.loads(got.body)["results"]["bindings"][0]["x"]["value"] == "%41+%2B"


def test_other_parameters_do_no_harm(server: Server) -> None:
    assert get(server, ("query", "ASK {}"), ("format", "json"), ("results", "xml")).truth


def test_a_request_without_a_query(server: Server) -> None:
    assert form(server).status == 400
    assert direct(server, "").status == 400
    assert get(server, ("default-graph-uri", D1)).status == 400


def test_unknown_graphs_are_named(server: Server) -> None:
    for name in ("default-graph-uri", "named-graph-uri"):
        for graph in ("http://elsewhere/", "", "relative", "http://e/<>", "file:///etc/passwd"):
            got = get(server, ("query", "ASK {}"), (name, graph))
            assert got.status == 400 and "no part of this graph" in got.text


def test_without_a_choice_all_graphs_are_read(server: Server) -> None:
    assert get(server, ("query", f"ASK {{ <{D1}> a ?type . <{D2}> a ?type . <http://e/1> ?p ?o }}")).truth
