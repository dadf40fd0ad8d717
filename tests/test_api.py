"""The verbs in Python, with the rooms above stubbed: from sources to a graph and its files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import paperkg
import paperkg.extraction
from paperkg import api
from paperkg.errors import DecisionError, GraphError
from paperkg.model import Extraction, InputFile, Paper, Skip, SourceReport

REPORT = SourceReport(
    files=(InputFile("a.txt", "0" * 64, "listing", 4),),
    skipped=(Skip("a.txt", 3, "record", "cut"),),
    listings=6,
)


@pytest.fixture(autouse=True)
def stubbed(monkeypatch: pytest.MonkeyPatch, small_graph: Any) -> None:
    known = {x.paper.id: x for x in small_graph.extractions}

    @contextmanager
    def open_papers(sources: Sequence[str | Path], **known: object) -> Iterator[Papers]:
        yield Papers(x.paper for x in known_papers)

    def extract_papers(papers: Iterable[Paper], **settings: object) -> Iterator[Extraction]:
        for paper in papers:
            entities = tuple(replace(e, iri=None, resolved_by=None) for e in known[paper.id].entities)
            yield replace(known[paper.id], entities=entities)

    known_papers = list(known.values())
    monkeypatch.setattr("paperkg.building.build.open_papers", open_papers)
    monkeypatch.setattr("paperkg.building.settings.extract_papers", extract_papers)


class Papers(list[Paper]):
    """A stream of papers."""

    report = REPORT


def test_build_and_load(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    kg = paperkg.build("seeds", out=tmp_path, progress=lambda *told: seen.append(told))
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == [
        "reading",
        "extracting",
        "resolving",
        "writing",
    ]
    assert [told[1:] for told in seen if told[0] == "extracting"] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    assert paperkg.load(tmp_path / "seeds") == paperkg.load(tmp_path / "seeds.ttl") == kg
    assert [p.id for p in kg.entity("CLADDER").papers("evaluates_on")] == ["fine-tuning-for-causal-reasoning"]
    made = kg.provenance
    assert (made.version, made.extractor) == (paperkg.__version__, paperkg.extraction.EXTRACTOR)
    assert (made.files, made.skipped, made.listings) == (REPORT.files, REPORT.skipped, 6)


def test_build_without_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kg = paperkg.build("seeds", base="https://example.org/x#")
    assert list(tmp_path.iterdir()) == []
    assert all(iri.startswith("https://example.org/x#") for iri in kg.entities)


def test_a_second_build_is_refused_before_its_work(tmp_path: Path) -> None:
    def again(stage: str, done: int, of: int) -> None:
        with pytest.raises(GraphError, match="is being written"):
            paperkg.build("seeds", out=tmp_path, progress=lambda *_: pytest.fail("has begun"))

    paperkg.build("seeds", out=tmp_path, progress=again)


def test_a_build_applies_the_decisions_that_are_there(tmp_path: Path) -> None:
    paperkg.build("seeds", out=tmp_path)
    paperkg.merge(tmp_path / "seeds", "GPT-4o", "DiT", note="a test")
    paperkg.reject(tmp_path / "seeds", "fine-tuning-for-causal-reasoning", "GSM8K")
    renewed = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    kg = paperkg.build("seeds", out=tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == renewed
    assert [outcome.papers > 0 for outcome in kg.provenance.outcomes] == [True, True]
    assert [file.name for file in kg.provenance.files] == ["a.txt", "seeds.decisions.tsv"]
    (tmp_path / "seeds.decisions.tsv").write_text("join\ta\tb\n", "utf-8")
    with pytest.raises(DecisionError, match="an unknown verb 'join'"):
        paperkg.build("seeds", out=tmp_path, progress=lambda *_: pytest.fail("has begun"))


def test_extract() -> None:
    found, report = paperkg.extract("seeds")
    assert report == REPORT
    assert len(found) == 4
    assert {e.iri for x in found for e in x.entities} == {None}


def test_a_threshold_is_counted_and_stands_in_the_provenance(small_graph: Any) -> None:
    least = sorted(e.confidence for x in small_graph.extractions for e in x.entities)[3]
    everything, _ = paperkg.extract("seeds")
    kept, report = paperkg.extract("seeds", min_confidence=least)
    assert {e.confidence >= least for x in kept for e in x.entities} == {True}
    gone = sum(len(x.entities) for x in everything) - sum(len(x.entities) for x in kept)
    assert report.left_out.entities == gone > 0
    made = dict(paperkg.build("seeds", min_confidence=least).provenance.settings)
    assert made["min_confidence"] == str(least)
    assert made["left_out_entities"] == str(gone)
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            paperkg.extract("seeds", min_confidence=wrong)


def test_the_fast_way_has_its_own_name() -> None:
    made = paperkg.build("seeds", fast=True).provenance
    assert made.extractor == paperkg.extraction.FAST_EXTRACTOR != paperkg.extraction.EXTRACTOR


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        (("seeds/",), "seeds"),
        (("a/b.jsonl.gz",), "b"),
        (("a", "b"), "papers"),
        (("-",), "papers"),
        (("/",), "papers"),
    ],
)
def test_the_name_of_a_set(sources: tuple[str, ...], name: str) -> None:
    assert api.default_name(*sources) == name


def test_public_names() -> None:
    assert set(paperkg.__all__) <= set(dir(paperkg))
    for name in paperkg.__all__:
        assert getattr(paperkg, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        paperkg.nothing  # noqa: B018


def test_importing_costs_nothing() -> None:
    code = "import sys, paperkg; print(sorted(m for m in sys.modules if m.startswith('paperkg')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['paperkg']"
