"""The numbers that a paper reports as outcomes, and what they are about.

Two linear models, fitted by `paperkg.training.linkers`. One says whether a number is an outcome, and whether it is a change;
the other, for each of metric, data and system, to which of the paper's entities the number belongs, or to none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, get_args

import numpy as np

from paperkg.extraction.located import LocatedEntity, LocatedResult, Offsets
from paperkg.extraction.marked import MarkedText, Mention, kind, mark
from paperkg.extraction.scorer import Scorer, load_scorer, softmax
from paperkg.model import ResultKind

Slot = Literal["metric", "on", "system"]
SLOTS: tuple[Slot, ...] = get_args(Slot)
"""The slots of a result, in the order in which they are filled."""
SLOT_KINDS: dict[Slot, str] = {"metric": "METRIC", "on": "DATA", "system": "SYS"}
NUMBER_CLASSES = ("outcome", "change")
_OUTCOME = 0.5
_FILLED: dict[Slot, float] = {"metric": 0.3, "on": 0.3, "system": 0.3}
_MAX_CANDIDATES = 40
_WINDOW = 6


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
    marked = mark(text, sentences, entities)
    linker = Linker(marked)
    found = []
    for index, quantity in enumerate(marked.quantities):
        outcome, change = _numbers().logits(number_features(marked, index))
        confidence = _sigmoid(outcome)
        if confidence < _OUTCOME:
            continue
        what: ResultKind = "change" if change > 0 else "absolute"
        names: dict[Slot, str | None] = {}
        for slot in SLOTS:
            entity = linker.fill(slot, index, what)
            names[slot] = None if entity is None else entities[entity].name
        found.append(
            LocatedResult(
                value=text[quantity.start : quantity.end],
                kind=what,
                number=quantity.number,
                unit=quantity.unit,
                span=(quantity.start, quantity.end),
                confidence=confidence * _sigmoid(abs(change)),
                system=names["system"],
                on=names["on"],
                metric=names["metric"],
            )
        )
    return tuple(found)


def _sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, float(score))))


class Linker:
    """Fills the slots of results, from the first number of a text to the last."""

    def __init__(self, marked: MarkedText) -> None:
        self.marked = marked
        self.places = Places(marked)
        self.ranks = role_ranks(marked)
        self.candidates = {slot: candidates(marked, SLOT_KINDS[slot]) for slot in SLOTS}
        self.last: dict[tuple[Slot, int], int | None] = {}

    def choices(self, slot: Slot, index: int, what: ResultKind) -> list[tuple[int | None, list[str]]]:
        """The entities that may fill a slot, None among them, each with what speaks for and against it."""
        sentence = self.marked.sentence_of[self.marked.places[index]]
        last = self.last.get((slot, sentence), -1)
        return [
            (
                entity,
                list(slot_features(self.marked, self.places, index, what, entity, slot, last, self.ranks)),
            )
            for entity in (None, *self.candidates[slot])
        ]

    def fix(self, slot: Slot, index: int, entity: int | None) -> None:
        """Says what fills a slot; the next number of the sentence looks at it."""
        self.last[slot, self.marked.sentence_of[self.marked.places[index]]] = entity

    def fill(self, slot: Slot, index: int, what: ResultKind) -> int | None:
        """The entity that fills a slot best, or None where that is unlikely."""
        choices = self.choices(slot, index, what)
        column = SLOTS.index(slot)
        chances = softmax(np.array([_slots().logits(features)[column] for _, features in choices]))
        best = max(range(1, len(choices)), key=lambda i: chances[i], default=0)
        entity = choices[best][0] if chances[best] >= _FILLED[slot] else None
        self.fix(slot, index, entity)
        return entity


def number_features(marked: MarkedText, index: int) -> list[str]:
    """What tells an outcome from another number: its form, and the words around it."""
    words = marked.words
    quantity = marked.quantities[index]
    place = marked.places[index]
    sentence = marked.sentence_of[place]
    first, last = marked.bounds[sentence]
    unit = quantity.unit
    decimals = "frac" if quantity.number != int(quantity.number) else "int"
    size = "0" if abs(quantity.number) < 1 else "100" if abs(quantity.number) <= 100 else "big"
    before = [words[i] if i >= first else "^" for i in range(place - _WINDOW, place)]
    after = [words[i] if i < last else "$" for i in range(place + 1, place + 1 + _WINDOW)]
    features = [
        f"unit={unit}",
        f"form={unit}|{decimals}|{size}",
        f"digits={min(quantity.last - quantity.first, 6)}|{unit != ''}",
        f"hedge={quantity.hedge}",
        f"signed={quantity.signed}|{quantity.number < 0}",
        f"ranged={quantity.ranged}|{unit}",
        f"sentence={bucket(sentence)}",
        f"fromend={bucket(len(marked.bounds) - 1 - sentence)}",
        f"b1={before[-1]}|{unit}",
        f"a1={after[0]}|{unit}",
        f"b12={before[-2]} {before[-1]}",
        f"a12={after[0]} {after[1]}",
        f"b123={before[-3]} {before[-2]} {before[-1]}",
        f"a123={after[0]} {after[1]} {after[2]}",
        f"b1a1={before[-1]}|{after[0]}",
    ]
    if sentence == 0:
        features.append("title")
    features += [f"b{_WINDOW - i}={stem(word)}" for i, word in enumerate(before)]
    features += [f"a{i + 1}={stem(word)}" for i, word in enumerate(after)]
    features += {f"near<{stem(word)}" for word in words[max(first, place - 12) : place]}
    features += {f"near>{stem(word)}" for word in words[place + 1 : min(last, place + 9)]}
    features += {
        f"in={stem(word)}|{unit != ''}" for word in words[first:last] if word.isalpha() or word[0] == "<"
    }
    trigger = next((stem(w) for w in reversed(words[first:place]) if stem(w) in _TRIGGERS), "")
    features.append(f"trigger={trigger}")
    features.append(f"trigger={trigger}|b1={before[-1]}")
    features.append(f"trigger={trigger}|{unit}|{quantity.signed}")
    noun = next(_changes(marked, place + 1, min(last, place + 6), 1), "")
    features.append(f"change>={noun}")
    features.append(f"change>={noun != ''}|b1={before[-1]}")
    features.append(f"change>={noun != ''}|{unit}|{quantity.signed}")
    if before[-1] in ("of", "by", "to", "than", "with", "a", "("):
        noun = next(_changes(marked, place - 2, max(first, place - 6) - 1, -1), "")
        features.append(f"{before[-1]}<change={noun}")
    if "from" in before[-2:] and any(word == "to" for word in after[:3]):
        features.append("from-to:lower")
    if "to" in before[-2:] and "from" in before:
        features.append("from-to:upper")
    if before[-1] == "(":
        features.append(f"parenthesis|{quantity.signed}|{unit}")
        features.append(f"parenthesis|b2={before[-2][:4]}")
    return features


def _changes(marked: MarkedText, start: int, stop: int, step: int) -> Iterator[str]:
    """The words of change ('gain', 'reduction') from a word on, to the next number or break."""
    for place in range(start, stop, step):
        word = marked.words[place]
        if word[0] == "#" or word in _BREAKS:
            return
        if word[0] == "<":
            yield from (stem(inner) for inner in marked.written[place].split() if stem(inner) in _CHANGES)
        elif stem(word) in _CHANGES:
            yield stem(word)


_BREAKS = frozenset([",", ";", ".", "and", "on", "over", "while", ")"])
_TRIGGERS = frozenset(
    ["achie", "reach", "attai", "impro", "outpe", "surpa", "excee", "reduc", "incre", "gain", "gains", "drop", "drops", "decre", "lower", "obtai", "yield", "score", "scori", "retai", "maint", "prese", "deliv", "enabl", "accel", "cut", "cuts", "cutti", "savin", "save", "saves", "rise", "rises", "fall", "falls", "from", "boost", "enhan", "degra", "excel", "beat", "beats", "beati", "rangi", "provi", "raise", "raisi", "produ", "recor", "compa", "contai", "cover", "compr", "consi", "train", "using", "use", "uses", "with", "only", "inclu", "over", "speed", "reveal", "rate", "rates", "accur", "perfo", "requi", "match"]
)
_CHANGES = frozenset(
    ["gain", "gains", "impro", "incre", "reduc", "drop", "drops", "decre", "lift", "boost", "highe", "lower", "faste", "bette", "fewer", "less", "more", "large", "great", "small", "speed", "accel", "savin", "degra", "advan", "margi", "jump", "relat", "absol", "slowd", "decli", "loss", "rise", "cheap", "short", "small", "wider", "chang", "diffe", "lead"]
)


def stem(word: str) -> str:
    """The first five letters: inflection falls away, well enough."""
    return word[:5] if word.isalpha() else word


def bucket(count: int) -> str:
    """A count as a word: exact below 4."""
    return (
        str(count)
        if count < 4
        else "4-5"
        if count < 6
        else "6-9"
        if count < 10
        else "10-19"
        if count < 20
        else "20+"
    )


class Places:
    """Where entities and numbers stand: in series ('A, B and C'), and in turn with each other ('A (3), B (4)')."""

    def __init__(self, marked: MarkedText) -> None:
        self.marked = marked
        self.numbers = self._series(marked.places)
        self.words: dict[str, list[int]] = {}
        for mention in marked.order:
            words = self.words.setdefault(kind(marked.entities[mention.entity]), [])
            if not words or words[-1] != mention.word:
                words.append(mention.word)
        self.of_kind = {name: self._series(words) for name, words in self.words.items()}
        self._turns: dict[tuple[str, int], str] = {}

    def _series(self, places: Sequence[int]) -> dict[int, tuple[int, int]]:
        """For each place its rank in its series and the series' length."""
        words = self.marked.words
        found: dict[int, tuple[int, int]] = {}
        row: list[int] = []
        for place in [*places, -1]:
            between = words[row[-1] + 1 : place] if row and place >= 0 else ["."]
            if row and len(between) <= 4 and _is_joint(between):
                row.append(place)
                continue
            for rank, member in enumerate(row):
                found[member] = (rank, len(row))
            row = [place]
        return found

    def turn(self, name: str, place: int) -> str:
        """How a number and the entities of a kind take turns around it: what stands before it, after it, and first."""
        key = (name, place)
        if key not in self._turns:
            first, last = self.marked.bounds[self.marked.sentence_of[place]]
            row = sorted(
                [(word, "e") for word in self.words.get(name, ()) if first <= word < last]
                + [(word, "n") for word in self.marked.places if first <= word < last]
            )
            letters = "".join(letter for _, letter in row)
            at = row.index((place, "n"))
            self._turns[key] = (
                f"{letters[max(0, at - 1) : at + 2]}|{letters[:1]}{letters[-1:]}|{letters.count('n') == letters.count('e')}"
            )
        return self._turns[key]


_JOINTS = frozenset(
    [",", "and", "or", "/", "&", "(", ")", "by", "the", "vs", "a", "an", "on", "$", "respectively"]
)
_LIST = (",", "and", "or", "/", "&", "by")
_COMPARED = frozenset(
    ["outpe", "surpa", "than", "over", "compa", "basel", "beat", "beats", "versus", "vs", "again", "relat", "excee", "from", "stron", "exist", "prior"]
)
_OURS = frozenset(["our", "it", "its", "we", "this", "these", "they", "their"])
_WATCHED = frozenset(
    [";", ",", "(", ")", "while", "where", "to", "from", "by", "on", "for", "of", "with", "and", "using"]
)


def _is_joint(words: Sequence[str]) -> bool:
    return bool(words) and words[0] in _LIST and all(word in _JOINTS for word in words)


def slot_features(
    marked: MarkedText,
    places: Places,
    index: int,
    what: str,
    entity: int | None,
    slot: Slot,
    last: int | None,
    ranks: Sequence[int],
) -> Iterator[str]:
    """What speaks for and against an entity in a slot of a result.

    Args:
        marked: the text.
        places: its series.
        index: the number.
        what: `absolute` or `change`.
        entity: the candidate, or None for leaving the slot empty.
        slot: the slot.
        last: what the result before it in the same sentence has there (-1: no such result).
        ranks: for each entity its rank among those of its role and kind, by first mention.
    """
    words = marked.words
    place = marked.places[index]
    quantity = marked.quantities[index]
    sentence = marked.sentence_of[place]
    first, end = marked.bounds[sentence]
    unit = quantity.unit
    lead = words[place - 1] if place > first else "^"
    if entity is None:
        yield "none"
        yield f"none|{what}|{unit}"
        yield f"none|b1={lead}"
        yield f"none|a1={stem(words[place + 1]) if place + 1 < end else ''}"
        yield f"none|last={'-' if last == -1 else 'none' if last is None else 'some'}"
        for name in ("SYS", "DATA", "METRIC"):
            near = any(word.startswith(f"<{name}") for word in words[first:end])
            yield f"none|{name}={near}"
            yield f"none|{name}={near}|any={bool(places.words.get(name))}"
        for word in words[max(first, place - 8) : place + 8]:
            yield f"none|w={stem(word)}"
        return
    described = marked.entities[entity]
    role = described.relation
    mentions = marked.mentions[entity]
    rank = min(ranks[entity], 3)
    ours = next(
        (
            word
            for word in reversed(words[first:place])
            if word in _OURS or (word[0] == "<" and word[1:4] == "SYS")
        ),
        "",
    )
    yield f"role={role}|{described.type}"
    yield f"role={role}|rank={rank}|{what}"
    yield f"role={role}|rank={rank}|ours={ours}"
    yield f"named={described.named}|{role}"
    yield f"title={mentions[0].sentence == 0}|{role}"
    yield f"mentions={min(len(mentions), 4)}|{role}"
    if slot == "metric":
        yield f"name={described.name.lower()}|{unit}|{what}"
        for word in described.name.lower().split():
            yield f"word={word}|{unit}"
    if last == -1:
        yield f"last=-|{role}"
    elif last is None:
        yield f"last=none|{role}"
    else:
        yield f"last={last == entity}|{what}"
        yield f"last={last == entity}|b1={lead}"
    nearest = min((sentence - m.sentence for m in mentions if m.sentence <= sentence), default=99)
    here = [m for m in mentions if m.sentence == sentence]
    left = next((m for m in reversed(here) if m.start < quantity.start), None)
    right = next((m for m in here if m.start >= quantity.start), None)
    yield f"sentences={min(nearest, 3) if nearest < 99 else 'later'}|{role}"
    if left is None and right is None:
        yield f"away|ours={ours}|{role}|{rank}"
        return
    yield f"here|{role}"
    name = kind(described)
    same = places.words.get(name, [])
    turn = places.turn(name, place)
    respectively = "respectively" in words[place : min(end, place + 14)]
    about = role if slot == "system" else what
    if left is not None:
        subject = next((word for word in same if word >= first), -1) == left.word
        yield f"subject={subject}|{about}"
    for side, mention in (("<", left), (">", right)):
        if mention is None:
            yield f"{side}absent"
            continue
        low, high = (mention.word, place) if side == "<" else (place, mention.word)
        between = words[low + 1 : high]
        rivals = min(sum(low < word < high for word in same), 3)
        numbers = min(sum(word[0] == "#" for word in between), 3)
        yield f"{side}distance={bucket(len(between))}"
        yield f"{side}rivals={rivals}|numbers={numbers}"
        yield f"{side}rivals={rivals}|{role}"
        yield f"{side}rivals={rivals}|{what}"
        yield f"{side}turn={turn}|rivals={rivals}|numbers={numbers}"
        if len(between) <= 5:
            gap = " ".join(map(stem, between))
            yield f"{side}gap={gap}"
            yield f"{side}gap={gap}|{about}"
        for word in _WATCHED.intersection(between):
            yield f"{side}has={word}|{about}"
        if not _OURS.isdisjoint(between):
            yield f"{side}ours|{about}"
        for word in between if len(between) < 12 else between[:4] + between[-4:]:
            if word.isalpha():
                yield f"{side}w={stem(word)}"
        before = [stem(word) for word in words[max(first, mention.word - 3) : mention.word]]
        if before:
            yield f"{side}before={before[-1]}"
            yield f"{side}before={before[-1]}|{what}|{rivals == 0}"
        yield f"{side}compared={not _COMPARED.isdisjoint(before)}|{what}|{about}"
        yield f"{side}compared={not _COMPARED.isdisjoint(before)}|b1={lead}"
        if mention.word + 1 < end:
            yield f"{side}after={stem(words[mention.word + 1])}"
            yield f"{side}after={stem(words[mention.word + 1])}|{about}"
        series = places.of_kind[name].get(mention.word)
        mine = places.numbers[place]
        if series and (series[1] > 1 or mine[1] > 1):
            if series[1] == mine[1]:
                yield f"{side}series={'same' if series[0] == mine[0] else 'other'}|{respectively}"
            else:
                yield f"{side}series={'one' if mine[1] == 1 else 'many'}|rank={min(series[0], 2)}|{min(series[1], 3)}"
    if left is not None and right is not None:
        yield "both"


def candidates(marked: MarkedText, wanted: str) -> list[int]:
    """The entities that may fill a slot, at most `_MAX_CANDIDATES`."""
    return [i for i, e in enumerate(marked.entities) if kind(e) == wanted and marked.mentions[i]][
        :_MAX_CANDIDATES
    ]


def role_ranks(marked: MarkedText) -> list[int]:
    """For each entity its rank, by first mention, among those of its role and kind."""
    counts: dict[tuple[str, str], int] = {}
    ranks = [0] * len(marked.entities)
    for i in sorted(
        range(len(ranks)), key=lambda i: marked.mentions[i][0].start if marked.mentions[i] else 0
    ):
        key = (marked.entities[i].relation, kind(marked.entities[i]))
        ranks[i] = counts.get(key, 0)
        counts[key] = ranks[i] + 1
    return ranks
