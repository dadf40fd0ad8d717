"""Names that the ontology lacks."""

from __future__ import annotations

from paperkg.query import examples, unknown_terms


def test_names_that_the_ontology_lacks() -> None:
    query = (
        "SELECT * { ?s a pkg:benchmark ; pkg:evaluate_on ?o ; pkg:zzz 'pkg:x' ; dct:title ?t ; a pkg:Paper }"
    )
    found = unknown_terms(query)
    assert list(found) == ["pkg:benchmark", "pkg:evaluate_on", "pkg:zzz"]
    assert found["pkg:benchmark"][0] == "pkg:Benchmark"
    assert found["pkg:evaluate_on"][0] == "pkg:evaluates_on"
    assert found["pkg:zzz"] == ()


def test_a_declared_prefix_is_no_name() -> None:
    assert unknown_terms("PREFIX pkg: <https://w3id.org/paperkg/ontology#> ASK {}") == {}


def test_the_shipped_queries_have_none() -> None:
    assert [example.name for example in examples() if unknown_terms(example.query)] == []
