"""Answers as frames, in notebooks, and the table of their formats."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperkg.errors import FormatError, MissingExtra
from paperkg.query import ANSWER_FORMATS, FORMATS, Engine
from paperkg.query.answer import SHOWN
from paperkg.rdf import quads


@pytest.fixture(scope="module")
def engine(small_graph: Any) -> Engine:
    return Engine(quads(small_graph))


def test_every_format_has_a_media_type(engine: Engine) -> None:
    assert tuple(ANSWER_FORMATS) == FORMATS
    rows = engine.run("SELECT ?p { ?p a pkg:Paper }")
    triples = engine.run("CONSTRUCT WHERE { ?p a pkg:Paper }")
    for name, known in ANSWER_FORMATS.items():
        assert (triples if known.holds_triples else rows).format(name)
    assert len({known.media_type for known in ANSWER_FORMATS.values()}) == len(FORMATS)


@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_tables_have_every_cell(engine: Engine, name: str) -> None:
    values = ["http://e/a,b", 'a "quoted", text', " line\nends\r", "=1+1", "é\U0001f600", ""]
    given_ = " ".join(f"(<http://e/a,b> {json.dumps(value, ensure_ascii=False)} UNDEF)" for value in values)
    answer = engine.run(
        f"SELECT ?iri ?text ?no {{ VALUES (?iri ?text ?no) {{ {given_} (UNDEF UNDEF UNDEF) }} }}"
    )
    written = answer.format(name)
    if name == "csv":
        rows = list(csv.reader(io.StringIO(written, newline=""), strict=True))
        assert rows == [
            ["iri", "text", "no"],
            *(["http://e/a,b", value, ""] for value in values),
            ["", "", ""],
        ]
    else:
        assert [line.count("\t") for line in written.split("\n")] == [2] * (len(values) + 2) + [0]


@pytest.mark.parametrize("name", ["csv", "tsv"])
def test_rows_at_the_end_in_which_nothing_is_bound_are_rows(engine: Engine, name: str) -> None:
    written = engine.run("SELECT ?a { VALUES ?a { 'x' UNDEF UNDEF } }").format(name)
    assert len(written.splitlines()) == 4


def test_the_evidence_as_csv(engine: Engine) -> None:
    answer = engine.run("SELECT ?s ?exact { ?s oa:exact ?exact }")
    rows = list(csv.DictReader(io.StringIO(answer.format("csv"), newline="")))
    assert any("," in row["s"] for row in rows)
    assert [(row["s"], row["exact"]) for row in rows] == list(answer)


def test_a_frame(engine: Engine) -> None:
    frame = engine.run(
        "SELECT ?p ?title ?year ?no ?sure ?day { ?p a pkg:Paper ; dct:title ?title OPTIONAL { ?p pkg:year ?year } "
        "OPTIONAL { ?p pkg:best_date ?day } BIND(0.5 AS ?sure) } ORDER BY DESC(?year)"
    ).to_pandas()
    assert list(frame.columns) == ["p", "title", "year", "no", "sure", "day"]
    assert list(frame["year"][:2]) == [2026, 2024]
    assert frame["year"].dtype.kind == "f" and math.isnan(frame["year"].iloc[-1])
    assert frame["sure"].dtype.kind == "f" and frame["sure"].sum() == 2
    assert all(isinstance(iri, str) for iri in frame["p"])
    assert frame["no"].isna().all()
    assert engine.run("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").to_pandas()["n"].dtype.kind == "i"
    empty = engine.run("SELECT ?class { ?class a pkg:Nothing }").to_pandas()
    assert list(empty.columns) == ["class"] and len(empty) == 0


def test_no_frame(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for query in ("ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"):
        with pytest.raises(FormatError, match="SELECT"):
            engine.run(query).to_pandas()
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtra, match="pip install pandas"):
        engine.run("SELECT (1 AS ?n) {}").to_pandas()


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags = set[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not attrs


def test_in_a_notebook(engine: Engine) -> None:
    attack = "<script>alert(1)</script>&amp;</td><img src=x onerror=y>"
    rows = engine.run(f'SELECT ?t ("{attack}" AS ?x) {{ ?p dct:title ?t }}')._repr_html_()
    assert _Tags(rows).tags == {"table", "tr", "th", "td"}
    assert "&lt;script&gt;" in rows and "&lt;b&gt;images" in rows
    triples = engine.run(f'CONSTRUCT {{ ?p dct:title "{attack}" }} WHERE {{ ?p a pkg:Paper }}')._repr_html_()
    assert _Tags(triples).tags == {"pre"} and "&lt;script&gt;" in triples
    assert engine.run("ASK {}")._repr_html_() == "<p>true</p>"
    many = engine.run("SELECT * { ?s ?p ?o }")
    shown = many._repr_html_()
    assert shown.count("<tr>") == SHOWN + 1
    assert shown.endswith(f"<p>{len(many):,} in all</p>")


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
@example(text="a\r\nb\rc\td\n ")
@example(text="\x00\x01\x1f\x7f\ufffe\uffff]]><&'\"")
def test_xml_holds_any_text(engine: Engine, text: str) -> None:
    written = "".join(f"\\U{ord(letter):08X}" for letter in text)
    answer = engine.run(f'SELECT ("{written}" AS ?text) {{}}')
    found = ElementTree.fromstring(answer.format("xml")).findtext(".//{*}literal")
    assert answer.rows == ((text,),)
    assert found == re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
