"""What axe-core finds fault with in the views of the page: nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from paperkg.graph import KnowledgeGraph

VIEWS = (
    "",
    "#paper=2312.04350",
    "#entity=CLadder",
    "#paper=2312.04350&compare=fine-tuning-for-causal-reasoning",
    "#path=entity:GPT-4&to=entity:ImageNet",
    "#view=tables&table=links",
)


@pytest.mark.parametrize(("scheme", "width", "height"), [("light", 1440, 900), ("dark", 390, 844)])
def test_no_violation(
    look: Callable[..., Any], kg: KnowledgeGraph, scheme: str, width: int, height: int
) -> None:
    shown = look(kg, width=width, height=height)
    shown.page.emulate_media(color_scheme=scheme)
    for view in VIEWS:
        shown.go(view)
        found = Axe().run(shown.page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == [], view
