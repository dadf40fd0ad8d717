"""Queries through the engine, and answers in every form."""

from __future__ import annotations

import csv
import datetime
import io
import json
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from paperkg.errors import FormatError, QueryError
from paperkg.query import Engine
from paperkg.rdf import quads

SELECT = "SELECT ?n ?y { ?p pkg:introduces ?e ; pkg:year ?y . ?e a pkg:Dataset ; skos:prefLabel ?n }"


@pytest.fixture(scope="module")
def engine(small_graph: Any) -> Engine:
    return Engine(quads(small_graph))


def test_rows_are_named_tuples_of_python_values(engine: Engine) -> None:
    (row,) = engine.run(SELECT)
    assert (row.n, row.y) == ("CLadder", 2023)  # type: ignore[attr-defined]
    (row,) = engine.run(
        "SELECT ?d ?m ?b ?x ?u ?i ?t { ?p schema:datePublished ?d ; pkg:best_date ?b ; pkg:reports ?r ; "
        "a ?t . ?r pkg:score ?x . "
        "FILTER(?t = pkg:Paper && ?x = 0.704) BIND(true AS ?i) BIND('--02-08'^^xsd:gMonthDay AS ?m) }"
    )
    assert row == (
        datetime.date(2023, 12, 7), "--02-08", datetime.date(2023, 12, 7), 0.704, None, True,
        "https://w3id.org/paperkg/ontology#Paper",
    )  # fmt: skip


def test_names_that_python_cannot_use(engine: Engine) -> None:
    answer = engine.run("SELECT (1 AS ?class) (2 AS ?_x) (3 AS ?ok) {}")
    assert answer.variables == ("class", "_x", "ok")
    assert answer.rows[0]._fields == ("_0", "_1", "ok")  # type: ignore[attr-defined]


def test_the_default_graph_is_the_union(engine: Engine, small_graph: Any) -> None:
    assert (
        engine.run("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").rows[0][0]
        == len(quads(small_graph))
        == len(engine)
    )
    one = "https://w3id.org/paperkg/id/graph/provenance"
    inside = engine.run(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{one}> {{ ?s ?p ?o }} }}").rows[0][0]
    assert engine.run(f"SELECT (COUNT(*) AS ?n) FROM <{one}> {{ ?s ?p ?o }}").rows[0][0] == inside
    assert 0 < inside < len(engine)


def test_ask(engine: Engine) -> None:
    assert engine.run("ASK { ?s a pkg:Benchmark }")
    assert not engine.run("ASK { ?s a pkg:Nothing }")
    assert engine.run("ASK { ?s a pkg:Paper }").format("table") == "true\n"
    assert json.loads(engine.run("ASK { ?s a pkg:Paper }").format("json"))["boolean"] is True


def test_construct_and_describe(engine: Engine) -> None:
    answer = engine.run("CONSTRUCT { ?s skos:prefLabel ?n } WHERE { ?s a pkg:Dataset ; skos:prefLabel ?n }")
    assert len(answer) == 4
    assert answer.format("ttl") == answer.format("table")
    for name, format_ in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdfxml", ox.RdfFormat.RDF_XML),
    ):
        assert {q.triple for q in ox.parse(answer.format(name), format=format_)} == set(answer.triples)
    assert len(engine.run("DESCRIBE <https://w3id.org/paperkg/id/model/gpt4>")) > 5


def test_construct_may_say_anything(engine: Engine) -> None:
    """Blank nodes, types that are texts, properties that no XML name can hold."""
    answer = engine.run(
        "CONSTRUCT { ?p a ?t, [ dct:title ?t ] . _:x <http://e/1/> ?t } "
        "WHERE { ?p a pkg:Paper ; dct:title ?t }"
    )
    assert len(answer) == 16
    for name, format_ in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("nt", ox.RdfFormat.N_TRIPLES),
    ):
        read = ox.Dataset(ox.parse(answer.format(name), format=format_))
        written = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in answer.triples)
        for dataset in (read, written):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert read == written
    with pytest.raises(FormatError):
        answer.format("rdfxml")


def test_formats_of_rows(engine: Engine) -> None:
    answer = engine.run("SELECT ?t ?u { ?p dct:title ?t OPTIONAL { ?p schema:url ?u } } ORDER BY ?t")
    titles = [row.t for row in answer]  # type: ignore[attr-defined]
    assert [row["t"]["value"] for row in json.loads(answer.format("json"))["results"]["bindings"]] == titles
    assert [row["t"] for row in csv.DictReader(io.StringIO(answer.format("csv"), newline=""))] == titles
    assert answer.format("tsv").startswith("?t\t?u\n")
    only = engine.run("SELECT ?t { ?p dct:title ?t FILTER(!CONTAINS(?t, 'survey')) } ORDER BY ?t")
    tree = ElementTree.fromstring(only.format("xml"))
    assert [e.text for e in tree.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [
        r[0] for r in only
    ]
    table = answer.format("table").splitlines()
    assert table[0].split() == ["t", "u"]
    assert len(table) == 2 + len(titles)
    assert not any(ord(c) < 32 for line in table for c in line)


def test_table_of_nothing(engine: Engine) -> None:
    assert engine.run("SELECT ?x { ?x a pkg:Nothing }").format("table") == "x\n-\n"


@pytest.mark.parametrize(
    ("query", "name"), [(SELECT, "ttl"), ("CONSTRUCT WHERE { ?s a pkg:Page }", "csv"), (SELECT, "xls")]
)
def test_formats_that_do_not_fit(engine: Engine, query: str, name: str) -> None:
    with pytest.raises(FormatError, match="one of"):
        engine.run(query).format(name)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT *\n{ ?s\n\n zz }", "line 4, column 5: not SPARQL near"),
        ("SELECT * { ?s foo:bar ?o }", "a prefix that is not declared"),
        ("SELECT ?p ?n (COUNT(*) AS ?c) { ?p ?n ?e } GROUP BY ?n", "variable that is unbound"),
        ("SELECT * { ?s ?p ?o", "line 1, column 20: the query ends too early"),
        ("SELECT *\n{ ?s ?p \n", "line 3, column 1: the query ends too early"),
        ("SELECT * { FILTER(<http://e/f>(1)) }", "not supported"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE"),
    ],
)
def test_errors_tell_the_place(engine: Engine, query: str, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        engine.run(query)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_lone_surrogate_is_refused(engine: Engine) -> None:
    with pytest.raises(QueryError):
        engine.run("SELECT * { ?s ?p '\ud800' }")
