"""Papers come to a graph and go from it, and it is as if it had been built of those that are left."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import paperkg
from paperkg.building import build, build_files
from paperkg.building.settings import Running, Settings
from paperkg.errors import DecisionError, NotInGraph
from paperkg.export import changed_files, manifest_of, open_engine
from paperkg.resolution import DEFAULT_BASE

NAMES = "CLadder GSM8K BERT GPT-4 LoRA WIZO ImageNet Qwen3-8B Qwen3 FrobNet PPO VQAv2 MuZeroX".split()
FORMS = (
    "We introduce {a}, a new benchmark for causal reasoning, and compare it with {b}.",
    "Our method {a} outperforms {b} on {c} by 3.2% accuracy.",
    "Proximal policy optimization (PPO) is used with {a}; we evaluate on {b} and {c}.",
    "We propose the {a} network and fine-tune {b}. Code: https://github.com/x/{c}",
    "Reinforcement learning (RL) with {a}. RL agents use {b} as a reward model on {c}.",
)


def record(number: int) -> dict[str, object]:
    """A paper made of known names and of such as nobody knows."""
    chosen = random.Random(number)
    texts = chosen.sample(FORMS, 2)
    abstract = " ".join(
        text.format(**dict(zip("abc", chosen.sample(NAMES, 3), strict=True))) for text in texts
    )
    title = f"On {chosen.choice(NAMES)} and the study number {number} of things"
    return {"id": f"p{number:02}", "title": title, "abstract": abstract, "date": "2025-01-02"}


@pytest.fixture(params=[build.LARGE, 3], ids=["whole", "large"])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Graphs that are made as a whole, and some that count as too large for that."""
    monkeypatch.setattr(build, "LARGE", request.param)
    yield request.param == 3


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Sources of two papers each."""
    folder = tmp_path / "sources"
    folder.mkdir()
    made = []
    for number in range(8):
        made.append(folder / f"f{number}.jsonl")
        lines = (json.dumps(record(2 * number + place)) for place in range(2))
        made[-1].write_text("".join(f"{line}\n" for line in lines))
    return made


def held(stem: Path) -> dict[str, object]:
    """All that a graph says, by the ways in which it says it."""
    manifest = manifest_of(stem)
    assert changed_files(stem) == ()
    quads = sorted(map(str, open_engine(stem).store))
    return {
        "papers": stem.with_name(f"{stem.name}.papers.jsonl").read_bytes(),
        "quads": quads,
        "counts": manifest.counts,
        "made": manifest.provenance,
    }


def built(stem: Path, *sources: Path, decisions: bytes = b"") -> dict[str, object]:
    if decisions:
        stem.with_name(f"{stem.name}.decisions.tsv").write_bytes(decisions)
    build_files(stem, sources, Settings(DEFAULT_BASE, fast=True), Running(1))
    return held(stem)


def decisions_of(stem: Path) -> bytes:
    file = stem.with_name(f"{stem.name}.decisions.tsv")
    return file.read_bytes() if file.exists() else b""


@pytest.mark.parametrize("seed", range(3))
def test_coming_and_going_is_as_building(tmp_path: Path, files: list[Path], large: bool, seed: int) -> None:
    chosen = random.Random(seed)
    there = chosen.sample(files, 4)
    stem = tmp_path / "g"
    built(stem, *there)
    for _ in range(4):
        away = [file for file in files if file not in there]
        if away and (len(there) < 3 or chosen.random() < 0.6):
            new = chosen.sample(away, min(len(away), chosen.randint(1, 2)))
            paperkg.add(stem, *new, processes=1)
            there += new
        else:
            file = there.pop(chosen.randrange(len(there)))
            paperkg.remove(stem, *(json.loads(line)["id"] for line in file.read_text().splitlines()))
    decisions = decisions_of(stem)
    (tmp_path / "again").mkdir()
    again = tmp_path / "again" / "g"
    wanted = built(again, *there, decisions=decisions)
    assert ("trig" not in manifest_of(stem).files) == large
    found = held(stem)
    for part, value in wanted.items():
        assert found[part] == value, part


def test_decisions_stay(tmp_path: Path, files: list[Path], large: bool) -> None:
    stem = tmp_path / "g"
    built(stem, *files[:3], decisions=b"rename\tWIZO\tWizard of Oz\nmerge\tFrobNet\tBERT\n")
    paperkg.add(stem, files[5], processes=1)
    names = {entity.name for entity in paperkg.load(stem).entities.values()}
    assert "FrobNet" not in names
    assert "WIZO" not in names


def test_corrections_by_hand(tmp_path: Path, files: list[Path], large: bool) -> None:
    stem = tmp_path / "g"
    before = built(stem, *files)
    paperkg.merge(stem, "BERT", "GPT-4")
    paperkg.reject(stem, "p00", paperkg.load(stem).paper("p00").entities()[0].name)
    with pytest.raises(DecisionError, match="they are one entity already"):
        paperkg.merge(stem, "BERT", "GPT-4")
    found, decisions = held(stem), decisions_of(stem)
    (tmp_path / "again").mkdir()
    assert built(tmp_path / "again" / "g", *files, decisions=decisions) == found
    assert found["papers"] != before["papers"]
    paperkg.undo(stem, 2)
    paperkg.undo(stem, 1)
    assert held(stem) == before


def test_what_comes_may_be_there_already(tmp_path: Path, files: list[Path], large: bool) -> None:
    stem = tmp_path / "g"
    before = built(stem, *files[:3])
    paperkg.add(stem, files[1], processes=1)
    assert held(stem) == before
    longer = tmp_path / "longer.jsonl"
    known = record(2)
    longer.write_text(json.dumps(known | {"abstract": f"{known['abstract']} We also test GSM8K."}) + "\n")
    kg = paperkg.add(stem, longer, processes=1)
    assert len(kg.papers) == 6
    assert kg.papers["p02"].abstract.endswith("We also test GSM8K.")
    assert kg.papers["p02"].sources == ("f1.jsonl", "longer.jsonl")


def test_going(tmp_path: Path, files: list[Path], large: bool) -> None:
    stem = tmp_path / "g"
    built(stem, *files[:3])
    before = held(stem)
    with pytest.raises(NotInGraph, match="nobody"):
        paperkg.remove(stem, "p00", "nobody")
    with pytest.raises(NotInGraph, match="all papers"):
        paperkg.remove(stem, *(f"p{number:02}" for number in range(6)))
    assert held(stem) == before
    by_title, by_iri = str(record(1)["title"]), f"{DEFAULT_BASE}paper/p02"
    kg = paperkg.remove(stem, "p00", by_title, by_iri)
    assert list(kg.papers) == ["p03", "p04", "p05"]
    assert [file.name for file in kg.provenance.files] == ["f1.jsonl", "f2.jsonl"]
