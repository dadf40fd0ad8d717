"""Entities from the scores of spans, for measuring the recogniser alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from paperkg.extraction.neural.recognizer import LABELS, SpanScore
from paperkg.extraction.neural.words import split_words
from paperkg.model import RELATIONS
from paperkg.text.fold import fold


def decode(
    pid: str, text: str, scores: Sequence[SpanScore], *, threshold: float, floor: float = 0.05
) -> dict[str, Any]:
    """The entities of one paper in the form that the scorer reads.

    Mentions of one folded spelling, and a long form with the abbreviation beside it, are one entity; its
    probability is that of the mean of its mentions' label probabilities, weighted by their probability to be
    mentions at all.
    """
    groups: dict[str, list[SpanScore]] = defaultdict(list)
    for s in scores:
        if sum(s.label_probs) >= floor:
            groups[fold(text[s.start : s.end])].append(s)
    groups.pop("", None)
    joined: dict[str, str] = {}
    for long, short in abbreviation_pairs(text, scores, floor=max(floor, 0.2)):
        if long in groups and short in groups and long != short:
            joined[short] = joined.get(long, long)
    merged: dict[str, list[SpanScore]] = defaultdict(list)
    for key, mentions in groups.items():
        seen = {key}
        while key in joined and joined[key] not in seen:
            key = joined[key]
            seen.add(key)
        merged[key] += mentions
    entities = []
    for mentions in merged.values():
        probs = np.array([m.label_probs for m in mentions])
        weight = probs.sum(1)
        labels = (probs * weight[:, None]).sum(0) / weight.sum()
        strength = float(weight.max() + weight @ weight / weight.sum()) / 2
        relations = (np.array([m.relation_probs for m in mentions]) * weight[:, None]).sum(0) / weight.sum()
        if strength < threshold:
            continue
        kind, layer = LABELS[int(labels.argmax())]
        texts = sorted({text[m.start : m.end] for m in mentions}, key=lambda t: (-len(t), t))
        entities.append(
            {
                "name": texts[0],
                "type": kind,
                "named": layer == "named",
                "relation": RELATIONS[int(relations.argmax())],
                "confidence": strength * float(labels.max() / labels.sum()) * float(relations.max()),
                "mentions": [{"text": t} for t in texts],
            }
        )
    return {"id": pid, "entities": entities}


def abbreviation_pairs(text: str, scores: Sequence[SpanScore], *, floor: float) -> list[tuple[str, str]]:
    """Folded (long form, short form) of neighbouring spans such as `structural causal model (SCM)`."""
    kept = [s for s in scores if sum(s.label_probs) >= floor]
    starts = defaultdict(list)
    for s in kept:
        starts[s.start].append(s)
    pairs = []
    for long in kept:
        gap = text[long.end : long.end + 2]
        opening = long.end + (2 if gap == " (" else 1 if gap[:1] == "(" else 0)
        if opening == long.end:
            continue
        for short in starts[opening]:
            written = text[short.start : short.end]
            if text[short.end : short.end + 1] in (")", ",", ";") and _abbreviates(
                written, text[long.start : long.end]
            ):
                pairs.append((fold(text[long.start : long.end]), fold(written)))
    return pairs


def _abbreviates(short: str, long: str) -> bool:
    letters = [c for c in short.rstrip("s").lower() if c.isalnum()]
    words = [w.lower() for w in split_words(long).strings if w.isalnum()]
    if len(letters) < 2 or not words or len(short) >= len(long) or letters[0] != words[0][0]:
        return False
    rest = iter("".join(words))
    return all(c in rest for c in letters)
