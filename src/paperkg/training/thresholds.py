"""Measures the thresholds of `decide.py` and the calibration of `roles.py` on held-out folds.

    python -m paperkg.training.thresholds --gold GOLD.jsonl --papers PAPERS.jsonl --spans SPANS.jsonl

GOLD, PAPERS: annotations and texts, as for `paperkg.training.entities`. SPANS: the network's scores of all these papers, each by a
network that was trained without it (`heldout.spans.jsonl` of `paperkg.training.recognizer --hold-out`). Each option may be given
several times. The linear models are fitted on four folds of five and measured on the fifth. Printed are what each reader finds alone,
F1 by threshold, the coefficients of the calibration, and how well it holds on folds on which it was not fitted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from sklearn.linear_model import LogisticRegression

from paperkg.evaluation import Counts
from paperkg.evaluation.measures import by_confidence, calibration
from paperkg.extraction.candidates import span_text
from paperkg.extraction.coordination import add_coordinated
from paperkg.extraction.decide import THRESHOLDS, Found, decide
from paperkg.extraction.ensemble import (
    LINEAR,
    NETWORK,
    Vector,
    blend,
    labels_by_key,
    relations_by_span,
    score_candidates,
)
from paperkg.extraction.roles import Role, RoleModel, confidence_features
from paperkg.text.fold import fold
from paperkg.training.entities import FOLDS, Example, by_fold, files, read_examples
from paperkg.training.lines import said

SHIPPED = (LINEAR, NETWORK)


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


@click.command(help=__doc__)
@files("gold")
@files("papers")
@files("spans")
def main(gold: tuple[Path, ...], papers: tuple[Path, ...], spans: tuple[Path, ...]) -> None:
    """Prints the tables and the coefficients."""
    examples = read_examples(gold, papers, spans)
    read: list[tuple[Example, dict[str, Vector], dict[str, Vector], RoleModel, int]] = []
    for number, example, entities, roles in by_fold(examples):
        linear = score_candidates(entities, example.reading, None)
        network = labels_by_key(example.network or (), example.reading)
        read.append((example, linear, network, roles, number))
    total = sum(len(e.gold["entities"]) for e in examples)

    def decided(exponents: tuple[float, float], thresholds: dict[bool, float]) -> Iterator[list[Found]]:
        for example, linear, network, _, _ in read:
            scores = blend(linear, network, exponents)
            yield add_coordinated(example.reading, decide(example.reading, scores, thresholds))

    def show(name: str, exponents: tuple[float, float], thresholds: dict[bool, float]) -> None:
        number = right = 0
        for (example, *_), found in zip(read, decided(exponents, thresholds), strict=True):
            number += len(found)
            right += sum(map(is_right, found, matches(example, found)))
        counts = Counts(right, total, number)
        click.echo(f"{name}, thresholds {thresholds[True]} {thresholds[False]}: {said(counts)}")

    for name, exponents in (("linear models", (1.0, 0.0)), ("network", (0.0, 1.0)), ("both", SHIPPED)):
        for named, term in ((0.45, 0.4), (0.55, 0.5)):
            show(name, exponents, {True: named, False: term})
    for named, term in itertools.product((0.4, 0.5), (0.35, 0.4, 0.45)):
        show("both", SHIPPED, {True: named, False: term})
    rows_, right, folds = [], [], []
    for (example, _, _, roles, number), found in zip(read, decided(SHIPPED, THRESHOLDS), strict=True):
        seen = relations_by_span(example.network or (), example.reading)
        found_roles: list[Role] = roles.roles(example.reading, found, seen)
        for entity, role, hit in zip(found, found_roles, matches(example, found), strict=True):
            rows_.append(confidence_features(entity, role.relation, role.confidence))
            right.append(is_right(entity, hit) and hit is not None and role.relation == hit["relation"])
            folds.append(number)
    click.echo(f"edges F1 {Counts(sum(right), total, len(right)).f1:.4f}")
    matrix, truth, places = np.array(rows_), np.array(right), np.array(folds)
    said_of = np.zeros(len(truth))
    for number in range(FOLDS):
        model = LogisticRegression(C=1.0, max_iter=1000).fit(
            matrix[places != number], truth[places != number]
        )
        said_of[places == number] = model.predict_proba(matrix[places == number])[:, 1]
    sure = said_of >= 0.9
    judged = zip(said_of.tolist(), truth.tolist(), strict=True)
    click.echo(
        f"calibration error {calibration(by_confidence(judged), len(truth)):.4f}; at 0.9 or more {sure.mean():.3f} of the edges, "
        f"of which {truth[sure].mean():.4f} are right"
    )
    model = LogisticRegression(C=1.0, max_iter=1000).fit(matrix, truth)
    click.echo(f"intercept {model.intercept_.round(3).tolist()} weights {model.coef_[0].round(3).tolist()}")


if __name__ == "__main__":
    main()
