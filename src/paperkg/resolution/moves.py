"""Where the IRIs of a graph went when papers came or went: pointers for those that are no longer there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from paperkg.model import Decision, Extraction, Span


def moves(before: Iterable[Extraction], after: Iterable[Extraction]) -> tuple[Decision, ...]:
    """Decisions `moved` for the entities that have another IRI now, sorted.

    Args:
        before: the extractions of a graph, resolved without decisions.
        after: those of the graph that takes its place, likewise.

    Returns:
        For each IRI that no entity has any more, the one that most of its mentions have now; of equal ones the
        first. An entity all of whose papers are gone has none.
    """
    here = dict(_mentions(after))
    live = set(here.values())
    went: dict[str, Counter[str]] = {}
    for place, iri in _mentions(before):
        if iri not in live and place in here:
            went.setdefault(iri, Counter())[here[place]] += 1
    return tuple(
        Decision("moved", old, min(new, key=lambda iri: (-new[iri], iri)))
        for old, new in sorted(went.items())
    )


def _mentions(extractions: Iterable[Extraction]) -> Iterator[tuple[tuple[str, Span], str]]:
    for extraction in extractions:
        for entity in extraction.entities:
            for mention in entity.mentions:
                yield (extraction.paper.id, mention), entity.iri or ""
