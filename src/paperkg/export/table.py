"""Tables as CSV: the papers' relations to entities, and the record of merges.

Cells hold papers' text unchanged: do not let a spreadsheet run formulas. A lone surrogate, which UTF-8 cannot hold, becomes U+FFFD.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from paperkg.resolution import BY_HAND, Merge, merges
from paperkg.text.utf8 import to_utf8

if TYPE_CHECKING:
    from paperkg.graph import Edge, KnowledgeGraph

Row = Sequence[str | int | float]

COLUMNS = (
    "paper",
    "title",
    "date",
    "relation",
    "entity",
    "type",
    "named",
    "iri",
    "confidence",
    "mentions",
    "field",
    "start",
    "end",
    "evidence",
)
"""`mentions` is their number; `field`, `start`, `end` place the evidence in the stored text."""


MERGE_COLUMNS = ("iri", "name", "type", "key", "rule", "by", "confidence", "number", "papers", "notes")
"""`key` is what its papers and the lexicon alone know; `by` is paperkg or a person; `notes` are those of decisions."""


def render_csv(kg: KnowledgeGraph) -> bytes:
    """One row an edge, as UTF-8."""
    return _csv(COLUMNS, (_edge(kg, edge) for edge in kg.edges()))


def _edge(kg: KnowledgeGraph, edge: Edge) -> Row:
    paper, entity, evidence = kg.papers[edge.paper], kg.entities[edge.entity], edge.evidence
    return (
        paper.id,
        paper.title,
        paper.date.lexical if paper.date else "",
        edge.relation,
        entity.name,
        entity.type,
        str(entity.named).lower(),
        entity.iri,
        edge.confidence,
        len(edge.mentions),
        evidence.field,
        evidence.start,
        evidence.end,
        evidence.text,
    )


def render_merges(kg: KnowledgeGraph) -> bytes:
    """One row for each key of an entity that several keys or rules lead to, as UTF-8."""
    notes: dict[str, list[str]] = {}
    for outcome in kg.provenance.outcomes:
        decision = outcome.decision
        for text in {kg.replaced.get(iri, iri) for iri in (decision.entity, decision.to)}:
            if decision.note and not outcome.reason:
                notes.setdefault(text, []).append(decision.note)
    return _csv(MERGE_COLUMNS, (_merge(kg, merge, notes) for merge in merges(kg.extractions)))


def _merge(kg: KnowledgeGraph, merge: Merge, notes: Mapping[str, Sequence[str]]) -> Row:
    entity, by_hand = kg.entities[merge.iri], merge.rule == BY_HAND
    return (
        merge.iri,
        entity.name,
        entity.type,
        merge.key,
        merge.rule,
        "a person" if by_hand else "paperkg",
        merge.confidence,
        len(merge.papers),
        " ".join(merge.papers),
        "; ".join(notes.get(merge.iri, ())) if by_hand else "",
    )


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    writer.writerows(rows)
    return to_utf8(out.getvalue())
