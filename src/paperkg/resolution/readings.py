"""What each entity of each paper is to resolution: its name, its long form, and which of its namesakes it is.

A paper that defines an abbreviation is believed. One that does not leaves a doubt, whatever the lexicon made of the
abbreviation: meanings of it that are known, and those that other papers define, are weighed for that paper.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from paperkg.lexicon import GUARDS, Lexicon
from paperkg.model import ExtractedEntity, Extraction
from paperkg.resolution.consensus import commonest
from paperkg.resolution.meanings import REST, Meaning, Meanings, likely, of_lexicon, with_defined
from paperkg.resolution.namesakes import Use, is_coined, things
from paperkg.resolution.profiles import Place, shorts_of
from paperkg.resolution.topics import Topics, Vector, unit
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
class _Doubt:
    """An entity whose paper does not say what its abbreviation or single word stands for."""

    place: Place
    short: str
    entity: ExtractedEntity
    plain: Reading

    @property
    def introduces(self) -> bool:
        return self.entity.relation == "introduces" and self.entity.named


def readings(
    extractions: Sequence[Extraction], lexicon: Lexicon, known: Meanings, topics: Topics
) -> dict[Place, Reading]:
    """The readings of all entities, by place."""
    found: dict[Place, Reading] = {}
    doubts: dict[str, list[_Doubt]] = defaultdict(list)
    defined: dict[str, dict[tuple[str, ...], list[Place]]] = defaultdict(lambda: defaultdict(list))
    for i, extraction in enumerate(extractions):
        for j, entity in enumerate(extraction.entities):
            found[i, j] = plain = _plain(entity)
            short = _doubtful(entity, plain)
            if short:
                doubts[fold(short)].append(_Doubt((i, j), short, entity, plain))
            for label in shorts_of(entity, plain.name, plain.long):
                defined[label][content_words(plain.long or "")].append((i, j))
    about = _Topics(extractions, topics)
    for label, doubtful in doubts.items():
        meanings = [
            _defined(places, extractions, found, about) for _, places in sorted(defined[label].items())
        ]
        if meanings or not all(_settled(doubt, lexicon) for doubt in doubtful):
            found |= _weighed(label, doubtful, known.get(label, ()), meanings, about, lexicon)
    return found


class _Topics:
    """The topics of the papers, each made once and only where it is asked for."""

    def __init__(self, extractions: Sequence[Extraction], topics: Topics):
        self._extractions, self._topics = extractions, topics
        self._made: dict[int, Vector] = {}

    def paper(self, i: int) -> str:
        return self._extractions[i].paper.id

    def __getitem__(self, i: int) -> Vector:
        if i not in self._made:
            self._made[i] = self._topics.vector(self._extractions[i].paper)
        return self._made[i]


def _plain(entity: ExtractedEntity) -> Reading:
    """The name and the long form of an entity, as far as they can be believed.

    A name of several words is its own long form, whatever part of it stands beside the abbreviation; but if
    the paper's long form means something else, that is right, and the name a guess from the abbreviation.
    """
    written = entity.long_form if entity.long_form and fold(entity.long_form) else None
    if len(content_words(entity.name)) > 1:
        if written and not same_meaning(entity.name, written):
            return Reading(written if entity.named else term(written), written)
        abbreviated = any(is_abbreviation(mention.text, entity.name) for mention in entity.mentions)
        return Reading(entity.name, entity.name if written or abbreviated else None)
    texts = (mention.text for mention in entity.mentions if entity.name not in mention.text)
    spelled = [text for text in texts if is_abbreviation(entity.name, text)]
    return Reading(entity.name, written or (commonest(spelled) if spelled else None))


def term(long: str) -> str:
    """A long form as the name of a term: without the capitals of a title, in the singular."""
    words = [word.lower() if word.istitle() else word for word in long.split()]
    return " ".join([*words[:-1], singular(words[-1])])


def _doubtful(entity: ExtractedEntity, plain: Reading) -> str:
    """The abbreviation or word by which alone the paper names an entity; empty if there is no doubt."""
    texts = [mention.text for mention in entity.mentions]
    if entity.long_form or not texts:
        return ""
    if len(content_words(entity.name)) > 1:
        guessed = all(is_abbreviation(text, entity.name) for text in texts)
        return commonest(texts) if guessed else ""
    if plain.long or " " in entity.name or not all(map(_begins_with(entity.name), texts)):
        return ""
    return entity.name if entity.named or sum(map(str.isupper, entity.name)) > 1 else ""


def _begins_with(name: str) -> Callable[[str], bool]:
    key = fold(name)
    return lambda text: fold(text) == key or text.startswith(name + " ")


def _settled(doubt: _Doubt, lexicon: Lexicon) -> bool:
    """Whether the lexicon knows a name that is nothing else, and the paper does not claim it for its own."""
    entries = [e for e in lexicon.lookup(doubt.short) if fold(e.name) == fold(doubt.short)]
    return len(entries) == 1 and entries[0].guard == "" and (is_coined(doubt.short) or not doubt.introduces)


def _defined(
    places: Sequence[Place], extractions: Sequence[Extraction], found: Mapping[Place, Reading], about: _Topics
) -> Meaning:
    """What papers at hand define."""
    kinds = frozenset(kind(extractions[i].entities[j].type) for i, j in places)
    papers = sorted({i for i, _ in places}, key=about.paper)
    topic = unit(np.sum([about[i] for i in papers], axis=0))
    long = min(found[place].long or "" for place in places)
    return Meaning(long, kinds, len(papers), topic)


def _weighed(
    label: str,
    doubts: Iterable[_Doubt],
    known: Iterable[Meaning],
    defined: Sequence[Meaning],
    about: _Topics,
    lexicon: Lexicon,
) -> dict[Place, Reading]:
    """The readings of all uses of an abbreviation or a word that papers do not explain."""
    out: dict[Place, Reading] = {}
    left: list[_Doubt] = []
    everything = with_defined(label, known, defined) or of_lexicon(label, lexicon)
    several = _several(everything, lexicon)
    for doubt in doubts:
        if not several and _settled(doubt, lexicon):
            left.append(doubt)
            continue
        topic = about[doubt.place[0]]
        possible = everything if np.any(topic) else defined
        meaning = likely(possible, doubt.entity, topic)
        if meaning is None:
            left.append(doubt)
        elif meaning.long:
            out[doubt.place] = _meant(doubt, meaning.long, lexicon)
        else:
            out[doubt.place] = doubt.plain
    return out | _told_apart(left, about, None if several else lexicon)


def _meant(doubt: _Doubt, long: str, lexicon: Lexicon) -> Reading:
    if loose(doubt.plain.name) == loose(long):
        return doubt.plain
    if doubt.entity.named and len(content_words(doubt.entity.name)) == 1:
        return Reading(doubt.entity.name, long, concluded=True)
    entry = next(iter(lexicon.lookup(long)), None)
    name = entry.name if entry else doubt.short if doubt.entity.named else term(long)
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


def _told_apart(doubts: Sequence[_Doubt], about: _Topics, lexicon: Lexicon | None) -> dict[Place, Reading]:
    """Which papers mean the same by a spelling, where none of its known meanings fits.

    Args:
        lexicon: says how much else the name can be; None where what it knows of it is a guess.
    """
    if not doubts:
        return {}
    short = min(doubt.short for doubt in doubts)
    uses = [
        Use(about.paper(d.place[0]), kind(d.entity.type), d.introduces, about[d.place[0]]) for d in doubts
    ]
    entries = () if lexicon is None else lexicon.lookup(short)
    guards = [e.guard for e in entries if fold(e.name) == fold(short) and e.named]
    marks = things(short, uses, min(guards, default=None, key=GUARDS.index)) if is_one_word(short) else {}
    return {
        d.place: Reading(
            d.entity.name if len(content_words(d.entity.name)) < 2 else d.short,
            None,
            marks.get(use.paper, "") or (OPEN if lexicon is None else ""),
        )
        for d, use in zip(doubts, uses, strict=True)
    }
