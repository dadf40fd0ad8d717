"""The pages of a server and the data under the same addresses, asked for without a browser."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import event_loop
import pyoxigraph as ox
import pytest
from client import Server
from hypothesis import given
from hypothesis import strategies as st
from serving_graph import serving
from starlette.types import Message

from paperkg.graph import KnowledgeGraph
from paperkg.html import page_policy
from paperkg.rdf import quads
from paperkg.serve.pages.resource import find
from paperkg.serve.pages.sending import InPieces
from paperkg.serve.pages.things import Things

BASE = "https://w3id.org/paperkg/id/"
PAPER, CLADDER = "/id/paper/2312.04350", "/id/benchmark/cladder"
ODD = "/id/paper/paper%2F..%2F3"
FORMS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def kg(small_graph: Any) -> KnowledgeGraph:
    return KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)


@pytest.fixture(scope="module")
def things(kg: KnowledgeGraph) -> Things:
    return Things(kg)


@pytest.fixture(scope="module")
def site(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(kg, tmp_path_factory.mktemp("graph")) as running:
        yield running


def triples(site: Server, path: str) -> set[ox.Triple]:
    got = site.request("GET", path, accept="application/n-triples")
    assert got.status == 200
    return {quad.triple for quad in ox.parse(got.body, format=ox.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("text/turtle;q=0.3, application/ld+json;q=0.7", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples, text/html;q=0.9", "application/n-triples"),
    ],
)
def test_the_client_chooses_the_form(site: Server, accept: str, kind: str) -> None:
    for path in (PAPER, CLADDER):
        got = site.request("GET", path, **({"accept": accept} if accept else {}))
        assert (got.status, got.kind) == (200, kind)
        assert got.headers["vary"] == "Accept"
        again = site.request("GET", got.headers["content-location"], accept="image/png")
        assert again.body == got.body and again.kind == kind


def test_a_form_that_there_is_not(site: Server) -> None:
    got = site.request("GET", CLADDER, accept="image/png")
    assert got.status == 406 and "text/turtle" in got.text


def test_all_forms_say_the_same(site: Server) -> None:
    for path in (PAPER, CLADDER, ODD, "/id/family/gpt", f"{PAPER.replace('/paper/', '/result/')}/1"):
        expected = triples(site, path)
        assert expected
        for ending, form in FORMS.items():
            body = site.request("GET", path + ending).body
            assert {quad.triple for quad in ox.parse(body, format=form)} == expected


def test_a_description_is_a_part_of_the_graph(site: Server, kg: KnowledgeGraph) -> None:
    whole = {quad.triple for quad in quads(kg)}
    for thing in (*kg.entities, *(kg.paper_iri(paper) for paper in kg.papers)):
        found = triples(site, "/id/" + thing.removeprefix(BASE))
        assert found <= whole
        own = {t for t in whole if t.subject == ox.NamedNode(thing)}
        made = ("wasDerivedFrom", "wasGeneratedBy")
        assert {t for t in own if not t.predicate.value.endswith(made)} <= found


def test_everything_named_in_a_description_answers(site: Server, kg: KnowledgeGraph) -> None:
    seen, waiting = set[str](), [PAPER, CLADDER, "/id/family/gpt"]
    skipped = ("/author/", "/title", "/abstract", "/merge/", "/run/", "/file/", "/graph/")
    while waiting and len(seen) < 150:
        path = waiting.pop().partition("#")[0]
        if path in seen or any(part in path for part in skipped):
            continue
        seen.add(path)
        got = site.request("GET", path, accept="application/n-triples")
        assert got.status == 200, path
        for quad in ox.parse(got.body, format=ox.RdfFormat.N_TRIPLES):
            for term in (quad.subject, quad.object):
                if isinstance(term, ox.NamedNode) and term.value.startswith(BASE):
                    waiting.append("/id/" + term.value.removeprefix(BASE))
    assert len(seen) > 40


def test_a_part_leads_to_the_page_that_shows_it(site: Server) -> None:
    path = f"{PAPER}/statement/benchmark/cladder"
    got = site.request("GET", path, accept="text/html")
    assert (got.status, got.headers["location"]) == (303, PAPER)
    found = triples(site, path)
    assert any(t.predicate.value.endswith("#exact") for t in found)
    assert site.request("GET", f"{PAPER}/statement/benchmark/none").status == 404


def test_an_address_that_gave_way(small_graph: Any) -> None:
    provenance = replace(
        small_graph.provenance, replaced=((f"{BASE}benchmark/old", f"{BASE}benchmark/cladder"),)
    )
    moved = Things(KnowledgeGraph.from_extractions(small_graph.extractions, provenance))
    found = find(moved, f"{BASE}benchmark/old.ttl")
    assert found is not None
    assert (found.iri, found.form, found.thing) == (f"{BASE}benchmark/old", "ttl", None)


def test_paths_are_read_as_the_graph_writes_them(things: Things, kg: KnowledgeGraph) -> None:
    for iri in (*kg.entities, *(kg.paper_iri(paper) for paper in kg.papers)):
        assert things.iri(things.path(iri).removeprefix("/id/")) == iri
    assert things.iri("paper/paper%2f..%2f3") == kg.paper_iri("paper/../3")
    assert things.thing(things.iri("paper/paper/../3")) is None


@given(paper_id=st.text(min_size=1).filter(lambda text: text not in (".", "..")))
def test_any_id_of_a_paper_is_found_by_its_path(things: Things, paper_id: str) -> None:
    iri = things.kg.paper_iri(paper_id)
    path = things.path(iri).removeprefix("/id/")
    assert things.iri(path) == iri


@given(typed=st.text(max_size=40))
def test_any_search_is_answered(things: Things, typed: str) -> None:
    found = things.find(typed)
    assert len(found.entities) <= 24 and len(found.papers) <= 24


@pytest.mark.parametrize("stops", [False, True])
def test_a_large_page_is_sent_as_fast_as_it_is_taken(stops: bool) -> None:
    """So that clients that take nothing make the server hold nothing, and slow ones get all of it."""
    sent: list[bytes] = []

    async def take(message: Message) -> None:
        sent.append(message.get("body", b""))
        if stops and len(sent) > 2:
            await asyncio.Event().wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    content = bytes(1_000_000)
    event_loop.run(InPieces(content, send_time=0.05 if stops else 60)({"type": "http"}, receive, take))
    assert max(map(len, sent)) <= 1 << 16
    assert (b"".join(sent) == content) is not stops


def test_a_path_of_many_parts_costs_no_more_than_another(
    things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()
    monkeypatch.setattr(Things, "thing", lambda _, iri: asked.append(iri))
    assert things.owner(things.iri("a/" * 15_000)) is None
    assert len(asked) < 5


def test_a_paper_has_all_that_its_text_gives(site: Server) -> None:
    page = unescape(site.request("GET", PAPER).text)
    for text in (
        "CLadder: A Benchmark for Causal Reasoning",
        "7 Dec 2023",
        "Zoë Jin, Y. Chen",
        "Causal NLP Lab",
        'href="https://github.com/causalNLP/cladder"',
        'href="/id/benchmark/cladder"',
        "70.40%",
        "Introduces",
    ):
        assert text in page
    assert re.search(r'<a class="mention k-model" href="/id/model/gpt-?4"[^>]*>GPT-4</a>', page)
    assert "the year is concluded" in site.request("GET", "/id/paper/fine-tuning-for-causal-reasoning").text


def test_an_entity_has_its_papers_with_their_words(site: Server) -> None:
    page = unescape(site.request("GET", CLADDER).text)
    assert 'href="https://github.com/causalNLP/cladder" rel="noopener noreferrer"' in page
    for text in ("Introduced by 1 paper", "Evaluated on by 1 paper", "CLADDER", "70.40%", "2026", "<mark"):
        assert text in page
    assert '<th scope="col">On</th>' not in page, "it would say CLadder in every row"


def test_the_search_finds_spellings_titles_and_what_begins_alike(site: Server) -> None:
    def found(text: str) -> str:
        return site.request("GET", f"/find?q={text}").text

    assert 'href="/id/benchmark/cladder"' in found("c-ladder")
    assert f'href="{PAPER}"' in found("benchmark+for+causal")
    assert 'href="/id/benchmark/cladder"' in found("cladderx")
    assert "Nothing has that name" in found("zzzzzz")
    assert site.request("GET", "/find?q=" + "x" * 20_000).status == 200
    assert site.request("GET", "/find").status == 200


def test_what_is_not_there_offers_what_may_be_meant(site: Server) -> None:
    got = site.request("GET", "/id/benchmark/CLadde")
    assert got.status == 404 and 'href="/id/benchmark/cladder"' in got.text
    for path in ("/id/", "/id/paper/", "/nothing", "/id/%ff", "/id/paper/2312.04350/x", "/assets/none.js"):
        got = site.request("GET", path)
        assert (got.status, got.kind) == (404, "text/html")


def test_what_was_sent_is_not_sent_again(site: Server) -> None:
    for path in ("/", "/query", PAPER, f"{PAPER}.ttl"):
        got = site.request("GET", path)
        assert "set-cookie" not in got.headers
        again = site.request("GET", path, if_none_match=got.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert site.request("HEAD", path).body == b""


def test_scripts_and_styles_may_be_kept(site: Server) -> None:
    page = site.request("GET", "/query").text
    for path in re.findall(r'(?:src|href)="(/assets/[^"]+)"', page):
        got = site.request("GET", path)
        assert got.status == 200 and "immutable" in got.headers["cache-control"]
        assert site.request("GET", path.partition("?")[0]).headers["cache-control"] == "no-cache"


def test_every_response_is_guarded(site: Server) -> None:
    for path in ("/", "/query", "/find?q=a", PAPER, f"{PAPER}.ttl", "/nothing", "/ontology", "/sparql"):
        headers = site.request("GET", path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy or path == "/"
        assert "unsafe-inline" not in policy or path == "/ontology"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
    explorer = site.request("GET", "/")
    assert explorer.headers["content-security-policy"] == f"{page_policy()}; frame-ancestors 'self'"


def test_the_editor_knows_the_vocabulary_and_the_examples(site: Server) -> None:
    page = site.request("GET", "/query").text
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    terms = {one["term"]: one for one in data["terms"]}
    assert terms["pkg:evaluates_on"]["kind"] == "property" and terms["pkg:evaluates_on"]["definition"]
    assert terms["pkg:Benchmark"]["kind"] == "class" and terms["pkg:Benchmark"]["label"] == "benchmark"
    assert {"dct:title", "skos:prefLabel", "oa:exact"} <= terms.keys()
    assert len(data["examples"]) >= 24 and data["prefixes"]["pkg"]


def test_the_ontology_and_the_way_to_the_description(site: Server) -> None:
    page = site.request("GET", "/ontology")
    assert page.kind == "text/html" and 'id="evaluates_on"' in page.text
    turtle = site.request("GET", "/ontology", accept="text/turtle")
    assert turtle.body == site.request("GET", "/ontology.ttl").body and turtle.kind == "text/turtle"
    assert site.request("GET", "/.well-known/void").headers["location"] == "/sparql"
