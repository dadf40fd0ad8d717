"""A paper's text as a row of words, each entity and each number one word: what the linkers look at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from paperkg.extraction.located import LocatedEntity, Offsets
from paperkg.extraction.numbers import Quantity, find_quantities

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|arXiv:\S+")
_KIND = {
    "Dataset": "DATA",
    "Benchmark": "DATA",
    "Metric": "METRIC",
    "Task": "TASK",
    "Model": "SYS",
    "Method": "SYS",
}
_MAX_QUANTITIES = 80
"""Of 43,500 abstracts of arXiv none has more than 32; what has more than this many is no abstract."""
_ROLE = {"introduces": "+", "compares_with": "-"}


@dataclass(frozen=True, slots=True)
class Mention:
    """One place of an entity: the entity's index, the word that stands for it, its sentence, its offsets."""

    entity: int
    word: int
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with its entities and numbers.

    Attributes:
        text, sentences: as given.
        words: lower-case words; an entity is `<SYS+>`, `<METRIC>`, ..., a number `#` with its unit.
        stems: their first letters, by `stem`.
        written: the same words as they stand in the text, in lower case.
        sentence_of: the sentence of each word.
        bounds: the range of words of each sentence.
        entities: as given; mentions: those of each entity, in order; order: all mentions, by place.
        quantities: the numbers; places: the word of each.
        ranks: for each entity its rank, by first mention, among those of its role and kind.
        own: how many entities the paper introduces.
        lead: for each entity its rank among those that the paper introduces, the one that it is most about
            being 0, at most 2; 9 for all others.
    """

    text: str
    sentences: Sequence[Offsets]
    words: list[str]
    stems: list[str]
    written: list[str]
    sentence_of: list[int]
    bounds: list[tuple[int, int]]
    entities: Sequence[LocatedEntity]
    mentions: list[list[Mention]]
    order: list[Mention]
    quantities: list[Quantity]
    places: list[int]
    ranks: list[int]
    own: int
    lead: list[int]


def kind(entity: LocatedEntity) -> str:
    """DATA (Dataset, Benchmark), METRIC, TASK or SYS (Model, Method)."""
    return _KIND[entity.type]


def mark(text: str, sentences: Sequence[Offsets], entities: Sequence[LocatedEntity]) -> MarkedText:
    """Cuts a text into words, each entity and each number being one.

    Where mentions overlap, the first and longest is the word, and the others stand at the same word.

    Args:
        text: clean title, blank line, clean abstract.
        sentences: their offsets, in order.
        entities: with the offsets of all their mentions.
    """
    spans = sorted((start, -end, i) for i, entity in enumerate(entities) for start, end in entity.spans)
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    quantities = find_quantities(
        text, _disjoint(sorted([(s, e) for s, e, _ in spans] + [(s, -e) for s, e in addresses]))
    )[:_MAX_QUANTITIES]
    units: list[tuple[int, int, str]] = []
    for start, negative_end, index in spans:
        if not units or start >= units[-1][1]:
            entity = entities[index]
            units.append((start, -negative_end, f"<{kind(entity)}{_ROLE.get(entity.relation, '')}>"))
    units += [(q.start, q.end, f"#{q.unit}") for q in quantities]
    units.sort()
    words: list[str] = []
    written: list[str] = []
    begins: list[int] = []
    at = 0
    for start, end, label in [*units, (len(text), len(text), "")]:
        for match in _WORD.finditer(text, at, max(at, start)):
            words.append(match[0].lower())
            written.append(words[-1])
            begins.append(match.start())
        if label:
            words.append(label)
            written.append(text[start:end].lower())
            begins.append(start)
        at = max(at, end)
    firsts = [start for start, _ in sentences]
    sentence_of = [max(0, bisect_right(firsts, begin) - 1) for begin in begins]
    bounds = [(0, 0)] * max(1, len(sentences))
    for word, sentence in enumerate(sentence_of):
        first, last = bounds[sentence]
        bounds[sentence] = (word if first == last else first, word + 1)
    mentions: list[list[Mention]] = [[] for _ in entities]
    order: list[Mention] = []
    for start, negative_end, index in spans:
        word = max(0, bisect_right(begins, start) - 1)
        mention = Mention(index, word, sentence_of[word] if words else 0, start, -negative_end)
        mentions[index].append(mention)
        order.append(mention)
    places = [max(0, bisect_right(begins, q.start) - 1) for q in quantities]
    return MarkedText(
        text,
        sentences,
        words,
        [word[:5] if word.isalpha() else word for word in words],
        written,
        sentence_of,
        bounds,
        entities,
        mentions,
        order,
        quantities,
        places,
        _role_ranks(entities, mentions, order),
        sum(entity.relation == "introduces" for entity in entities),
        _leading(entities, mentions),
    )


def _disjoint(spans: Sequence[tuple[int, int]]) -> list[Offsets]:
    """Sorted (start, -end) spans without those that overlap an earlier one."""
    kept: list[Offsets] = []
    for start, negative_end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, -negative_end))
    return kept


def _role_ranks(
    entities: Sequence[LocatedEntity], mentions: Sequence[list[Mention]], order: Sequence[Mention]
) -> list[int]:
    counts: dict[tuple[str, str], int] = {}
    ranks = [0] * len(entities)
    for mention in order:
        if mention is mentions[mention.entity][0]:
            key = (entities[mention.entity].relation, kind(entities[mention.entity]))
            ranks[mention.entity] = counts.get(key, 0)
            counts[key] = ranks[mention.entity] + 1
    return ranks


def _leading(entities: Sequence[LocatedEntity], mentions: Sequence[list[Mention]]) -> list[int]:
    """What a paper is most about stands in its title, is no task, has a name, and comes up often."""
    own = sorted(
        (mentions[i][0].sentence > 0, kind(e) == "TASK", not e.named, -len(mentions[i]), i)
        for i, e in enumerate(entities)
        if e.relation == "introduces" and mentions[i]
    )
    lead = [9] * len(entities)
    for rank, (*_, i) in enumerate(own):
        lead[i] = min(rank, 2)
    return lead


def stem(word: str) -> str:
    """The first five letters: inflection falls away, well enough."""
    return word[:5] if word.isalpha() else word


def bucket(count: int) -> str:
    """A count as a word: exact below 4."""
    if count < 4:
        return str(count)
    return next((name for limit, name in ((6, "4-5"), (10, "6-9"), (20, "10-19")) if count < limit), "20+")
