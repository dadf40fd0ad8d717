"""What a reader does with the page: names, lines and regions under the pointer, tables, near misses, the keyboard alone."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from paperkg.graph import KnowledgeGraph

Look = Callable[..., Any]


def label(page: Page, text: str) -> tuple[float, float]:
    """The middle of a label on the screen."""
    found = next(x for x in page.evaluate("paperkg.labels()") if x["text"] == text)
    stage = page.locator("#picture").bounding_box()
    assert stage is not None
    left, top, right, bottom = found["box"]
    return stage["x"] + (left + right) / 2, stage["y"] + (top + bottom) / 2


def along(page: Page, one: str, other: str) -> list[tuple[float, float]]:
    """Points on the line between two nodes on the screen."""
    stage = page.locator("#picture").bounding_box()
    assert stage is not None
    a, b = (page.evaluate("code => paperkg.point(code)", code) for code in (one, other))
    steps = [i / 20 for i in range(3, 18)]
    return [
        (stage["x"] + a["x"] + t * (b["x"] - a["x"]), stage["y"] + a["y"] + t * (b["y"] - a["y"]))
        for t in steps
    ]


def saved(page: Page, tmp_path: Path, button: str) -> str:
    page.get_by_label("Save", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = tmp_path / "saved"
    download.value.save_as(file)
    return file.read_bytes().decode()


def test_a_click_on_a_name_opens_what_it_names(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    page.mouse.click(*label(page, "everywhere"))
    expect(page.locator("#panel h2")).to_have_text("everywhere")


def test_a_click_on_a_region_opens_it_by_name(look: Look, spread: KnowledgeGraph) -> None:
    shown = look(spread)
    page = shown.page
    found = next(x for x in page.evaluate("paperkg.labels()") if "region" in x and x["region"] is not None)
    page.mouse.click(*label(page, found["text"]))
    expect(page.locator("#panel .eyebrow")).to_have_text("Region")
    expect(page.locator("#panel h2")).to_contain_text(found["text"])
    assert "#region=" in page.url and not page.url.split("#region=")[1].isdigit()
    address = page.url
    shown.go("#" + address.split("#")[1])
    expect(page.locator("#panel h2")).to_contain_text(found["text"])


def test_papers_apart_are_a_region_of_their_own(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#view=tables&table=regions").page
    expect(page.locator("#tables tbody tr").first).to_be_visible()
    apart = page.get_by_role("link", name="Papers apart")
    if apart.count():
        apart.click()
        expect(page.locator("#panel")).to_contain_text("share little or nothing with the others")
        assert "#region=apart" in page.url


def test_a_line_under_the_pointer_says_what_it_rests_on(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=2312.04350").page
    names = page.evaluate("paperkg.names()")
    tip = page.locator("#tip")
    said = []
    for point in along(page, "p0", f"e{names.index('accuracy')}"):
        page.mouse.move(*point)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        said.append(tip.inner_text() if tip.is_visible() else "")
    found = next(text for text in said if "% sure" in text)
    assert "CLadder evaluates with accuracy" in found
    assert "reaches an accuracy of 70.40%" in found
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_pages_stand_in_the_address_by_name(look: Look, spread: KnowledgeGraph) -> None:
    shown = look(spread, "#pages=page1.txt")
    page = shown.page
    papers = page.locator("#side .check").first
    expect(papers).to_contain_text("20")
    page.locator("summary", has_text="Page").click()
    page.get_by_role("checkbox", name="page0.txt").check()
    expect(papers).to_contain_text("40")
    page.get_by_role("button", name="Only page0.txt").focus()
    page.keyboard.press("Enter")
    assert "pages=page0.txt" in page.url
    shown.go("#pages=no.such.page")
    expect(page.locator("#empty")).to_contain_text("No paper passes the filters")
    page.locator("#empty").get_by_role("button", name="Clear filters").click()
    expect(page.locator("#empty")).to_be_hidden()
    expect(papers).to_contain_text("40")


def test_a_filter_keeps_all_that_is_shown(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#show=CLadder&show=GSM8K&show=2312.04350").page
    expect(page.locator("#panel h2")).to_have_text("1 paper, 2 entities")
    page.get_by_role("checkbox", name="Metric").uncheck()
    expect(page.locator("#panel h2")).to_have_text("1 paper, 2 entities")
    assert page.url.count("show=") == 3


def test_what_is_missing_is_said_beside_what_is_there(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=2312.04350&compare=no-such-paper").page
    expect(page.locator("#panel")).to_contain_text('Nothing here is called "no-such-paper"')
    expect(page.locator("#panel h2")).to_have_text("CLadder: A Benchmark for Causal Reasoning")


def test_two_clicks_in_one_breath_both_count(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    page.evaluate(
        "document.querySelector('[aria-label=\"Only Model\"]').click();"
        "[...document.querySelectorAll('.check')].find(x => x.textContent.startsWith('Task')).click()"
    )
    assert page.url.endswith("#types=Model&types=Task")
    expect(page.get_by_role("checkbox", name="Model")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Method")).not_to_be_checked()


@pytest.mark.parametrize(
    ("typed", "name"),
    [("CLdader", "CLadder"), ("Winogroundd", "Winoground"), ("fine tuning for", "Fine-Tuning")],
)
def test_a_slip_of_the_finger_is_forgiven(look: Look, kg: KnowledgeGraph, typed: str, name: str) -> None:
    page = look(kg).page
    page.locator("#search").fill(typed)
    expect(page.locator("#search-list [role=option]").first).to_contain_text(name)


def test_papers_are_found_by_their_identifier(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    page.locator("#search").fill("2312.04350")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("CLadder: A Benchmark for Causal Reasoning")


def test_family_shows_its_members_and_their_papers(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#entity=GPT-4").page
    panel = page.locator("#panel")
    panel.locator(".chips", has_text="Family").get_by_role("link", name="GPT", exact=True).click()
    expect(panel.locator("h2")).to_have_text("GPT")
    expect(panel).to_contain_text("2 members")
    assert "#family=GPT" in page.url
    expect(panel).to_contain_text("Compared with by 2 papers")


def test_a_version_leads_to_what_it_is_a_version_of(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#entity=GPT-4o").page
    page.locator("#panel .chips", has_text="Version of").get_by_role("link", name="GPT-4").click()
    expect(page.locator("#panel h2")).to_have_text("GPT-4")


def test_results_of_one_benchmark(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#view=tables").page
    page.locator("#tables tr", has_text="CLadder").get_by_role("link", name="4").click()
    assert "on=benchmark/cladder" in page.url
    rows = page.locator("#tables tbody tr")
    expect(rows.first).to_contain_text("0.9533")
    everything = len(kg.results())
    page.get_by_label("Results on").select_option("")
    expect(rows).to_have_count(everything)


@pytest.mark.parametrize("table", ["time", "pairs", "regions", "families", "tasks", "models", "introduced"])
def test_every_table_sorts_and_is_saved(
    look: Look, spread: KnowledgeGraph, kg: KnowledgeGraph, tmp_path: Path, table: str
) -> None:
    page = look(kg if table == "families" else spread, f"#view=tables&table={table}").page
    first = page.locator("#tables tbody tr").first
    expect(first).to_be_visible()
    heads = page.locator("#tables thead button")
    for i in range(heads.count()):
        heads.nth(i).click()
        assert page.locator("#tables th[aria-sort=ascending], #tables th[aria-sort=descending]").count() == 1
    shown = page.locator("#tables thead th").count()
    rows = list(csv.reader(io.StringIO(saved(page, tmp_path, "This table (CSV)"))))
    assert len(rows) > 1 and all(len(row) == shown for row in rows)
    assert len(json.loads(saved(page, tmp_path, "This table (JSON)"))) == len(rows) - 1


def test_over_time_counts_papers(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread, "#view=tables&table=time").page
    row = page.locator("#tables tbody tr", has_text="everywhere")
    counts = [int(text) for text in row.locator(".heat").all_inner_texts() if text != "·"]
    assert sum(counts) == 40


def test_pairs_lead_to_a_comparison(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread, "#view=tables&table=pairs").page
    page.locator("#tables tbody tr").first.get_by_role("link", name="Compare").click()
    expect(page.locator("#panel h2")).to_contain_text("in common")


def test_long_lists_come_in_steps(look: Look, large: KnowledgeGraph) -> None:
    shown = look(large, "#entity=everywhere")
    panel = shown.page.locator("#panel")
    said = panel.locator("article")
    assert said.count() == 6
    panel.get_by_role("button", name="Show 50 more of 694").click()
    expect(said).to_have_count(56)
    shown.go("#view=tables&table=links")
    rows = shown.page.locator("#tables tbody tr")
    expect(rows).to_have_count(30)
    shown.page.get_by_role("button", name="Show 200 more").click()
    expect(rows).to_have_count(230)


def test_the_hint_goes_with_the_first_deed(look: Look, kg: KnowledgeGraph) -> None:
    shown = look(kg)
    expect(shown.page.locator("#hint")).to_be_visible()
    shown.page.locator("#search").fill("cladder")
    shown.page.keyboard.press("Enter")
    expect(shown.page.locator("#hint")).to_have_count(0)
    shown.go("#entity=CLadder")
    expect(shown.page.locator("#hint")).to_have_count(0)


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Presses Tab until what is in focus has this name."""
    script = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(script).strip() == name:
            return
    raise AssertionError(f"no way to {name!r} with the Tab key")


def test_everything_by_keyboard_alone(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg).page
    keys = page.keyboard
    panel = page.locator("#panel")
    keys.press("/")
    keys.type("causalcot")
    keys.press("Enter")
    expect(panel.locator("h2")).to_have_text("CausalCoT")
    tab_to(page, "Path to …")
    keys.press("Enter")
    keys.type("FlexRoPE")
    keys.press("Enter")
    expect(panel.locator("h2")).to_have_text("4 steps")
    keys.press("Escape")
    expect(panel).to_be_hidden()
    page.locator("body").evaluate("document.activeElement.blur()")
    tab_to(page, "Help")
    keys.press("Enter")
    expect(page.locator(".keys")).to_be_visible()
    keys.press("Escape")
    expect(page.locator(".keys")).to_be_hidden()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Help"
    page.locator("body").evaluate("document.activeElement.blur()")
    tab_to(page, "Tables")
    keys.press("Enter")
    tab_to(page, "Regions")
    keys.press("Enter")
    expect(page.locator("#tables caption")).to_contain_text("Regions of the picture")
    tab_to(page, "Papers")
    keys.press("Enter")
    expect(page.locator("#tables tbody tr").first).to_be_visible()


def test_parts_of_a_panel_are_a_step_away(look: Look, kg: KnowledgeGraph) -> None:
    page = look(kg, "#paper=2312.04350").page
    page.get_by_role("navigation", name="Parts of the details").get_by_role(
        "button", name="Evaluates with"
    ).click()
    assert page.evaluate("document.activeElement.textContent").startswith("Evaluates with")


def test_a_phone_shows_the_picture_upright(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread, width=390, height=844).page
    points = [page.evaluate("code => paperkg.point(code)", code) for code in page.evaluate("paperkg.drawn()")]
    wide = max(p["x"] for p in points) - min(p["x"] for p in points)
    high = max(p["y"] for p in points) - min(p["y"] for p in points)
    assert high > wide and high > 400


def test_an_empty_graph_says_so(look: Look) -> None:
    from paperkg.html import render_page
    from paperkg.model import Provenance

    empty = KnowledgeGraph.from_extractions([], Provenance("0.1.0", "rules-1"))
    page = look(render_page(empty, title="Nothing")).page
    expect(page.locator("#empty")).to_contain_text("This graph holds no papers")
    page.get_by_role("link", name="Tables").click()
    expect(page.locator("#tables")).to_contain_text("nothing to show")


HOSTILE = "</script><img src=x onerror=window.hacked=1>\"'&={{7*7}}"


@pytest.mark.parametrize(
    "key",
    [
        "paper",
        "entity",
        "region",
        "family",
        "pages",
        "types",
        "on",
        "path",
        "compare",
        "table",
        "since",
        "min",
    ],
)
def test_attacks_in_the_address_do_nothing(look: Look, kg: KnowledgeGraph, key: str) -> None:
    page = look(kg, f"#{key}={quote(HOSTILE)}&view=tables&table=results&to={quote(HOSTILE)}").page
    expect(page.locator("#tables")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("sign", ["=", "\uff1d"])
def test_attacks_in_saved_tables_stay_text(
    look: Look, hostile: KnowledgeGraph, tmp_path: Path, sign: str
) -> None:
    formula = f'{sign}HYPERLINK("http://evil.example")'
    extractions = [replace(x, paper=replace(x.paper, title=formula)) for x in hostile.extractions]
    from paperkg.html import render_page

    page = look(
        render_page(KnowledgeGraph.from_extractions(extractions, hostile.provenance), title="t"),
        "#view=tables&table=papers",
    ).page
    rows = list(csv.reader(io.StringIO(saved(page, tmp_path, "This table (CSV)"))))
    assert rows[1][0] == "'" + formula
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    for table in ("time", "pairs", "regions", "families", "entities", "links", "results"):
        page.evaluate("table => location.hash = `view=tables&table=${table}`", table)
        saved(page, tmp_path, "This table (CSV)")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
