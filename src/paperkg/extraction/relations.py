"""What a paper says of two of its entities: variant_of, based_on, part_of, outperforms.

A linear model, fitted by `paperkg.training.linkers`, gives each ordered pair the log-odds of each predicate from
types and roles, spellings, and the words around the two where they stand closest.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from paperkg.extraction.located import LocatedEntity, LocatedRelation, Offsets
from paperkg.extraction.marked import MarkedText, Mention, bucket, kind, mark
from paperkg.extraction.scorer import Scorer, load_scorer
from paperkg.model import ENTITY_PREDICATES, EntityPredicate

_THRESHOLDS: dict[EntityPredicate, float] = {
    "variant_of": 0.17,
    "based_on": 0.18,
    "part_of": 0.25,
    "outperforms": 0.15,
}
"""From which confidence on a relation counts: where cross-validated F1 is highest."""
_ONE_OBJECT = frozenset({"part_of", "variant_of"})
"""Something is part, or a variant, of one thing: in annotated papers nearly without an exception."""
_MAX_ENTITIES = 40
_MAX_SENTENCES = 3
_REACH = 60
"""How many words of a sentence, on from a mention, are looked at."""
_PIECES = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_OURS = frozenset(["our", "it", "its", "we", "this", "these", "they", "their", "which", "that"])


@cache
def _scorer() -> Scorer:
    return load_scorer("relations")


def find_relations(
    text: str, sentences: Sequence[Offsets], entities: Sequence[LocatedEntity]
) -> tuple[LocatedRelation, ...]:
    """The relations between a paper's entities, with the sentence that says so.

    Args:
        text: clean title, blank line, clean abstract.
        sentences: their offsets, in order.
        entities: with the offsets of all their mentions.

    Returns:
        Relations in the order of their evidence. Of 'a outperforms b' and 'b outperforms a' the surer one is kept,
        and so for the other predicates; of several wholes of one part, and of several things of which one is a
        variant, the surest.
    """
    return relations_of(mark(text, sentences, entities))


def relations_of(marked: MarkedText) -> tuple[LocatedRelation, ...]:
    """The relations between the entities of a marked text, as `find_relations` gives them."""
    sentences, entities = marked.sentences, marked.entities
    scorer = _scorer()
    sure: dict[tuple[int, int, EntityPredicate], float] = {}
    best: dict[tuple[int, EntityPredicate], float] = {}
    for subject, object_ in pairs(marked):
        logits = scorer.logits(pair_features(marked, subject, object_))
        for predicate, logit in zip(ENTITY_PREDICATES, logits, strict=True):
            confidence = 1 / (1 + math.exp(-max(-50.0, float(logit))))
            if confidence >= _THRESHOLDS[predicate]:
                sure[subject, object_, predicate] = confidence
                best[subject, predicate] = max(confidence, best.get((subject, predicate), 0.0))
    found = [
        LocatedRelation(
            entities[a].name,
            predicate,
            entities[b].name,
            confidence,
            sentences[evidence_sentence(marked, a, b)],
        )
        for (a, b, predicate), confidence in sure.items()
        if confidence >= sure.get((b, a, predicate), 0.0)
        and (a < b or confidence > sure.get((b, a, predicate), 0.0))
        and (predicate not in _ONE_OBJECT or confidence == best[a, predicate])
    ]
    return tuple(sorted(found, key=lambda r: (r.evidence, r.subject, r.object, r.predicate)))


def pairs(marked: MarkedText) -> Iterator[tuple[int, int]]:
    """The ordered pairs that may relate: alike in spelling, in one sentence, or the paper's own."""
    usable = [i for i, mentions in enumerate(marked.mentions) if mentions][:_MAX_ENTITIES]
    homes = {i: {mention.sentence for mention in marked.mentions[i]} for i in usable}
    for a in usable:
        for b in usable:
            x, y = marked.entities[a], marked.entities[b]
            if a == b or (kind(x), kind(y)) not in _KINDS:
                continue
            if kind(x) == kind(y) and _alike(x.name, y.name):
                yield a, b
            elif "TASK" in (kind(x), kind(y)) and (x.relation, y.relation) != ("introduces", "introduces"):
                continue
            elif y.relation == "introduces":
                if x.relation in ("introduces", "uses"):
                    yield a, b
            elif not homes[a].isdisjoint(homes[b]) or (
                x.relation == "introduces" and y.relation != "mentions"
            ):
                yield a, b


_KINDS = frozenset(
    {
        *((x, y) for x in ("SYS", "DATA") for y in ("SYS", "DATA")),
        ("TASK", "TASK"),
        ("TASK", "DATA"),
        ("METRIC", "METRIC"),
        ("METRIC", "DATA"),
    }
)
"""The kinds of subject and object between which papers state relations."""


def evidence_sentence(marked: MarkedText, subject: int, object_: int) -> int:
    """The first sentence with both, after the title if there is one; else the subject's own."""
    mine = [mention.sentence for mention in marked.mentions[subject]]
    theirs = {mention.sentence for mention in marked.mentions[object_]}
    both = [sentence for sentence in mine if sentence in theirs]
    return next((s for s in both if s), both[0] if both else next((s for s in mine if s), mine[0]))


@lru_cache(maxsize=1024)
def _pieces(name: str) -> tuple[str, ...]:
    return tuple(_PIECES.findall(name.lower()))


def _alike(a: str, b: str) -> str:
    """How two names look alike; `version`: the first is the second and a number or size."""
    x, y = _pieces(a), _pieces(b)
    if not x or not y or x[0] != y[0]:
        return "inside" if y and len(" ".join(y)) > 2 and f" {' '.join(y)} " in f" {' '.join(x)} " else ""
    if x[: len(y)] == y:
        rest = x[len(y) :]
        if rest:
            return "version" if any(piece[0].isdigit() for piece in rest) else "longer"
        return "same"
    if y[: len(x)] == x:
        return "shorter"
    return "start" if len(x[0]) > 2 else ""


def pair_features(marked: MarkedText, subject: int, object_: int) -> list[str]:
    """What speaks for and against a relation of one entity to another.

    Args:
        marked: the text.
        subject: index of the entity that would be the subject.
        object_: index of the other.
    """
    a, b = marked.entities[subject], marked.entities[object_]
    roles = f"{a.relation}>{b.relation}"
    types = f"{a.type}>{b.type}"
    alike = _alike(a.name, b.name)
    own = marked.own
    x, y = marked.mentions[subject][0], marked.mentions[object_][0]
    features = [
        f"roles={roles}",
        f"types={types}",
        f"roles={roles}|types={types}",
        f"roles={roles}|named={a.named}>{b.named}",
        f"roles={roles}|ranks={min(marked.ranks[subject], 3)}>{min(marked.ranks[object_], 3)}",
        f"roles={roles}|own={min(own, 4)}",
        f"alike={alike}",
        f"alike={alike}|types={types}",
        f"alike={alike}|named={a.named}>{b.named}",
        f"title={x.sentence == 0}>{y.sentence == 0}|{roles}",
        f"first={x.start < y.start}|{roles}",
        f"aname={a.name.split()[-1].lower()}|{b.relation}",
        f"bname={b.name.split()[-1].lower()}|{a.relation}",
    ]
    place = f"{marked.lead[subject]}>{marked.lead[object_]}"
    features += [
        f"lead={place}",
        f"lead={place}|{roles}",
        f"lead={place}|{types}",
        f"lead={place}|alike={alike}",
    ]
    features.append(f"lead={place}|{roles}|own={min(own, 4)}|named={a.named}>{b.named}")
    meetings = _meetings(marked, subject, object_)
    features.append(f"meet={min(len(meetings), 3)}|{roles}")
    features.append(f"meet={min(len(meetings), 3)}|lead={place}")
    for first, second in meetings[:_MAX_SENTENCES]:
        features += _meeting_features(marked, first, second, subject, roles)
    if all(first.sentence == 0 for first, _ in meetings) or 0 in (marked.lead[subject], marked.lead[object_]):
        features += _apart_features(marked, subject, object_, roles)
    return features


def _meetings(marked: MarkedText, subject: int, object_: int) -> list[tuple[Mention, Mention]]:
    """For each sentence with both entities their two closest mentions, in order of place."""
    best: dict[int, tuple[Mention, Mention]] = {}
    theirs = marked.mentions[object_]
    at = 0
    for mention in marked.mentions[subject]:
        while at + 1 < len(theirs) and theirs[at + 1].start <= mention.start:
            at += 1
        for other in theirs[at : at + 2]:
            if other.sentence == mention.sentence:
                pair = (mention, other) if mention.start <= other.start else (other, mention)
                known = best.get(mention.sentence)
                if known is None or pair[1].word - pair[0].word < known[1].word - known[0].word:
                    best[mention.sentence] = pair
    return [best[sentence] for sentence in sorted(best)]


def _meeting_features(
    marked: MarkedText, first: Mention, second: Mention, subject: int, roles: str
) -> Iterator[str]:
    words = marked.words
    start, end = marked.bounds[first.sentence]
    start = max(start, first.word - _REACH)
    side = ">" if first.entity == subject else "<"
    between = words[first.word + 1 : second.word][:_REACH]
    stems = marked.stems[first.word + 1 : second.word][:_REACH]
    inner = sum(word[0] == "<" for word in between)
    if first.word == second.word:
        yield f"{side}nested"
    yield f"{side}{roles}"
    yield f"{side}distance={bucket(len(between))}"
    yield f"{side}inner={min(inner, 4)}|{roles}"
    if len(stems) <= 6:
        yield f"{side}gap={' '.join(stems)}"
    for i, word in enumerate(stems[:3]):
        yield f"{side}g{i}={word}"
    for i, word in enumerate(stems[-3:]):
        yield f"{side}h{len(stems[-3:]) - i}={word}"
    for x, y in itertools.pairwise(stems):
        if x.isalpha() and y.isalpha():
            yield f"{side}2={x} {y}"
    for word in set(stems):
        yield f"{side}w={word}"
        if word.isalpha():
            yield f"{side}w={word}|{roles}"
    for i in range(max(start, first.word - 4), first.word):
        yield f"{side}b={marked.stems[i]}"
    if first.word > start:
        yield f"{side}b1={marked.stems[first.word - 1]}|{roles}"
    for i in range(second.word + 1, min(end, second.word + 4)):
        yield f"{side}a={marked.stems[i]}"
    for word in {w for w in marked.stems[start : first.word] if w.isalpha()}:
        yield f"{side}lead={word}"
    if first.sentence == 0:
        yield f"{side}title|{roles}"


def _apart_features(marked: MarkedText, subject: int, object_: int, roles: str) -> Iterator[str]:
    """What is said where the subject, and where the object, comes up first outside the title."""
    words = marked.words
    for name, entity in (("a", subject), ("b", object_)):
        mentions = marked.mentions[entity]
        mention = next((m for m in mentions if m.sentence), mentions[0])
        start, end = marked.bounds[mention.sentence]
        start, end = max(start, mention.word - _REACH), min(end, mention.word + _REACH)
        yield f"{name}|apart|{roles}"
        if mention.word > start:
            yield f"{name}|b1={marked.stems[mention.word - 1]}|{roles}"
        for i in range(max(start, mention.word - 4), mention.word):
            yield f"{name}|b={marked.stems[i]}"
        if mention.word + 1 < end:
            yield f"{name}|a1={marked.stems[mention.word + 1]}"
        for word in {w for w in marked.stems[start : min(end, mention.word)] if w.isalpha()}:
            yield f"{name}|lead={word}"
        for word in _OURS.intersection(words[start:end]):
            yield f"{name}|{word}|{roles}"
    x = next((m for m in marked.mentions[subject] if m.sentence), marked.mentions[subject][0])
    y = next((m for m in marked.mentions[object_] if m.sentence), marked.mentions[object_][0])
    yield f"apart={max(-4, min(4, x.sentence - y.sentence))}|{roles}"
