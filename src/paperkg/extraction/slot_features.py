"""What ties a result to an entity, as its system, its data or its metric, as feature names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from paperkg.extraction.marked import MarkedText, bucket, kind, stem
from paperkg.model import ResultKind

Slot = Literal["metric", "on", "system"]
SLOTS: tuple[Slot, ...] = get_args(Slot)
"""The slots of a result, in the order in which they are filled."""
SLOT_KINDS: dict[Slot, str] = {"metric": "METRIC", "on": "DATA", "system": "SYS"}
"""The kind of entity that fills each."""
_REACH = 60
"""How many words of a number's sentence, to either side, are looked at."""


class Places:
    """Where entities and numbers stand: in series ('A, B and C'), and by turns ('A (3), B (4)')."""

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

    def aims(self, name: str, index: int) -> dict[str, int]:
        """The words to which the build of the sentence points from a number, for entities of a kind.

        Keys: `bracket`, the entity right before the bracket in which the number stands; `partner`, the one of
        the same rank in a series as long as that of the numbers; `left` and `right`, the closest ones that stand
        between the number and its neighbours.
        """
        place = self.marked.places[index]
        first, last = window(self.marked, place)
        same = self.words.get(name, [])
        before = self.marked.places[index - 1] if index else -1
        after = self.marked.places[index + 1] if index + 1 < len(self.marked.places) else last
        found: dict[str, int] = {}
        if left := _between(same, max(first - 1, before), place):
            found["left"] = left[-1]
            if left[-1] == place - 2 and self.marked.words[place - 1] == "(":
                found["bracket"] = left[-1]
        if right := _between(same, place, min(last, after)):
            found["right"] = right[0]
        rank, length = self.numbers[place]
        if length > 1:
            partners = [w for w in _between(same, first - 1, last) if self.of_kind[name][w] == (rank, length)]
            if partners:
                found["partner"] = min(partners, key=lambda word: abs(word - place))
        return found

    def turn(self, name: str, place: int) -> str:
        """How numbers and the entities of a kind take turns around a number."""
        key = (name, place)
        if key not in self._turns:
            first, last = window(self.marked, place)
            row = [(word, "e") for word in _between(self.words.get(name, []), first - 1, last)]
            row += [(word, "n") for word in _between(self.marked.places, first - 1, last)]
            row.sort()
            letters = "".join(letter for _, letter in row)
            at = row.index((place, "n"))
            even = letters.count("n") == letters.count("e")
            self._turns[key] = f"{letters[max(0, at - 1) : at + 2]}|{letters[:1]}{letters[-1:]}|{even}"
        return self._turns[key]


def window(marked: MarkedText, place: int) -> tuple[int, int]:
    """The range of words around a word that is looked at: its sentence, if that is not too long."""
    first, last = marked.bounds[marked.sentence_of[place]]
    return max(first, place - _REACH), min(last, place + _REACH)


def _between(places: Sequence[int], low: int, high: int) -> Sequence[int]:
    """Of sorted places those after `low` and before `high`."""
    return places[bisect_right(places, low) : bisect_left(places, high)]


_JOINTS = frozenset(
    [",", "and", "or", "/", "&", "(", ")", "by", "the", "vs", "a", "an", "on", "$", "respectively"]
)
_LIST = (",", "and", "or", "/", "&", "by")
_COMPARED = frozenset(
    """
    again basel beat beats compa excee exist from outpe over prior relat stron surpa than versus vs
    """.split()
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
    what: ResultKind,
    entity: int | None,
    slot: Slot,
    last: int | None,
    earlier: int | None,
) -> Iterator[str]:
    """What speaks for and against an entity in a slot of a result.

    Args:
        marked: the text.
        places: its series.
        index: the number.
        what: `absolute` or `change`.
        entity: the candidate, or None for leaving the slot empty.
        slot: the slot.
        last: what the result before it in the same sentence has there (-1: there is no such result).
        earlier: what the last result of an earlier sentence has there (-1: there is no such result).
    """
    words = marked.words
    place = marked.places[index]
    quantity = marked.quantities[index]
    sentence = marked.sentence_of[place]
    first, end = window(marked, place)
    unit = quantity.unit
    lead = words[place - 1] if place > first else "^"
    aims = {} if slot == "metric" else places.aims(SLOT_KINDS[slot], index)
    aimed = " ".join(sorted(aims))
    if entity is None:
        yield "none"
        yield f"none|{what}|{unit}"
        yield f"none|b1={lead}"
        yield f"none|a1={stem(words[place + 1]) if place + 1 < end else ''}"
        yield f"none|last={'-' if last == -1 else 'none' if last is None else 'some'}"
        yield f"none|aims={aimed}"
        yield f"none|aims={aimed}|last={'-' if last == -1 else 'none' if last is None else 'some'}"
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
    rank = min(marked.ranks[entity], 3)
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
        yield f"last={last == entity}|aims={aimed}"
    lead_rank = marked.lead[entity]
    previous = "-" if earlier == -1 else "none" if earlier is None else str(earlier == entity)
    if slot == "system":
        yield f"lead={lead_rank}|{what}"
        yield f"lead={lead_rank}|ours={ours}|{role}"
        yield f"lead={lead_rank}|named={described.named}|{described.type}"
        yield f"earlier={previous}|{what}"
        yield f"earlier={previous}|ours={ours}|{role}"
    nearest = min((sentence - m.sentence for m in mentions if m.sentence <= sentence), default=99)
    here = [m for m in mentions if first <= m.word < end]
    left = next((m for m in reversed(here) if m.start < quantity.start), None)
    right = next((m for m in here if m.start >= quantity.start), None)
    yield f"sentences={min(nearest, 3) if nearest < 99 else 'later'}|{role}"
    if left is None and right is None:
        yield f"away|ours={ours}|{role}|{rank}"
        if slot == "system":
            rivals = min(len(_between(places.words.get("SYS", []), first - 1, end)), 3)
            yield f"away|ours={ours}|lead={lead_rank}"
            yield f"away|earlier={previous}|rivals={rivals}"
            yield f"away|lead={lead_rank}|rivals={rivals}"
        return
    if slot == "system":
        yield f"here|earlier={previous}|{role}"
        yield f"here|lead={lead_rank}|ours={ours}"
    yield f"here|{role}"
    for aim, target in aims.items():
        hit = any(m.word == target for m in here)
        yield f"{aim}={hit}|aims={aimed}"
        yield f"{aim}={hit}|{what}|{role}"
        yield f"{aim}={hit}|last={'-' if last == -1 else last == entity}"
    name = kind(described)
    same = places.words.get(name, [])
    turn = places.turn(name, place)
    respectively = "respectively" in words[place : min(end, place + 14)]
    about = role if slot == "system" else what
    if left is not None:
        subject = next(iter(_between(same, first - 1, end)), -1) == left.word
        yield f"subject={subject}|{about}"
    for side, mention in (("<", left), (">", right)):
        if mention is None:
            yield f"{side}absent"
            continue
        low, high = (mention.word, place) if side == "<" else (place, mention.word)
        between = words[low + 1 : high]
        rivals = min(len(_between(same, low, high)), 3)
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
                row = "one" if mine[1] == 1 else "many"
                yield f"{side}series={row}|rank={min(series[0], 2)}|{min(series[1], 3)}"
    if left is not None and right is not None:
        yield "both"
