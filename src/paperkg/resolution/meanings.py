"""What an abbreviation or a name of one word means in a paper that does not say it.

Evidence: how often each meaning is meant, in a table that the package ships (`meanings.tsv`, made by
`paperkg.training.meanings`) and in the papers at hand; what the papers that mean it are about; its type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from math import exp, log

import numpy as np

from paperkg.lexicon import Lexicon
from paperkg.model import ENTITY_TYPES
from paperkg.resolution.occurrences import Occurrence
from paperkg.resolution.topics import Vector, unit
from paperkg.resolution.words import content_words, kind, loose, same_definition
from paperkg.text.fold import fold

TABLE = "meanings.tsv"
VECTORS = "meanings.npz"
COLUMNS = ("short", "long", "type", "papers")

REST = "*"
"""Stands for the meanings of a spelling that few papers have."""
ALIKE = 10.0
"""How much a meaning gains by being about the same as the paper, in log odds per unit of cosine."""
OFTEN = 0.5
"""How much it gains by being usual, per log of its papers."""
OF_KIND = 1.0
"""How much it gains by being of the kind that the paper gives the name, and loses by not being."""
OTHER = {False: 0.15, True: 0.25}
"""The cosine that a meaning which nobody knows is held to have, of terms and of proper names."""
GUESSED = 0.7
"""How much a meaning gains by being the one that the extraction took."""
INTRODUCED = 0.4
"""How much more likeness it takes where the paper introduces what it names."""
UNKNOWN = 0.3
"""Likeness where nothing is known of what a paper is about."""
LEAST_REST = 0.5
"""Papers that are held to mean something else where none is known to."""
SURE = 0.8
"""The least probability of a meaning that is believed."""
FEW = 3
"""Papers that are held to mean what the lexicon alone knows."""
KNOWN_ENOUGH = 50
"""Papers behind a vector of the table, at most: those at hand count the more."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a spelling stands for.

    Attributes:
        long: long form; empty if the spelling is the thing's name and the lexicon knows it; `*` for all
            meanings that few papers have.
        kinds: coarse kinds of its types; empty if they are unknown.
        papers: number of papers that mean it.
        topic: what these are about, of length 1.
    """

    long: str
    kinds: frozenset[str]
    papers: int
    topic: Vector


Meanings = Mapping[str, tuple[Meaning, ...]]
"""The meanings of spellings, by their folded form."""


@cache
def load_meanings() -> Meanings:
    """The table that the package ships."""
    folder = resources.files("paperkg.resolution")
    with np.load(BytesIO(folder.joinpath("weights", VECTORS).read_bytes()), allow_pickle=False) as stored:
        vectors = stored["vectors"].astype(np.float32)
    header, *lines = folder.joinpath(TABLE).read_text(encoding="utf-8").splitlines()
    if header.split("\t") != list(COLUMNS) or len(lines) != len(vectors):
        raise ValueError(f"{TABLE} and {VECTORS} do not belong together")
    found: dict[str, list[Meaning]] = {}
    for line, vector in zip(lines, vectors, strict=True):
        short, long, type_, papers = line.split("\t")
        kinds = frozenset(kind(known) for known in ENTITY_TYPES if known == type_)
        found.setdefault(short, []).append(Meaning(long, kinds, int(papers), unit(vector)))
    return {short: tuple(meanings) for short, meanings in found.items()}


def of_lexicon(short: str, lexicon: Lexicon) -> list[Meaning]:
    """The meanings of an abbreviation that the lexicon alone knows; nothing is known of their topics."""
    return [
        Meaning(entry.name, frozenset({kind(entry.type)}), FEW, np.zeros(1, dtype=np.float32))
        for entry in lexicon.lookup(short)
        if fold(entry.name) != fold(short) and len(content_words(entry.name)) > 1
    ]


def with_defined(short: str, known: Iterable[Meaning], defined: Iterable[Meaning]) -> list[Meaning]:
    """The known meanings of an abbreviation with those that papers at hand define, each once."""
    out = list(known)
    for one in defined:
        words = content_words(one.long)
        for place, other in enumerate(out):
            if other.long and _same(short, words, content_words(other.long)):
                topic = unit(min(other.papers, KNOWN_ENOUGH) * other.topic + one.papers * one.topic)
                out[place] = Meaning(
                    other.long, other.kinds | one.kinds, max(other.papers, one.papers), topic
                )
                break
        else:
            out.append(one)
    return out


def _same(short: str, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return "".join(one) == "".join(other) or same_definition(short, one, other)


def likely(meanings: Iterable[Meaning], said: Occurrence, topic: Vector) -> Meaning | None:
    """The meaning that a spelling has in a paper; None if that is in doubt, or it is something else.

    Args:
        meanings: what the spelling can mean.
        said: what the paper says of it. One that introduces it means a known thing only if much speaks for it.
        topic: what the paper is about.
    """
    rest, scored = log(LEAST_REST), list[tuple[float, Meaning]]()
    for meaning in meanings:
        if meaning.long == REST:
            rest = log(meaning.papers + LEAST_REST)
        else:
            scored.append((_score(meaning, said, topic), meaning))
    if not scored:
        return None
    best, likeliest = max(scored, key=lambda pair: (pair[0], pair[1].long))
    other = OFTEN * rest + ALIKE * (OTHER[said.named] + (INTRODUCED if said.introduces else 0.0))
    total = exp(other - best) + sum(exp(score - best) for score, _ in scored)
    return likeliest if 1 / total >= SURE else None


def _score(meaning: Meaning, said: Occurrence, topic: Vector) -> float:
    alike = float(meaning.topic @ topic) if topic.any() and meaning.topic.any() else UNKNOWN
    fits = 0 if not meaning.kinds else 1 if kind(said.type) in meaning.kinds else -1
    guessed = GUESSED * (loose(said.name) == loose(meaning.long))
    return OFTEN * log(meaning.papers) + ALIKE * alike + OF_KIND * fits + guessed
