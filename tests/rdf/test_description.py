"""VoID and DCAT: what the description says is what SPARQL counts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest

from paperkg.export.manifest import FileState
from paperkg.rdf import describe, quads
from paperkg.rdf.namespaces import PREFIXES

BASE = "https://w3id.org/paperkg/id/"
DESCRIPTION = ox.NamedNode(f"{BASE}graph/description")
COUNTED = f"FROM <{BASE}graph/knowledge> FROM <{BASE}graph/evidence> FROM <{BASE}graph/provenance>"


def rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(tuple(term.value for term in row) for row in found)


@pytest.fixture(scope="module")
def store(small_graph: Any) -> ox.Store:
    store = ox.Store()
    store.extend(quads(small_graph))
    return store


def said(store: ox.Store, variables: str, pattern: str) -> list[tuple[str, ...]]:
    return rows(store, f"SELECT {variables} {{ GRAPH <{DESCRIPTION.value}> {{ {pattern} }} }}")


def test_totals(store: ox.Store, small_graph: Any) -> None:
    counted = rows(
        store,
        f"SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?p) AS ?properties) {COUNTED} WHERE {{ ?s ?p ?o }}",
    )
    assert said(store, "?t ?p", f"<{BASE}graph> void:triples ?t ; void:properties ?p") == counted
    typed = rows(
        store,
        f"SELECT (COUNT(DISTINCT ?s) AS ?n) (COUNT(DISTINCT ?c) AS ?m) {COUNTED} WHERE {{ ?s a ?c }}",
    )
    assert said(store, "?n ?m", f"<{BASE}graph> void:entities ?n ; void:classes ?m") == typed
    assert said(store, "?title", f"<{BASE}graph> dct:title ?title") == [("Knowledge graph of 4 papers",)]
    assert said(store, "?space", f"<{BASE}graph> void:uriSpace ?space") == [(BASE,)]
    per_graph = rows(store, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert said(store, "?g ?n", "?whole void:subset ?g . ?g a void:Dataset ; void:triples ?n") == [
        row for row in per_graph if row[0] != DESCRIPTION.value
    ]


def test_partitions(store: ox.Store) -> None:
    classes = rows(store, f"SELECT ?c (COUNT(?s) AS ?n) {COUNTED} WHERE {{ ?s a ?c }} GROUP BY ?c")
    properties = rows(store, f"SELECT ?p (COUNT(*) AS ?n) {COUNTED} WHERE {{ ?s ?p ?o }} GROUP BY ?p")

    assert (
        said(store, "?x ?n", "?g void:classPartition ?part . ?part void:class ?x ; void:entities ?n")
        == classes
    )
    assert (
        said(store, "?x ?n", "?g void:propertyPartition ?part . ?part void:property ?x ; void:triples ?n")
        == properties
    )
    used = {value for value, _ in classes + properties}
    assert {v for (v,) in said(store, "?v", "?g void:vocabulary ?v")} == {
        namespace for namespace in PREFIXES.values() if any(u.startswith(namespace) for u in used)
    }


def test_example_resources_are_there(store: ox.Store) -> None:
    examples = said(store, "?e", "?g void:exampleResource ?e")
    assert (f"{BASE}paper/2312.04350",) in examples
    for (example,) in examples:
        assert store.query(f"ASK {COUNTED} {{ <{example}> a ?class }}")


def test_links_to_the_outside(store: ox.Store) -> None:
    found = rows(
        store,
        "SELECT ?p ?where ?n { GRAPH ?d { ?l a void:Linkset ; void:linkPredicate ?p ; void:triples ?n ; "
        f"void:subjectsTarget <{BASE}graph> ; void:objectsTarget/void:uriSpace ?where }} }}",
    )
    pkg, schema, dcat = PREFIXES["pkg"], PREFIXES["schema"], PREFIXES["dcat"]
    assert set(found) >= {
        (f"{schema}codeRepository", "https://github.com/", "1"),
        (f"{schema}url", "https://huggingface.co/", "1"),
        (f"{dcat}landingPage", "https://example.org/", "1"),
        (f"{pkg}url", "https://example.org/", "1"),
        (f"{pkg}url", "https://github.com/", "1"),
    }
    known = "|".join(re.escape(n) for n in (BASE, *PREFIXES.values())).replace("\\", "\\\\")
    counted = rows(
        store,
        f"SELECT ?p ?where (COUNT(*) AS ?n) {COUNTED} WHERE {{ ?s ?p ?o "
        f'FILTER(isIRI(?o) && !REGEX(STR(?o), "^({known})")) '
        'BIND(REPLACE(STR(?o), "^(https?://[^/]*/).*$", "$1") AS ?where) } GROUP BY ?p ?where',
    )
    assert found == counted


def test_the_run_gives_the_version(store: ox.Store, small_graph: Any) -> None:
    ((run, version),) = rows(
        store, f"SELECT ?r ?v {{ GRAPH ?d {{ <{BASE}graph> prov:wasGeneratedBy ?r ; owl:versionInfo ?v }} }}"
    )
    assert run == f"{BASE}run/{version}"
    assert store.query(f"ASK {{ GRAPH ?g {{ <{run}> a pkg:Run }} }}", prefixes=PREFIXES)
    other = replace(small_graph.provenance, version="0.2.0")
    again = ox.Store()
    again.extend(quads(type(small_graph)(small_graph.extractions, small_graph.entities, other)))
    assert said(again, "?v", f"<{BASE}graph> owl:versionInfo ?v") != [(version,)]


def test_an_empty_graph_is_described(small_graph: Any) -> None:
    store = ox.Store()
    store.extend(quads(type(small_graph)([], {}, small_graph.provenance)))
    assert said(store, "?title", f"<{BASE}graph> dct:title ?title") == [("Knowledge graph of 0 papers",)]


def test_published_with_files_and_endpoint(small_graph: Any) -> None:
    all_quads = quads(small_graph)
    bare = describe(all_quads, BASE)
    assert set(bare) == {quad.triple for quad in all_quads if quad.graph_name == DESCRIPTION}
    triples = describe(
        all_quads,
        BASE,
        files={"seeds.ttl": FileState(12, "ab" * 32), "seeds.papers.jsonl": FileState(3, "cd" * 32)},
        folder="http://127.0.0.1:8000/files/",
        endpoint="http://127.0.0.1:8000/sparql",
    )
    assert set(bare) < set(triples)
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    assert rows(
        store,
        "SELECT ?name ?size ?sum ?address { ?g dcat:distribution ?f . ?f dct:title ?name ; dcat:byteSize ?size ; "
        "spdx:checksum/spdx:checksumValue ?sum ; dcat:downloadURL ?address }",
    ) == [
        ("seeds.papers.jsonl", "3", "cd" * 32, "http://127.0.0.1:8000/files/seeds.papers.jsonl"),
        ("seeds.ttl", "12", "ab" * 32, "http://127.0.0.1:8000/files/seeds.ttl"),
    ]
    assert rows(store, "SELECT ?f ?m { ?f dcat:mediaType ?m }") == [
        (f"{BASE}graph/file/seeds.ttl", "https://www.iana.org/assignments/media-types/text/turtle")
    ]
    assert rows(store, "SELECT ?d { ?g void:dataDump ?d }") == [("http://127.0.0.1:8000/files/seeds.ttl",)]
    assert rows(
        store, "SELECT ?e { ?g void:sparqlEndpoint ?e . ?s dcat:servesDataset ?g ; dcat:endpointURL ?e }"
    ) == [("http://127.0.0.1:8000/sparql",)]


def test_a_store_can_be_asked_for_its_description(store: ox.Store, small_graph: Any) -> None:
    held = store.quads_for_pattern(None, None, None, DESCRIPTION)
    assert describe(held, BASE) == describe(quads(small_graph), BASE)


def test_an_address_must_be_absolute(small_graph: Any) -> None:
    with pytest.raises(ValueError, match="not an absolute"):
        describe([], BASE, endpoint="/sparql")
