"""The annotated papers in two parts, and the score of what was found in the second: shared by the comparisons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from paperkg.evaluation import Scores, evaluate, parse_found, parse_gold
from paperkg.training.entities import Example, read_examples

LAYERS = ("named", "term", "all", "edges")


class Parts(NamedTuple):
    """Papers to train on, and papers to measure on, both in the order of the annotation."""

    train: list[Example]
    test: list[Example]


def read_parts(gold: Path, papers: Path, held_out: str) -> Parts:
    """Reads annotation and texts.

    Args:
        held_out: `N:K`; the papers on the lines of `gold` (from 0) of which the number modulo N is K are measured on.
    """
    every, kept = map(int, held_out.split(":"))
    by_paper = {example.gold["pid"]: example for example in read_examples([gold], [papers])}
    lines = [json.loads(line)["pid"] for line in gold.read_text(encoding="utf-8").splitlines()]
    order = [(number, by_paper[pid]) for number, pid in enumerate(lines) if pid in by_paper]
    return Parts(
        [example for number, example in order if number % every != kept],
        [example for number, example in order if number % every == kept],
    )


def _lines(records: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def score(test: Sequence[Example], entities: Sequence[Sequence[Mapping[str, object]]]) -> Scores:
    """Scores the entities found in each paper, in the form of papers.jsonl, as `paperkg evaluate` does."""
    gold = parse_gold(_lines(example.gold for example in test), "gold")
    records = [
        {"id": example.gold["pid"], "entities": list(found)}
        for example, found in zip(test, entities, strict=True)
    ]
    return evaluate(gold, parse_found(_lines(records), "found"))


def row(name: str, scores: Scores) -> str:
    """A row of the table: F1 of the four layers, precision and recall of all entities."""
    layers = scores.layers()
    cells = [f"{layers[layer].f1:.3f}" for layer in LAYERS]
    return f"| {' | '.join([name, *cells, f'{scores.all.precision:.3f}', f'{scores.all.recall:.3f}'])} |"


HEAD = f"| | {' | '.join(LAYERS)} | precision | recall |\n| --- {'| --: ' * (len(LAYERS) + 2)}|"
