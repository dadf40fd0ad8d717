"""The page in a browser: what a reader can do, with no network."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from paperkg.graph import KnowledgeGraph
from paperkg.html import render_frame, render_page, render_pyvis
from paperkg.model import ExtractedEntity, Extraction, Paper, Provenance, Span

Look = Callable[..., Any]


def test_first_look_is_readable(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    labels = page.evaluate("paperkg.labels()")
    inside = [
        b for b in labels if b["box"][0] > 0 and b["box"][1] > 0 and b["box"][2] < 1440 and b["box"][3] < 900
    ]
    assert len(inside) >= 25
    for one, other in combinations(labels, 2):
        a, b = one["box"], other["box"]
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, other)
    drawn = page.evaluate("paperkg.drawn()")
    assert {f"p{n}" for n in range(40)} <= set(drawn)
    folded = [n for n, name in enumerate(page.evaluate("paperkg.names()")) if name.startswith("Own")]
    assert folded and not {f"e{n}" for n in folded} & set(drawn)
    assert page.locator("#panel").is_hidden()


def test_legend_counts(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    rows = page.locator("#side .check").all_inner_texts()
    counts = {row.split("\n")[0]: row.split("\n")[-1] for row in rows}
    for type_, n in kg.stats().entities.items():
        assert counts[type_] == str(n)
    assert counts["Paper"] == "4"


def test_search_finds_any_spelling_by_keyboard(look: Look, kg: KnowledgeGraph) -> None:
    shown = look(kg)
    page = shown.page
    page.keyboard.press("/")
    page.keyboard.type("c-ladder")
    first = page.locator("#search-list [role=option]").first
    expect(first).to_contain_text("CLadder")
    expect(page.locator("#search")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("CLadder")
    assert "#entity=benchmark/cladder" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("nothing of that name")
    expect(page.locator("#search-list")).to_contain_text("Nothing has that name")


def test_entity_panel_tells_roles_and_words(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#entity=CLADDER").page
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("CLadder")
    expect(panel).to_contain_text("Introduced by 1 paper")
    expect(panel).to_contain_text("Evaluated on by 1 paper")
    expect(panel.locator(".chips", has_text="Spellings")).to_contain_text("CLADDER")
    expect(panel.locator("blockquote mark").first).to_have_text("CLadder")
    values = panel.locator("table td.num")
    expect(values.first).to_be_visible()
    assert values.all_inner_texts() == ["0.9533", "70.40%", "61.5%", "Δ 12.8%"]
    panel.get_by_role("button", name="Value").click()
    assert values.all_inner_texts() == ["Δ 12.8%", "61.5%", "70.40%", "0.9533"]
    panel.get_by_role("button", name="70.40%").click()
    expect(panel.locator("table blockquote")).to_contain_text(
        "CausalCoT reaches an accuracy of 70.40% on CLadder."
    )


def test_paper_panel_marks_mentions_and_links(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=2312.04350").page
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("CLadder: A Benchmark for Causal Reasoning")
    expect(panel).to_contain_text("7 Dec 2023")
    expect(panel.locator(".chips").first).to_contain_text("CausalCoT")
    code = panel.locator(".buttons a", has_text="Code")
    expect(code).to_have_attribute("href", "https://github.com/causalNLP/cladder")
    expect(code).to_have_attribute("rel", "noopener noreferrer")
    mention = panel.locator(".abstract a.mention", has_text="GPT-4")
    expect(mention).to_have_class("mention k-model")
    mention.click()
    expect(panel.locator("h2")).to_have_text("GPT-4")
    page.go_back()
    expect(panel.locator("h2")).to_have_text("CLadder: A Benchmark for Causal Reasoning")
    page.go_forward()
    expect(panel.locator("h2")).to_have_text("GPT-4")


def test_concluded_year_is_marked(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=fine-tuning-for-causal-reasoning").page
    expect(page.locator("#panel .meta")).to_contain_text("8 Feb 2026 ?")
    expect(page.locator("#panel .meta abbr")).to_have_attribute("title", re.compile("the year is concluded"))


def test_offsets_count_as_javascript_does(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=99").page
    expect(page.locator("#panel .abstract .mention")).to_have_text("Causal discovery")


def test_click_opens_a_node_and_the_ground_closes_it(look: Look, kg: KnowledgeGraph) -> None:
    shown = look(kg)
    code = shown.node("accuracy")
    shown.click(code)
    expect(shown.page.locator("#panel h2")).to_have_text("accuracy")
    assert "entity=metric/accuracy" in shown.page.url
    shown.page.get_by_role("button", name="Close the details").click()
    expect(shown.page.locator("#panel")).to_be_hidden()


def test_paper_opens_what_only_it_names(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=2312.04350").page
    names = page.evaluate("paperkg.names()")
    page.wait_for_function(f"paperkg.drawn().includes('e{names.index('GPT-4')}')")


def test_link_shows_evidence_and_confidence(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=fine-tuning-for-causal-reasoning&entity=Winoground").page
    panel = page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("Mentions Winoground")
    expect(panel.locator("mark")).to_have_text("Winoground")
    expect(panel.locator(".sure.weak")).to_have_text("31 %")


def test_filters_follow_the_address_and_count(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    model = page.get_by_role("checkbox", name="Model")
    model.uncheck()
    assert "types=" in page.url
    page.wait_for_function("!paperkg.drawn().some(code => paperkg.kind(code) === 'model')")
    page.go_back()
    expect(model).to_be_checked()
    page.get_by_role("button", name="Only Benchmark").focus()
    page.keyboard.press("Enter")
    expect(model).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="Benchmark")).to_be_checked()
    page.get_by_role("button", name="Clear filters").click()
    expect(model).to_be_checked()
    page.get_by_label("Least confidence in percent").fill("60")
    assert "min=60" in page.url
    page.goto("about:blank")


def test_dates_filter(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread, "#since=2025-01").page
    expect(page.locator("#side .check").first).to_contain_text("20")
    page.get_by_label("Earliest date").fill("0")
    expect(page.locator("#side .check").first).to_contain_text("40")


def test_picture_by_keyboard(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    page.locator("#picture").focus()
    page.keyboard.press("ArrowRight")
    said = page.locator("#live").inner_text()
    assert ": " in said
    page.keyboard.press("ArrowDown")
    page.keyboard.press("+")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()


def test_tables(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#view=tables").page
    rows = page.locator("#tables tbody tr")
    expect(rows.first).to_contain_text("GSM8K")
    page.get_by_role("link", name="Papers", exact=True).click()
    expect(rows).to_have_count(4)
    page.get_by_role("link", name="Entities", exact=True).click()
    expect(rows).to_have_count(len(kg.entities))
    page.get_by_role("link", name="Results").click()
    expect(rows).to_have_count(len(kg.results()))
    page.get_by_role("link", name="Picture", exact=True).click()
    expect(page.locator("#picture")).to_be_visible()


def test_compare_and_path(look: Look, kg: KnowledgeGraph) -> None:
    shown = look(kg, "#paper=2312.04350&compare=fine-tuning-for-causal-reasoning")
    panel = shown.page.locator("#panel")
    expect(panel.locator("h2")).to_have_text("5 entities in common")
    shown.go("#path=entity:GPT-4&to=entity:ImageNet")
    expect(panel.locator("h2")).to_have_text("4 steps")
    expect(panel.locator(".path > li")).to_have_count(5)
    shown.go("#entity=CausalCoT")
    shown.page.get_by_role("button", name="Path to …").click()
    shown.page.get_by_role("combobox", name="Path to a paper or entity").fill("FlexRoPE")
    shown.page.keyboard.press("Enter")
    expect(panel.locator("h2")).to_have_text("4 steps")


def test_unknown_address_says_so(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#entity=%3Cimg%20src%3Dx%3E").page
    expect(page.locator("#panel")).to_contain_text('Nothing here is called "<img src=x>"')


@pytest.mark.parametrize("table", ["constructor", "__proto__", "toString"])
def test_names_of_every_object_are_no_tables(look: Look, kg: KnowledgeGraph, table: str) -> None:
    page = look(kg, f"#view=tables&table={table}").page
    expect(page.locator("#tables [aria-current=page]")).to_have_text("Benchmarks")


def test_signs_alone_are_no_name(look: Look) -> None:
    extractions = []
    for number, name in enumerate((".", "..", "BERT")):
        mention = Span("abstract", 0, len(name), name)
        iri = f"https://w3id.org/paperkg/id/model/{number}"
        entity = ExtractedEntity(
            name, name, "Model", True, "uses", 0.9, mention, (mention,), family=name, iri=iri
        )
        extractions.append(
            Extraction(Paper(id=f"{number}", title=f"Title {number}", abstract=name), (entity,))
        )
    kg = KnowledgeGraph.from_extractions(extractions, Provenance("0.1.0", "rules-1"))
    shown = look(kg, "#entity=..")
    heading = shown.page.locator("#panel h2")
    expect(heading).to_have_text("Not in this graph")
    shown.go("#entity=model/1")
    expect(heading).to_have_text("..")
    shown.go("#family=..")
    expect(heading).to_have_text("..")
    shown.go("#family=-")
    expect(heading).to_have_text("Not in this graph")


@pytest.mark.parametrize("name", ["PNG", "SVG", "CSV", "JSON", "GraphML", "Turtle"])
def test_save(look: Look, kg: KnowledgeGraph, tmp_path: Path, name: str) -> None:
    page = look(kg).page
    page.get_by_text("Save", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"({name})").click()
    file = tmp_path / "saved"
    download.value.save_as(file)
    data = file.read_bytes()
    if name == "PNG":
        assert data.startswith(b"\x89PNG")
    elif name in ("SVG", "GraphML"):
        from xml.etree import ElementTree

        root = ElementTree.fromstring(data)
        assert len(list(root.iter())) > 20
    elif name == "JSON":
        graph = json.loads(data)
        assert {node["kind"] for node in graph["nodes"]} >= {"Paper", "Benchmark"}
        ids = {node["id"] for node in graph["nodes"]}
        assert all(edge["source"] in ids and edge["target"] in ids for edge in graph["edges"])
    elif name == "Turtle":
        import rdflib

        triples = rdflib.Graph().parse(data=data, format="turtle")
        paper = rdflib.URIRef(kg.paper_iri("2312.04350"))
        assert (paper, None, None) in triples
    else:
        assert (
            data.decode().splitlines()[0]
            == '"paper","title","date","relation","entity","name","type","confidence","evidence"'
        )


@pytest.mark.parametrize(
    "view", ["#", "#paper", "#entity=method/x", "#view=tables&table=papers", "#region=0", "link"]
)
def test_attacks_do_nothing(look: Look, hostile: KnowledgeGraph, view: str) -> None:
    shown = look(hostile)
    page = shown.page
    if view == "#paper":
        page.evaluate("location.hash = 'paper=' + encodeURIComponent(paperkg.id('p0'))")
    elif view == "link":
        page.evaluate("location.hash = 'entity=method/x&paper=' + encodeURIComponent(paperkg.id('p0'))")
    else:
        page.evaluate("hash => location.hash = hash", view)
    if view not in ("#", "#view=tables&table=papers"):
        expect(page.locator("#panel")).to_be_visible()
    page.locator("#search").fill("names")
    page.mouse.move(600, 450)
    for details in page.locator("#panel .unfold").all():
        details.click()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    links = page.evaluate("[...document.querySelectorAll('[href]')].map(a => a.getAttribute('href'))")
    assert all(link.startswith(("#", "http://", "https://")) for link in links)
    outward = page.evaluate("[...document.querySelectorAll('a.out')].map(a => a.rel)")
    assert all(rel == "noopener noreferrer" for rel in outward)


def test_pyvis_page_draws_and_is_safe(look: Look, kg: KnowledgeGraph, hostile: KnowledgeGraph) -> None:
    for graph in (kg, hostile):
        page = look(render_pyvis(graph)).page
        expect(page.locator("#network canvas")).to_be_visible()
        page.mouse.move(720, 450)
        assert page.evaluate("window.hacked") is None
        assert page.locator("img").count() == 0


def test_large_graph_draws_a_part(look: Look, large: KnowledgeGraph) -> None:
    shown = look(large)
    first = shown.page.evaluate("paperkg.drawn()")
    assert 100 < len(first) <= 1500
    shown.page.locator("#picture").focus()
    for _ in range(6):
        shown.page.keyboard.press("+")
    shown.page.wait_for_function("first => paperkg.drawn().some(code => !first.includes(code))", arg=first)
    assert len(shown.page.evaluate("paperkg.drawn()")) <= 1500
    shown.go("#entity=everywhere")
    expect(shown.page.locator("#panel")).to_contain_text("Addressed by 700 papers")
    assert len(shown.page.evaluate("paperkg.drawn()")) <= 1500


def test_phone(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, width=390, height=844).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("checkbox", name="Model")).to_be_visible()
    page.get_by_role("button", name="Filters").click()
    page.locator("#search").fill("cladder")
    page.keyboard.press("Enter")
    box = page.locator("#panel").bounding_box()
    assert box is not None and box["width"] == 390


def test_theme(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ground) != before


def test_answer_of_a_query(look: Look, kg: KnowledgeGraph) -> None:
    gsm8k = kg.entity("GSM8K")
    texts = [gsm8k.iri, kg.paper_iri("paper/../3"), "https://example.org/no-node", "GSM8K"]
    page = look(render_page(kg, title="Tests", show=texts)).page
    expect(page.locator("#panel h2")).to_have_text("1 paper, 1 entity")
    assert "#show=answer" in page.url
    page.get_by_role("button", name="Close the details").click()
    expect(page.locator("#panel")).to_be_hidden()


def test_frame_of_a_notebook(look: Look, kg: KnowledgeGraph) -> None:
    page = look("<!DOCTYPE html><title>Notebook</title>" + render_frame(kg, title='A "graph"')).page
    frame = page.frame_locator("iframe")
    frame.locator("#search").fill("cladder")
    frame.locator("#search").press("Enter")
    expect(frame.locator("#panel h2")).to_have_text("CLadder")
    frame.locator("#panel a.node", has_text="Fine-Tuning").first.click()
    expect(frame.locator("#panel h2")).to_have_text("Fine-Tuning for Causal Reasoning")
    frame.get_by_label("Least confidence in percent").fill("40")
    expect(frame.get_by_role("button", name="Clear filters")).to_be_visible()


def test_a_search_reads_no_more_than_anybody_types(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    page.locator("#search").fill("cladder" + " " * 400 + "and more words than any name has" * 10_000)
    expect(page.locator("#search-list [role=option]").first).to_contain_text("CLadder")


def test_an_address_of_many_parts_is_read_in_linear_time(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    took = page.evaluate(
        """async () => {
          const begun = performance.now();
          location.hash = Array.from({ length: 30000 }, (_, n) => `k${n}=v`).join("&") + "&view=tables";
          while (!document.body.classList.contains("tabular")) await new Promise(requestAnimationFrame);
          return performance.now() - begun;
        }"""
    )
    assert took < 10_000
