"""The record of merges: which keys of which papers are one entity, by which rule, and how often such a rule is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from paperkg.model import Extraction

CONFIDENCE: dict[str, float] = {
    "decision": 1.0,
    "name": 0.98,
    "abbreviation": 0.98,
    "long form": 0.96,
    "word forms": 0.73,
    "words in it": 0.69,
    "definition": 0.67,
}
"""For each rule the share of the papers' entities that it gave to the right thing: (right + 1) / (all + 2), counted by
`benchmarks/merge_rules.py` on `benchmarks/gold/train.jsonl`, for the last two, which are rare, on all annotated papers. A lower bound:
where annotators gave one thing two names it counts as wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """A decision of resolution: the entities with this key are the entity with this IRI.

    Attributes:
        key: what a paper and the lexicon alone know (`ExtractedEntity.key`).
        rule: why (`paperkg.resolution.Rule`).
        papers: ids of the papers that it concerns, in the order of the graph.
    """

    iri: str
    key: str
    rule: str
    papers: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """The share of such decisions that are right."""
        return CONFIDENCE.get(self.rule, 0.0)


def merges(extractions: Iterable[Extraction]) -> tuple[Merge, ...]:
    """The decisions that stand in resolved extractions, sorted: entities to which several keys or rules lead."""
    papers: dict[tuple[str, str, str], dict[str, None]] = {}
    for extraction in extractions:
        for entity in (extraction.extracted or extraction).entities:
            if entity.iri is not None:
                decision = (entity.iri, entity.key, entity.resolved_by or "")
                papers.setdefault(decision, {})[extraction.paper.id] = None
    ways = Counter(iri for iri, _, _ in papers)
    return tuple(sorted(Merge(*way, tuple(ids)) for way, ids in papers.items() if ways[way[0]] > 1))
