"""What readers take away from pages that hold strangers' texts: pictures, tables, data."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree

from torture.chromium import chromium, watched
from torture.clients import serving
from torture.frame import Case, Measured, row
from torture.payloads import attacking_graph, payloads
from torture.readers import TABLES, go, open_explorer

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from paperkg.graph import KnowledgeGraph

FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
NUMBER = re.compile(r"-?[\d.]+")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
EDITOR = ("CSV", "TSV", "JSON", "XML")


@row(
    "32b",
    "what the explorer and the editor give away of a graph of 200 payloads: SVG (opened as a document), PNG, CSV, JSON, GraphML, Turtle, each table, "
    "answers",
    passes="readable by the readers of each format, every text as it was, no formula in a CSV of the explorer, no script in the SVG, names of files "
    "without signs of paths",
    minutes=30,
)
def taken_away(case: Case) -> Measured:
    """All that can be saved, read by other programs."""
    texts = sorted(case.random.sample(payloads(), case.count(200, least=4)))
    kg = attacking_graph(texts)
    failures: list[str] = []
    figures: dict[str, object] = {"payloads": len(texts)}
    file = case.scratch / "explorer.html"
    from paperkg.html import render_page

    with chromium(rules="MAP * ~NOTFOUND") as browser:
        file.write_text(render_page(kg, title='../../a/b\\c:d*e?f"g<h>i|j\x00k\n=1+1'), "utf-8")
        with watched(browser, (file.as_uri(),)) as (page, seen):
            open_explorer(page, file.as_uri())
            names: list[str] = []
            saved = _saved(page, names)
            drawn = len(page.evaluate("paperkg.drawn()"))
            failures += _check(saved, kg, texts, drawn)
            for table in TABLES:
                go(page, f"#view=tables&table={table}")
                for name, content in _saved(page, names).items():
                    saved[f"{table} {name}"] = content
                    failures += [
                        f"{table}: {wrong}"
                        for wrong in (_formulas(content) if name == "CSV" else _json(content))
                    ]
            failures += [
                f"a file is called {name!r}" for name in sorted(set(names)) if re.search(r"[^\w.-]|^\.", name)
            ]
            failures += seen.failures("explorer")
        svg = case.scratch / "picture.svg"
        svg.write_bytes(saved["SVG"])
        with watched(browser, (svg.as_uri(),), bypass_csp=True) as (page, seen):
            page.goto(svg.as_uri())
            seen.look(page)
            failures += seen.failures("SVG")
        with (
            serving(kg, case.scratch) as server,
            watched(browser, (f"http://127.0.0.1:{server.port}/",)) as (page, seen),
        ):
            query = "SELECT ?s ?o { ?s ?p ?o FILTER(DATATYPE(?o) = xsd:string) } ORDER BY ?o ?s LIMIT 5000"
            page.goto(f"http://127.0.0.1:{server.port}/query?query={quote(query)}")
            page.wait_for_selector("html[data-ready]")
            for name in EDITOR:
                with page.expect_download() as waiting:
                    page.locator("#downloads").get_by_role("button", name=name, exact=True).click()
                saved[f"answer as {name}"] = waiting.value.path().read_bytes()
            failures += _answers(saved)
            failures += seen.failures("editor")
    figures |= {"files": len(saved), "bytes": sum(map(len, saved.values()))}
    return Measured(figures, failures)


def _saved(page: Page, names: list[str]) -> dict[str, bytes]:
    """Everything in the menu, by its format; the names of the files are added to `names`."""
    found: dict[str, bytes] = {}
    buttons = page.locator(".menu[open] .menu-list button")
    number, count = 0, 1
    while number < count:
        page.get_by_label("Save", exact=True).first.click()
        buttons.first.wait_for()  # they are drawn after the menu has opened
        count = buttons.count()
        button = buttons.nth(number)
        name = str(button.text_content()).rpartition("(")[2].rstrip(")")
        with page.expect_download() as waiting:
            button.click()
        found[name] = waiting.value.path().read_bytes()
        names.append(waiting.value.suggested_filename)
        number += 1
    return found


def _check(saved: dict[str, bytes], kg: KnowledgeGraph, texts: Sequence[str], drawn: int) -> list[str]:
    import pyoxigraph as ox

    from paperkg.text.clean import clean

    wrong = _formulas(saved["CSV"])
    rows = list(csv.DictReader(io.StringIO(saved["CSV"].decode("utf-8"), newline="")))
    if {row["paper"] if row["paper"] in texts else _unquoted(row["paper"]) for row in rows} != set(texts):
        wrong.append("CSV: ids of papers are missing")
    graph = json.loads(saved["JSON"])
    names = {node["name"] for node in graph["nodes"]}
    if (
        len(graph["nodes"]) != drawn
        or not {clean(text).text for text in texts} <= names
        or not set(texts) <= names
    ):
        wrong.append(f"JSON: {len(graph['nodes'])} nodes of {drawn}, or names are missing")
    nodes = ElementTree.fromstring(saved["GraphML"]).findall(".//{*}node")
    if {node.get("id") for node in nodes} != {_in_xml(node["id"]) for node in graph["nodes"]}:
        wrong.append("GraphML: other ids")
    picture = ElementTree.fromstring(saved["SVG"])
    tags = {node.tag.rpartition("}")[2] for node in picture.iter()}
    if tags - {"svg", "rect", "polygon", "line", "path", "title", "text"}:
        wrong.append(f"SVG: {tags}")
    if any(name.startswith("on") or "href" in name for node in picture.iter() for name in node.attrib):
        wrong.append("SVG: attributes that lead somewhere")
    if not saved["PNG"].startswith(b"\x89PNG"):
        wrong.append("PNG: is none")
    triples = set(ox.parse(saved["Turtle"], format=ox.RdfFormat.TURTLE))
    kinds = {str(t.predicate.value).rpartition("#")[2] for t in triples}
    wanted = {edge["relation"] for edge in graph["edges"]} | {"type", "label"}
    if kinds != wanted or len(triples) != 2 * drawn + len(
        {(e["source"], e["relation"], e["target"]) for e in graph["edges"]}
    ):
        wrong.append(f"Turtle: {len(triples)} triples with {sorted(kinds)}")
    if {t.object.value for t in triples if t.predicate.value.endswith("#label")} != names:
        wrong.append("Turtle: other names")
    if not {t.subject.value for t in triples} <= {*kg.entities, *map(kg.paper_iri, kg.papers)}:
        wrong.append("Turtle: other things")
    return wrong


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def _in_xml(text: str) -> str:
    """What a reader of XML makes of an attribute that holds the text."""
    return re.sub(r"[\t\n\r]", " ", NOT_XML.sub(" ", text))


def _formulas(content: bytes) -> list[str]:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    wrong = [cell for row in rows for cell in row if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]
    uneven = {len(row) for row in rows}
    return [f"CSV: a formula {cell[:40]!r}" for cell in wrong[:3]] + (
        [f"CSV: rows of {uneven}"] if len(uneven) > 1 else []
    )


def _json(content: bytes) -> list[str]:
    return [] if isinstance(json.loads(content), list) else ["JSON: is no list"]


def _answers(saved: dict[str, bytes]) -> list[str]:
    """The same answer in four formats."""
    import pyoxigraph as ox

    found = json.loads(saved["answer as JSON"])["results"]["bindings"]
    wanted = sorted(row["o"]["value"] for row in found)
    xml = ox.parse_query_results(saved["answer as XML"], format=ox.QueryResultsFormat.XML)
    read = {
        "CSV": sorted(
            row["o"]
            for row in csv.DictReader(io.StringIO(saved["answer as CSV"].decode("utf-8"), newline=""))
        ),
        "TSV": sorted(
            row["o"].value
            for row in ox.parse_query_results(saved["answer as TSV"], format=ox.QueryResultsFormat.TSV)
        ),
        "XML": sorted(row["o"].value for row in xml),
    }
    in_xml = sorted(NOT_XML.sub("\ufffd", text) for text in wanted)  # XML cannot hold the others
    return [
        f"the answer as {name} has other texts"
        for name, texts in read.items()
        if texts != (in_xml if name == "XML" else wanted)
    ]
