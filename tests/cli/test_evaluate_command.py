"""paperkg evaluate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from running import RunCommand

ENTITY = {"name": "LoRA", "type": "Method"}
GOLD_ENTITY = {**ENTITY, "layer": "named", "relation": "uses", "surfaces": ["LoRA"]}
FOUND_ENTITY = {
    **ENTITY,
    "named": True,
    "relation": "uses",
    "mentions": [{"text": "LoRA"}],
    "confidence": 0.9,
}


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    gold, papers = tmp_path / "gold.jsonl", tmp_path / "x.papers.jsonl"
    missed = {**GOLD_ENTITY, "name": "GPT-4\x1b[31m", "surfaces": []}
    gold.write_text(json.dumps({"pid": "p", "entities": [GOLD_ENTITY, missed]}) + "\n")
    papers.write_text(json.dumps({"id": "p", "entities": [FOUND_ENTITY]}) + "\n")
    return gold, papers


def test_a_table(files: tuple[Path, Path], paperkg: RunCommand) -> None:
    ran = paperkg("evaluate", *files)
    assert (ran.status, ran.err) == (0, "")
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["named", "1.000", "0.500", "0.667", "2", "1"] in rows
    assert ["Method", "1.000", "0.500", "0.667", "2", "1"] in rows
    assert ["uses", "1.000", "0.500", "0.667", "2", "1"] in rows
    assert ["sure_precision", "1.000"] in rows
    assert "missed" not in ran.out


def test_errors_are_listed_and_neutralised(files: tuple[Path, Path], paperkg: RunCommand) -> None:
    ran = paperkg("evaluate", *files, "--errors", "5")
    assert ran.out.splitlines()[-1].split() == ["1", "missed", "Method", r"GPT-4\x1b[31m"]


def test_json(files: tuple[Path, Path], paperkg: RunCommand) -> None:
    record = json.loads(paperkg("evaluate", *files, "--format", "json").out)
    assert record["all"] == {"p": 1.0, "r": 0.5, "f1": pytest.approx(2 / 3), "gold": 2, "found": 1}
    assert record["papers"] == {"gold": 1, "found": 1}
    assert "errors" not in record
    record = json.loads(paperkg("evaluate", *files, "--format", "json", "--errors", "1").out)
    assert [error["kind"] for error in record["errors"]] == ["missed"]


def test_papers_that_were_not_read_are_noted(files: tuple[Path, Path], paperkg: RunCommand) -> None:
    gold, papers = files
    with gold.open("a") as more:
        more.write("".join(json.dumps({"pid": f"q{n}", "entities": []}) + "\n" for n in range(5)))
    ran = paperkg("evaluate", gold, papers)
    assert ran.status == 0
    assert f"5 of 6 papers of {gold} are not in {papers}: q0, q1, q2, ..." in ran.err


def test_a_bad_file_is_one_line(files: tuple[Path, Path], paperkg: RunCommand) -> None:
    gold, papers = files
    papers.write_text(papers.read_text() + "{}\n")
    ran = paperkg("evaluate", gold, papers)
    assert (ran.status, ran.out, ran.err) == (1, "", f"paperkg: {papers}:2: no text `id`\n")
    ran = paperkg("evaluate", gold.with_name("none"), papers)
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert paperkg("evaluate", gold).status == 2
