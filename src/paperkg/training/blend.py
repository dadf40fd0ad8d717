"""Measures how linear models and network are best joined: the constants of `ensemble.py`, `decide.py` and `roles.py`.

    python -m paperkg.training.blend GOLD.jsonl PAPERS.jsonl SPANS.jsonl

SPANS: the network's scores of papers that it was not trained on (`pid`, `spans`), as `paperkg.training.recognizer` writes
them for its held-out papers. The linear models are fitted here on all other papers. Printed are F1 by exponent and by
threshold, and the coefficients of the calibration.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from sklearn.linear_model import LogisticRegression

from paperkg.extraction import ensemble
from paperkg.extraction.candidates import span_text
from paperkg.extraction.decide import Found, decide
from paperkg.extraction.ensemble import Vector, labels_by_key, relations_by_span
from paperkg.extraction.features import features, survey
from paperkg.extraction.neural import SpanScore
from paperkg.extraction.roles import Role, RoleModel, logit
from paperkg.text.fold import fold
from paperkg.training.entities import Example, fit_entities, fit_roles, read_examples


def matches(example: Example, found: list[Found]) -> list[dict[str, str] | None]:
    """For each entity the annotated one that shares a spelling with it, each of these once."""
    free = [(e, {fold(s) for s in [*e["surfaces"], e["name"]]}) for e in example.gold["entities"]]
    out: list[dict[str, str] | None] = []
    for entity in found:
        texts = (span_text(example.reading.text, example.reading.tokens, s) for s in entity.spans)
        forms = {fold(entity.name), *map(fold, texts)}
        hit = next((pair for pair in free if pair[1] & forms), None)
        if hit:
            free.remove(hit)
        out.append(hit[0] if hit else None)
    return out


def is_right(entity: Found, gold: dict[str, str] | None) -> bool:
    """Whether the type is right; Dataset and Benchmark count as one, as in the scorer."""
    return gold is not None and entity.type.replace("Benchmark", "Dataset") == gold["type"].replace(
        "Benchmark", "Dataset"
    )


def f1(hits: int, gold: int, found: int) -> float:
    """F1 of counts."""
    return 2 * hits / (gold + found) if gold + found else 0.0


@click.command(help=__doc__)
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.argument("papers", type=click.Path(exists=True, path_type=Path))
@click.argument("spans", type=click.Path(exists=True, path_type=Path))
def main(gold: Path, papers: Path, spans: Path) -> None:
    """Prints the table and the coefficients."""
    network = {
        r["pid"]: [
            SpanScore(s["start"], s["end"], tuple(s["label_probs"]), tuple(s["relation_probs"]))
            for s in r["spans"]
        ]
        for r in map(json.loads, spans.read_text("utf-8").splitlines())
    }
    examples = read_examples(gold, papers)
    rest = [e for e in examples if e.gold["pid"] not in network]
    held_out = [e for e in examples if e.gold["pid"] in network]
    entities, roles = fit_entities(rest), RoleModel(fit_roles(rest))
    linear = {}
    for example in held_out:
        around = survey(example.reading)
        linear[example.gold["pid"]] = {
            key: entities.probabilities(features(example.reading, c, around))
            for key, c in example.reading.candidates.items()
        }

    def decided(
        exponents: tuple[float, float], thresholds: dict[bool, float]
    ) -> Iterator[tuple[Example, list[Found]]]:
        ensemble.LINEAR, ensemble.NETWORK = exponents
        for example in held_out:
            pid = example.gold["pid"]
            scores: dict[str, Vector] = ensemble.blend(
                linear[pid], labels_by_key(network[pid], example.reading)
            )
            yield example, decide(example.reading, scores, thresholds)

    total = sum(len(e.gold["entities"]) for e in held_out)
    best = (0.0, (0.0, 0.0), {True: 0.0, False: 0.0})
    for share, sharpness in itertools.product((0.4, 0.5, 0.6, 0.7), (0.8, 1.0, 1.2)):
        exponents = (round(share * sharpness, 2), round((1 - share) * sharpness, 2))
        for named, term in itertools.product((0.4, 0.45, 0.5, 0.55), (0.35, 0.4, 0.45, 0.5)):
            thresholds = {True: named, False: term}
            hits = number = 0
            for example, found in decided(exponents, thresholds):
                number += len(found)
                hits += sum(map(is_right, found, matches(example, found)))
            score = f1(hits, total, number)
            best = max(best, (score, exponents, thresholds), key=lambda b: b[0])
        click.echo(f"{exponents}  best so far {best}")
    rows: list[tuple[float, float]] = []
    labels: list[bool] = []
    for weight in (0.3, 0.5, 0.7, 1.0):
        ensemble.ROLE_NETWORK = weight
        rows, labels = [], []
        for example, found in decided(best[1], best[2]):
            said: list[Role] = roles.roles(
                example.reading, found, relations_by_span(network[example.gold["pid"]], example.reading)
            )
            for entity, role, gold_entity in zip(found, said, matches(example, found), strict=True):
                rows.append((logit(entity.probability), logit(role.confidence)))
                right = (
                    is_right(entity, gold_entity)
                    and gold_entity is not None
                    and role.relation == gold_entity["relation"]
                )
                labels.append(right)
        click.echo(f"role exponent {weight}: edges F1 {f1(sum(labels), total, len(labels)):.3f}")
    model = LogisticRegression(C=100.0).fit(np.array(rows), labels)
    click.echo(f"calibration: {model.intercept_.round(3).tolist()} {model.coef_.round(3).tolist()}")


if __name__ == "__main__":
    main()
