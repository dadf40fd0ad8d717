"""What axe-core finds fault with in the views of the page: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from paperkg.graph import KnowledgeGraph

VIEWS = (
    "",
    "#paper=2312.04350",
    "#entity=CLadder",
    "#family=GPT",
    "#region=CLadder",
    "#paper=2312.04350&entity=CLadder",
    "#paper=2312.04350&compare=fine-tuning-for-causal-reasoning",
    "#path=entity:GPT-4&to=entity:ImageNet",
    "#entity=nothing-of-that-name",
    "#min=95&types=Task&pages=a.txt",
)
TABLES = (
    "benchmarks",
    "results",
    "models",
    "families",
    "introduced",
    "tasks",
    "time",
    "papers",
    "pairs",
    "regions",
    "entities",
    "links",
)


def faults(page: Any) -> list[tuple[str, str]]:
    """What axe-core finds fault with: the rule and the element."""
    found = Axe().run(page).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in found]


@pytest.mark.parametrize(("scheme", "width", "height"), [("light", 1440, 900), ("dark", 390, 844)])
def test_no_violation(
    look: Callable[..., Any], kg: KnowledgeGraph, scheme: str, width: int, height: int
) -> None:
    shown = look(kg, width=width, height=height)
    shown.page.emulate_media(color_scheme=scheme)
    for view in VIEWS:
        shown.go(view)
        assert faults(shown.page) == [], view


@pytest.mark.parametrize(("scheme", "width", "height"), [("dark", 1440, 900), ("light", 390, 844)])
def test_no_violation_in_tables(
    look: Callable[..., Any], kg: KnowledgeGraph, scheme: str, width: int, height: int
) -> None:
    shown = look(kg, width=width, height=height)
    shown.page.emulate_media(color_scheme=scheme)
    for table in TABLES:
        shown.go(f"#view=tables&table={table}")
        assert faults(shown.page) == [], table


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_in_what_opens(look: Callable[..., Any], kg: KnowledgeGraph, scheme: str) -> None:
    shown = look(kg, "#entity=CLadder")
    page = shown.page
    page.emulate_media(color_scheme=scheme)
    page.locator("#search").fill("causal")
    assert faults(page) == []
    page.locator("#search").fill("")
    for menu in ("Help", "Save"):
        page.get_by_label(menu, exact=True).click()
        assert faults(page) == [], menu
    page.get_by_role("button", name="Path to …").click()
    page.get_by_role("combobox", name="Path to").fill("qwen")
    for button in page.locator("#panel .value").all():
        button.click()
    assert faults(page) == []


def test_a_choice_closes_the_menu_and_leaves_the_focus_on_it(
    look: Callable[..., Any], kg: KnowledgeGraph
) -> None:
    page = look(kg).page
    menu = page.get_by_label("Save", exact=True)
    for name in ("CSV", "JSON", "Turtle"):  # it opens again at once
        menu.click()
        with page.expect_download():
            page.get_by_role("button", name=f"({name})").click()
        expect(page.locator(".menu[open]")).to_have_count(0)
        expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".menu[open] button").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu[open]")).to_have_count(0)
    expect(menu).to_be_focused()


def test_a_menu_holds_nothing_of_the_view_before(look: Callable[..., Any], kg: KnowledgeGraph) -> None:
    shown = look(kg)
    buttons = shown.page.locator(".menu-list button")
    shown.page.get_by_label("Save", exact=True).click()
    expect(buttons.filter(has_text="(SVG)")).to_be_visible()
    shown.page.keyboard.press("Escape")
    expect(buttons).to_have_count(0)
    shown.go("#view=tables")
    shown.page.get_by_label("Save", exact=True).click()
    expect(buttons).to_have_text([re.compile("CSV"), re.compile("JSON")])


def test_a_click_on_words_leaves_a_menu_open(look: Callable[..., Any], kg: KnowledgeGraph) -> None:
    page = look(kg).page
    page.get_by_label("Help", exact=True).click()
    page.get_by_text("Each view has its own address").click()
    expect(page.locator(".keys")).to_be_visible()
    page.mouse.click(600, 600)
    expect(page.locator(".keys")).to_be_hidden()
