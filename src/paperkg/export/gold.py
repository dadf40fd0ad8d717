"""Papers whose edges a person corrected, as annotated papers: `paperkg evaluate` reads them as gold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from paperkg.model import Extraction
from paperkg.text.fold import fold
from paperkg.text.utf8 import json_to_utf8

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

_ON_EDGES = ("accept", "reject", "retype", "relate")


def render_gold(kg: KnowledgeGraph) -> bytes:
    """One JSON object for each paper on one of whose edges a person decided, in the order of the graph.

    It holds all that the graph says of the paper after the decisions: what nobody rejected counts as right. So a paper
    is to be looked through to its end, and what it lacks is to be added to the file by hand.
    """
    reviewed = {
        paper
        for outcome in kg.provenance.outcomes
        if outcome.decision.verb in _ON_EDGES and not outcome.reason
        for paper in outcome.decision.papers
    }
    namesakes = Counter(fold(entity.name) for entity in kg.entities.values())
    senses = {iri: _sense(iri) for iri, entity in kg.entities.items() if namesakes[fold(entity.name)] > 1}
    records = [_record(x, senses) for x in kg.extractions if x.paper.id in reviewed]
    return json_to_utf8("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records))


def _sense(iri: str) -> str:
    """What tells an entity from its namesakes: type and long form or digest."""
    return " ".join(iri.rsplit("/", 2)[1:])


def _record(extraction: Extraction, senses: Mapping[str, str]) -> dict[str, Any]:
    return {
        "pid": extraction.paper.id,
        "entities": [
            {
                "name": entity.name,
                "type": entity.type,
                "layer": "named" if entity.named else "term",
                "relation": entity.relation,
                "surfaces": list(dict.fromkeys(mention.text for mention in entity.mentions)),
            }
            | ({"sense": senses[entity.iri]} if entity.iri and entity.iri in senses else {})
            for entity in extraction.entities
        ],
        "entity_relations": [[r.subject, r.predicate, r.object] for r in extraction.entity_relations],
        "results": [
            {"system": r.system, "on": r.on, "metric": r.metric, "value": r.value, "kind": r.kind}
            for r in extraction.results
        ],
        "links": [{"url": link.url, "kind": link.kind} for link in extraction.links],
    }
