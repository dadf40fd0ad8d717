"""From scored candidates to the entities of one paper: spellings of one thing are joined, the doubtful are left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from paperkg.extraction.candidates import MAX_TOKENS, Candidate, is_shaped, span_text
from paperkg.extraction.features import Reading
from paperkg.lexicon import Entry
from paperkg.model import ENTITY_TYPES, EntityType
from paperkg.text.fold import fold, singular

CLASSES: tuple[str, ...] = ("none", *(f"{t}/{layer}" for t in ENTITY_TYPES for layer in ("named", "term")))
"""The scorer's classes: no entity, or type and layer."""
THRESHOLDS = {True: 0.45, False: 0.4}
"""The least probability of being an entity, for named ones and for terms; measured by `paperkg.training.thresholds`."""

Vector = npt.NDArray[np.float64]
TokenSpan = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """An entity of one paper before its relation is known.

    Attributes:
        name: canonical name; type, named: as decided.
        probability: that it is an entity of this type.
        spans: token spans of its mentions, in order.
        long_form: as written, where the paper defines an abbreviation.
        entry: the lexicon's entry, if it is known.
    """

    name: str
    type: EntityType
    named: bool
    probability: float
    spans: tuple[TokenSpan, ...]
    long_form: str | None
    entry: Entry | None


def _groups(reading: Reading, scores: Mapping[str, Vector]) -> list[list[str]]:
    """Candidate keys that are spellings of one thing: abbreviation and long form, aliases of one entry, case variants."""
    parent = {key: key for key in scores}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    def join(a: str, b: str) -> None:
        a, b = sorted((root(a), root(b)))
        parent[b] = a

    by_entry: dict[str, str] = {}
    by_fold: dict[str, str] = {}
    for key in scores:
        candidate = reading.candidates[key]
        if candidate.partner is not None and candidate.partner in scores:
            join(key, candidate.partner)
        if 1 - scores[key][0] < 0.2:
            continue
        for match in reading.known.get(key, ()):
            if match.exact or not match.guard:
                join(by_entry.setdefault(f"{match.entry.type} {match.entry.name}", key), key)
        join(by_fold.setdefault(key.lstrip("="), key), key)
    groups: dict[str, list[str]] = {}
    for key in scores:
        groups.setdefault(root(key), []).append(key)
    return list(groups.values())


def _pool(reading: Reading, keys: list[str], scores: Mapping[str, Vector]) -> Vector:
    """The class probabilities of a group: of its most probable spelling, averaged with its abbreviation partner."""
    best = min(keys, key=lambda k: (scores[k][0], k))
    partner = reading.candidates[best].partner
    if partner in keys and partner is not None:
        return np.asarray((scores[best] + scores[partner]) / 2)
    return scores[best]


def _entry(reading: Reading, keys: list[str], type_: EntityType, named: bool) -> Entry | None:
    """The lexicon's entry for a group, if one fits the decision and its guard is kept."""
    fitting = [
        match
        for key in keys
        for match in reading.known.get(key, ())
        if match.entry.type == type_ and match.entry.named == named and (match.exact or not match.guard)
    ]
    return min(fitting, key=lambda m: (not m.exact, m.entry.name)).entry if fitting else None


def term_name(text: str) -> str:
    """The canonical form of a term: lower case but for shaped words, singular (`Causal Graphs` -> `causal graph`)."""
    words = [w if is_shaped(w) or (len(w) > 1 and w.isupper()) else w.lower() for w in text.split()]
    last = words[-1]
    if last.islower():
        words[-1] = singular(last)
    elif last.endswith("s") and last[:-1].isupper():
        words[-1] = last[:-1]
    return " ".join(words)


def _name(named: bool, entry: Entry | None, short: str | None, surfaces: Counter[str]) -> str:
    if entry is not None:
        return entry.name
    if named and short is not None:
        return short
    best = max(surfaces, key=lambda s: (surfaces[s], len(s), s))
    return best if named else term_name(best)


def _free_mentions(spans: dict[int, set[TokenSpan]]) -> dict[int, tuple[TokenSpan, ...]]:
    """Mentions of each entity that lie in no longer mention of another; all of them where none is free."""
    owners: dict[int, set[tuple[TokenSpan, int]]] = {}
    for i, places in spans.items():
        for span in places:
            owners.setdefault(span[0], set()).add((span, i))

    def is_free(i: int, span: TokenSpan) -> bool:
        nearby = range(span[0] - MAX_TOKENS, span[0] + 1)
        return not any(
            end >= span[1] and (start, end) != span and owner != i
            for at in nearby
            for (start, end), owner in owners.get(at, ())
        )

    out = {}
    for i, places in spans.items():
        free = [span for span in places if is_free(i, span)]
        out[i] = tuple(sorted(free or places))
    return out


def decide(
    reading: Reading, scores: Mapping[str, Vector], thresholds: Mapping[bool, float] = THRESHOLDS
) -> list[Found]:
    """The entities of a text, in order of their first mention.

    Args:
        scores: candidate key -> probabilities over `CLASSES`.
        thresholds: least probability of being an entity, by `named`.
    """
    chosen: list[tuple[list[str], Vector, str]] = []
    for keys in _groups(reading, scores):
        pooled = _pool(reading, keys, scores)
        label = CLASSES[1 + int(pooled[1:].argmax())]
        if 1 - pooled[0] >= thresholds[label.endswith("named")]:
            chosen.append((keys, pooled, label))
    mentions = _free_mentions(
        {
            i: {s for key in keys for s in reading.candidates[key].spans}
            for i, (keys, _, _) in enumerate(chosen)
        }
    )
    out = []
    for i, (keys, pooled, label) in enumerate(chosen):
        type_: EntityType = next(t for t in ENTITY_TYPES if label.startswith(f"{t}/"))
        named = label.endswith("named")
        texts = {span: span_text(reading.text, reading.tokens, span) for span in mentions[i]}
        short, long = _abbreviation(reading, keys)
        entry = _entry(reading, keys, type_, named)
        out.append(
            Found(
                name=_name(
                    named, entry, short, Counter(texts.values()) if named or not long else Counter([long])
                ),
                type=type_,
                named=named,
                probability=float(pooled[CLASSES.index(label)]),
                spans=mentions[i],
                long_form=long,
                entry=entry,
            )
        )
    return _unique(_without_shadowed(sorted(out, key=lambda f: f.spans)))


def _without_shadowed(found: list[Found]) -> list[Found]:
    """Leaves out what stands nowhere but inside mentions of a more probable entity ('learning' in 'causal learning')."""
    covering: dict[TokenSpan, float] = {}
    for entity in found:
        for start, end in entity.spans:
            for span in (
                (s, e) for s in range(start, end) for e in range(s + 1, end + 1) if (s, e) != (start, end)
            ):
                covering[span] = max(covering.get(span, 0.0), entity.probability)
    return [f for f in found if not all(covering.get(span, 0.0) > f.probability for span in f.spans)]


def _abbreviation(reading: Reading, keys: list[str]) -> tuple[str | None, str | None]:
    """Short and long form of a group as written, if the paper defines them."""
    for key in keys:
        candidate = reading.candidates[key]
        if candidate.is_short and candidate.partner in keys and candidate.partner is not None:
            return _first(reading, candidate), _first(reading, reading.candidates[candidate.partner])
    return None, None


def _first(reading: Reading, candidate: Candidate) -> str:
    text = span_text(reading.text, reading.tokens, candidate.spans[0])
    return re.sub(r"(?<=[A-Z])s$", "", text) if candidate.is_short else text


def _unique(found: list[Found]) -> list[Found]:
    """Names are unique within a paper: of two entities of one name the more probable one takes both's mentions."""
    by_name: dict[str, Found] = {}
    for entity in found:
        key = fold(entity.name) if entity.named == entity.name.islower() else entity.name
        other = by_name.get(key)
        if other is None:
            by_name[key] = entity
            continue
        winner = max(entity, other, key=lambda f: f.probability)
        spans = tuple(sorted({*entity.spans, *other.spans}))
        by_name[key] = Found(
            winner.name, winner.type, winner.named, winner.probability, spans, winner.long_form, winner.entry
        )
    return sorted(by_name.values(), key=lambda f: f.spans)
