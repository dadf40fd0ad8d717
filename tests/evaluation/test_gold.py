"""The development gold in the repository: it fits the papers of the seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperkg.evaluation import Annotation, evaluate, parse_gold
from paperkg.model import Paper
from paperkg.sources import read_papers

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def gold() -> tuple[Annotation, ...]:
    file = ROOT / "benchmarks" / "gold" / "seeds_dev.jsonl"
    return parse_gold(file.read_bytes(), str(file))


@pytest.fixture(scope="module")
def papers() -> dict[str, Paper]:
    found, _ = read_papers([ROOT / "seeds"])
    return {paper.id: paper for paper in found}


def test_every_surface_and_link_stands_in_its_paper(
    gold: tuple[Annotation, ...], papers: dict[str, Paper]
) -> None:
    for annotation in gold:
        text = "\n".join((papers[annotation.paper].title, papers[annotation.paper].abstract))
        written = [s for e in annotation.entities for s in e.spellings] + [url for url, _ in annotation.links]
        assert [one for one in written if one not in text] == []


def test_relations_and_results_name_entities(gold: tuple[Annotation, ...]) -> None:
    for annotation in gold:
        names = {entity.name for entity in annotation.entities}
        arguments = {name for s, _, o in annotation.relations for name in (s, o)}
        arguments |= {name for r in annotation.results for name in (r.system, r.metric, r.on) if name}
        assert arguments <= names


def test_gold_against_itself(gold: tuple[Annotation, ...]) -> None:
    scores = evaluate(gold, gold)
    assert {counts.f1 for counts in scores.layers().values()} == {1.0}
    shares = scores.shares()
    assert {shares[k] for k in ("type_accuracy", "relation_accuracy", "surfaces", "resolution")} == {1.0}
