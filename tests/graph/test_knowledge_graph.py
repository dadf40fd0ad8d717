"""The graph: its tables, look-up, views, paths, and its networkx form."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings

from paperkg.errors import GraphError, NotInGraph
from paperkg.graph import EntityView, KnowledgeGraph, PaperView
from paperkg.model import EntityRelation, Extraction, Paper, Provenance, Result, Span
from strategies import graphs

MADE = Provenance("0.1.0", "rules-1")


@pytest.fixture(scope="module")
def kg(small_graph: Any) -> KnowledgeGraph:
    return KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)


def test_papers_and_entities_are_mappings(kg: KnowledgeGraph) -> None:
    assert list(kg.papers) == ["2312.04350", "fine-tuning-for-causal-reasoning", "paper/../3", "99"]
    assert list(kg.entities) == sorted(kg.entities)
    with pytest.raises(TypeError):
        kg.papers["x"] = kg.papers["99"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        kg.edges()[0].paper = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    "spelling", ["CLADDER", "Cladder", "cladder", "https://w3id.org/paperkg/id/benchmark/cladder"]
)
def test_any_spelling_finds_an_entity(kg: KnowledgeGraph, spelling: str) -> None:
    found = kg.entity(spelling)
    assert (found.name, found.type) == ("CLadder", "Benchmark")
    assert found.spellings == (("CLADDER", 1), ("CLadder", 1), ("Cladder", 1))
    assert [paper.id for paper in found.papers("evaluates_on")] == ["fine-tuning-for-causal-reasoning"]
    assert [(edge.paper, edge.type) for edge in found.edges()] == [
        ("2312.04350", "Benchmark"),
        ("fine-tuning-for-causal-reasoning", "Dataset"),
    ]
    assert all(
        m.span.text == kg.papers[m.paper].text(m.span.field)[m.span.start : m.span.end]
        for m in found.mentions
    )


def test_an_entity_knows_what_surrounds_it(kg: KnowledgeGraph) -> None:
    assert [e.name for e in kg.entity("Qwen3").related("variant_of")] == ["Qwen3-8B"]
    assert [e.name for e in kg.entity("CDCR-SFT").related()] == ["CausalCoT", "LoRA"]
    assert [r.result.value for r in kg.entity("FID").results] == ["2.51", "7.3"]
    assert [e.name for e in kg.family("gpt")] == ["GPT-4", "GPT-4o"]
    assert kg.entity("GPT-4").family == "GPT"


@pytest.mark.parametrize(
    "text",
    [
        "2312.04350",
        "CLadder: A Benchmark for Causal Reasoning",
        "cladder a benchmark for causal reasoning",
        "CLadder: A Benchmark ...",
        "https://w3id.org/paperkg/id/paper/2312.04350",
    ],
)
def test_a_paper_is_found_by_id_title_or_its_beginning(kg: KnowledgeGraph, text: str) -> None:
    paper = kg.paper(text)
    assert paper.id == "2312.04350"
    assert [e.name for e in paper.entities("introduces")] == ["CLadder", "CausalCoT"]
    assert len(paper.entities()) == 6
    assert [r.number for r in paper.results] == [1]
    assert [link.normalized for link in paper.links] == ["https://github.com/causalNLP/cladder"]
    assert [o.name for o in paper.organisations] == ["Causal NLP Lab"]
    assert [r.predicate for r in paper.relations] == ["based_on"]


def test_what_is_not_there_is_said_with_suggestions(kg: KnowledgeGraph) -> None:
    with pytest.raises(NotInGraph, match=r"no entity 'CLaddr' in the graph \(did you mean 'CLadder'\?\)"):
        kg.entity("CLaddr")
    with pytest.raises(NotInGraph, match="no paper"):
        kg.paper("Fine-Tuning of Something Else")
    with pytest.raises(NotInGraph):
        kg.paper("...")
    with pytest.raises(KeyError):
        kg.entity("")


def test_a_beginning_of_several_titles_is_no_paper(small_graph) -> None:  # type: ignore[no-untyped-def]
    first, second, *_ = small_graph.extractions
    titled = [
        replace(extraction, paper=replace(extraction.paper, title=title))
        for extraction, title in ((first, "Causal graphs"), (second, "Causal trees"))
    ]
    kg = KnowledgeGraph.from_extractions(titled, small_graph.provenance)
    assert kg.paper("causal g").title == "Causal graphs"
    with pytest.raises(NotInGraph, match="2 begin so, such as 'Causal graphs', 'Causal trees'"):
        kg.paper("causal")


def test_a_shortest_path(kg: KnowledgeGraph) -> None:
    path = kg.path("FlexRoPE", "GPT-4")
    assert path is not None
    names = [node.name if isinstance(node, EntityView) else node.id for node in path.nodes]
    assert (names[:2], names[3:]) == (["FlexRoPE", "paper/../3"], ["2312.04350", "GPT-4"])
    assert [edge.paper for edge in path.edges] == ["paper/../3"] * 2 + ["2312.04350"] * 2
    assert kg.path("FlexRoPE", "GPT-4") == path
    to_paper = kg.path("LoRA", "99")
    assert to_paper is not None
    assert isinstance(to_paper.nodes[-1], PaperView)
    assert kg.path("LoRA", "LoRA") is not None


def test_no_path() -> None:
    papers = [Extraction(Paper("a", "A", "")), Extraction(Paper("b", "B", ""))]
    assert KnowledgeGraph.from_extractions(papers, MADE).path("a", "b") is None


def test_stats(kg: KnowledgeGraph) -> None:
    stats = kg.stats()
    assert (stats.papers, stats.listings, stats.results, stats.links) == (4, 6, 7, 2)
    assert stats.entities["Benchmark"] == 3
    assert sum(stats.entities.values()) == len(kg.entities)
    assert sum(stats.edges.values()) == len(kg.edges())
    assert stats.entity_edges["part_of"] == 1
    assert stats.skipped == {"conflict": 1}
    assert sum(stats.resolved_by.values()) == len(kg.edges())


def test_the_networkx_form_is_a_copy(kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx()
    assert set(nx.get_node_attributes(graph, "kind").values()) == {"paper", "entity", "result"}
    assert graph.number_of_nodes() == 4 + len(kg.entities) + 7
    for _, data in graph.nodes(data=True):
        data.clear()
    graph.clear()
    assert kg.to_networkx().number_of_nodes() == 4 + len(kg.entities) + 7


def test_html_is_escaped(kg: KnowledgeGraph) -> None:
    assert "<b>images" not in kg.paper("paper/../3")._repr_html_()
    assert kg._repr_html_().startswith("<table><tr><th>papers</th><td>4</td></tr>")
    assert kg.entity("FAR")._repr_html_() == "<b>FAR</b> (Model), named by 1 papers"


def test_views_are_shown_in_one_line(kg: KnowledgeGraph) -> None:
    assert repr(kg.entity("FAR")) == "<EntityView: 'FAR', Model>"
    for paper_id, paper in kg.papers.items():
        assert repr(kg.paper(paper_id)) == f"<PaperView: {paper_id!r}, {paper.title!r}>"


def test_a_relation_that_is_none_is_an_error(kg: KnowledgeGraph) -> None:
    wrong: Any = "evaluates"
    for ask in (
        kg.entity("FAR").edges,
        kg.entity("FAR").papers,
        kg.entity("FAR").related,
        kg.paper("paper/../3").edges,
        kg.paper("paper/../3").entities,
    ):
        with pytest.raises(NotInGraph, match=r"no relation 'evaluates' \(one of "):
            ask(wrong)


def test_graphs_compare_by_content(kg: KnowledgeGraph) -> None:
    same = KnowledgeGraph.from_extractions(list(kg.extractions), kg.provenance)
    assert (same == kg, hash(same) == hash(kg)) == (True, True)
    assert kg != KnowledgeGraph.from_extractions(kg.extractions[:1], kg.provenance)
    assert kg != "kg"


def _broken(extraction: Extraction) -> list[Extraction]:
    first, second = extraction.entities[:2]
    span = Span("title", 0, 1, "C")
    return [
        replace(extraction, entities=(replace(first, iri=None),), entity_relations=(), results=()),
        replace(
            extraction, entities=(first, replace(second, iri=first.iri)), entity_relations=(), results=()
        ),
        replace(
            extraction, entities=(first, replace(second, name=first.name)), entity_relations=(), results=()
        ),
        replace(extraction, entity_relations=(EntityRelation(first.name, "part_of", "?", 0.5, span),)),
        replace(extraction, results=(Result("1", "absolute", 1.0, "", span, 0.5, metric="?"),)),
    ]


def test_contradictions_are_refused(kg: KnowledgeGraph) -> None:
    for extraction in _broken(kg.extractions[0]):
        with pytest.raises(GraphError):
            KnowledgeGraph.from_extractions([extraction], MADE)
    with pytest.raises(GraphError, match="two papers"):
        KnowledgeGraph.from_extractions([kg.extractions[0]] * 2, MADE)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_edge_leads_to_the_words(kg: KnowledgeGraph) -> None:
    for edge in kg.edges():
        for span in (edge.evidence, *edge.mentions):
            assert kg.papers[edge.paper].text(span.field)[span.start : span.end] == span.text
        assert edge in kg.edges_of(edge.entity)
        assert edge in kg.edges_of(kg.paper_iri(edge.paper))
    for entity in kg.entities.values():
        assert kg.entity(entity.iri).entity == entity
    for paper_id in kg.papers:
        assert kg.paper(paper_id).id == paper_id
    graph = kg.to_networkx()
    assert graph.number_of_nodes() == len(kg.papers) + len(kg.entities) + len(kg.results())
