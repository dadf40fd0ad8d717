"""Leaving out what is not sure enough, at build time."""

from __future__ import annotations

from dataclasses import replace

from paperkg.model import Extraction, LeftOut


def keep_sure(extraction: Extraction, least: float) -> tuple[Extraction, LeftOut]:
    """An extraction without what has less confidence than `least`, and how much that was.

    A relation goes with either of its entities; a result stays without the entity that it named.
    """
    entities = tuple(e for e in extraction.entities if e.confidence >= least)
    names = {e.name for e in entities}
    relations = tuple(
        r
        for r in extraction.entity_relations
        if r.confidence >= least and r.subject in names and r.object in names
    )
    results = tuple(
        replace(
            r,
            system=r.system if r.system in names else None,
            on=r.on if r.on in names else None,
            metric=r.metric if r.metric in names else None,
        )
        for r in extraction.results
        if r.confidence >= least
    )
    left_out = LeftOut(
        len(extraction.entities) - len(entities),
        len(extraction.entity_relations) - len(relations),
        len(extraction.results) - len(results),
    )
    return replace(extraction, entities=entities, entity_relations=relations, results=results), left_out
