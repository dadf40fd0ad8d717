"""The pages of a server in a browser: what a reader does with them, with mouse and keys, and what attacks do."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from client import Server
from playwright.sync_api import Browser, Page, expect
from serving_graph import serving

from browsing import ATTACK
from paperkg.graph import KnowledgeGraph
from paperkg.model import EntityRelation, Result

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def site(small_graph: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    kg = KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)
    with serving(kg, tmp_path_factory.mktemp("graph")) as running:
        yield running


@pytest.fixture(scope="module")
def attacked(hostile: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The graph that attacks, with results and relations that do."""
    extractions = []
    for one in hostile.extractions:
        mention = one.entities[0].mentions[0]
        names = [entity.name for entity in one.entities]
        extractions.append(
            replace(
                one,
                results=(Result(ATTACK, "absolute", 1.0, ATTACK, mention, 0.5, names[0], names[1]),),
                entity_relations=(EntityRelation(names[0], "based_on", names[1], 0.5, mention),),
            )
        )
    kg = KnowledgeGraph.from_extractions(extractions, hostile.provenance)
    with serving(kg, tmp_path_factory.mktemp("attacked")) as running:
        yield running


@pytest.fixture
def visit(browser: Browser, site: Server) -> Iterator[Visit]:
    """Opens a page of a server; afterwards it has asked no other host and nothing went wrong in it."""
    contexts, asked, errors = [], list[str](), list[str]()

    def opened(
        path: str, server: Server = site, *, width: int = 1440, height: int = 900, scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            java_script_enabled=scripts,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        if path.startswith("/query") and scripts:
            page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    own = ("http://127.0.0.1:", "blob:http://127.0.0.1:", "data:,")
    assert [url for url in asked if not url.startswith(own)] == []
    # a refused query is an answer with status 400, which the browser calls an error
    assert [error for error in errors if "status of 4" not in error] == []


def query(text: str, view: str = "") -> str:
    return f"/query?query={quote(text)}" + (f"&view={view}" if view else "")


def written(page: Page) -> str:
    return "\n".join(page.locator("#editor .cm-line").all_inner_texts())


def test_the_first_look_has_an_example_and_its_answer(visit: Visit) -> None:
    page = visit("/query")
    expect(page.locator("#status")).to_contain_text("rows in")
    expect(page.locator("[data-example][aria-current]")).to_have_count(1)
    expect(page.locator("#view table").get_by_role("link", name="CLadder")).to_have_attribute(
        "href", "/id/benchmark/cladder"
    )


def test_examples_are_chosen_and_stand_in_the_address(visit: Visit) -> None:
    page = visit("/query")
    page.get_by_role("link", name="Leaderboards").click()
    expect(page.locator("#explanation")).to_contain_text("best first")
    assert page.url.endswith("/query?example=leaderboard")
    assert "Leaderboards" in written(page)
    page.go_back()
    expect(page.locator("[data-example][aria-current]")).to_contain_text("evaluate on")


def test_every_example_answers_and_can_be_drawn_where_it_should(visit: Visit) -> None:
    page = visit("/query")
    for link in page.locator("[data-example]").all():
        link.click()
        expect(page.locator("#status")).to_contain_text("in 0.")
        expect(page.locator("#problem")).to_be_hidden()
        for tab in page.get_by_role("tab").all():
            if tab.is_enabled():
                tab.click()
                expect(page.locator("#view > *").first).to_be_visible()


def test_writing_completes_runs_and_shares(visit: Visit) -> None:
    page = visit(query("SELECT ?n WHERE {  }"))
    editor = page.get_by_role("textbox", name="SPARQL query")
    editor.focus()
    page.keyboard.press("ControlOrMeta+End")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.type(" ?b a pkg:Bench")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("pkg:Benchmark")
    expect(page.locator(".cm-completionInfo")).to_be_visible()
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    page.keyboard.type(" . ?b skos:prefL")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("skos:prefLabel")
    page.wait_for_timeout(200)  # the editor takes an Enter that comes too soon for a new line
    page.keyboard.press("Enter")
    page.keyboard.type(" ?")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("?n")
    page.keyboard.type("n")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#status")).to_contain_text("3 rows in")
    expect(page.locator("#view tbody")).to_contain_text("CLadder")
    address = page.url
    again = visit(address.partition(":")[2].partition("/query")[1] + address.partition("/query")[2])
    expect(again.locator("#view tbody")).to_contain_text("CLadder")
    assert written(again) == written(page)


def test_keywords_and_prefixes_are_completed_and_literals_are_not(visit: Visit) -> None:
    page = visit(query("ASK {}"))
    page.get_by_role("textbox", name="SPARQL query").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.type("PREFIX sk")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("skos:")
    page.wait_for_timeout(200)  # the editor takes an Enter that comes too soon for a new line
    page.keyboard.press("Enter")
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in written(page)
    page.keyboard.press("Enter")
    page.keyboard.type("SEL")
    expect(page.locator(".cm-tooltip-autocomplete li").first).to_contain_text("SELECT")
    page.keyboard.press("Escape")
    page.keyboard.type('ECT * { ?s ?p "pkg:uses ')
    page.wait_for_timeout(300)
    expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)


def test_what_a_term_means_is_shown_under_the_pointer(visit: Visit) -> None:
    page = visit(query("SELECT * { ?p pkg:evaluates_on ?b }"))
    page.locator("#editor .cm-line").get_by_text("pkg:evaluates_on").hover()
    expect(page.locator(".cm-term")).to_contain_text("pkg:evaluates_on (property)")


def test_an_error_is_told_and_marked_at_its_place(visit: Visit) -> None:
    page = visit(query("SELECT ?p WHERE {\n  ?p a pkg:Paper .\n  ?p foo:bar ?x .\n}"))
    expect(page.locator("#problem")).to_contain_text("line 3, column ")
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)
    page.get_by_role("link", name="Leaderboards").click()
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_what_the_grammar_does_not_know_is_marked_while_writing(visit: Visit) -> None:
    page = visit(query("SELECT ?p WHERE { ?p a pkg:Paper }"))
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    page.get_by_role("textbox", name="SPARQL query").focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" LIMIT x")
    expect(page.locator(".cm-lintRange-error")).not_to_have_count(0)


def test_the_table_shows_names_and_sorts(visit: Visit) -> None:
    page = visit(query("SELECT ?e ?n { ?e a pkg:Entity ; pkg:spelling/pkg:occurrences ?n } ORDER BY ?e"))
    view = page.locator("#view")
    expect(view.get_by_role("link", name="CausalCoT").first).to_have_attribute("href", "/id/method/causalcot")
    view.get_by_role("button", name="n", exact=True).click()
    numbers = [int(n) for n in view.locator("td.num").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) > 5


def test_the_answer_is_drawn_in_the_explorer(visit: Visit) -> None:
    page = visit(query("SELECT ?paper { ?paper pkg:mentions ?e . ?e skos:prefLabel 'CLadder' }", "graph"))
    frame = page.frame_locator("iframe.explorer")
    expect(frame.locator("html")).to_have_attribute("data-ready", "yes")
    expect(frame.locator("html")).to_have_class("framed")
    link = page.get_by_role("link", name="Open in the explorer")
    assert str(link.get_attribute("href")).count("show=paper") == 2
    link.click()
    expect(page.locator("#panel h2")).to_have_text("2 papers")
    expect(page.locator("#panel")).to_contain_text("Fine-Tuning for Causal Reasoning")


@pytest.mark.parametrize("view", ["constructor", "__proto__", "toString"])
def test_names_of_every_object_are_no_views(visit: Visit, view: str) -> None:
    text = "SELECT ?name (COUNT(*) AS ?papers) { [] pkg:mentions/skos:prefLabel ?name } GROUP BY ?name"
    page = visit(query(text, view))
    expect(page.locator("#view tbody")).to_contain_text("CLadder")


def test_numbers_are_drawn_as_bars_and_years_as_lines(visit: Visit) -> None:
    page = visit(
        query(
            "SELECT ?name (COUNT(*) AS ?papers) { [] pkg:mentions/skos:prefLabel ?name } GROUP BY ?name",
            "chart",
        )
    )
    expect(page.locator(".plot rect")).not_to_have_count(0)
    expect(page.locator(".plot a", has_text="CLadder")).to_have_attribute("href", "/id/benchmark/cladder")
    page = visit(query("SELECT ?year (COUNT(*) AS ?papers) { [] pkg:year ?year } GROUP BY ?year", "chart"))
    expect(page.locator(".plot .series circle")).to_have_count(3)


def test_a_construct_gives_triples(visit: Visit) -> None:
    page = visit(query("CONSTRUCT { ?e skos:prefLabel ?n } WHERE { ?e skos:prefLabel ?n }"))
    expect(page.locator("#status")).to_contain_text("triples in")
    expect(page.locator("#view thead")).to_contain_text("property")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Turtle").click()
    assert b"skos:prefLabel" in waiting.value.path().read_bytes()


def test_an_ask_gives_yes_or_no(visit: Visit) -> None:
    expect(visit(query("ASK { ?s a pkg:Paper }")).locator("#view")).to_have_text("Yes")
    expect(visit(query("SELECT * { ?s a pkg:Nothing }")).locator("#view")).to_contain_text("No rows")


def test_an_answer_is_taken_away(visit: Visit) -> None:
    page = visit("/query?example=benchmark-coverage")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    assert waiting.value.suggested_filename == "benchmark-coverage.csv"
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8"))))
    assert "CLadder" in {row["name"] for row in rows}


def test_the_keyboard_suffices(visit: Visit) -> None:
    page = visit("/query")
    editor = page.get_by_role("textbox", name="SPARQL query")
    for _ in range(60):
        page.keyboard.press("Tab")
        if editor.evaluate("node => node.getRootNode().activeElement === node"):
            break
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("tab", name="Table")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Graph")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Chart")).to_have_attribute("aria-selected", "true")
    assert "view=chart" in page.url


def test_the_explorer_and_the_editor_lead_to_each_other(visit: Visit) -> None:
    page = visit("/")
    page.get_by_role("link", name="Query").click()
    expect(page).to_have_title("Query · 4 papers · paperkg")
    page.get_by_role("link", name="Explorer").click()
    expect(page.locator("#picture")).to_be_visible()


def test_pages_work_without_scripts(visit: Visit) -> None:
    page = visit("/id/paper/2312.04350", scripts=False)
    page.locator(".abstract").get_by_role("link", name="GPT-4").click()
    expect(page.locator("h1")).to_have_text("GPT-4")
    page.get_by_role("link", name="CLadder: A Benchmark for Causal Reasoning").first.click()
    page.locator(".because summary").first.click()
    expect(page.locator(".because blockquote").first).to_be_visible()
    page.get_by_role("searchbox").fill("winoground")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Winoground")).to_be_visible()
    page = visit("/query", scripts=False)
    expect(page.get_by_role("button", name="Run").last).to_be_visible()


ATTACKED = ("/", "/find?q=script", "/find?q=" + quote(ATTACK), "/id/" + quote(ATTACK), "/query")


def test_attacks_do_nothing(visit: Visit, attacked: Server) -> None:
    classes = "pkg:Paper pkg:Entity pkg:Family pkg:Result pkg:Organisation pkg:Page"
    found = attacked.ask(f"SELECT DISTINCT ?s {{ VALUES ?c {{ {classes} }} ?s a ?c }}").body
    iris = [row["s"]["value"] for row in json.loads(found)["results"]["bindings"]]
    page = visit("/", attacked)
    for path in (*ATTACKED, *("/id/" + iri.removeprefix("https://w3id.org/paperkg/id/") for iri in iris)):
        page.goto(f"http://127.0.0.1:{attacked.port}{path}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("window.hacked") is None, path
        assert page.locator("a[href^='javascript']").count() == 0, path


@pytest.mark.parametrize("view", ["table", "graph", "chart"])
def test_attacks_in_answers_do_nothing(visit: Visit, attacked: Server, view: str) -> None:
    text = (
        "SELECT ?s ?o (1 AS ?n) ?made ?iri { ?s ?p ?o BIND('<img src=x onerror=window.hacked=1>' AS ?made) "
        "BIND(IRI('javascript:window.hacked=1') AS ?iri) }"
    )
    page = visit(query(text, view), attacked)
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.locator("a[href^='javascript']").count() == 0
    page = visit(query(f"# {ATTACK}\nCONSTRUCT WHERE {{ ?s ?p ?o }}", view), attacked)
    assert page.evaluate("window.hacked") is None


VIEWS = (
    "/query?example=benchmark-coverage",
    "/query?example=who-evaluates-on&view=graph",
    "/query?example=benchmark-coverage&view=chart",
    "/query?example=tasks-over-time&view=chart",
    query("SELECT nothing"),
    "/id/paper/2312.04350",
    "/id/benchmark/cladder",
    "/id/family/gpt",
    "/id/result/2312.04350/1",
    "/id/page/a.txt",
    "/find?q=causal",
    "/nothing",
)


@pytest.mark.parametrize(("scheme", "width", "height"), [("light", 1440, 900), ("dark", 390, 844)])
def test_no_violation(visit: Visit, site: Server, scheme: Any, width: int, height: int) -> None:
    page = visit("/find", width=width, height=height)
    page.emulate_media(color_scheme=scheme)
    for path in VIEWS:
        page.goto(f"http://127.0.0.1:{site.port}{path}")
        if path.startswith("/query"):
            page.wait_for_selector("html[data-ready]")
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], path
