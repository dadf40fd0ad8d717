"""SHACL: the graph conforms, what does not is told readably, and pyshacl finds the same."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.namespace import RDF, SH

from paperkg.graph.tables import tables
from paperkg.rdf import Violation, quads, terms, validate
from paperkg.rdf.constraints import checks
from paperkg.rdf.namespaces import OA, PKG
from paperkg.rdf.shipped import shipped
from paperkg.rdf.validate import validate_quads
from paperkg.rdf.writers import compact

BASE = "https://w3id.org/paperkg/id/"
XSD = "http://www.w3.org/2001/XMLSchema#"
Breach = tuple[str, str, str, str]


def by_pyshacl(all_quads: Iterable[ox.Quad]) -> set[Breach]:
    """Focus, path, value and message of what pyshacl finds."""
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)  # it tells of each ill-formed literal
    data, shapes = rdflib.Graph(), rdflib.Graph().parse(data=shipped("shapes.ttl"), format="turtle")
    lines = ox.serialize((quad.triple for quad in all_quads), format=ox.RdfFormat.N_TRIPLES) or b""
    data.parse(data=lines, format="nt")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none")
    assert isinstance(report, rdflib.Graph)
    return {_breach(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)}


def _breach(report: rdflib.Graph, result: Any) -> Breach:
    path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
    inverse = report.value(path, SH.inversePath)
    name = "" if path is None else (compact(str(inverse or path)) or str(path))
    return (
        str(report.value(result, SH.focusNode)),
        f"^{name}" if inverse else name,
        "" if value is None else str(value)[:200],
        str(report.value(result, SH.resultMessage)),
    )


def by_paperkg(all_quads: Iterable[ox.Quad]) -> set[Breach]:
    return {(v.focus, v.path, v.value, v.message) for v in validate_quads(all_quads)}


def test_the_small_graph_conforms(small_graph: Any) -> None:
    assert validate(small_graph) == []
    assert by_pyshacl(quads(small_graph)) == set()


def changed(
    small_graph: Any, drop: tuple[str, str], add: ox.Literal | ox.NamedNode | None = None
) -> list[ox.Quad]:
    """The quads with the values of one property of one subject replaced."""
    subject, predicate = drop
    all_quads = quads(small_graph)
    kept = [q for q in all_quads if (q.subject.value, q.predicate.value) != drop]  # type: ignore[union-attr]
    assert len(kept) < len(all_quads)
    return kept + (
        [ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), add, all_quads[0].graph_name)] if add else []
    )


SKOS = "http://www.w3.org/2004/02/skos/core#"
CLADDER = "CLadder: A Benchmark for Causal Reasoning"


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "paper", "message"),
    [
        ("paper/2312.04350", "http://purl.org/dc/terms/title", None, "2312.04350", "a paper has one title"),
        ("result/2312.04350/1", f"{PKG}number", ox.Literal("70.4"), "2312.04350", "a result is a number"),
        (
            "paper/2312.04350/statement/model/gpt4",
            f"{PKG}confidence",
            terms.decimal(1.2),
            "2312.04350",
            "from 0 to 1",
        ),
        ("paper/2312.04350/statement/model/gpt4", f"{PKG}evidence", None, "2312.04350", "rests on words"),
        (
            "paper/2312.04350/abstract#position=68,73",
            f"{OA}start",
            ox.Literal(74),
            "2312.04350",
            "starts before it ends",
        ),
        ("model/gpt4", f"{SKOS}prefLabel", None, "2312.04350", "one name"),
        ("metric/fid", f"{PKG}lower_is_better", None, "paper/../3", "which way is better"),
        ("metric/fid/spelling/FID", f"{PKG}occurrences", ox.Literal(0), "paper/../3", "at least once"),
        ("file/" + "a" * 64 + "/a.txt", f"{PKG}sha256", ox.Literal("abc"), "", "a SHA-256"),
    ],
)
def test_breaches(
    small_graph: Any, subject: str, predicate: str, value: Any, paper: str, message: str
) -> None:
    found = validate_quads(changed(small_graph, (BASE + subject, predicate), value))
    assert found
    assert all(v.focus == BASE + subject for v in found)
    assert message in found[0].message
    assert found[0].paper == paper
    assert message in str(found[0]) and "\n" not in str(found[0])


def test_a_breach_in_words() -> None:
    breach = Violation("1", CLADDER, "urn:s", "pkg:confidence", "1.2", "a confidence is from 0 to 1", "look")
    assert str(breach) == (
        "paper 1 (CLadder: A Benchmark for Causal Reasoning): urn:s pkg:confidence is '1.2', but a confidence is "
        "from 0 to 1; look"
    )
    assert str(Violation("", "", "urn:s", "", "", "it has an IRI", "")) == "urn:s, but it has an IRI"


def test_two_relations_to_one_entity(small_graph: Any) -> None:
    all_quads = quads(small_graph)
    extra = ox.Quad(
        ox.NamedNode(f"{BASE}paper/2312.04350"),
        ox.NamedNode(f"{PKG}uses"),
        ox.NamedNode(f"{BASE}model/gpt4"),
        all_quads[0].graph_name,
    )
    (breach,) = validate_quads([*all_quads, extra])
    assert "one relation" in breach.message
    assert breach.title == CLADDER


WRONG: list[Any] = [
    ox.Literal(""),
    ox.Literal("x"),
    ox.Literal("absolute"),
    ox.Literal("title", language="en"),
    ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean")),
    ox.Literal(0),
    ox.Literal(-3),
    ox.Literal(99999),
    ox.Literal("abc", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.Literal("0.5", datatype=ox.NamedNode(f"{XSD}decimal")),
    ox.Literal("1.5", datatype=ox.NamedNode(f"{XSD}decimal")),
    ox.Literal("0.5", datatype=ox.NamedNode(f"{XSD}double")),
    ox.Literal("2024-02-02", datatype=ox.NamedNode(f"{XSD}date")),
    ox.Literal("soon", datatype=ox.NamedNode(f"{XSD}date")),
    ox.Literal("2024", datatype=ox.NamedNode(f"{XSD}gYear")),
    ox.Literal("--02-08", datatype=ox.NamedNode(f"{XSD}gMonthDay")),
    ox.Literal("x", datatype=ox.NamedNode("urn:own")),
    ox.NamedNode("urn:x"),
    ox.NamedNode("http://e/x"),
    ox.NamedNode(f"{BASE}benchmark/cladder"),
    ox.NamedNode(f"{BASE}paper/2312.04350"),
    ox.NamedNode(f"{PKG}Method"),
    ox.NamedNode(f"{PKG}uses"),
]


def same_for_both(all_quads: list[ox.Quad]) -> None:
    """Asserts that both find the same; pyshacl passes over positions that cannot be compared."""
    ours, theirs = by_paperkg(all_quads), by_pyshacl(all_quads)
    assert theirs <= ours
    assert {breach for breach in ours - theirs if breach[1] != "oa:start"} == set()


@pytest.mark.parametrize("value", WRONG, ids=str)
def test_a_wrong_value_of_every_property_is_found_by_both(small_graph: Any, value: Any) -> None:
    """It stands beside the right one, at one subject of each sort."""
    all_quads = quads(small_graph)
    one_each = {(quad.predicate.value, _kind(quad)): quad for quad in all_quads}
    same_for_both(
        all_quads + [ox.Quad(q.subject, q.predicate, value, q.graph_name) for q in one_each.values()]
    )


@pytest.mark.parametrize(
    ("lexical", "datatype", "path"),
    [("1e5", "decimal", "confidence"), ("maybe", "boolean", "named"), ("2024", "gYearMonth", "best_date")],
)
def test_a_form_that_does_not_fit_its_datatype(
    small_graph: Any, lexical: str, datatype: str, path: str
) -> None:
    """Such as rdflib mends or passes over."""
    all_quads = quads(small_graph)
    value = ox.Literal(lexical, datatype=ox.NamedNode(f"{XSD}{datatype}"))
    broken = [
        ox.Quad(q.subject, q.predicate, value, q.graph_name) if q.predicate.value == f"{PKG}{path}" else q
        for q in all_quads
    ]
    assert {v.value for v in validate_quads(broken) if v.path == f"pkg:{path}"} == {lexical}


def _kind(quad: ox.Quad) -> str:
    """What sort of thing a subject is, by its path."""
    return re.sub(r"[^/#]*[0-9.=][^/#]*", "N", quad.subject.value)  # type: ignore[union-attr]


def test_properties_that_are_missing_are_missed_by_both(small_graph: Any) -> None:
    all_quads = quads(small_graph)
    predicates = sorted({quad.predicate.value for quad in all_quads} - {str(RDF.type)})
    for dropped in ({str(RDF.type)}, *(set(predicates[n::6]) for n in range(6))):
        same_for_both([quad for quad in all_quads if quad.predicate.value not in dropped])


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_broken_graphs_are_broken_for_both(small_graph: Any, data: st.DataObject) -> None:
    all_quads = quads(small_graph)
    places = st.lists(st.integers(0, len(all_quads) - 1), max_size=12, unique=True)
    dropped = set(data.draw(places))
    extra = [
        ox.Quad(
            all_quads[place].subject,
            all_quads[data.draw(st.integers(0, len(all_quads) - 1))].predicate,
            data.draw(st.sampled_from(WRONG) | st.builds(ox.Literal, st.text("ab \n", max_size=3))),
            all_quads[place].graph_name,
        )
        for place in data.draw(places)
    ]
    broken = [quad for number, quad in enumerate(all_quads) if number not in dropped] + extra
    same_for_both(broken)


@pytest.mark.parametrize(
    ("construct", "named"),
    [
        ("sh:property [ sh:path pkg:kind ; sh:uniqueLang true ]", "uniqueLang"),
        ("sh:property [ sh:path ( pkg:a pkg:b ) ; sh:minCount 1 ]", "no property"),
        ("sh:nodeKind sh:Literal", "Literal"),
        ('sh:sparql [ sh:select "SELECT $this {}" ]', "sparql"),
    ],
)
def test_a_construct_that_is_not_known_is_refused(construct: str, named: str) -> None:
    shapes = (
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix pkg: <https://w3id.org/paperkg/ontology#> .\n"
        f"pkg:S a sh:NodeShape ; sh:targetClass pkg:Paper ; {construct} ."
    )
    with pytest.raises(ValueError, match=named):
        checks(shapes)


def test_every_check_says_what_ought_to_hold() -> None:
    for check in checks(shipped("shapes.ttl")):
        assert check.message


def test_a_metric_that_most_papers_take_for_something_else(small_graph: Any) -> None:
    """It is a node of the commonest type; results of the paper that reports it stay."""

    def retyped(entity: Any) -> Any:
        return replace(entity, type="Task") if entity.name == "accuracy" else entity

    first, second, third, last = small_graph.extractions
    changed_papers = [replace(e, entities=tuple(map(retyped, e.entities))) for e in (second, third)]
    extractions = [first, *changed_papers, last]
    kg = replace(small_graph, extractions=extractions, entities=tables(extractions).entities)
    assert kg.entities[f"{BASE}metric/accuracy"].type == "Task"
    assert validate(kg) == []
