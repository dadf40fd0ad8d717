"""The page as a text: self-contained, safe, the same each time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.graph import KnowledgeGraph
from paperkg.html import render_page, render_pyvis
from paperkg.html.page import FIRST_LOOK, LINKS_EACH, MOST_DRAWN
from paperkg.html.payload import ShownText, date_text, short_title
from paperkg.html.templates import inert_json
from paperkg.model import PartialDate, Provenance


class Elements(HTMLParser):
    """Scripts and styles of a page with their attributes, all attributes of all elements, and comments."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside: list[tuple[str, dict[str, str | None], str]] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.comments: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag in ("script", "style"):
            self.inside.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.lasttag in ("script", "style") and self.inside:
            tag, attrs, text = self.inside[-1]
            self.inside[-1] = (tag, attrs, text + data)

    def handle_endtag(self, tag: str) -> None:
        self.lasttag = ""

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


@pytest.fixture(scope="module")
def page(kg: KnowledgeGraph) -> str:
    return render_page(kg, title="Tests")


def data_of(text: str, part: str) -> Any:
    found = next(t for tag, attrs, t in Elements(text).inside if attrs.get("id") == part)
    return json.loads(found)


@pytest.mark.parametrize("graph", ["kg", "hostile"])
def test_nothing_is_loaded_and_only_our_scripts_run(graph: str, request: pytest.FixtureRequest) -> None:
    kg = request.getfixturevalue(graph)
    for text in (render_page(kg, title="</title><script>1</script>"), render_pyvis(kg)):
        elements = Elements(text)
        loaders = [
            a for a in elements.attributes if a[1] in ("src", "srcset", "data", "poster", "action", "style")
        ]
        assert loaders == []
        assert not [a for a in elements.attributes if a[1].startswith("on")]
        assert not [
            a for a in elements.attributes if a[0] == "link" or (a[1] == "href" and (a[2] or "")[:1] != "#")
        ]
        assert elements.comments == []
        policy = next(
            v for tag, name, v in elements.attributes if name == "content" and v and "default-src" in v
        )
        assert "default-src 'none'" in policy
        allowed = re.findall(r"'sha256-([^']+)'", policy)
        for tag, attrs, code in elements.inside:
            if attrs.get("type") == "application/json":
                assert "<" not in code
                json.loads(code)
            elif tag == "script":
                assert base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() in allowed


def test_page_has_one_script_and_draws_a_part(page: str) -> None:
    core = data_of(page, "core")
    assert len(re.findall(r"<script>", page)) == 1
    assert core["limits"] == {"first": FIRST_LOOK, "most": MOST_DRAWN, "linksEach": LINKS_EACH}
    assert FIRST_LOOK < MOST_DRAWN <= 1500


def test_offsets_point_at_what_was_found(page: str, kg: KnowledgeGraph) -> None:
    core, details = data_of(page, "core"), data_of(page, "details-0")
    for p, (extraction, detail) in enumerate(zip(kg.extractions, details, strict=True)):
        texts = (core["papers"]["title"][p], detail["abstract"])
        row = core["papers"]["rows"][p]
        by_iri = {entity.iri: entity for entity in extraction.entities}
        for k, spans in enumerate(detail["mentions"]):
            entity = by_iri[kg.base + core["entities"]["id"][row[3 * k]]]
            shown = [utf16(texts[field], start, end) for field, start, end in spans]
            assert shown == [ShownText(mention.text).text for mention in entity.mentions]


def utf16(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def test_offsets_behind_an_emoji_count_two_units() -> None:
    text = ShownText("\U0001f600 CLadder")
    start, end = text.offsets(2, 9)
    assert utf16(text.text, start, end) == "CLadder"
    assert start == text.text.index("CLadder") + 1


def test_a_notebook_shows_the_viewer_in_a_frame(kg: KnowledgeGraph) -> None:
    html = kg.view(height=400)._repr_html_()
    elements = Elements(html)
    attributes = {name: value for tag, name, value in elements.attributes if tag == "iframe"}
    assert attributes["srcdoc"] == render_page(kg, title="Knowledge graph of 4 papers")
    assert "allow-same-origin" not in (attributes["sandbox"] or "")
    assert repr(kg.view()) == "NotebookView()"


def test_empty_graph_has_a_page() -> None:
    empty = KnowledgeGraph.from_extractions([], Provenance("0.1.0", "rules-1"))
    assert data_of(render_page(empty, title="Nothing"), "core")["order"] == []
    assert "<script" in render_pyvis(empty)


def test_same_bytes_whatever_the_hash_seed() -> None:
    conftest = Path(__file__).with_name("conftest.py")
    code = f"""
import hashlib, importlib.util, sys
spec = importlib.util.spec_from_file_location("parts", {str(conftest)!r})
parts = importlib.util.module_from_spec(spec)
sys.modules["parts"] = parts
spec.loader.exec_module(parts)
from paperkg.html import render_page, render_pyvis
kg = parts.spread_graph(30)
print(hashlib.sha256((render_page(kg, title="t") + render_pyvis(kg)).encode()).hexdigest())
"""
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, stdout=subprocess.PIPE
        )
        for seed in ("1", "2")
    ]
    digests = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert digests[0] == digests[1]


@given(st.lists(st.text() | st.integers()) | st.dictionaries(st.text(), st.text()))
def test_inert_json_reads_back(value: Any) -> None:
    text = inert_json(value)
    assert "<" not in text
    assert json.loads(text) == value


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("TabPFN: A Transformer That Solves Small Tables", "TabPFN"),
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("Aligning Language Models with Observational Data", "Aligning Language Models with…"),
        ("x" * 60, "x" * 33 + "…"),
        ("", ""),
    ],
)
def test_short_title(title: str, short: str) -> None:
    assert short_title(title) == short


def test_date_text() -> None:
    assert date_text(None) == ""
    assert date_text(PartialDate("May 2025", 2025, 5)) == "2025-05"
    assert date_text(PartialDate("Feb 8", None, 2, 8)) == "--02-08"
    assert date_text(PartialDate("Feb 8", None, 2, 8, 2026, "why")) == "2026-02-08?"
