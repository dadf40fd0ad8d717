"""The paper's relation to an entity: what the sentences in which it stands say of it, as feature names.

The relation is one of a whole paper, so the features of all sentences are pooled; the sentence whose features speak most
for the relation is its evidence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from paperkg.extraction.candidates import Token, TokenSpan
from paperkg.extraction.decide import Found
from paperkg.extraction.ensemble import Vector, blend_relation
from paperkg.extraction.features import MAX_PLACES, TYPE_NOUNS, Reading
from paperkg.extraction.scorer import Scorer
from paperkg.model import ENTITY_TYPES, RELATIONS, Relation

_CUES = {
    "introduces": "propose proposes proposed introduce introduces introducing present presents develop develops release releases novel "
    "new build design devise contribute construct create dubbed named called termed first",
    "evaluates": "evaluate evaluates evaluated evaluation experiments experiment benchmark benchmarks dataset datasets results tested test "
    "validate validated demonstrate across experimental empirical",
    "compares": "outperform outperforms outperforming compared comparable surpass surpasses surpassing baseline baselines "
    "state-of-the-art sota than beats exceeds superior versus including representative leading",
    "uses": "use uses using leverage leverages leveraging based via through built employ employs apply applies adopt fine-tune fine-tuned "
    "integrate integrates combine combines combining utilizing initialized",
    "background": "recent existing prior previous however although while traditional conventional current often despite typically "
    "challenge remain recently widely inspired unlike",
}
_REACH = 80
"""Words of a sentence further from a mention than this are not looked at."""
_CUE_OF: dict[str, tuple[str, ...]] = {}
for _name, _words in _CUES.items():
    for _word in _words.split():
        _CUE_OF[_word] = (*_CUE_OF.get(_word, ()), _name)


def sentence_features(
    tokens: list[Token], bounds: tuple[int, int], span: tuple[int, int], tag: str
) -> list[str]:
    """Features of one mention in its sentence.

    Args:
        bounds: the sentence as a token span; span: the mention's.
        tag: type and layer of the entity, joined to the strongest features.
    """
    start, end = span
    left, right = max(bounds[0], start - _REACH), min(bounds[1], end + _REACH)
    before = [t.lower for t in tokens[max(left, start - 8) : start] if t.is_word or t.text in ":(,"]
    after = [t.lower for t in tokens[end : min(right, end + 6)] if t.is_word or t.text in ":),."]
    out = {f"b={w}" for w in before} | {f"a={w}" for w in after}
    if before:
        out |= {f"b1={before[-1]}", f"{tag}b1={before[-1]}"}
    if len(before) > 1:
        out.add(f"b2={before[-2]} {before[-1]}")
    if after:
        out |= {f"a1={after[0]}", f"{tag}a1={after[0]}"}
    if len(after) > 1:
        out.add(f"a2={after[0]} {after[1]}")
    words = [(i, t.lower) for i, t in enumerate(tokens[left:right], left) if t.is_word]
    we = any(w in ("we", "our") for _, w in words)
    for i, word in words:
        side = "<" if i < start else ">"
        for cue in _CUE_OF.get(word, ()):
            out |= {f"cue={cue}", f"cue={side}{cue}", f"{tag}cue={side}{cue}"}
            if we:
                out.add(f"we+cue={side}{cue}")
        out.add(f"s={word}")
    if we:
        out |= {"we", f"{tag}we"}
    if any(w in ("this", "paper", "work") for _, w in words[:5]):
        out.add("this-paper")
    noun = next((TYPE_NOUNS[t.lower] for t in tokens[end : end + 2] if t.lower in TYPE_NOUNS), None)
    if noun:
        out.add(f"noun={noun}")
    if words and start <= words[0][0]:
        out |= {"subject", f"{tag}subject"}
    if any(t.has_digit for t in tokens[left:right]):
        out.add(f"{tag}digits")
    return sorted(out)


def pooled_features(
    tag: str,
    spans: Iterable[tuple[int, int]],
    tokens: list[Token],
    title_end: int,
    sentences: int,
    extra: Iterable[str] = (),
) -> list[str]:
    """Features of the entity in the whole paper: type, title, order, how often, how late."""
    spans = list(spans)
    in_title = [s for s in spans if tokens[s[0]].start < title_end]
    ats = [tokens[s[0]].sentence / max(1, sentences - 1) for s in spans]
    out = [f"tag={tag}", f"count={min(6, len(spans))}", f"{tag}count={min(4, len(spans))}"]
    if in_title:
        out += ["title", f"{tag}title"]
        if in_title[0][0] == 0:
            out += ["title-first", f"{tag}title-first"]
            after = tokens[in_title[0][1]] if in_title[0][1] < len(tokens) else None
            if after is not None and after.text == ":":
                out += ["title-colon", f"{tag}title-colon"]
    body = [a for s, a in zip(spans, ats, strict=True) if tokens[s[0]].start >= title_end]
    if body:
        out += [f"first={int(4 * body[0])}", f"last={int(4 * body[-1])}", f"{tag}first={int(4 * body[0])}"]
    else:
        out.append("title-only")
    return [*out, *extra]


def logit(probability: float) -> float:
    """The log-odds of a probability."""
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))


_INTERCEPT = -0.876
_CALIBRATION = (
    *(0.322, 0.22, 0.111, -0.206, 0.246, 0.291),
    *(-0.023, 0.118, 0.293, -0.834, -0.062, -0.161, -0.147),
    *(-0.147, -0.313, -0.065, 0.154, -0.565, 0.119),
)
"""Weights of `confidence_features`; measured by `paperkg.training.thresholds`."""


def confidence_features(entity: Found, relation: Relation, probability: float) -> list[float]:
    """What the certainty of an edge depends on.

    Args:
        probability: of the relation, given the entity.
    """
    return [
        logit(entity.probability),
        logit(probability),
        float(entity.named),
        math.log(len(entity.spans)),
        float(entity.entry is not None),
        float(entity.long_form is not None),
        *(float(relation == r) for r in RELATIONS),
        *(float(entity.type == t) for t in ENTITY_TYPES),
    ]


def confidence(entity: Found, relation: Relation, probability: float) -> float:
    """The probability that an entity, its type and its relation are right.

    Args:
        probability: of the relation, given the entity.
    """
    row = confidence_features(entity, relation, probability)
    logit_ = _INTERCEPT + sum(w * x for w, x in zip(_CALIBRATION, row, strict=True))
    return 1 / (1 + math.exp(-logit_))


@dataclass(frozen=True, slots=True)
class Role:
    """The paper's relation to one entity.

    Attributes:
        confidence: probability of the relation; evidence: the sentence that decides it, as a token span.
    """

    relation: Relation
    confidence: float
    evidence: tuple[int, int]


def sentence_bounds(tokens: list[Token]) -> list[tuple[int, int]]:
    """The token span of each sentence, white space at its ends left out."""
    bounds: dict[int, tuple[int, int]] = {}
    for i, token in enumerate(tokens):
        if token.text.strip():
            bounds[token.sentence] = (bounds.get(token.sentence, (i, i))[0], i + 1)
    return [bounds.get(n, (0, 0)) for n in range(tokens[-1].sentence + 1)] if tokens else []


def role_features(
    reading: Reading, bounds: list[tuple[int, int]], entity: Found
) -> tuple[list[str], dict[int, list[str]]]:
    """Features of an entity's role: those of the whole paper, and those of each sentence that names it."""
    tokens = reading.tokens
    tag = entity.type[:3] + ("n" if entity.named else "t")
    by_sentence: dict[int, set[str]] = {}
    for span in entity.spans[:MAX_PLACES]:
        number = tokens[span[0]].sentence
        zone = "T" if tokens[span[0]].start < reading.title_end else ""
        found = sentence_features(tokens, bounds[number], span, tag)
        by_sentence.setdefault(number, set()).update(zone + f for f in found)
    extra = (["abbreviated"] if entity.long_form else []) + ([] if entity.entry else [f"{tag}new"])
    pooled = pooled_features(tag, entity.spans, tokens, reading.title_end, reading.sentences, extra)
    return pooled, {n: sorted(f) for n, f in by_sentence.items()}


class RoleModel:
    """Relations by a linear model over the pooled features of all sentences.

    Args:
        scorer: a model whose classes are `RELATIONS`.
    """

    def __init__(self, scorer: Scorer):
        self.scorer = scorer

    def probabilities(
        self,
        reading: Reading,
        bounds: list[TokenSpan],
        entity: Found,
        network: Mapping[TokenSpan, tuple[Vector, float]],
    ) -> tuple[Vector, dict[int, list[str]]]:
        """The probability of each relation to one entity, and the features of each sentence."""
        pooled, by_sentence = role_features(reading, bounds, entity)
        rows = [*pooled, *(f for fs in by_sentence.values() for f in fs)]
        return blend_relation(self.scorer.probabilities(rows), entity.spans, network), by_sentence

    def role(
        self,
        reading: Reading,
        bounds: list[TokenSpan],
        entity: Found,
        network: Mapping[TokenSpan, tuple[Vector, float]],
    ) -> Role:
        """The relation to one entity, and the sentence whose features weigh most for it."""
        probabilities, by_sentence = self.probabilities(reading, bounds, entity, network)
        best = int(probabilities.argmax())
        weights = {n: float(self.scorer.logits(fs)[best]) for n, fs in by_sentence.items()}
        # The body says more than the title, which seldom holds a verb.
        body = [n for n in weights if n > 0] or list(weights)
        sentence = max(body, key=lambda n: (weights[n], -n))
        return Role(RELATIONS[best], float(probabilities[best]), bounds[sentence])

    def roles(
        self,
        reading: Reading,
        found: Iterable[Found],
        network: Mapping[TokenSpan, tuple[Vector, float]],
    ) -> list[Role]:
        """The relations to all entities, in their order.

        Args:
            network: the network's opinion of each mention (`relations_by_span`); empty where there is none.
        """
        bounds = sentence_bounds(reading.tokens)
        return [self.role(reading, bounds, entity, network) for entity in found]
