"""Fits the linear models of results and relations: `numbers.npz`, `slots.npz` and `relations.npz`.

    python -m paperkg.training.linkers --gold GOLD.jsonl --papers PAPERS.jsonl --spans SPANS.jsonl

GOLD: annotations, one record a paper (`pid`, `entities`, `results`, `entity_relations`).
PAPERS: their texts (`id`, `title`, `abstract`). SPANS: as for `paperkg.training.entities`, of some papers or of none. Each
option may be given several times, the texts in the order of the annotations.

Results are fitted on the annotated entities. Relations are fitted on these and, once more, on the entities that the
models of `paperkg.training.entities` find in papers they were not fitted on: a relation must not be trusted as much where
entities are missing, doubtful, or of the wrong role.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from paperkg.extraction.candidates import read_tokens
from paperkg.extraction.located import LocatedEntity, Offsets
from paperkg.extraction.marked import MarkedText, mark
from paperkg.extraction.number_features import number_features
from paperkg.extraction.pipeline import sentence_pipeline
from paperkg.extraction.reading import paper_text
from paperkg.extraction.relations import pair_features, pairs
from paperkg.extraction.results import NUMBER_CLASSES, Linker
from paperkg.extraction.roles import sentence_bounds
from paperkg.extraction.scorer import Scorer, dump_scorer
from paperkg.extraction.slot_features import SLOTS
from paperkg.model import ENTITY_PREDICATES
from paperkg.text.clean import clean
from paperkg.text.fold import fold
from paperkg.training import entities
from paperkg.training.held_out import found_entities
from paperkg.training.lines import read_lines

WEIGHTS = Path(__file__).parent.parent / "extraction" / "weights"
ROUNDS = 100
Array = npt.NDArray[np.float64]

# How freely features may weigh, by the beginning of their names; the values were chosen by cross-validation.
OUTCOME_SCALE = (("in=", 0.3), ("near", 0.5), ("", 1.0))
CHANGE_SCALE = (
    ("in=", 0.0),
    ("near", 0.2),
    ("change", 2.0),
    ("trigger", 2.0),
    ("sign", 2.0),
    ("unit", 2.0),
    ("", 1.0),
)
SLOT_SCALE = (
    *((f"{side}{name}=", 1.5) for side in "<>" for name in ("w", "has", "before", "after")),
    ("none|w=", 1.5),
    ("", 1.0),
)
PAIR_SCALE = (
    (">lead", 0.4),
    ("<lead", 0.4),
    ("a|lead", 0.4),
    ("b|lead", 0.4),
    (">w=", 0.4),
    ("<w=", 0.4),
    ("", 1.0),
)
Scale = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Example:
    """An annotated paper: its text with the annotated entities at their places."""

    gold: dict[str, Any]
    text: str
    sentences: list[Offsets]
    entities: list[LocatedEntity]
    marked: MarkedText


def read_examples(gold: Path, papers: Path) -> list[Example]:
    """Reads annotations and texts; papers without annotation are left out."""
    records = {r["pid"]: r for r in read_lines(gold)}
    nlp = sentence_pipeline()
    out = []
    for paper in read_lines(papers):
        if paper["id"] in records:
            text = paper_text(paper["title"], paper["abstract"]).text
            tokens = read_tokens(nlp(text))
            sentences = [(tokens[s].start, tokens[e - 1].end) for s, e in sentence_bounds(tokens) if e > s]
            entities = locate(text, records[paper["id"]]["entities"])
            out.append(
                Example(records[paper["id"]], text, sentences, entities, mark(text, sentences, entities))
            )
    return out


def locate(text: str, annotated: Iterable[Mapping[str, Any]]) -> list[LocatedEntity]:
    """Annotated entities at the places where their surfaces stand as whole words, the longest first."""
    annotated = list(annotated)
    forms = {(clean(surface).text, i) for i, entity in enumerate(annotated) for surface in entity["surfaces"]}
    taken: list[Offsets] = []
    spans: dict[int, list[Offsets]] = collections.defaultdict(list)
    for form, i in sorted(forms, key=lambda pair: (-len(pair[0]), pair)):
        for match in re.finditer(rf"(?<!\w){re.escape(form)}(?!\w)", text) if form else ():
            if not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                spans[i].append(match.span())
    located = [
        LocatedEntity(
            e["name"], e["type"], e["layer"] == "named", e["relation"], 1.0, tuple(sorted(spans[i]))
        )
        for i, e in enumerate(annotated)
        if spans[i]
    ]
    return sorted(located, key=lambda entity: entity.spans[0])


def as_found(example: Example, found: list[LocatedEntity]) -> Example:
    """A paper with the entities that were found in it; its annotation names them as they are named there.

    Relations of entities that were not found are left out.
    """
    names = dict[str, str]()
    for entity in example.gold["entities"]:
        forms = {fold(form) for form in [entity["name"], *entity["surfaces"]]}
        free = [e for e in found if e.name not in names.values()]
        fits = [
            e
            for e in free
            if forms & {fold(e.name), *(fold(example.text[start:end]) for start, end in e.spans)}
        ]
        if fits:
            names[entity["name"]] = min(fits, key=lambda e: e.type != entity["type"]).name
    renamed = [
        [names[subject], predicate, names[object_]]
        for subject, predicate, object_ in example.gold["entity_relations"]
        if subject in names and object_ in names
    ]
    return Example(
        {**example.gold, "entity_relations": renamed},
        example.text,
        example.sentences,
        found,
        mark(example.text, example.sentences, found),
    )


def digits(value: str) -> str:
    """The first number of a value, by which an annotated result is found in the text."""
    match = re.search(r"\d[\d,]*\.?\d*|\.\d+", value)
    return match[0].replace(",", "").strip(".") if match else value


def outcomes(example: Example) -> dict[int, dict[str, Any]]:
    """The annotated results by the numbers of the text that they are."""
    marked, found = example.marked, dict[int, dict[str, Any]]()
    values = [example.text[q.start : q.end] for q in marked.quantities]
    for result in example.gold["results"]:
        fits = [i for i, v in enumerate(values) if i not in found and digits(v) == digits(result["value"])]
        if fits:
            found[min(fits, key=lambda i: (values[i] != clean(result["value"]).text, i))] = result
    return found


class Table:
    """Rows of features as a sparse matrix."""

    def __init__(self, rows: Sequence[Iterable[str]], least: int = 2) -> None:
        sets = [set(row) for row in rows]
        counts = collections.Counter(f for row in sets for f in row)
        self.names = sorted(f for f, n in counts.items() if n >= least)
        index = {f: i for i, f in enumerate(self.names)}
        columns = [sorted(index[f] for f in row if f in index) for row in sets]
        ends = np.cumsum([0, *map(len, columns)])
        self.matrix = csr_matrix(
            (np.ones(ends[-1]), [i for row in columns for i in row], ends), shape=(len(rows), len(self.names))
        )

    def scales(self, scale: Scale) -> Array:
        """The scale of each feature: that of the first beginning which fits."""
        return np.array([next(s for start, s in scale if name.startswith(start)) for name in self.names])


def fit_binary(table: Table, labels: Sequence[bool], c: float, scale: Scale) -> tuple[Array, float]:
    """Weights and bias of a logistic regression with an L2 penalty of 1/c."""
    factor = table.scales(scale)
    matrix = table.matrix.multiply(factor).tocsr()
    back, y = matrix.T.tocsr(), np.asarray(labels, dtype=float)

    def loss(w: Array) -> tuple[float, Array]:
        scores = matrix @ w[:-1] + w[-1]
        miss = 1 / (1 + np.exp(-scores)) - y
        value = np.logaddexp(0, scores).sum() - (y * scores).sum() + 0.5 / c * (w[:-1] @ w[:-1])
        return value, np.append(back @ miss + w[:-1] / c, miss.sum())

    w = minimize(loss, np.zeros(len(factor) + 1), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return w[:-1] * factor, float(w[-1])


def fit_choice(
    table: Table, sizes: Sequence[int], chosen: Sequence[int], penalty: float, scale: Scale
) -> Array:
    """Weights of a conditional logit: of each run of rows (`sizes`) one is `chosen`, counted in the run."""
    starts = np.cumsum([0, *sizes[:-1]])
    right = np.zeros(sum(sizes))
    right[starts + np.asarray(chosen)] = 1.0
    factor = table.scales(scale)
    matrix = table.matrix.multiply(factor).tocsr()
    back = matrix.T.tocsr()

    def loss(w: Array) -> tuple[float, Array]:
        scores = matrix @ w
        top = np.maximum.reduceat(scores, starts)
        powers = np.exp(scores - np.repeat(top, sizes))
        total = np.add.reduceat(powers, starts)
        miss = powers / np.repeat(total, sizes) - right
        value = (np.log(total) + top).sum() - scores @ right + 0.5 * penalty * (w @ w)
        return value, back @ miss + penalty * w

    w = minimize(loss, np.zeros(len(factor)), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return np.asarray(w * factor)


def scorer(classes: Sequence[str], columns: Sequence[tuple[list[str], Array, float]]) -> Scorer:
    """One scorer from models of one column each; a feature that a model lacks weighs nothing there."""
    names = {f: i for i, f in enumerate(sorted({f for own, _, _ in columns for f in own}))}
    weights = np.zeros((len(names), len(classes)), np.float32)
    for column, (own, values, _) in enumerate(columns):
        weights[[names[f] for f in own], column] = values
    return Scorer(tuple(classes), names, weights, np.array([bias for _, _, bias in columns]))


def fit_numbers(examples: Sequence[Example]) -> Scorer:
    """The model of numbers: log-odds of being an outcome, and of a change among outcomes."""
    rows: list[list[str]] = []
    labels: list[str | None] = []
    for example in examples:
        found = outcomes(example)
        for i in range(len(example.marked.quantities)):
            rows.append(number_features(example.marked, i))
            labels.append(found[i]["kind"] if i in found else None)
    table = Table(rows)
    inner = Table([row for row, label in zip(rows, labels, strict=True) if label])
    outcome = fit_binary(table, [label is not None for label in labels], 1.0, OUTCOME_SCALE)
    change = fit_binary(inner, [label == "change" for label in labels if label], 0.3, CHANGE_SCALE)
    return scorer(NUMBER_CLASSES, [(table.names, *outcome), (inner.names, *change)])


def fit_slots(examples: Sequence[Example]) -> Scorer:
    """The model of slots, one column each."""
    columns = []
    for slot in SLOTS:
        rows: list[list[str]] = []
        sizes, chosen = [], []
        for example in examples:
            linker = Linker(example.marked)
            names = {entity.name: i for i, entity in enumerate(example.entities)}
            for index, result in sorted(outcomes(example).items()):
                choices = linker.choices(slot, index, result["kind"])
                offered = [entity for entity, _ in choices]
                wanted = names.get(result[slot], -1) if result[slot] else None
                linker.fix(slot, index, None if wanted == -1 else wanted)
                if wanted in offered and len(offered) > 1:
                    rows += [features for _, features in choices]
                    sizes.append(len(offered))
                    chosen.append(offered.index(wanted))
        table = Table(rows)
        columns.append((table.names, fit_choice(table, sizes, chosen, 2.0, SLOT_SCALE), 0.0))
    return scorer(SLOTS, columns)


def fit_relations(examples: Sequence[Example]) -> Scorer:
    """The model of pairs: log-odds of each predicate."""
    rows: list[list[str]] = []
    found: list[set[str]] = []
    for example in examples:
        gold = collections.defaultdict(set)
        for subject, predicate, object_ in example.gold["entity_relations"]:
            gold[subject, object_].add(predicate)
        for a, b in pairs(example.marked):
            rows.append(pair_features(example.marked, a, b))
            found.append(gold[example.entities[a].name, example.entities[b].name])
    table = Table(rows, least=3)
    return scorer(
        ENTITY_PREDICATES,
        [
            (table.names, *fit_binary(table, [p in f for f in found], 0.15, PAIR_SCALE))
            for p in ENTITY_PREDICATES
        ],
    )


@click.command(help=__doc__)
@entities.files("gold")
@entities.files("papers")
@entities.files("spans", required=False)
def main(gold: tuple[Path, ...], papers: tuple[Path, ...], spans: tuple[Path, ...]) -> None:
    """Fits on all papers and writes the weights into the package."""
    if len(gold) != len(papers):
        raise click.UsageError("each --gold needs its --papers")
    examples = [e for pair in zip(gold, papers, strict=True) for e in read_examples(*pair)]
    found = found_entities(entities.read_examples(gold, papers, spans))
    both = examples + [as_found(e, found[e.gold["pid"]]) for e in examples if e.gold["pid"] in found]
    for name, model in (
        ("numbers", fit_numbers(examples)),
        ("slots", fit_slots(examples)),
        ("relations", fit_relations(both)),
    ):
        WEIGHTS.joinpath(f"{name}.npz").write_bytes(dump_scorer(model))


if __name__ == "__main__":
    main()
