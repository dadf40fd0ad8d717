"""From annotated entities (surfaces, or offsets) to a label for each candidate span."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from paperkg.extraction.candidates import candidate_key
from paperkg.extraction.neural.candidates import STOP_WORDS, Candidates, find_candidates
from paperkg.extraction.neural.phrases import PhraseTable
from paperkg.extraction.neural.pieces import PieceTokenizer
from paperkg.extraction.neural.recognizer import LABELS, input_text, window_inputs, windows
from paperkg.extraction.neural.words import Words, split_words
from paperkg.model import RELATIONS
from paperkg.text.clean import clean
from paperkg.text.fold import fold

IGNORED = -1
"""Label of a span on which the annotation cannot be read off."""


@dataclass(frozen=True, slots=True)
class Example:
    """One paper, ready for training.

    Attributes:
        words: the words of its text.
        candidates: the spans in its first window (the whole text of nearly every paper).
        inputs: what the network gets for that window.
        label: (candidates, labels + 1), the probability of each label (of LABELS, for papers) and, last, of no mention;
            zeros where the annotation says nothing.
        relation: (candidates, RELATIONS), likewise; zeros where there is no mention.
        reached: number of its gold entities of which some candidate is a mention.
    """

    pid: str
    words: Words
    candidates: Candidates
    inputs: Mapping[str, npt.NDArray[Any]]
    label: npt.NDArray[np.float16]
    relation: npt.NDArray[np.float16]
    reached: int


def make_example(
    paper: Mapping[str, Any], gold: Mapping[str, Any], table: PhraseTable, tokenizer: PieceTokenizer
) -> Example:
    """Tokenise the clean text of a paper and label its candidate spans by its annotation."""
    words = split_words(input_text(clean(paper["title"]).text, clean(paper["abstract"]).text))
    candidates, inputs = _first_window(words, find_candidates(words, table), tokenizer)
    label, relation, reached = label_candidates(words, candidates, gold["entities"])
    return Example(
        gold["pid"],
        words,
        candidates,
        inputs,
        _one_hot(label, len(LABELS) + 1),
        _one_hot(relation, len(RELATIONS)),
        reached,
    )


def make_silver_example(
    paper: Mapping[str, Any], silver: Mapping[str, Any], table: PhraseTable, tokenizer: PieceTokenizer
) -> Example:
    """Label the candidate spans of a paper by what an extraction thinks of each spelling (`.silver`).

    Inside a likely mention of something longer, a spelling that stands free elsewhere says nothing, as in annotated papers.
    """
    words = split_words(input_text(clean(paper["title"]).text, clean(paper["abstract"]).text))
    candidates, inputs = _first_window(words, find_candidates(words, table), tokenizer)
    label = np.zeros((len(candidates.first), len(LABELS) + 1), dtype=np.float16)
    relation = np.zeros((len(candidates.first), len(RELATIONS)), dtype=np.float16)
    label[:, -1] = 1
    likely: list[tuple[int, int, str, int]] = []  # first, last, key, row
    for row, (i, j) in enumerate(zip(candidates.first.tolist(), candidates.last.tolist(), strict=True)):
        key = candidate_key(words.text[words.spans[i][0] : words.spans[j][1]])
        if key in silver["labels"]:
            none, *rest = silver["labels"][key]
            label[row] = np.array([*rest, none]) / max(1, sum(rest) + none)
            if none < 500:
                likely.append((i, j, key, row))
        if key in silver["relations"]:
            relation[row] = np.array(silver["relations"][key]) / max(1, sum(silver["relations"][key]))
    inner = {
        row
        for i, j, key, row in likely
        if any(a <= i and j <= b and b - a > j - i and other != key for a, b, other, _ in likely)
    }
    free = {key for _, _, key, row in likely if row not in inner}
    for _, _, key, row in likely:
        if row in inner and key in free:
            label[row], relation[row] = 0, 0
    return Example(silver["pid"], words, candidates, inputs, label, relation, len(free))


def _one_hot(index: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.float16]:
    """Rows with a one at the index; zeros where it is IGNORED."""
    rows = np.zeros((len(index), width), dtype=np.float16)
    said = np.flatnonzero(index != IGNORED)
    rows[said, index[said]] = 1
    return rows


def make_located_example(
    pid: str,
    text: str,
    mentions: Sequence[tuple[int, int, str]],
    labels: Sequence[str],
    table: PhraseTable,
    tokenizer: PieceTokenizer,
    *,
    stop_words: frozenset[str] = STOP_WORDS,
) -> Example:
    """Tokenise a text as it stands and label the candidate spans that are annotated, for label sets of others.

    Args:
        pid: name of the text.
        text: what the network reads; its title, if it has one, ends at the first blank line.
        mentions: (start, end, label) of each annotated span of the text.
        labels: the labels, in the order of their numbers.
        stop_words: words with which no candidate begins or ends.
    """
    words = split_words(text)
    found = find_candidates(words, table, stop_words=stop_words)
    candidates, inputs = _first_window(words, found, tokenizer)
    number = {(start, end): labels.index(label) for start, end, label in mentions}
    label = np.array(
        [
            number.get((words.spans[i][0], words.spans[j][1]), len(labels))
            for i, j in zip(candidates.first.tolist(), candidates.last.tolist(), strict=True)
        ],
        dtype=np.int64,
    )
    relation = np.zeros((len(label), len(RELATIONS)), dtype=np.float16)
    reached = int((label < len(labels)).sum())
    return Example(pid, words, candidates, inputs, _one_hot(label, len(labels) + 1), relation, reached)


def _first_window(
    words: Words, found: Candidates, tokenizer: PieceTokenizer
) -> tuple[Candidates, Mapping[str, npt.NDArray[Any]]]:
    """The candidates of the first window of a text, and what the network gets for it."""
    pieces = tokenizer.encode(words.strings)
    begin, stop = next(windows(words.sentence, *pieces[1:]))
    rows = np.flatnonzero(found.last < stop)
    inputs = window_inputs(words, found, rows, *pieces, begin, stop)
    return Candidates(found.first[rows], found.last[rows], found.features[rows]), inputs


def label_candidates(
    words: Words, candidates: Candidates, entities: Sequence[Mapping[str, Any]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Label each candidate span, and count the entities that have one.

    A span is a mention if it equals a surface of an entity after folding. Inside a mention of something
    longer it counts as one only if that surface stands nowhere else; otherwise it is ignored, as are surfaces
    such as the `4` of `GPT-3.5/4`, which mean nothing elsewhere.
    """
    owner: dict[str, int] = {}
    exact: dict[str, int] = {}
    for number, entity in enumerate(entities):
        for surface in [*(clean(s).text for s in entity["surfaces"]), entity["name"]]:
            key = fold(surface)
            if len(key) < 2 or key.isdigit():
                exact[surface] = number
            elif key:
                owner.setdefault(key, number)
    count = len(candidates.first)
    label = np.full(count, len(LABELS), dtype=np.int64)
    relation = np.full(count, IGNORED, dtype=np.int64)
    found: list[tuple[int, int, int, str, int]] = []  # first, last, owner, key, row
    for row, (i, j) in enumerate(zip(candidates.first.tolist(), candidates.last.tolist(), strict=True)):
        written = words.text[words.spans[i][0] : words.spans[j][1]]
        if written in exact:
            label[row] = IGNORED
            continue
        key = fold(written)
        if key in owner:
            found.append((i, j, owner[key], key, row))
    inner = {
        row
        for i, j, number, _, row in found
        if any(a <= i and j <= b and b - a > j - i and other != number for a, b, other, _, _ in found)
    }
    free = Counter(key for _, _, _, key, row in found if row not in inner)
    reached = set()
    for _, _, number, key, row in found:
        entity = entities[number]
        if row in inner and (free[key] or any(free[fold(clean(s).text)] for s in entity["surfaces"])):
            label[row] = IGNORED
            continue
        reached.add(number)
        label[row] = LABELS.index((entity["type"], entity["layer"]))
        relation[row] = RELATIONS.index(entity["relation"])
    return label, relation, len(reached)
