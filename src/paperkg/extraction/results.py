"""The numbers that a paper reports as outcomes, and what they are about.

Two linear models, fitted by `paperkg.training.linkers`. One says whether a number is an outcome, and
whether it is a change; the other, for each of metric, data and system, to which of the paper's entities the
number belongs, or to none.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from paperkg.extraction.located import LocatedEntity, LocatedResult, Offsets
from paperkg.extraction.marked import MarkedText, kind, mark
from paperkg.extraction.number_features import number_features
from paperkg.extraction.scorer import Scorer, load_scorer, softmax
from paperkg.extraction.slot_features import SLOT_KINDS, SLOTS, Places, Slot, slot_features
from paperkg.model import ResultKind

NUMBER_CLASSES = ("outcome", "change")
_OUTCOME = 0.5
_FILLED = 0.2
_SOLE = 0.68
"""Of the results of annotated papers with one such collection, the share that is annotated as a result on it."""
_TOGETHER = 0.8
"""The parts of a result go wrong together: the product of their probabilities, to this power, is calibrated best."""
_LINKED = 0.35
"""A link to a doubtful entity is doubtful: the product of the entities' confidences counts with this power."""
_MAX_CANDIDATES = 40


@cache
def _numbers() -> Scorer:
    return load_scorer("numbers")


@cache
def _slots() -> Scorer:
    return load_scorer("slots")


def find_results(
    text: str, sentences: Sequence[Offsets], entities: Sequence[LocatedEntity]
) -> tuple[LocatedResult, ...]:
    """The numbers of a paper that are outcomes, in order.

    Args:
        text: clean title, blank line, clean abstract.
        sentences: their offsets, in order.
        entities: with the offsets of all their mentions.

    Returns:
        Results with the names of entities in their slots; None where no entity fits well.
    """
    return results_of(mark(text, sentences, entities))


def results_of(marked: MarkedText) -> tuple[LocatedResult, ...]:
    """The numbers of a marked text that are outcomes, in order."""
    text, entities = marked.text, marked.entities
    linker = Linker(marked)
    sole = sole_collection(entities)
    found = []
    for index, quantity in enumerate(marked.quantities):
        outcome, change = _numbers().logits(number_features(marked, index))
        confidence = _sigmoid(outcome)
        if confidence < _OUTCOME:
            continue
        what: ResultKind = "change" if change > 0 else "absolute"
        confidence *= _sigmoid(abs(change))
        names: dict[Slot, str | None] = {}
        linked = 1.0
        for slot in SLOTS:
            entity, chance = linker.fill(slot, index, what)
            names[slot] = None if entity is None else entities[entity].name
            linked *= 1.0 if entity is None else entities[entity].confidence
            confidence *= chance
        if names["on"] is None and sole is not None:
            names["on"] = sole.name
            linked *= sole.confidence
            confidence *= _SOLE
        found.append(
            LocatedResult(
                value=text[quantity.start : quantity.end],
                kind=what,
                number=quantity.number,
                unit=quantity.unit,
                span=(quantity.start, quantity.end),
                confidence=confidence**_TOGETHER * linked**_LINKED,
                system=names["system"],
                on=names["on"],
                metric=names["metric"],
            )
        )
    return tuple(found)


def sole_collection(entities: Sequence[LocatedEntity]) -> LocatedEntity | None:
    """The one dataset or benchmark that a paper evaluates on or introduces, if it is one; its results are results on it."""
    found = [
        e
        for e in entities
        if e.type in ("Dataset", "Benchmark") and e.relation in ("evaluates_on", "introduces")
    ]
    return found[0] if len(found) == 1 else None


def _sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, float(score))))


class Linker:
    """Fills the slots of results, from the first number of a text to the last."""

    def __init__(self, marked: MarkedText) -> None:
        self.marked = marked
        self.places = Places(marked)
        self.candidates = {slot: self._of_kind(SLOT_KINDS[slot]) for slot in SLOTS}
        self.last: dict[Slot, tuple[int, int | None]] = {}
        """The sentence of the last result, and what it has in a slot."""
        self.earlier: dict[Slot, int | None] = {}
        """What the last result of an earlier sentence has there."""

    def _of_kind(self, wanted: str) -> list[int]:
        found = [i for i, entity in enumerate(self.marked.entities) if kind(entity) == wanted]
        return [i for i in found if self.marked.mentions[i]][:_MAX_CANDIDATES]

    def choices(self, slot: Slot, index: int, what: ResultKind) -> list[tuple[int | None, list[str]]]:
        """The entities that may fill a slot, None among them, each with what speaks for and against it."""
        sentence = self.marked.sentence_of[self.marked.places[index]]
        before, filled = self.last.get(slot, (-1, -1))
        last, earlier = (filled, self.earlier.get(slot, -1)) if before == sentence else (-1, filled)
        return [
            (
                entity,
                list(slot_features(self.marked, self.places, index, what, entity, slot, last, earlier)),
            )
            for entity in (None, *self.candidates[slot])
        ]

    def fix(self, slot: Slot, index: int, entity: int | None) -> None:
        """Says what fills a slot; the next numbers look at it."""
        sentence = self.marked.sentence_of[self.marked.places[index]]
        before, filled = self.last.get(slot, (sentence, None))
        if before != sentence:
            self.earlier[slot] = filled
        self.last[slot] = (sentence, entity)

    def fill(self, slot: Slot, index: int, what: ResultKind) -> tuple[int | None, float]:
        """The entity that fills a slot best, or None where that is unlikely; with its probability."""
        choices = self.choices(slot, index, what)
        column = SLOTS.index(slot)
        chances = softmax(np.array([_slots().logits(features)[column] for _, features in choices]))
        best = max(range(1, len(choices)), key=lambda i: chances[i], default=0)
        chosen = best if chances[best] >= _FILLED else 0
        self.fix(slot, index, choices[chosen][0])
        return choices[chosen][0], float(chances[chosen])
