"""Trains a recogniser of this package by its own recipe on the annotation of others, and measures it there.

Usage: python benchmarks/others.py {scierc,tdmsci,scier} TRAIN [--test FILE | --folds N] [--base MODEL] [--seed N] ...

TRAIN and FILE are the training part and the development part of the data set as its authors publish it. Without FILE the
training part is cut into N stretches, each of which is read by a model that was trained on the others.

With --base the recogniser is the span network (`paperkg.training.recognizer`), started from the encoder in the folder MODEL;
without it the linear model of candidates (`paperkg.training.entities`). Both are fitted with the labels of the data set. Counted
are mentions, each right if its span and its label are exactly those of the annotation; F1 is micro-averaged. The threshold
is the one at which the model itself expects the best F1 of spans, so no annotation of the test texts takes part in it; the
last rows show what others would give.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from foreign import FORMATS, Format, Mention, Text

from paperkg.extraction.neural.recognizer import MODEL_FOLDER, PHRASES, VOCABULARY

THRESHOLDS = tuple(k / 20 for k in range(4, 17))
FLOOR = 0.02
"""Spans that are mentions with a smaller probability are not kept."""


class Scored(NamedTuple):
    """A span that may be a mention: offsets, its most probable label, the probability that it is a mention."""

    start: int
    end: int
    label: str
    probability: float


Predict = Callable[[Text], list[Scored]]


class Counts(NamedTuple):
    """Numbers of mentions."""

    right: int
    gold: int
    found: int

    def __str__(self) -> str:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.gold)
        f1 = 2 * self.right / max(1, self.gold + self.found)
        return f"{precision:.3f} | {recall:.3f} | {f1:.3f} | {self.gold} | {self.found} |"


def _kept(scored: Iterable[Scored], threshold: float) -> list[Scored]:
    """Of spans that overlap the most probable one."""
    kept: list[Scored] = []
    for span in sorted(scored, key=lambda s: (-s.probability, s)):
        if span.probability >= threshold and all(span.end <= k.start or k.end <= span.start for k in kept):
            kept.append(span)
    return kept


def count(pairs: Sequence[tuple[Text, list[Scored]]], threshold: float, label: str = "") -> Counts:
    """Micro-averaged counts, of one label or of all."""
    right = gold = found = 0
    for text, scored in pairs:
        wanted = {m for m in text.mentions if label in ("", m.label)}
        had = {Mention(*s[:3]) for s in _kept(scored, threshold) if label in ("", s.label)}
        right, gold, found = right + len(wanted & had), gold + len(wanted), found + len(had)
    return Counts(right, gold, found)


def best_threshold(pairs: Sequence[tuple[Text, list[Scored]]]) -> float:
    """The threshold at which F1 of the spans is best if the probabilities are what they say."""
    wanted = sum(span.probability for _, scored in pairs for span in scored)

    def expected(threshold: float) -> float:
        kept = [p for _, scored in pairs for p in _kept(scored, threshold)]
        return 2 * sum(span.probability for span in kept) / (wanted + len(kept))

    return max(THRESHOLDS, key=expected)


def labels_of(texts: Iterable[Text]) -> list[str]:
    """The labels that occur."""
    return sorted({m.label for text in texts for m in text.mentions})


def train_network(texts: Sequence[Text], form: Format, args: argparse.Namespace) -> Predict:
    """The span network with the labels of the texts."""
    import torch

    from paperkg.extraction.neural.phrases import PhraseTable
    from paperkg.extraction.neural.pieces import PieceTokenizer
    from paperkg.training.recognizer.labels import Example, make_located_example
    from paperkg.training.recognizer.train import Settings, make_batch, train

    torch.set_num_threads(args.threads)
    table, tokenizer = PhraseTable.read(args.phrases), PieceTokenizer.read(args.base / VOCABULARY)
    labels = labels_of(texts)

    def example(text: Text) -> Example:
        mentions = [m for m in text.mentions if m.label in labels]
        return make_located_example(
            text.key, text.text, mentions, labels, table, tokenizer, stop_words=form.stop_words
        )

    examples = [example(text) for text in texts]
    total = sum(len(t.mentions) for t in texts)
    say(f"{len(texts)} texts, {total} mentions, of which {sum(e.reached for e in examples)} are candidates")
    settings = Settings(
        epochs=args.epochs, papers_per_step=form.step, seed=args.seed, length_noise=form.length_noise
    )
    network = train(examples, args.base, settings, report=say, labels=len(labels)).eval()

    def predict(text: Text) -> list[Scored]:
        read = example(text)
        with torch.no_grad():
            probabilities = network(make_batch([read]))[0][0].softmax(-1).double().numpy()
        spans = zip(read.candidates.first.tolist(), read.candidates.last.tolist(), strict=True)
        return [
            Scored(
                read.words.spans[i][0], read.words.spans[j][1], labels[int(row[:-1].argmax())], 1 - row[-1]
            )
            for (i, j), row in zip(spans, probabilities, strict=True)
            if 1 - row[-1] >= FLOOR
        ]

    return predict


def train_linear(texts: Sequence[Text]) -> Predict:
    """The linear model, which labels a spelling wherever it stands in a text."""
    from paperkg.extraction.features import Reading, features, survey
    from paperkg.extraction.frequency import load_frequencies
    from paperkg.extraction.known import KnownSpellings
    from paperkg.extraction.pipeline import sentence_pipeline
    from paperkg.extraction.reading import read
    from paperkg.lexicon import load_lexicon
    from paperkg.training.entities import ENTITY_C, fit

    nlp, known, frequencies = sentence_pipeline(), KnownSpellings(load_lexicon()), load_frequencies()
    classes = ["", *labels_of(texts)]

    def reading_of(text: Text) -> Reading:
        return read(nlp(text.text), 0, known, frequencies)

    def places(reading: Reading, key: str) -> list[tuple[int, int]]:
        tokens = reading.tokens
        return [(tokens[i].start, tokens[j - 1].end) for i, j in reading.candidates[key].spans]

    rows, wanted, reached = [], [], set()
    for text in texts:
        reading = reading_of(text)
        around = survey(reading)
        label = {(m.start, m.end): m.label for m in text.mentions}
        for key, candidate in reading.candidates.items():
            spans = places(reading, key)
            reached |= {(text.key, span) for span in spans if span in label}
            rows.append(features(reading, candidate, around))
            wanted.append(collections.Counter(label.get(span, "") for span in spans).most_common(1)[0][0])
    total = sum(len(t.mentions) for t in texts)
    say(f"{len(texts)} texts, {total} mentions, of which {len(reached)} are candidates")
    scorer = fit(rows, wanted, classes, ENTITY_C)

    def predict(text: Text) -> list[Scored]:
        reading = reading_of(text)
        around = survey(reading)
        out = []
        for key, candidate in reading.candidates.items():
            row = scorer.probabilities(features(reading, candidate, around))
            if 1 - row[0] >= FLOOR:
                label = classes[1 + int(np.argmax(row[1:]))]
                out += [Scored(*span, label, float(1 - row[0])) for span in places(reading, key)]
        return out

    return predict


def folds(texts: Sequence[Text], number: int) -> Iterable[tuple[Sequence[Text], Sequence[Text]]]:
    """(training, test) of each stretch; a stretch keeps neighbouring sentences together."""
    cuts = [k * len(texts) // number for k in range(number + 1)]
    for start, end in itertools.pairwise(cuts):
        yield [*texts[:start], *texts[end:]], texts[start:end]


def say(message: str) -> None:
    """Tell what is going on, beside the table."""
    print(message, file=sys.stderr, flush=True)


def main() -> None:
    """Train, read, print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("train", type=Path, metavar="TRAIN")
    parser.add_argument("--test", type=Path, metavar="FILE")
    parser.add_argument("--folds", type=int, default=5, metavar="N")
    parser.add_argument("--base", type=Path, metavar="MODEL")
    parser.add_argument("--phrases", type=Path, default=MODEL_FOLDER / PHRASES, metavar="NPZ")
    parser.add_argument("--epochs", type=int, default=10, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    parser.add_argument("--out", type=Path, metavar="JSONL", help="write the scored spans of each text here")
    args = parser.parse_args()
    form = FORMATS[args.format]
    texts = list(form.read(args.train))
    parts = [(texts, list(form.read(args.test)))] if args.test else folds(texts, args.folds)
    pairs: list[tuple[Text, list[Scored]]] = []
    for training, test in parts:
        predict = train_network(training, form, args) if args.base else train_linear(training)
        pairs += [(text, predict(text)) for text in test]
        say(f"so far: {count(pairs, best_threshold(pairs))}")
    if args.out:
        lines = (json.dumps({**dataclasses.asdict(t), "scored": s}, ensure_ascii=False) for t, s in pairs)
        args.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    print("| | precision | recall | F1 | gold | found |\n| --- | --: | --: | --: | --: | --: |")
    chosen = best_threshold(pairs)
    print(f"| all, threshold {chosen} | {count(pairs, chosen)}")
    for label in labels_of(t for t, _ in pairs):
        print(f"| {label} | {count(pairs, chosen, label)}")
    for threshold in THRESHOLDS[::2]:
        print(f"| all, threshold {threshold} | {count(pairs, threshold)}")


if __name__ == "__main__":
    main()
