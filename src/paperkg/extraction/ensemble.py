"""Two readers, one decision: the linear models, which know lexicon and shapes, and the network, which knows contexts.

Their probabilities are multiplied with fixed exponents, which `paperkg.training.thresholds` measures on papers that neither reader
was trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from paperkg.extraction.candidates import TokenSpan, candidate_key
from paperkg.extraction.features import Reading, features, survey
from paperkg.extraction.neural import LABELS, SpanScore
from paperkg.extraction.scorer import Scorer

Vector = npt.NDArray[np.float64]

LINEAR, NETWORK = 0.65, 0.65
"""Exponents of the two readers' probabilities of type and layer."""
ROLE_NETWORK = 1.0
"""Exponent of the network's probabilities of the relation; that of the linear model is 1."""
OWN = 0.9
"""How much a user's own lexicon is believed where it knows a name."""
MOST_SCORED = 1_000
"""Candidates of one text that are looked at; an abstract has some 40."""
_UNSEEN = 0.002
"""Probability of each label of a candidate that the network leaves out."""
_FLOOR = 1e-4


def labels_by_key(scores: Sequence[SpanScore], reading: Reading) -> dict[str, Vector]:
    """Candidate key -> the network's probabilities of `LABELS`, of the place where a mention is most probable."""
    out: dict[str, Vector] = {}
    for score in scores:
        written = reading.text[score.start : score.end]
        if not written.strip():
            continue
        key = candidate_key(written)
        labels = np.array(score.label_probs)
        if key in reading.candidates and (key not in out or labels.sum() > out[key].sum()):
            out[key] = labels
    return out


def relations_by_span(scores: Sequence[SpanScore], reading: Reading) -> dict[TokenSpan, tuple[Vector, float]]:
    """Token span -> the network's probabilities of `RELATIONS`, and of there being a mention at all."""
    first = {t.start: i for i, t in enumerate(reading.tokens)}
    last = {t.end: i + 1 for i, t in enumerate(reading.tokens)}
    return {
        (first[s.start], last[s.end]): (np.array(s.relation_probs), sum(s.label_probs))
        for s in scores
        if s.start in first and s.end in last
    }


def blend(
    linear: Mapping[str, Vector],
    network: Mapping[str, Vector],
    exponents: tuple[float, float] = (LINEAR, NETWORK),
) -> dict[str, Vector]:
    """The joint probabilities of the classes of each candidate (none, then `LABELS`)."""
    out = {}
    for key, ours in linear.items():
        labels = network.get(key, np.full(len(LABELS), _UNSEEN))
        theirs = np.concatenate([[max(1 - labels.sum(), 0.001)], labels])
        joint = (ours + _FLOOR) ** exponents[0] * (theirs + 10 * _FLOOR) ** exponents[1]
        out[key] = joint / joint.sum()
    return out


def score_candidates(
    scorer: Scorer, reading: Reading, network: Sequence[SpanScore] | None
) -> dict[str, Vector]:
    """Candidate key -> probabilities of the classes.

    Args:
        scorer: the linear model of candidates.
        network: the network's scores; None if the linear model decides alone.
    """
    around = survey(reading)
    seen = None if network is None else labels_by_key(network, reading)
    keys = [
        key
        for key in reading.candidates
        # What no reader has a reason to believe in is not looked at: common words, unknown and unlikely.
        if seen is None or key in seen or key in reading.known or key.startswith("=")
    ]
    if len(keys) > MOST_SCORED:
        best = sorted(keys, key=lambda key: (key not in (seen or ()), key not in reading.known))
        keys = sorted(best[:MOST_SCORED])
    linear = {key: scorer.probabilities(features(reading, reading.candidates[key], around)) for key in keys}
    return believe_own(linear if seen is None else blend(linear, seen), reading)


def believe_own(scores: Mapping[str, Vector], reading: Reading) -> dict[str, Vector]:
    """The probabilities, but names of a user's own lexicon are what it says, where it asks for no context."""
    out = dict(scores)
    for key in scores:
        for match in reading.known.get(key, ()):
            if match.entry.own and (not match.guard or (match.guard == "case" and match.exact)):
                said = np.zeros(1 + len(LABELS))
                said[1 + LABELS.index((match.entry.type, "named"))] = 1
                out[key] = (1 - OWN) * scores[key] + OWN * said
    return out


def blend_relation(
    linear: Vector, spans: Sequence[TokenSpan], network: Mapping[TokenSpan, tuple[Vector, float]]
) -> Vector:
    """The joint probabilities of the relations of an entity with these mentions."""
    seen = [network[span] for span in spans if span in network]
    if not seen:
        return linear
    theirs = sum(relations * weight for relations, weight in seen) / sum(weight for _, weight in seen)
    joint = (linear + _FLOOR) * (theirs + 10 * _FLOOR) ** ROLE_NETWORK
    return np.asarray(joint / joint.sum())
