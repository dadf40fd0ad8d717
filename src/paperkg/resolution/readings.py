"""What each entity of each paper is to resolution: its name, its long form, and which of its namesakes it is.

A paper that defines an abbreviation is believed. One that does not leaves a doubt, whatever the lexicon made of the
abbreviation: meanings of it that are known, and those that other papers define, are weighed for that paper.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from paperkg.lexicon import GUARDS, Lexicon
from paperkg.resolution.consensus import commonest
from paperkg.resolution.meanings import REST, Meaning, likely, of_lexicon, with_defined
from paperkg.resolution.namesakes import Use, is_coined, things
from paperkg.resolution.occurrences import Occurrence
from paperkg.resolution.topics import Vector, unit
from paperkg.resolution.words import (
    content_words,
    is_abbreviation,
    is_one_word,
    kind,
    loose,
    same_meaning,
)
from paperkg.text.fold import fold, singular

USUAL = 5
"""Of two meanings of a spelling both are usual if the one has at most so many times the papers of the other."""
MOST_DEFINED = 200
"""Meanings of a spelling that papers at hand define and that are weighed: those of most papers. In 20,000 papers none has more than 13."""
OPEN = "open"
"""Marks what has one of several usual meanings, nobody knows which."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An entity of a paper as resolution takes it.

    Attributes:
        long: long form, of the paper or concluded, else None.
        thing: which of several things of its name it is; empty if there is nothing to tell apart.
        concluded: whether the long form is a conclusion, and not the paper's.
    """

    name: str
    long: str | None
    thing: str = ""
    concluded: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """An entity whose paper does not say what its abbreviation or single word stands for.

    Attributes:
        paper: id of the paper; topic: what that is about.
        short: the abbreviation or word.
        said: the entity; plain: how it is read if nothing more is known.
    """

    paper: str
    topic: Vector
    short: str
    said: Occurrence
    plain: Reading


@dataclass(frozen=True, slots=True)
class Definition:
    """A paper's own long form of an abbreviation.

    Attributes:
        paper: id of the paper; topic: what that is about.
        long: the long form; kind: coarse kind of the entity that has it.
    """

    paper: str
    topic: Vector
    long: str
    kind: str


def read_doubts(
    label: str,
    doubts: Sequence[Doubt],
    definitions: Iterable[Definition],
    known: Iterable[Meaning],
    lexicon: Lexicon,
) -> list[Reading]:
    """How papers mean a spelling that they do not explain, from all that is known of it. No order matters.

    Args:
        label: the folded spelling.
        doubts: all papers' uses of it without a long form.
        definitions: all papers' long forms of it.
        known: meanings that it has elsewhere.
        lexicon: known names and terms.

    Returns:
        A reading for each doubt.
    """
    defined: dict[tuple[str, ...], list[Definition]] = defaultdict(list)
    for definition in definitions:
        defined[content_words(definition.long)].append(definition)
    commonest_first = sorted(defined.items(), key=lambda item: (-len(item[1]), item[0]))
    meanings = [_defined(same) for _, same in sorted(commonest_first[:MOST_DEFINED])]
    out = [doubt.plain for doubt in doubts]
    if not meanings and all(_settled(doubt, lexicon) for doubt in doubts):
        return out
    left: list[int] = []
    everything = with_defined(label, known, meanings) or of_lexicon(label, lexicon)
    several = _several(everything, lexicon)
    for place, doubt in enumerate(doubts):
        if not several and _settled(doubt, lexicon):
            left.append(place)
            continue
        possible = everything if doubt.topic.any() else meanings
        meaning = likely(possible, doubt.said, doubt.topic)
        if meaning is None:
            left.append(place)
        elif meaning.long:
            out[place] = _meant(doubt, meaning.long, lexicon)
    told = _told_apart([doubts[place] for place in left], None if several else lexicon)
    for place, reading in zip(left, told, strict=True):
        out[place] = reading
    return out


def plain_reading(said: Occurrence) -> Reading:
    """The name and the long form of an entity, as far as they can be believed.

    A name of several words is its own long form, whatever part of it stands beside the abbreviation; but if
    the paper's long form means something else, that is right, and the name a guess from the abbreviation.
    """
    written = said.long_form if said.long_form and fold(said.long_form) else None
    if len(content_words(said.name)) > 1:
        if written and not same_meaning(said.name, written):
            return Reading(written if said.named else term(written), written)
        abbreviated = any(is_abbreviation(text, said.name) for text in said.texts)
        return Reading(said.name, said.name if written or abbreviated else None)
    texts = (text for text in said.texts if said.name not in text)
    spelled = [text for text in texts if is_abbreviation(said.name, text)]
    return Reading(said.name, written or (commonest(spelled) if spelled else None))


def term(long: str) -> str:
    """A long form as the name of a term: without the capitals of a title, in the singular."""
    words = [word.lower() if word.istitle() else word for word in long.split()]
    return " ".join([*words[:-1], singular(words[-1])])


def doubtful(said: Occurrence, plain: Reading) -> str:
    """The abbreviation or word by which alone the paper names an entity; empty if there is no doubt."""
    if said.long_form or not said.texts:
        return ""
    if len(content_words(said.name)) > 1:
        guessed = all(is_abbreviation(text, said.name) for text in said.texts)
        return commonest(said.texts) if guessed else ""
    if plain.long or " " in said.name or not all(map(_begins_with(said.name), said.texts)):
        return ""
    return said.name if said.named or sum(map(str.isupper, said.name)) > 1 else ""


def _begins_with(name: str) -> Callable[[str], bool]:
    key = fold(name)
    return lambda text: fold(text) == key or text.startswith(name + " ")


def _settled(doubt: Doubt, lexicon: Lexicon) -> bool:
    """Whether the lexicon knows a name that is nothing else, and the paper does not claim it for its own."""
    entries = [e for e in lexicon.lookup(doubt.short) if fold(e.name) == fold(doubt.short)]
    return (
        len(entries) == 1 and entries[0].guard == "" and (is_coined(doubt.short) or not doubt.said.introduces)
    )


def _defined(same: Iterable[Definition]) -> Meaning:
    """What papers at hand define; each paper counts once."""
    same = sorted(same, key=lambda definition: definition.paper)
    topics = list({definition.paper: definition.topic for definition in same}.values())
    return Meaning(
        min(definition.long for definition in same),
        frozenset(definition.kind for definition in same),
        len(topics),
        unit(np.sum(topics, axis=0)),
    )


def _meant(doubt: Doubt, long: str, lexicon: Lexicon) -> Reading:
    if loose(doubt.plain.name) == loose(long):
        return doubt.plain
    if doubt.said.named and len(content_words(doubt.said.name)) == 1:
        return Reading(doubt.said.name, long, concluded=True)
    entry = next(iter(lexicon.lookup(long)), None)
    name = entry.name if entry else doubt.short if doubt.said.named else term(long)
    return Reading(name, long, concluded=True)


def _several(meanings: Iterable[Meaning], lexicon: Lexicon) -> bool:
    """Whether a spelling has two usual long forms, so that the lexicon's one of its name is a guess.

    Long forms of one name of the lexicon (Frechet, Fréchet Inception Distance) are one.
    """
    times = Counter[str]()
    for meaning in meanings:
        if meaning.long != REST:
            entry = next(iter(lexicon.lookup(meaning.long)), None)
            times[entry.name if entry else meaning.long] += meaning.papers
    papers = sorted(times.values(), reverse=True)
    return len(papers) > 1 and USUAL * papers[1] >= papers[0]


def _told_apart(doubts: Sequence[Doubt], lexicon: Lexicon | None) -> list[Reading]:
    """Which papers mean the same by a spelling, where none of its known meanings fits.

    Args:
        lexicon: says how much else the name can be; None where what it knows of it is a guess.
    """
    if not doubts:
        return []
    short = min(doubt.short for doubt in doubts)
    uses = [Use(d.paper, kind(d.said.type), d.said.introduces, d.topic) for d in doubts]
    entries = () if lexicon is None else lexicon.lookup(short)
    guards = [e.guard for e in entries if fold(e.name) == fold(short) and e.named]
    marks = things(short, uses, min(guards, default=None, key=GUARDS.index)) if is_one_word(short) else {}
    return [
        Reading(
            d.said.name if len(content_words(d.said.name)) < 2 else d.short,
            None,
            marks.get(d.paper, "") or (OPEN if lexicon is None else ""),
        )
        for d in doubts
    ]
