"""What changed between two graphs: by hand, and against the graphs themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import paperkg
from paperkg.comparison.difference import (
    Change,
    ChangedEntity,
    Made,
    NamedEntity,
    NamedPaper,
    Numbers,
    PaperEdge,
    StatedResult,
)
from paperkg.errors import GraphError
from paperkg.export import papers_bytes
from paperkg.export.manifest import FileState, render_manifest
from paperkg.graph import KnowledgeGraph
from paperkg.model import Extraction
from strategies import graphs

IDS = ("2312.04350", "fine-tuning-for-causal-reasoning", "paper/../3", "99")


def write(kg: KnowledgeGraph, path: Path) -> Path:
    """The files of a graph that are compared."""
    content = papers_bytes(kg.extractions)
    path.with_name(f"{path.name}.papers.jsonl").write_bytes(content)
    manifest = render_manifest(kg, {"papers.jsonl": FileState.of(content)})
    path.with_name(f"{path.name}.manifest.json").write_bytes(manifest)
    return path


@pytest.fixture
def old(small_graph: Any, tmp_path: Path) -> Path:
    return write(graph_of(small_graph.extractions, small_graph), tmp_path / "old")


def graph_of(extractions: list[Extraction], small_graph: Any) -> KnowledgeGraph:
    return KnowledgeGraph.from_extractions(extractions, small_graph.provenance)


def changed(path: Path, small_graph: Any, which: str, **parts: Any) -> Path:
    """The small graph, but for some parts of a paper."""
    made = [replace(x, **parts) if x.paper.id == which else x for x in small_graph.extractions]
    return write(graph_of(made, small_graph), path.with_name("new"))


def of(small_graph: Any, paper: str) -> Extraction:
    return next(x for x in small_graph.extractions if x.paper.id == paper)


def test_a_graph_and_itself(old: Path) -> None:
    difference = paperkg.diff(old, old.with_name("old.papers.jsonl"))
    assert not difference
    assert set(difference.numbers.values()) == {Numbers()}
    assert (difference.papers, difference.changed_papers, difference.made) == (Change(), (), ())


def test_the_order_of_papers_is_no_difference(old: Path, small_graph: Any) -> None:
    assert not paperkg.diff(
        old, write(graph_of(small_graph.extractions[::-1], small_graph), old.with_name("new"))
    )


def test_a_paper_came(old: Path, small_graph: Any) -> None:
    new = write(graph_of(small_graph.extractions[1:], small_graph), old.with_name("new"))
    paper = NamedPaper("2312.04350", "CLadder: A Benchmark for Causal Reasoning")
    for difference, only in ((paperkg.diff(new, old), "came"), (paperkg.diff(old, new), "went")):
        assert difference
        assert getattr(difference.papers, only) == (paper,)
        assert len(getattr(difference.papers, "went" if only == "came" else "came")) == 0
        assert [e.name for e in getattr(difference.entities, only)] == [
            "GPT-4"
        ]  # the other papers name the rest
        assert difference.numbers["edges"] == Numbers(**{only: 6})
        assert difference.numbers["results"] == difference.numbers["links"] == Numbers(**{only: 1})
        assert difference.changed_papers == ()


def test_an_edge_went(old: Path, small_graph: Any) -> None:
    extraction = of(small_graph, "99")
    new = changed(old, small_graph, "99", entities=())
    difference = paperkg.diff(old, new)
    (paper,) = difference.changed_papers
    iri = extraction.entities[0].iri
    assert paper.edges == Change((), (PaperEdge("addresses", "causal discovery", iri or ""),))
    assert (paper.id, paper.fields, paper.words) == ("99", (), False)
    assert difference.entities == Change()  # another paper names it
    assert difference.numbers["papers"] == Numbers(changed=1)


def test_a_result_is_another(old: Path, small_graph: Any) -> None:
    results = of(small_graph, IDS[0]).results
    new = changed(old, small_graph, IDS[0], results=(replace(results[0], metric=None), *results[1:]))
    (paper,) = paperkg.diff(old, new).changed_papers
    assert paper.results == Change(
        (StatedResult("CausalCoT", "CLadder", "", "70.40%"),),
        (StatedResult("CausalCoT", "CLadder", "accuracy", "70.40%"),),
    )
    assert paper.edges == paper.relations == paper.links == Change()


def test_words_and_confidence(old: Path, small_graph: Any) -> None:
    first, *others = of(small_graph, IDS[0]).entities
    new = changed(old, small_graph, IDS[0], entities=(replace(first, confidence=0.123), *others))
    difference = paperkg.diff(old, new)
    (paper,) = difference.changed_papers
    assert difference
    assert paper.words
    assert (paper.fields, paper.edges, paper.results) == ((), Change(), Change())


def test_the_paper_itself(old: Path, small_graph: Any) -> None:
    paper = replace(of(small_graph, "99").paper, date=None, sources=("b.txt",))
    (found,) = paperkg.diff(old, changed(old, small_graph, "99", paper=paper)).changed_papers
    assert found.fields == ("date", "date_written", "sources")
    assert not found.words


def test_a_type_that_fewer_papers_give(old: Path, small_graph: Any) -> None:
    first, *others = of(small_graph, "99").entities
    new = changed(old, small_graph, "99", entities=(replace(first, type="Method"), *others))
    difference = paperkg.diff(old, new)
    assert difference.entities == Change()
    iri = first.iri or ""
    was, now = NamedEntity(iri, "causal discovery", "Task"), NamedEntity(iri, "causal discovery", "Method")
    assert difference.changed_entities == (ChangedEntity("altered", was, now),)


def test_decisions_are_renames_and_merges(small_graph: Any, tmp_path: Path) -> None:
    for name in ("old", "new"):
        graph_of(small_graph.extractions, small_graph).save(tmp_path / name)
        paperkg.apply_decisions(tmp_path / name)
    old, new = tmp_path / "old", tmp_path / "new"
    assert not paperkg.diff(old, new)
    paperkg.merge(new, "GPT-4o", "DiT")
    paperkg.rename(new, "FlexRoPE", "Flex Rotary")
    difference = paperkg.diff(old, new)
    assert [(c.how, c.old.name, c.new.name) for c in difference.changed_entities] == [
        ("renamed", "FlexRoPE", "Flex Rotary"),
        ("merged", "Diffusion Transformer", "GPT-4o"),
    ]
    assert difference.entities == Change()
    assert Made("decisions", "0", "2") in difference.made
    back = paperkg.diff(new, old)
    assert [e.name for e in back.entities.came] == ["FlexRoPE", "Diffusion Transformer"]
    assert [e.name for e in back.entities.went] == ["Flex Rotary"]


def test_how_it_was_made_is_no_difference(old: Path, small_graph: Any) -> None:
    made = replace(small_graph.provenance, extractor="rules-2", files=small_graph.provenance.files[:1])
    new = write(KnowledgeGraph.from_extractions(small_graph.extractions, made), old.with_name("new"))
    difference = paperkg.diff(old, new)
    assert not difference
    assert difference.made == (Made("extractor", "rules-1", "rules-2"), Made("input b.txt", "b" * 64, ""))


def test_progress(old: Path, small_graph: Any) -> None:
    told: list[tuple[str, int, int]] = []
    new = write(graph_of(small_graph.extractions[1:], small_graph), old.with_name("new"))
    paperkg.diff(old, new, progress=lambda *stage: told.append(stage))
    assert told[:7] == [("reading", done, 7) for done in range(1, 8)]
    assert told[7:] == [("comparing", done, 7) for done in (1, 3, 5, 7)]


def test_no_more_is_listed_than_asked_for(old: Path, small_graph: Any) -> None:
    new = write(graph_of(small_graph.extractions[:1], small_graph), old.with_name("new"))
    difference = paperkg.diff(old, new, most=1)
    assert len(difference.papers.went) == len(difference.entities.went) == 1
    whole = paperkg.diff(old, new)
    assert difference.numbers == whole.numbers
    assert len(whole.papers.went) == whole.numbers["papers"].went == 3
    assert paperkg.diff(old, new, most=0).papers == Change()


@pytest.mark.parametrize("damage", [b"", b"cut", b"{}\n", b'{"id": 7}\n', b"\xff\n", b"[" * 10_000])
def test_a_changed_file_is_refused(old: Path, damage: bytes) -> None:
    file = old.with_name("old.papers.jsonl")
    file.write_bytes(file.read_bytes()[:-100] + damage)
    with pytest.raises(GraphError, match=r"old\.papers\.jsonl: is not as it was written"):
        paperkg.diff(old, old)


def test_a_missing_file_is_refused(old: Path) -> None:
    old.with_name("old.papers.jsonl").unlink()
    with pytest.raises(GraphError, match="is missing"):
        paperkg.diff(old, old)


def test_a_graph_that_is_not_there(old: Path) -> None:
    with pytest.raises(GraphError, match="no built graph here"):
        paperkg.diff(old, old.with_name("none"))


@pytest.mark.parametrize(
    "line",
    [b'{"id": "a"}\n', b'{"id": "a", "title": 1, "entities": [7]}\n', b'{"id": "a", "entities": {"a": 1}}\n'],
)
def test_lines_that_are_no_papers_are_refused(old: Path, line: bytes) -> None:
    new = old.with_name("new")
    new.with_name("new.papers.jsonl").write_bytes(line)
    manifest = old.with_name("old.manifest.json").read_bytes()
    content = old.with_name("old.papers.jsonl").read_bytes()
    before, after = FileState.of(content), FileState.of(line)
    manifest = manifest.replace(before.sha256.encode(), after.sha256.encode())
    manifest = manifest.replace(f'"size": {before.size}'.encode(), f'"size": {after.size}'.encode())
    new.with_name("new.manifest.json").write_bytes(manifest)
    with pytest.raises(GraphError, match="has a line that is no extraction of a paper"):
        paperkg.diff(old, new)


@given(graphs(), graphs(), st.data())
@settings(deadline=None, max_examples=60)
def test_it_is_what_the_graphs_say(one: KnowledgeGraph, two: KnowledgeGraph, data: st.DataObject) -> None:
    both = data.draw(st.sampled_from([(one, two), (one, one), (one, mixed(one, two))]))
    with TemporaryDirectory() as folder:
        old, new = (write(kg, Path(folder) / name) for kg, name in zip(both, ("old", "new"), strict=True))
        difference = paperkg.diff(old, new)
    a, b = both
    assert {p.id for p in difference.papers.came} == b.papers.keys() - a.papers.keys()
    assert {p.id for p in difference.papers.went} == a.papers.keys() - b.papers.keys()
    lines = [{x.paper.id: x for x in kg.extractions} for kg in both]
    differ = {i for i in lines[0].keys() & lines[1].keys() if lines[0][i] != lines[1][i]}
    assert {p.id for p in difference.changed_papers} == differ
    assert {e.iri for e in difference.entities.came} == b.entities.keys() - a.entities.keys()
    assert {e.iri for e in difference.entities.went} == a.entities.keys() - b.entities.keys()
    named = [{iri: (e.name, e.type) for iri, e in kg.entities.items()} for kg in both]
    altered = {iri for iri in named[0].keys() & named[1].keys() if named[0][iri] != named[1][iri]}
    assert {c.old.iri for c in difference.changed_entities} == altered
    for changed_ in difference.changed_entities:
        assert (changed_.old.name, changed_.old.type) == named[0][changed_.old.iri]
        assert (changed_.new.name, changed_.new.type) == named[1][changed_.new.iri]
    edges = [Counter((e.paper, e.relation, e.entity, name_in(kg, e)) for e in kg.edges()) for kg in both]
    numbers = difference.numbers["edges"]
    assert numbers.came == (edges[1] - edges[0]).total()
    assert numbers.went == (edges[0] - edges[1]).total()
    assert bool(difference) == (lines[0] != lines[1])


def name_in(kg: KnowledgeGraph, edge: Any) -> str:
    """What a paper calls an entity."""
    extraction = next(x for x in kg.extractions if x.paper.id == edge.paper)
    return next(e.name for e in extraction.entities if e.iri == edge.entity)


def mixed(one: KnowledgeGraph, two: KnowledgeGraph) -> KnowledgeGraph:
    """The papers of two graphs, those of the first first."""
    others = [x for x in two.extractions if x.paper.id not in one.papers]
    return KnowledgeGraph.from_extractions((*one.extractions, *others), one.provenance)
