"""A graph that is made as a whole, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg.building.decided import decide, with_outcomes
from paperkg.building.settings import Settings
from paperkg.model import Extraction, Provenance
from paperkg.resolution import Ledger, rebuilt, unresolved

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph


def whole_graph(
    extractions: Iterable[Extraction],
    made: Provenance,
    settings: Settings,
    decisions: bytes = b"",
    file: Path = Path(),
    *,
    before: Sequence[Extraction] | None = None,
) -> tuple[KnowledgeGraph, bytes]:
    """The graph of some extractions as rules, lexicon and decisions resolve them.

    Args:
        extractions: one a paper, fresh or resolved before.
        made: how they were made.
        settings: with base and lexicon.
        decisions: content of the file of decisions.
        file: that file.
        before: what the graph consisted of, if papers come to it or go from it.

    Returns:
        The graph, and what the file of decisions is to hold.

    Raises:
        DecisionError: a line of the file is no decision.
    """
    from paperkg.graph import KnowledgeGraph

    fresh = [unresolved(extraction) for extraction in extractions]
    with Ledger(settings.lexicon, settings.base) as ledger:
        numbers: dict[str, int] = {}
        if before is not None:
            known = {x.paper.id: unresolved(x) for x in before}
            numbers = {id_: ledger.put(x) for id_, x in known.items()}
            ledger.resolve()
            stay = {x.paper.id for x in fresh if known.get(x.paper.id) == x}
            ledger.remove(numbers.pop(id_) for id_ in known if id_ not in stay)
        for extraction in fresh:
            if extraction.paper.id not in numbers:
                numbers[extraction.paper.id] = ledger.put(extraction)
        change = ledger.resolve()
        moved = None if before is None else change.moved
        decisions, verdict = decide(ledger, change, decisions, file, moved)
        resolved = [rebuilt(x, ledger.resolved(numbers[x.paper.id])) for x in fresh]
    made = with_outcomes(made, verdict, decisions, file)
    return KnowledgeGraph.from_extractions(resolved, made, base=settings.base), decisions
