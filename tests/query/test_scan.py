"""What is refused before the engine sees a query, and what is not."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.errors import QueryError
from paperkg.query.scan import MAX_DEPTH, scan, tokens
from timing import seconds

OWN = frozenset({"http://e/own"})

REFUSED = [
    "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://e/> { ?s ?p ?o } }",
    "SELECT * { SeRvIcE ?x { ?s ?p ?o } }",
    "SELECT * {SERVICE<http://e/>{?s ?p ?o}}",
    "SELECT * {SERVICEex:a{?s ?p ?o}}",
    "SELECT * { ?s ?p true.SERVICE <http://e/> {} }",
    "SELECT * { ?s ?p 1SERVICE <http://e/> {} }",
    "SELECT * { ?s ?p ex:.SERVICE <http://e/> {} }",
    "SELECT * { ?s ?p :.service:a {} }",
    "SELECT * { ?s ?p :..SERVICE <http://e/> {} }",
    "SELECT * { ?s ?p ex:-SERVICE <http://e/> {} }",
    "SELECT * { ?s ?p trueSERVICE <http://e/> {} }",
    "SELECT * { ?s ?p 'a'@en--ltrSERVICE <http://e/> {} }",
    "SELECT * { ?s ?p 'a' SERVICE <http://e/> {} }",
    "SELECT * { ?s ?p '''a''' SERVICE <http://e/> {} }",
    'SELECT * { ?s ?p """a"b""c""" SERVICE <http://e/> {} }',
    "SELECT * { ?s ?p 'a\\'' SERVICE <http://e/> {} }",
    "SELECT * { # a comment with ' and <\n SERVICE <http://e/> {} }",
    "SELECT * { FILTER EXISTS { SERVICE <http://e/> {} } }",
    "SELECT * { \\u0053ERVICE <http://e/> {} }",
    "SELECT * { \\U00000053ERVICE <http://e/> {} }",
    "SELECT * { S\\u0045RVICE <http://e/> {} }",
    "SELECT * { ?s ex:a\\' ?o . SERVICE <http://e/> {} #'\n}",
    "SELECT * { ?s ?p ?o FILTER(?o<1)SERVICE ex:a#>\n{ ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(?o<'a>b')SERVICE<http://e/>{?s ?p ?o}#'\n}",
    "SELECT * { ?s ?p ?o FILTER(?o<ex:a)SERVICE:foo#>\n{ ?s ?p ?o } }",
    "PREFIX service: <http://e/> SELECT * { service:x ?p ?o }",
    "SELECT * FROM <http://elsewhere/> { ?s ?p ?o }",
    "SELECT * FROM NAMED <http://elsewhere/> { ?s ?p ?o }",
    "SELECT * FROM <http://e/own> FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM ex:g { ?s ?p ?o }",
    "BASE <http://[x> SELECT * FROM <http://[y> FROM <own> { ?s ?p ?o }",
    "LOAD <http://e/>",
    "PREFIX a: <http://e/> INSERT DATA { a:b a:c a:d }",
    "DELETE WHERE { ?s ?p ?o }",
    "DROP ALL",
    "CLEAR GRAPH <http://e/own>",
    "WITH <http://e/own> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "# nothing",
    "",
    "hello",
    "SELECT * { ?s ?p 'open }",
    'SELECT * { ?s ?p """open" }',
    "SELECT * " + "{" * (MAX_DEPTH + 1),
    "SELECT * { FILTER(" + "(" * 3000 + "1",
    "SELECT * { ?s ?p " + "[ ?p " * 3000,
    "SELECT * { ?s ?p ?o FILTER(?o<" + "(" * 3000 + "1)#>\n" + ")" * 3000 + "}",
    "SELECT * { ?s ?p ?o FILTER(" + "!" * 20_000 + "?o) }",
    "SELECT * { { ?s ?p ?o }" + " UNION { ?s ?p ?o }" * 6000 + "}",
    "SELECT * { ?s ?p ?o FILTER(1" + "+1" * 50_000 + ") }",
    "SELECT * { ?s ?p 'x" + "x" * 300_000 + "' }",
    "SELECT * { VALUES (?x ?y) { (1 2) } ?s ?p ?o" + " MINUS { ?s ?p 1 }" * 3000 + "}",
    "SELECT * { ?s ?p ( " + ":B : " * 1_500 + ") }",
    "SELECT * { ?s ?p ( " + "true 'a'@en [] () " * 500 + ") }",
    "SELECT * { ?x ?y ( " + "1 " * 3_000 + ") VALUES ?x { 1 } }",
    "DESCRIBE " + "<http://e/x> " * 3_000,
]


@pytest.mark.parametrize("query", REFUSED, ids=lambda q: q[:40])
def test_refused(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        scan(query, OWN)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


ALLOWED = [
    "SELECT * { ?s ?p 'SERVICE <http://e/> { }' }",
    'SELECT * { ?s ?p "INSERT DATA" ; ?q """LOAD " SERVICE""" }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://e/>",
    "SELECT * { <http://e/SERVICE> ?p ?o }",
    "SELECT * { <https://w3id.org/paperkg/id/task/service> <http://e#SERVICE> ?o }",
    "SELECT ?service { ?service ?p $SERVICE }",
    "SELECT * { ?s ex:service ?o ; ex:a-service-b ?c ; :SERVICE ?d }",
    "SELECT * { ?s ?p 'a\\u0027b SERVICE' }",
    "SELECT * { ?s ?p 'dienst'@en-GB }",
    "SELECT * { ?s ?p ?o FILTER(?a < 1 && ?b > 2) }",
    "SELECT * { ?s ?p ?o FILTER(?a<1&&?b>2) }",
    "SELECT * FROM <http://e/own> { ?s ?p ?o }",
    "SELECT * FROM NAMED <http://e/own> { GRAPH ?g { ?s ?p ?o } }",
    "ASK { ?s ?p ?o }",
    "DESCRIBE <http://e/x>",
    "PREFIX a: <http://e/> BASE <http://e/> CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "SELECT * { VALUES ?x { " + "<http://e/x> " * 8_000 + "} }",
    "SELECT * { VALUES (?x ?y) { " + "(<http://e/x> 1) " * 8_000 + "} ?x ?p ?y }",
    "SELECT * " + "{" * MAX_DEPTH + "}" * MAX_DEPTH,
    "DESCRIBE " + "<http://e/x> " * 900,
    "SELECT * { ?s ?p ( " + ":B " * 900 + ") }",
    "SELECT * { FILTER(?o IN (" + "<http://e/x>, " * 1_800 + "1)) }",
    "PREFIX a: <http://e/> " * 1_900 + "ASK {}",
    "SELECT * { ?s ?p 'it''s' }",
]


@pytest.mark.parametrize("query", ALLOWED, ids=lambda q: q[:40])
def test_allowed(query: str) -> None:
    scan(query, OWN)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX e: <http://e/> SELECT * FROM e:own { }",
        "prefix : <http://e/> select * from named :own { }",
        "BASE <http://e/> SELECT * FROM <own> { }",
        "BASE <http://e/x/> PREFIX e: <../> SELECT * FROM e:own { }",
        "SELECT * FROM <own> FROM NAMED <http://e/own> { }",
    ],
)
def test_graphs_by_short_and_relative_names(query: str) -> None:
    assert set(scan(query, OWN, base="http://e/sparql").graphs) == {"http://e/own"}
    with pytest.raises(QueryError, match="no part of this graph"):
        scan(query.replace("own", "other"), OWN, base="http://e/sparql")


def test_form_and_graphs() -> None:
    assert scan("# x\nPREFIX a: <http://e/>\nask { ?s ?p ?o }", OWN).form == "ask"
    assert scan("SELECT * FROM <http://e/own> { ?s ?p ?o }", OWN).graphs == ("http://e/own",)
    # a graph in GRAPH is no FROM
    assert scan("SELECT * { GRAPH <http://e/other> { ?s ?p ?o } }", OWN).graphs == ()


def test_place_of_an_error() -> None:
    with pytest.raises(QueryError, match="line 3, column 3: SERVICE") as caught:
        scan("SELECT *\n{\n  SERVICE <http://e/> { } }", OWN)
    assert caught.value.line == 3


@given(st.text(alphabet=st.sampled_from("<>'\"\\#{}()[] \nabSERVICE?:.@_1u\u00e9\u00b2\U0001f600")))
def test_any_text_is_read_to_its_end_or_refused(text: str) -> None:
    try:
        found = list(tokens(text))
    except QueryError:
        return
    ends = [token.start + len(token.text) for token in found]
    assert ends == sorted(ends)
    assert all(text[t.start : t.start + len(t.text)] == t.text for t in found)


@pytest.mark.parametrize(
    "bit",
    [
        "'",
        '"',
        '"""',
        "\\",
        "<",
        "<a",
        ":",
        "a:",
        "a.",
        "a.-",
        "%",
        "\\'",
        "#",
        "@",
        "_:",
        "'a",
        "?",
        "{",
        "1.",
        "\U0001f600",
    ],
)
def test_linear(bit: str) -> None:
    query = "SELECT * { " + bit * (100_000 // len(bit))

    def work() -> None:
        with contextlib.suppress(QueryError):
            scan(query, OWN)

    assert seconds(work) < 1
