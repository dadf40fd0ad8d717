"""The papers' relations to entities as one CSV table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

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


def render_csv(kg: KnowledgeGraph) -> bytes:
    """One row an edge, as UTF-8. Cells hold papers' text unchanged: do not let a spreadsheet run formulas.

    A lone surrogate, which UTF-8 cannot hold, becomes `?`.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(COLUMNS)
    for edge in kg.edges():
        paper, entity = kg.papers[edge.paper], kg.entities[edge.entity]
        evidence = edge.evidence
        writer.writerow(
            (
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
        )
    return out.getvalue().encode("utf-8", "replace")
