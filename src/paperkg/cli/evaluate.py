"""`paperkg evaluate`: what was found in papers held against a gold annotation."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from paperkg.cli.console import note, print_table, write_data
from paperkg.cli.options import examples

if TYPE_CHECKING:
    from paperkg.evaluation import Counts, Scores

_MOST_MISSING = 3


@click.command(
    epilog=examples(
        "paperkg evaluate gold.jsonl graphs/seeds.papers.jsonl",
        "paperkg evaluate gold.jsonl graphs/seeds.papers.jsonl --errors 20",
    )
)
@click.argument("gold", metavar="GOLD")
@click.argument("papers", metavar="PAPERS")
@click.option(
    "--errors", type=click.IntRange(min=0), default=0, metavar="N", help="List the N commonest errors."
)
@click.option("--format", "format_", type=click.Choice(("table", "json")), default="table", help="The form.")
def evaluate(gold: str, papers: str, errors: int, format_: str) -> None:
    """Score what was found in papers against a gold annotation.

    GOLD is JSON Lines, one annotated paper a line; PAPERS is the papers.jsonl of a build. docs/quality.md says
    what is measured.
    """
    from paperkg.evaluation import evaluate as scored
    from paperkg.evaluation import parse_found, parse_gold

    wanted = parse_gold(Path(gold).read_bytes(), gold)
    scores = scored(wanted, parse_found(Path(papers).read_bytes(), papers))
    if scores.missing:
        some = ", ".join(scores.missing[:_MOST_MISSING]) + (", ..." if scores.missing[_MOST_MISSING:] else "")
        note(f"{len(scores.missing)} of {scores.papers} papers of {gold} are not in {papers}: {some}")
    if format_ == "json":
        write_data(json.dumps(_record(scores, errors), ensure_ascii=False, indent=1) + "\n")
    else:
        _print(scores, errors)


def _print(scores: Scores, errors: int) -> None:
    for head, counts in (
        ("layer", scores.layers()),
        ("type", scores.types),
        ("relation", scores.relations),
    ):
        print_table(
            [head, "precision", "recall", "F1", "gold", "found"],
            [[name, *_cells(one)] for name, one in counts.items()],
            right=range(1, 6),
        )
        click.echo()
    print_table(["share", "value"], [[k, f"{v:.3f}"] for k, v in scores.shares().items()], right=[1])
    if errors:
        click.echo()
        rows = [[str(m.times), m.kind, m.what, m.name] for m in scores.mistakes[:errors]]
        print_table(["times", "error", "of", "entity"], rows, right=[0])


def _cells(counts: Counts) -> list[str]:
    shares = (counts.precision, counts.recall, counts.f1)
    return [*(f"{share:.3f}" for share in shares), str(counts.gold), str(counts.found)]


def _record(scores: Scores, errors: int) -> dict[str, Any]:
    record: dict[str, Any] = {name: _numbers(counts) for name, counts in scores.layers().items()}
    record |= {
        "types": {name: _numbers(counts) for name, counts in scores.types.items()},
        "relations": {name: _numbers(counts) for name, counts in scores.relations.items()},
    }
    record |= scores.shares()
    record["bins"] = [asdict(one) for one in scores.bins]
    record["papers"] = {"gold": scores.papers, "found": scores.papers - len(scores.missing)}
    if errors:
        record["errors"] = [asdict(mistake) for mistake in scores.mistakes[:errors]]
    return record


def _numbers(counts: Counts) -> dict[str, float | int]:
    shares = {"p": counts.precision, "r": counts.recall, "f1": counts.f1}
    return shares | {"gold": counts.gold, "found": counts.found}
