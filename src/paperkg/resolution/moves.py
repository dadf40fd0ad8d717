"""Where the IRIs of a graph went when papers came or went: pointers for those that are no longer there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

from paperkg.model import Decision


def moved(went: Iterable[tuple[str, str, int]], live: Container[str]) -> tuple[Decision, ...]:
    """Decisions `moved` for the entities that have another IRI now, sorted.

    Args:
        went: an IRI before, the one that stands in its place now in some paper, and the number of mentions there.
        live: the IRIs that entities have now.

    Returns:
        For each IRI that no entity has any more, the one that most of its mentions have now; of equal ones the
        first.
    """
    found: dict[str, Counter[str]] = {}
    for old, new, mentions in went:
        if old not in live:
            found.setdefault(old, Counter())[new] += mentions
    return tuple(
        Decision("moved", old, min(new, key=lambda iri: (-new[iri], iri)))
        for old, new in sorted(found.items())
    )
