"""Fits the linear models of entities and of roles: `paperkg/extraction/weights/entities.npz` and `roles.npz`.

    python -m paperkg.training.entities --gold GOLD.jsonl --papers PAPERS.jsonl

GOLD: annotations, one record a paper (`pid`, `entities` with `name`, `type`, `layer`, `relation`, `surfaces`).
PAPERS: their texts (`id`, `title`, `abstract`). Each option may be given several times.
"""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np
import scipy.sparse
from sklearn.linear_model import LogisticRegression

from paperkg.extraction.decide import CLASSES, Found
from paperkg.extraction.features import Reading, features, survey
from paperkg.extraction.frequency import load_frequencies
from paperkg.extraction.known import KnownSpellings, Match
from paperkg.extraction.neural import SpanScore
from paperkg.extraction.pipeline import sentence_pipeline
from paperkg.extraction.reading import paper_text, read
from paperkg.extraction.roles import RoleModel, role_features, sentence_bounds
from paperkg.extraction.scorer import Scorer, dump_scorer
from paperkg.lexicon import Entry, load_lexicon
from paperkg.model import RELATIONS
from paperkg.text.fold import fold
from paperkg.training.lexicon_stats import smoothed
from paperkg.training.lines import read_lines

WEIGHTS = Path(__file__).parent.parent / "extraction" / "weights"
ENTITY_C, ROLE_C = 0.3, 0.1
LEAST_COUNT = 3
FOLDS = 5


@dataclass(frozen=True)
class Example:
    """An annotated paper, read."""

    gold: dict[str, Any]
    reading: Reading
    network: tuple[SpanScore, ...] | None = None
    """The scores of a network that was trained without this paper, if there are any."""


def read_spans(files: Iterable[Path]) -> dict[str, tuple[SpanScore, ...]]:
    """Paper -> the network's scores, as `paperkg.training.recognizer` writes them."""
    return {
        r["pid"]: tuple(
            SpanScore(s["start"], s["end"], tuple(s["label_probs"]), tuple(s["relation_probs"]))
            for s in r["spans"]
        )
        for r in read_lines(*files)
    }


def read_examples(gold: Sequence[Path], papers: Sequence[Path], spans: Sequence[Path] = ()) -> list[Example]:
    """Reads annotations and texts; papers without annotation are left out, and without scores if there are any scores."""
    records = {r["pid"]: r for r in read_lines(*gold)}
    network = read_spans(spans)
    nlp, known, frequencies = sentence_pipeline(), KnownSpellings(load_lexicon()), load_frequencies()
    out = []
    for paper in read_lines(*papers):
        pid = paper["id"]
        if pid in records and (not spans or pid in network):
            text = paper_text(paper["title"], paper["abstract"])
            reading = read(nlp(text.text), text.title_end, known, frequencies)
            out.append(Example(records[pid], reading, network.get(pid)))
    annotated, holding = _annotated_in(out), _known_in(out)
    return [_as_unseen(example, annotated, holding) for example in out]


def _annotated_in(examples: Sequence[Example]) -> dict[str, set[str]]:
    """Folded spelling -> papers that annotate it."""
    found: dict[str, set[str]] = collections.defaultdict(set)
    for example in examples:
        for entity in example.gold["entities"]:
            for spelling in [*entity["surfaces"], entity["name"]]:
                found[fold(spelling)].add(example.gold["pid"])
    return found


def _known_in(examples: Sequence[Example]) -> dict[Entry, set[str]]:
    """Entry of the lexicon -> papers that hold a spelling of it."""
    found: dict[Entry, set[str]] = collections.defaultdict(set)
    for example in examples:
        for matches in example.reading.known.values():
            for match in matches:
                found[match.entry].add(example.gold["pid"])
    return found


def _as_unseen(example: Example, annotated: dict[str, set[str]], holding: dict[Entry, set[str]]) -> Example:
    """Takes from the lexicon what it knows from this paper's annotation: an unseen paper has no such help.

    A term that only this paper annotates is unknown in it, and the prior of every other one is counted without it.
    """
    own = {example.gold["pid"]}

    def unseen(match: Match) -> Match | None:
        if match.entry.named:
            return match
        papers = set().union(*(annotated.get(fold(s), ()) for s in match.entry.spellings))
        if papers == own:
            return None
        return replace(
            match, entry=replace(match.entry, prior=prior(papers - own, holding[match.entry] - own))
        )

    known = {
        key: kept
        for key, found in example.reading.known.items()
        if (kept := tuple(m for m in map(unseen, found) if m is not None))
    }
    return replace(example, reading=replace(example.reading, known=known))


def prior(annotating: set[str], holding: set[str]) -> float:
    """The share of papers holding a term that annotate it, smoothed towards 0.35."""
    return round(smoothed(len(annotating & holding), len(holding)), 2)


def fit(rows: Sequence[Iterable[str]], labels: Sequence[str], classes: Sequence[str], c: float) -> Scorer:
    """A scorer by logistic regression; features that occur in fewer than `LEAST_COUNT` rows are left out."""
    counts = collections.Counter(f for row in rows for f in set(row))
    names = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= LEAST_COUNT))}
    columns = [sorted({names[f] for f in row if f in names}) for row in rows]
    matrix = scipy.sparse.csr_matrix(
        (
            np.ones(sum(map(len, columns)), np.float32),
            [i for row in columns for i in row],
            np.cumsum([0, *map(len, columns)]),
        ),
        shape=(len(rows), len(names)),
    )
    model = LogisticRegression(C=c, max_iter=80).fit(matrix, [classes.index(label) for label in labels])
    weights = np.zeros((len(names), len(classes)), np.float32)
    bias = np.full(len(classes), -20.0)
    weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    return Scorer(tuple(classes), names, weights, bias)


def fit_entities(examples: Iterable[Example]) -> Scorer:
    """The model of candidates."""
    rows, labels = [], []
    for example in examples:
        gold = {
            fold(s): f"{e['type']}/{e['layer']}"
            for e in example.gold["entities"]
            for s in [*e["surfaces"], e["name"]]
        }
        around = survey(example.reading)
        for key, candidate in example.reading.candidates.items():
            rows.append(features(example.reading, candidate, around))
            labels.append(gold.get(key.lstrip("="), "none"))
    return fit(rows, labels, CLASSES, ENTITY_C)


def gold_entities(example: Example) -> list[tuple[Found, str]]:
    """The annotated entities of a paper with their places, and their relations."""
    out = []
    for entity in example.gold["entities"]:
        forms = {fold(s) for s in entity["surfaces"]}
        hits = [c for key, c in example.reading.candidates.items() if key.lstrip("=") in forms]
        spans = sorted({span for c in hits for span in c.spans})
        if spans:
            known = [m.entry for c in hits for m in example.reading.known.get(c.key, ())]
            long = next((s for s in entity["surfaces"] if any(c.partner for c in hits)), None)
            found = Found(
                entity["name"],
                entity["type"],
                entity["layer"] == "named",
                1.0,
                tuple(spans),
                long,
                next(iter(known), None),
            )
            out.append((found, entity["relation"]))
    return out


def fit_roles(examples: Iterable[Example]) -> Scorer:
    """The model of the paper's relations."""
    rows, labels = [], []
    for example in examples:
        bounds = sentence_bounds(example.reading.tokens)
        for found, relation in gold_entities(example):
            pooled, by_sentence = role_features(example.reading, bounds, found)
            rows.append([*pooled, *(f for fs in by_sentence.values() for f in fs)])
            labels.append(relation)
    return fit(rows, labels, RELATIONS, ROLE_C)


def fold_of(index: int) -> int:
    """The fold in which a paper is held out."""
    return index % FOLDS


def by_fold(examples: Sequence[Example]) -> Iterator[tuple[int, Example, Scorer, RoleModel]]:
    """Each paper, fold after fold, with the number of its fold and models that were fitted on the other folds."""
    for number in range(FOLDS):
        rest = [example for i, example in enumerate(examples) if fold_of(i) != number]
        entities, roles = fit_entities(rest), RoleModel(fit_roles(rest))
        for example in (example for i, example in enumerate(examples) if fold_of(i) == number):
            yield number, example, entities, roles


def files(name: str, *, required: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option that takes a file, any number of times."""
    path = click.Path(exists=True, path_type=Path)
    return click.option(f"--{name}", type=path, multiple=True, required=required)


@click.command(help=__doc__)
@files("gold")
@files("papers")
def main(gold: tuple[Path, ...], papers: tuple[Path, ...]) -> None:
    """Fits on all papers and writes the weights into the package."""
    examples = read_examples(gold, papers)
    WEIGHTS.joinpath("entities.npz").write_bytes(dump_scorer(fit_entities(examples)))
    WEIGHTS.joinpath("roles.npz").write_bytes(dump_scorer(fit_roles(examples)))


if __name__ == "__main__":
    main()
