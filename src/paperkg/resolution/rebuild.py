"""A paper's extraction after resolution: its entities with their IRIs, and all that follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from paperkg.model import (
    RELATIONS,
    EntityRelation,
    EntityType,
    Extracted,
    ExtractedEntity,
    Extraction,
    Relation,
    Result,
    Span,
)
from paperkg.resolution.clusters import Rule


@dataclass(frozen=True, slots=True)
class Resolved:
    """What an entity of a paper is in the graph.

    Attributes:
        rule: why.
        type, relation: what a person said of the paper's edge; None where nobody did.
        certain: whether a person has looked at the edge.
    """

    iri: str
    name: str
    family: str | None
    rule: Rule
    type: EntityType | None = None
    relation: Relation | None = None
    certain: bool = False


def unresolved(extraction: Extraction) -> Extraction:
    """What the paper's text alone gave: the extraction as it was before resolution and decisions."""
    before = extraction.extracted or extraction
    return replace(
        extraction,
        entities=tuple(replace(entity, iri=None, resolved_by=None) for entity in before.entities),
        entity_relations=before.entity_relations,
        results=before.results,
        extracted=None,
    )


def rebuilt(extraction: Extraction, resolved: Sequence[Resolved | None]) -> Extraction:
    """The extraction with resolved entities, its relations and results following their new names.

    Entities of the paper that are one thing become one, with the first of their relations; names stay unique.

    Args:
        extraction: as its text gave it.
        resolved: what became of each of its entities; None of one that a person rejected.
    """
    made = [
        None if found is None else _resolved(old, found)
        for old, found in zip(extraction.entities, resolved, strict=True)
    ]
    return _rebuilt(extraction, made)


def _resolved(entity: ExtractedEntity, found: Resolved) -> ExtractedEntity:
    return replace(
        entity,
        iri=found.iri,
        name=found.name,
        family=found.family,
        resolved_by=found.rule,
        type=found.type or entity.type,
        relation=found.relation or entity.relation,
        confidence=1.0 if found.certain else entity.confidence,
    )


def _rebuilt(extraction: Extraction, resolved: Sequence[ExtractedEntity | None]) -> Extraction:
    together: dict[str, list[ExtractedEntity]] = {}
    for entity in resolved:
        if entity is not None:
            together.setdefault(entity.iri or "", []).append(entity)
    entities = _distinct([_one(same) for same in together.values()])
    name_of = {entity.iri: entity.name for entity in entities}
    names = {
        old.name: name_of[new.iri] if new else None
        for old, new in zip(extraction.entities, resolved, strict=True)
    }
    made = replace(
        extraction,
        entities=tuple(entities),
        entity_relations=_relations(extraction.entity_relations, names),
        results=tuple(_result(result, names) for result in extraction.results),
    )
    if unresolved(made) == extraction:
        return made
    said = tuple(
        replace(old, iri=new.iri, resolved_by=new.resolved_by) if new else old
        for old, new in zip(extraction.entities, resolved, strict=True)
    )
    before = Extracted(said, extraction.entity_relations, extraction.results)
    return replace(made, extracted=before)


def _one(same: Sequence[ExtractedEntity]) -> ExtractedEntity:
    """Entities of one paper that are one thing, as one: the first of the relations, all of the mentions."""
    best = min(same, key=lambda e: (RELATIONS.index(e.relation), -e.confidence, e.key))
    mentions = {mention for entity in same for mention in entity.mentions}
    long_forms = sorted(entity.long_form for entity in same if entity.long_form)
    return replace(
        best,
        mentions=tuple(sorted(mentions, key=_text_order)),
        long_form=best.long_form or (long_forms[0] if long_forms else None),
    )


def _text_order(span: Span) -> tuple[bool, int, int]:
    return (span.field != "title", span.start, span.end)


def _distinct(entities: Sequence[ExtractedEntity]) -> list[ExtractedEntity]:
    """With names that are unique within the paper: namesakes get what tells them apart in brackets."""
    entities = list(entities)
    for mark in (_meaning, _identity):
        times = Counter(entity.name for entity in entities)
        entities = [replace(e, name=f"{e.name} ({mark(e)})") if times[e.name] > 1 else e for e in entities]
    return entities


def _meaning(entity: ExtractedEntity) -> str:
    return entity.long_form or entity.type.lower()


def _identity(entity: ExtractedEntity) -> str:
    return "/".join((entity.iri or "").rsplit("/", 2)[1:])


def _relations(
    relations: Sequence[EntityRelation], names: Mapping[str, str | None]
) -> tuple[EntityRelation, ...]:
    """With new names; what relates a thing to itself goes, and of equal ones all but the most confident."""
    best: dict[tuple[str, str, str], EntityRelation] = {}
    for relation in relations:
        subject, object_ = names[relation.subject], names[relation.object]
        if subject is None or object_ is None or subject == object_:
            continue
        key = (subject, relation.predicate, object_)
        if key not in best or relation.confidence > best[key].confidence:
            best[key] = replace(relation, subject=subject, object=object_)
    return tuple(best.values())


def _result(result: Result, names: Mapping[str, str | None]) -> Result:
    return replace(
        result,
        system=result.system and names[result.system],
        on=result.on and names[result.on],
        metric=result.metric and names[result.metric],
    )
