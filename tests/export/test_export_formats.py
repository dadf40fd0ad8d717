"""Each format holds the graph, whatever text is in it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings

from paperkg.errors import FormatError
from paperkg.export import FORMATS, render
from paperkg.export.flat import flatten
from paperkg.graph import KnowledgeGraph
from paperkg.model import ExtractedEntity, Extraction, Paper, Provenance, Span
from paperkg.text.utf8 import to_utf8
from strategies import graphs

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.fixture(scope="module")
def kg(small_graph: Any) -> KnowledgeGraph:
    return KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_gives_the_same_bytes_each_time(kg: KnowledgeGraph, format_: str) -> None:
    first = render(kg, format_)
    assert first or format_ == "gold", "nothing was corrected"
    assert render(kg, format_) == first


@pytest.mark.parametrize("format_", FORMATS)
def test_half_a_surrogate_pair_is_no_end(format_: str) -> None:
    """No encoding can write it; what stands for it is to be seen, and is no plain question mark."""
    paper = Paper("1", "a \ud800 title", "b \udfff")
    span = Span("title", 0, 3, "a \ud800")
    entity = ExtractedEntity("k", "a \ud800", "Task", True, "uses", 0.5, span, (span,), iri="urn:x:task/a")
    kg = KnowledgeGraph.from_extractions([Extraction(paper, (entity,))], Provenance("0", "e"))
    written = render(kg, format_).decode()
    assert "a \ufffd title" in written or "a \\ud800 title" in written or format_ in ("gold", "merges")
    assert "a ?" not in written


def test_an_unknown_format(kg: KnowledgeGraph) -> None:
    with pytest.raises(FormatError, match=r"unknown format 'pdf' \(one of ttl, nt, "):
        render(kg, "pdf")


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_node_link_json_read_back_is_the_same_graph(kg: KnowledgeGraph) -> None:
    content = json.loads(render(kg, "json"))
    graph = nx.node_link_graph(content, edges="edges")
    expected = kg.to_networkx()
    assert list(graph.nodes(data=True)) == list(expected.nodes(data=True))
    assert list(graph.edges(keys=True, data=True)) == list(expected.edges(keys=True, data=True))


def in_xml(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_graphml_holds_all_text_that_xml_can(kg: KnowledgeGraph) -> None:
    root = ElementTree.fromstring(render(kg, "graphml"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    flat = flatten(kg)
    nodes = root.findall(f"{space}graph/{space}node")
    assert [node.get("id") for node in nodes] == [node for node, _ in flat.nodes]
    for node, (_, data) in zip(nodes, flat.nodes, strict=True):
        found = {item.get("key", ""): item.text or "" for item in node}
        assert found["node.label"] == in_xml(str(data["label"]))
        assert found.keys() == {f"node.{name}" for name in data}
    edges = root.findall(f"{space}graph/{space}edge")
    assert [(e.get("source"), e.get("target")) for e in edges] == [(s, t) for _, s, t, _ in flat.edges]


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_networkx_reads_graphml(kg: KnowledgeGraph) -> None:
    graph = nx.parse_graphml(render(kg, "graphml").decode(), force_multigraph=True)
    expected = flatten(kg)
    assert list(graph.nodes) == [node for node, _ in expected.nodes]
    assert graph.number_of_edges() == len(expected.edges)
    for node, data in expected.nodes:
        assert graph.nodes[node].get("named") == data.get("named")
        assert graph.nodes[node].get("confidence") == data.get("confidence")


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_networkx_reads_gexf(kg: KnowledgeGraph) -> None:
    graph = nx.read_gexf(io.BytesIO(render(kg, "gexf")))
    expected = flatten(kg)
    assert {node: data["label"] for node, data in graph.nodes(data=True)} == {
        node: in_xml(str(data["label"])) for node, data in expected.nodes
    }
    assert graph.number_of_edges() == len(expected.edges)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_csv_has_a_row_for_each_edge(kg: KnowledgeGraph) -> None:
    rows = list(csv.DictReader(io.StringIO(render(kg, "csv").decode(), newline="")))
    assert len(rows) == len(kg.edges())
    for row, edge in zip(rows, kg.edges(), strict=True):
        paper = kg.papers[edge.paper]
        assert row["paper"] == paper.id
        assert row["title"] == to_utf8(paper.title).decode()
        assert float(row["confidence"]) == edge.confidence
        text = paper.text(edge.evidence.field)[int(row["start"]) : int(row["end"])]
        assert row["evidence"] == to_utf8(text).decode()


CODE = """
import sys
sys.path.insert(0, "tests")
from conftest import small_extractions
from paperkg.export import render
from paperkg.graph import KnowledgeGraph
from paperkg.model import Provenance
kg = KnowledgeGraph.from_extractions(small_extractions(), Provenance("0", "x"))
import hashlib
print(*(hashlib.sha256(render(kg, name)).hexdigest() for name in ("json", "graphml", "gexf", "csv", "trig")))
"""


def test_no_format_depends_on_the_hash_seed(pytestconfig: pytest.Config) -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            cwd=pytestconfig.rootpath,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
