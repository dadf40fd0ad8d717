"""The commands that correct a graph by hand: all files agree after each, and undoing brings the same bytes back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from running import RunCommand

import paperkg as library
from paperkg.errors import DecisionError, GraphError
from paperkg.export import writing
from paperkg.graph import KnowledgeGraph
from paperkg.html.payload import payload

BASE = "https://w3id.org/paperkg/id/"
TUNED = "fine-tuning-for-causal-reasoning"


@pytest.fixture
def graph(small_graph, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    """A set of files that may be changed."""
    path = tmp_path / "mine"
    KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance).save(path)
    library.apply_decisions(path)
    return path


def files(graph: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in graph.parent.iterdir() if file.is_file()}


def entities_of_all_files(graph: Path) -> list[dict[str, str]]:
    """From each file of the set the entities' names by IRI."""
    kg = library.load(graph)
    found = [{iri: entity.name for iri, entity in kg.entities.items()}]
    content = files(graph)
    for ending, format_ in (("trig", ox.RdfFormat.TRIG), ("ttl", ox.RdfFormat.TURTLE)):
        store = ox.Store()
        store.load(content[f"mine.{ending}"], format=format_)
        rows = store.query(
            "SELECT ?e ?n { ?e a <https://w3id.org/paperkg/ontology#Entity> ; "
            "<http://www.w3.org/2004/02/skos/core#prefLabel> ?n }",
            use_default_graph_as_union=True,
        )
        found.append({row["e"].value: row["n"].value for row in rows})  # type: ignore[union-attr]
    nodes = json.loads(content["mine.json"])["nodes"]
    found.append({n["id"]: n["label"] for n in nodes if n["kind"] == "entity"})
    lines = content["mine.papers.jsonl"].decode().splitlines()
    found.append({e["iri"]: e["name"] for line in lines for e in json.loads(line)["entities"]})
    assert all(iri in content["mine.graphml"].decode() for iri in found[0])
    return found


@pytest.mark.parametrize(
    "words",
    [
        ["merge", "GRAPH", "GPT-4o", "DiT", "--note", "a test"],
        ["rename", "GRAPH", "CLADDER", "Ladder"],
        ["split", "GRAPH", "accuracy", "--papers", TUNED],
        ["split", "GRAPH", "CLadder", "--papers", TUNED],
        ["accept", "GRAPH", TUNED, "CLadder"],
        ["reject", "GRAPH", TUNED, "GSM8K"],
        ["retype", "GRAPH", TUNED, "CLadder", "Dataset"],
        ["relate", "GRAPH", TUNED, "CLadder", "uses"],
    ],
    ids=lambda words: "-".join(words[::2]),
)
def test_all_files_agree_and_undoing_brings_the_same_bytes_back(
    graph: Path, paperkg: RunCommand, words: list[str]
) -> None:
    before = files(graph)
    ran = paperkg(*[graph if word == "GRAPH" else word for word in words])
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"{words[0]}: ")
    after = files(graph)
    assert set(after) == {*before, "mine.decisions.tsv"}
    assert {n for n in before if before[n] != after[n]} >= {"mine.trig", "mine.papers.jsonl"}
    first, *others = entities_of_all_files(graph)
    assert all(other == first for other in others)
    assert paperkg("validate", graph).status == 0
    listed = paperkg("decisions", graph)
    assert (listed.status, listed.err) == (0, "paperkg: 1 decision made by hand\n")
    assert paperkg("decisions", graph, "--apply").status == 0
    assert files(graph) == after, "the same decisions, the same bytes"
    assert paperkg("decisions", graph, "--undo", "1").status == 0
    assert files(graph) == before


def test_decisions_that_were_cut_are_noticed(graph: Path, paperkg: RunCommand) -> None:
    assert paperkg("merge", graph, "GPT-4o", "DiT").status == 0
    file = graph.with_name(f"{graph.name}.decisions.tsv")
    whole = file.read_bytes()
    for damaged in (whole[:-1], b""):
        file.write_bytes(damaged)
        ran = paperkg("validate", graph)
        assert (ran.status, ran.out) == (3, f"{file}: not as it was when the graph was made\n")
        assert ran.err.endswith(f"(bring it back, or apply it: paperkg decisions {graph} --apply)\n")
    assert paperkg("decisions", graph, "--apply").status == 0
    assert paperkg("validate", graph).status == 0


def test_an_old_iri_leads_to_the_new_one(graph: Path, paperkg: RunCommand) -> None:
    assert paperkg("rename", graph, "CLadder", "Ladder").status == 0
    old, new = f"{BASE}benchmark/cladder", f"{BASE}benchmark/ladder"
    kg = library.load(graph)
    assert kg.entity(old).iri == new
    assert kg.replaced == {old: new}
    assert kg.query(f"ASK {{ <{old}> dct:isReplacedBy <{new}> }}")
    assert paperkg("show", graph, old).out.startswith("Ladder\n")
    assert payload(kg).facts["replaced"] == {"benchmark/cladder": sorted(kg.entities).index(new)}


def test_what_cannot_be_done_changes_nothing(graph: Path, paperkg: RunCommand) -> None:
    before = files(graph)
    for words, said in (
        (["merge", graph, "CLadder", "nothing"], "no entity 'nothing' in the graph"),
        (["merge", graph, "CLadder", "CLADDER"], "they are one entity already"),
        (["accept", graph, "nothing", "CLadder"], "no paper 'nothing'"),
        (["split", graph, "CLadder", "--papers", "nothing"], "no paper 'nothing'"),
        (["decisions", graph, "--undo", "1"], "there is no decision 1"),
        (["rename", graph, "CLadder", "GSM8K"], "with which it can be merged"),
    ):
        ran = paperkg(*words)
        assert (ran.status, ran.err.count("\n")) == (1, 1)
        assert said in ran.err
    assert paperkg("split", graph, "CLadder").status == 2
    assert paperkg("relate", graph, TUNED, "CLadder", "likes").status == 2
    with writing(graph), pytest.raises(GraphError, match="is being written"):
        library.merge(graph, "CLadder", "GSM8K")
    assert files(graph) == before


def test_homographs_are_listed_with_their_iris(graph: Path, paperkg: RunCommand) -> None:
    assert paperkg("split", graph, "accuracy", "--papers", TUNED).status == 0
    ran = paperkg("merge", graph, "CLadder", "accuracy")
    assert ran.status == 1
    assert "'accuracy' may mean 2 entities: accuracy (Metric, " in ran.err
    assert ran.err.count(f"{BASE}metric/accuracy") == 2
    assert "(say which by its IRI)" in ran.err


def test_a_broken_file_is_named_with_its_line(graph: Path, paperkg: RunCommand) -> None:
    file = graph.with_name("mine.decisions.tsv")
    file.write_text("# mine\njoin\ta\tb\n", "utf-8")
    before = files(graph)
    ran = paperkg("merge", graph, "CLadder", "GSM8K")
    assert ran.status == 1
    assert ran.err.startswith(f"paperkg: {file}:2: an unknown verb 'join' (one of merge, ")
    assert files(graph) == before


def test_what_no_longer_applies_is_kept_and_shown(graph: Path, paperkg: RunCommand) -> None:
    file = graph.with_name("mine.decisions.tsv")
    file.write_text("merge\tnobody knows it\tCLadder\t\twhy\nmerge\tGSM8K\tCLadder\n", "utf-8")
    listed = paperkg("decisions", graph)
    assert "their file was edited since" in listed.err
    ran = paperkg("decisions", graph, "--apply")
    assert ran.status == 0
    assert "edited" not in ran.err
    assert "nothing: no entity 'nobody knows it'" in ran.out
    assert "2 decisions made by hand, 1 of them without effect" in ran.err
    assert len(library.load(graph).provenance.outcomes) == 2
    assert paperkg("validate", graph).status == 0


def test_gold_and_merges(graph: Path, paperkg: RunCommand, tmp_path: Path) -> None:
    assert paperkg("export", graph, "--format", "gold").out == ""
    library.accept(graph, TUNED, "CLadder")
    library.merge(graph, "GPT-4o", "DiT", note="one thing")
    gold = tmp_path / "gold.jsonl"
    assert paperkg("export", graph, "--format", "gold", "-o", gold).status == 0
    (record,) = map(json.loads, gold.read_text("utf-8").splitlines())
    assert record["pid"] == TUNED
    ran = paperkg("evaluate", gold, graph.with_name("mine.papers.jsonl"))
    assert ran.status == 0, ran.err
    rows = list(csv.DictReader(io.StringIO(paperkg("export", graph, "--format", "merges").out)))
    (hand,) = [row for row in rows if row["by"] == "a person"]
    assert (hand["rule"], hand["confidence"], hand["notes"]) == ("decision", "1.0", "one thing")
    assert all(0 < float(row["confidence"]) <= 1 for row in rows)


def test_the_same_verbs_in_python(graph: Path) -> None:
    kg = library.relate(graph, TUNED, "CLadder", "uses", note="why")
    assert kg == library.load(graph)
    assert {e.relation for e in kg.paper(TUNED).edges() if "cladder" in e.entity} == {"uses"}
    with pytest.raises(DecisionError, match="relate to 'likes' is not possible"):
        library.relate(graph, TUNED, "CLadder", "likes")  # type: ignore[arg-type]
    with pytest.raises(DecisionError, match="split needs either"):
        library.split(graph, "CLadder")
    assert library.undo(graph, 1).provenance.outcomes == ()
