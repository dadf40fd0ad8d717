"""What the quads of a graph say."""

from __future__ import annotations

import random
from typing import Any

import pyoxigraph as ox
import pytest

from paperkg.model import ENTITY_TYPES, RELATIONS
from paperkg.rdf import knowledge, quads
from paperkg.rdf.knowledge import CLASSES, search_keys
from paperkg.rdf.namespaces import PKG, PREFIXES

BASE = "https://w3id.org/paperkg/id/"


@pytest.fixture(scope="module")
def store(small_graph: Any) -> ox.Store:
    store = ox.Store()
    store.extend(quads(small_graph))
    return store


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(term.value if term else "" for term in row) for row in found]


def test_no_blank_nodes_and_four_graphs(small_graph: Any) -> None:
    all_quads = quads(small_graph)
    assert not any(isinstance(term, ox.BlankNode) for quad in all_quads for term in quad)
    names = list(dict.fromkeys(quad.graph_name.value for quad in all_quads))  # type: ignore[union-attr]
    assert names == [f"{BASE}graph/{name}" for name in ("knowledge", "evidence", "provenance", "description")]


def test_sorted_once_each_and_the_same_in_any_order(small_graph: Any) -> None:
    first = quads(small_graph)
    assert len(set(first)) == len(first)
    keys = [(q.subject.value, q.predicate.value, str(q.object)) for q in knowledge(first)]  # type: ignore[union-attr]
    assert keys == sorted(keys)
    shuffled = list(small_graph.extractions)
    random.Random(1).shuffle(shuffled)
    other = type(small_graph)(shuffled, dict(reversed(small_graph.entities.items())), small_graph.provenance)
    assert quads(other) == first


def test_no_triple_stands_in_two_graphs(small_graph: Any) -> None:
    """The default graph of queries is the union; a triple in two graphs would be counted twice."""
    all_quads = quads(small_graph)
    assert len({quad.triple for quad in all_quads}) == len(all_quads)


def test_each_edge_has_its_own_property_and_mentions(store: ox.Store, small_graph: Any) -> None:
    said = {
        (e.paper.id, entity.iri, entity.relation) for e in small_graph.extractions for entity in e.entities
    }
    found = rows(
        store,
        "SELECT ?id ?e ?p { ?paper schema:identifier ?id ; ?p ?e ; pkg:mentions ?e . ?s rdf:subject ?paper ; "
        "rdf:object ?e ; rdf:predicate ?p }",
    )
    assert {(id_, e, p.removeprefix(str(PKG))) for id_, e, p in found} == said
    assert len(rows(store, "SELECT ?p ?e { ?p pkg:mentions ?e }")) == len(said)


def test_super_classes_are_stated(store: ox.Store) -> None:
    types = {
        e: {t for f, t in rows(store, "SELECT ?e ?t { ?e a pkg:Entity, ?t }") if f == e}
        for (e,) in rows(store, "SELECT DISTINCT ?e { ?e a pkg:Entity }")
    }
    gsm8k = types[f"{BASE}benchmark/gsm8k"]
    assert gsm8k == {str(PKG.Benchmark), str(PKG.Dataset), str(PKG.Entity), "https://schema.org/Dataset"}
    assert set(CLASSES) == set(ENTITY_TYPES)


def test_dates(store: ox.Store) -> None:
    found = {
        row[0]: row[1:]
        for row in rows(
            store,
            "SELECT ?id (DATATYPE(?d) AS ?t) ?d ?best ?year ?inferred ?why { ?p schema:identifier ?id ; "
            "schema:datePublished ?d OPTIONAL { ?p pkg:best_date ?best ; pkg:year ?year } "
            "OPTIONAL { ?p pkg:inferred_year ?inferred ; pkg:inferred_because ?why } }",
        )
    }
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert found == {
        "2312.04350": (f"{xsd}date", "2023-12-07", "2023-12-07", "2023", "", ""),
        "fine-tuning-for-causal-reasoning": (
            f"{xsd}gMonthDay",
            "--02-08",
            "2026-02-08",
            "2026",
            "2026",
            "the page leaves out the current year",
        ),
        "99": (f"{xsd}gYear", "2024", "2024", "2024", "", ""),
    }


def test_evidence_refers_to_the_stored_text(store: ox.Store, small_graph: Any) -> None:
    texts = {(e.paper.id, f): e.paper.text(f) for e in small_graph.extractions for f in ("title", "abstract")}
    found = rows(
        store,
        "SELECT ?id ?field ?start ?end ?exact ?prefix ?suffix { ?t oa:hasSource ?source ; "
        "oa:hasSelector ?p , ?q . "
        "?source pkg:field ?field ; pkg:paper/schema:identifier ?id . ?p oa:start ?start ; oa:end ?end . "
        "?q oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix }",
    )
    assert len(found) > 40
    for id_, field, start, end, exact, prefix, suffix in found:
        stored = texts[id_, field]
        assert stored[int(start) : int(end)] == exact
        assert stored[: int(start)].endswith(prefix)
        assert stored[int(end) :].startswith(suffix)


def test_every_claim_leads_to_words_and_to_the_run(store: ox.Store) -> None:
    for class_ in ("Statement", "Result", "Link"):
        claims = rows(store, f"SELECT ?c {{ ?c a pkg:{class_} }}")
        backed = rows(
            store,
            f"SELECT DISTINCT ?c {{ ?c a pkg:{class_} ; pkg:paper ?p ; prov:wasGeneratedBy ?run ; "
            "pkg:evidence/oa:hasTarget/oa:hasSelector/oa:exact ?words }",
        )
        assert claims and sorted(claims) == sorted(backed)


def test_results_are_numbers_on_one_scale(store: ox.Store) -> None:
    found = rows(
        store, 'SELECT ?v ?score { ?r pkg:value ?v ; pkg:score ?score ; pkg:kind "absolute" } ORDER BY ?score'
    )
    assert found == [
        ("41.0%", "0.41"),
        ("61.5%", "0.615"),
        ("70.40%", "0.704"),
        ("0.9533", "0.9533"),
        ("2.51", "2.51"),
        ("7.3", "7.3"),
    ]


def test_labels(store: ox.Store) -> None:
    labels = rows(
        store, f"SELECT ?p ?l {{ <{BASE}benchmark/cladder> ?p ?l FILTER(CONTAINS(STR(?p), 'Label')) }}"
    )
    skos = PREFIXES["skos"]
    assert sorted(labels) == [
        (f"{skos}hiddenLabel", "CLADDER"),
        (f"{skos}hiddenLabel", "Cladder"),
        (f"{skos}prefLabel", "CLadder"),
    ]


def test_search_keys_are_those_that_sparql_makes() -> None:
    store = ox.Store()
    for spelling in (
        "CLadder",
        "LLaMA-2",
        "chrF++",
        "GPT-4o",
        "Who&When",
        "large language models",
        "β-VAE",
        "C_1",
        "F1 (macro)",
    ):
        found = store.query(
            f'SELECT (REPLACE(LCASE("{spelling}"), "[^\\\\p{{L}}\\\\p{{N}}+#%&]+", "") AS ?key) {{}}'
        )
        assert isinstance(found, ox.QuerySolutions)
        (row,) = found
        assert row["key"].value in search_keys(spelling)


def test_a_fragment_is_no_name(small_graph: Any) -> None:
    """The 4 of 'GPT-3.5/4' is kept as a spelling, but nobody finds GPT-4 by it."""
    from dataclasses import replace

    from paperkg.rdf.iris import Minter
    from paperkg.rdf.knowledge import entity_triples

    entity = replace(small_graph.entities[f"{BASE}model/gpt4"], spellings=(("GPT-4", 2), ("4", 1)))
    said = [(str(p), o.value) for _, p, o in entity_triples(entity, Minter(BASE))]
    assert (PREFIXES["skos"] + "hiddenLabel", "4") in said
    assert (str(PKG.folded_label), "4") not in said
    assert (str(PKG.folded_label), "gpt4") in said


def test_merges_are_recorded(small_graph: Any) -> None:
    from dataclasses import replace

    first, *others = small_graph.extractions
    entities = tuple(
        replace(e, key="Benchmark:cladder|long") if e.name == "CLadder" else e for e in first.entities
    )
    changed = type(small_graph)(
        [replace(first, entities=entities), *others], small_graph.entities, small_graph.provenance
    )
    store = ox.Store()
    store.extend(quads(changed))
    found = rows(
        store,
        "SELECT ?key ?rule ?used { ?m a pkg:Merge ; prov:generated ?e ; pkg:key ?key ; pkg:rule ?rule ; "
        "prov:used ?used } ORDER BY ?key",
    )
    assert [row[:2] for row in found if "cladder" in row[2]] == [
        ("Benchmark:cladder|long", "spelling"),
        ("Dataset:cladder", "spelling"),
    ]


def test_names_are_those_of_the_model() -> None:
    for relation in RELATIONS:
        assert str(PKG[relation]) == str(PKG) + relation
    with pytest.raises(AttributeError):
        PKG.evaluatesOn  # noqa: B018
