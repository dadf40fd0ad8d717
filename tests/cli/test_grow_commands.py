"""The commands that change which papers a graph has: add and remove."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import RunCommand

import paperkg as library

PAPERS = [
    {
        "id": "2312.04350",
        "title": "CLadder: A Benchmark for Causal Reasoning",
        "abstract": "We introduce CLadder, a benchmark for causal reasoning. We evaluate GPT-4 on it.",
    },
    {
        "id": "2401.00001",
        "title": "EvilNet: A Model",
        "abstract": "We introduce EvilNet, a model for image classification. We evaluate it on ImageNet.",
    },
    {
        "id": "2401.00002",
        "title": "GoodNet: Another Model",
        "abstract": "We introduce GoodNet, a model for image classification. It outperforms EvilNet on ImageNet.",
    },
]


def source(folder: Path, name: str, *records: dict[str, str]) -> Path:
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return file


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A graph of one paper."""
    library.build(source(tmp_path, "a", PAPERS[0]), out=tmp_path, name="mine", fast=True)
    return tmp_path / "mine"


def test_add(graph: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    more = source(tmp_path, "b", *PAPERS[1:])
    with more.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    report = tmp_path / "report.json"
    ran = paperkg("add", graph, more, "--report", report)
    assert ran.status == 0, ran.err
    assert ran.out.startswith("3 papers (+2) from 2 files, 1 left out\n")
    assert ran.err.startswith("paperkg: left out: b.jsonl:3: ")
    assert ["Model", "3", "+2"] in [line.split()[:3] for line in ran.out.splitlines()]
    assert library.load(graph).papers.keys() == {paper["id"] for paper in PAPERS}
    told = json.loads(report.read_text("utf-8"))
    assert (told["command"], told["graph"]) == ("add", str(graph))
    assert [file["name"] for file in told["read"]] == ["b.jsonl"]
    assert len(told["skipped"]) == 1
    assert told["change"]["papers"] == 2
    assert told["graph_holds"]["papers"] == 3


def test_add_nothing_new(graph: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    ran = paperkg("add", f"{graph}.ttl", tmp_path / "a.jsonl")
    assert ran.status == 0, ran.err
    assert ran.out.startswith("1 paper (+0) from 1 file, nothing skipped\n")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before


def test_remove(graph: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    paperkg("add", graph, source(tmp_path, "b", *PAPERS[1:]))
    ran = paperkg("remove", graph, "2401.00001", "GoodNet: Another")
    assert ran.status == 0, ran.err
    assert ran.out.startswith("1 paper (-2) from 1 file, nothing skipped\n")
    after = {f.name: f.read_bytes() for f in tmp_path.iterdir() if f.is_file() and f.name != "b.jsonl"}
    assert after == before


@pytest.mark.parametrize("command", ["add", "remove"])
def test_no_graph(tmp_path: Path, paperkg: RunCommand, command: str) -> None:
    ran = paperkg(command, tmp_path / "none", "x")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"paperkg: {tmp_path / 'none'}: no built graph here")
    assert paperkg(command, tmp_path / "none").status == 2


def test_a_paper_that_is_not_there(graph: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    ran = paperkg("remove", graph, "2312.99999")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "2312.99999" in ran.err
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before


def test_a_source_that_cannot_be_read(graph: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    ran = paperkg("add", graph, tmp_path / "none.jsonl")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"paperkg: {tmp_path / 'none.jsonl'}: ")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before
