"""What is doubtful in a graph, and the command that lists it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from running import RunCommand

import paperkg as library
from paperkg.doubts import ABOUTS, review
from paperkg.graph import KnowledgeGraph
from paperkg.model import ExtractedEntity, Extraction, Paper, Provenance, Span
from paperkg.resolution import DEFAULT_BASE, entity_iri

MADE = Provenance("0", "x")


def entity(name: str, type_: Any, text: str = "", **more: Any) -> ExtractedEntity:
    span = Span("abstract", 0, len(text or name), text or name)
    known: dict[str, Any] = {
        "iri": entity_iri(type_, text or name),
        "named": True,
        "resolved_by": "name",
        "confidence": 0.9,
    } | more
    return ExtractedEntity(
        key=f"{type_}|{(text or name).lower()}",
        name=name,
        type=type_,
        relation="uses",
        evidence=span,
        mentions=(span,),
        **known,
    )


def graph(*papers: ExtractedEntity) -> KnowledgeGraph:
    made = [Extraction(Paper(f"p{n}", "", (e.mentions[0].text)), (e,)) for n, e in enumerate(papers)]
    return KnowledgeGraph.from_extractions(made, MADE)


def found(kg: KnowledgeGraph, about: str) -> list[tuple[str, ...]]:
    return [doubt.settle for doubt in review(kg) if doubt.about == about]


def iri(path: str) -> str:
    return DEFAULT_BASE + path


def test_joins_on_little_evidence() -> None:
    one = iri("benchmark/wmt2014")
    kg = graph(
        entity("WMT 2014", "Benchmark"),
        entity("WMT 2014", "Benchmark"),
        entity("WMT 2014", "Benchmark", "WMT14", iri=one, resolved_by="word forms"),
        entity("WMT 2014", "Benchmark", "WMT'14", iri=one, resolved_by="decision"),
    )
    assert found(kg, "joins") == [("split", "GRAPH", one, "--papers", "p2")]


def test_abbreviations_that_stand_alone() -> None:
    kg = graph(
        entity("SLM", "Model", "SLM", long_form="small language model", iri=iri("model/smalllanguagemodel")),
        entity(
            "SLM", "Model", "SLM", long_form="spoken language model", iri=iri("model/spokenlanguagemodel")
        ),
        entity("SLM", "Model"),
    )
    assert found(kg, "abbreviations") == [
        ("merge", "GRAPH", iri("model/smalllanguagemodel"), iri("model/slm"))
    ]
    assert len(found(kg, "types")) == 2


def test_near_duplicates() -> None:
    kg = graph(
        entity("BLEU", "Metric"),
        entity("BLEU", "Metric"),
        entity("BLEU score", "Metric"),
        entity("causal model", "Method"),
        entity("causal method", "Method"),
        entity("retrieval of images", "Task"),
        entity("image retrieval", "Task"),
    )
    assert found(kg, "duplicates") == [
        ("merge", "GRAPH", iri("metric/bleu"), iri("metric/bleuscore")),
        ("merge", "GRAPH", iri("task/imageretrieval"), iri("task/retrievalofimage")),
    ]


def test_weak_edges() -> None:
    kg = graph(entity("A1", "Method", confidence=0.49), entity("B2", "Method", confidence=0.5))
    assert found(kg, "edges") == [("reject|accept", "GRAPH", "p0", iri("method/a1"))]


@pytest.fixture
def saved(small_graph, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    path = tmp_path / "my graph"
    KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance).save(path)
    return path


def test_the_command_that_settles_a_doubt_settles_it(saved: Path, paperkg: RunCommand) -> None:
    ran = paperkg("review", saved, "--about", "edges")
    assert ran.status == 0
    assert ran.out.startswith("edges that are more likely wrong than right (")
    command = next(line for line in ran.out.splitlines() if line.startswith("    paperkg reject "))
    assert command.endswith(" # or accept")
    words = shlex.split(command, comments=True)[1:]
    assert paperkg(*words).status == 0
    assert command not in paperkg("review", saved).out
    assert {doubt.about for doubt in library.review(library.load(saved))} <= {*ABOUTS}


def test_nothing_doubtful(tmp_path: Path, paperkg: RunCommand) -> None:
    graph(entity("A1", "Method")).save(tmp_path / "sure")
    ran = paperkg("review", tmp_path / "sure")
    assert (ran.status, ran.out) == (0, "")
    assert "nothing doubtful" in ran.err
