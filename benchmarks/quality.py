"""Reads the seeds, scores what was found against their development gold, and writes docs/quality.md anew.

Usage: python benchmarks/quality.py
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import paperkg
from paperkg.evaluation import Annotation, Counts, Scores, evaluate, parse_found, parse_gold
from paperkg.export import papers_bytes
from paperkg.extraction import EXTRACTOR

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
GOLD = ROOT / "benchmarks" / "gold" / "seeds_dev.jsonl"
REPORT = ROOT / "docs" / "quality.md"
RESAMPLES = 1000
ERRORS = 20

WHAT = {
    "named": "entities with a proper name: found, flagged as named, of the right type",
    "term": "common-noun technical terms, likewise",
    "all": "both layers, whatever the flag",
    "edges": "as `all`, and the paper's relation to the entity is right",
    "untyped": "as `all`, whatever the type",
    "results": "reported numbers: the value, and the metric or what it was measured on where gold has one",
    "results_strict": "the value with unit and kind, and each of system, metric and `on` that gold has",
    "entity_rel": "relations between entities",
    "links": "links to code, data, project pages and demos: URL and kind",
}
SHARES = {
    "type_accuracy": "of the entities found, those with the right type",
    "relation_accuracy": "of the entities found with the right type, those with the right relation",
    "surfaces": "of gold's spellings of the entities found, those among their mentions",
    "resolution": "F1 over pairs of found entities that are one thing",
    "b_cubed": "B-cubed F1 of the same clusters",
    "sure_precision": "of the edges with confidence 0.9 or more, those that are right",
    "sure_share": "the share of these edges among all that were found",
    "calibration": "expected calibration error of the edges' confidence, ten bins: the lower the better",
}


def interval(gold: Sequence[Annotation], found: Sequence[Annotation]) -> dict[str, tuple[float, float]]:
    """The 95% interval of each layer's F1, by drawing as many papers with replacement (seed 0)."""
    draw = random.Random(0)
    drawn: dict[str, list[float]] = {}
    for _ in range(RESAMPLES):
        for name, counts in evaluate(draw.choices(gold, k=len(gold)), found).layers().items():
            drawn.setdefault(name, []).append(counts.f1)
    edge = RESAMPLES // 40
    return {name: (sorted(f1)[edge], sorted(f1)[-edge - 1]) for name, f1 in drawn.items()}


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """A Markdown table; all columns but the first `left` are aligned to the right."""
    rule = ["---"] * left + ["--:"] * (len(head) - left)
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def cells(counts: Counts) -> list[str]:
    """Precision, recall, F1, and the numbers that they are made of."""
    return [
        f"{counts.precision:.3f}",
        f"{counts.recall:.3f}",
        f"**{counts.f1:.3f}**",
        str(counts.gold),
        str(counts.found),
    ]


def grouped(head: str, groups: Mapping[str, Counts]) -> str:
    """A table of counts by group."""
    return table(
        [head, "precision", "recall", "F1", "gold", "found"],
        ([f"`{name}`", *cells(counts)] for name, counts in groups.items()),
    )


def report(scores: Scores, spread: Mapping[str, tuple[float, float]]) -> str:
    """The text of docs/quality.md."""
    layers = table(
        ["", "what counts", "precision", "recall", "F1", "95% interval", "gold", "found"],
        (
            [
                f"`{name}`",
                WHAT[name],
                *cells(counts)[:3],
                "{:.2f} to {:.2f}".format(*spread[name]),
                *cells(counts)[3:],
            ]
            for name, counts in scores.layers().items()
        ),
        left=2,
    )
    shares = table(
        ["", "what it is", "value"],
        ([f"`{name}`", SHARES[name], f"{value:.3f}"] for name, value in scores.shares().items()),
        left=2,
    )
    bins = table(
        ["confidence", "edges", "mean confidence", "right"],
        (
            [
                f"{one.low:.1f} to {one.low + 0.1:.1f}",
                str(one.edges),
                f"{one.confidence:.2f}",
                f"{one.right:.2f}",
            ]
            for one in scores.bins
        ),
    )
    errors = table(
        ["times", "error", "of", "entity"],
        (
            [str(m.times), m.kind, m.what.replace("->", "instead found as"), m.name.replace("|", "\\|")]
            for m in scores.mistakes[:ERRORS]
        ),
        left=4,
    )
    return f"""# How well papers are read

`make quality` builds the graph of `seeds/`, scores it and writes this page anew. Extractor: `{EXTRACTOR}`.

## What these figures are, and what they are not

The gold is the annotation of {scores.papers} papers of the seeds, `benchmarks/gold/seeds_dev.jsonl`, made by
`benchmarks/gold/GUIDELINES.md` from title and abstract alone. It is a **development set**: no model was trained on it, but
those who built the rules and the lexicon had the seeds before their eyes. **Figures on papers that nobody has seen differ**, and more likely
downwards than upwards. They also differ with the field: most of the seeds are about causality, and a pile of papers on something else
names other things. With {scores.papers} papers a figure is known to within the interval beside it (papers drawn anew {RESAMPLES} times) and no better.

The annotation was made by a language model. Two independent readings of the same 20 papers agree to F1 0.96 (`named`), 0.90 (`term`),
0.92 (`all`), 0.90 (`edges`), 0.80 (`entity_rel`), 0.87 (`results_strict`): more than that cannot be measured here.

Other papers (115 that nothing was fitted on, 2,605 in five folds), what each part of the extraction contributes, and two readers of one paper beside it:
[extraction.md](extraction.md). Other recognisers, others' annotation, and the learning curve: [comparison.md](comparison.md).

To score papers of your own: annotate them by the guidelines, then `paperkg evaluate GOLD.jsonl NAME.papers.jsonl`.

## By layer

Everything is counted on the graph's own unit, the pair (paper, entity), and summed over papers. An entity that was found is one of
gold if a spelling or the name of the one equals one of the other, but for case, spaces, punctuation and a plural s. Each is matched
once. Dataset and Benchmark count as one type.

{layers}

## By type

`all`, each entity under its own type.

{grouped("type", scores.types)}

## By relation

`edges`, each entity under its own relation.

{grouped("relation", scores.relations)}

## Shares

{shares}

## Confidence

The edges by the confidence that the graph gives them, and the share of them that is right. Good confidence is as high as that share.

{bins}

## Commonest errors

{errors}
"""


def main() -> None:
    """Write the report."""
    gold = parse_gold(GOLD.read_bytes(), str(GOLD))
    found = parse_found(papers_bytes(paperkg.build(SEEDS).extractions), "the graph of the seeds")
    REPORT.write_text(report(evaluate(gold, found), interval(gold, found)), encoding="utf-8")


if __name__ == "__main__":
    main()
