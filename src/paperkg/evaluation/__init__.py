"""How well papers were read: a build's papers.jsonl held against a gold annotation (docs/quality.md).

Everything is scored on the graph's own unit, the pair (paper, entity), not on text offsets.
"""

from __future__ import annotations

from collections.abc import Sequence

from paperkg.evaluation.annotation import Annotation, Entity, Result, parse_found, parse_gold
from paperkg.evaluation.measures import scores
from paperkg.evaluation.pairing import pair
from paperkg.evaluation.scores import Bin, Counts, Mistake, Scores

__all__ = [
    "Annotation",
    "Bin",
    "Counts",
    "Entity",
    "Mistake",
    "Result",
    "Scores",
    "evaluate",
    "parse_found",
    "parse_gold",
]


def evaluate(gold: Sequence[Annotation], found: Sequence[Annotation]) -> Scores:
    """Score what was found in papers.

    Args:
        gold: the annotated papers. All are scored; of one that was not read, everything counts as missed.
        found: the papers as read, each once; those that gold lacks are left out.
    """
    read = {annotation.paper: annotation for annotation in found}
    pairings = [pair(annotation, read.get(annotation.paper)) for annotation in gold]
    return scores(pairings, tuple(annotation.paper for annotation in gold if annotation.paper not in read))
