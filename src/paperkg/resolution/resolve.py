"""Which entities of different papers are one thing: blocks of candidates, decisions, groups, IRIs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from paperkg.lexicon import Lexicon, load_lexicon
from paperkg.model import RELATIONS, EntityRelation, ExtractedEntity, Extraction, Result, Span
from paperkg.resolution.clusters import Cluster, clusters
from paperkg.resolution.iris import DEFAULT_BASE
from paperkg.resolution.profiles import profiles
from paperkg.resolution.rules import join_all


@dataclass(frozen=True, slots=True, order=True)
class Merge:
    """A decision of resolution: the entities with this key are the entity with this IRI.

    Attributes:
        key: what a paper and the lexicon alone know (`ExtractedEntity.key`).
        rule: why (`paperkg.resolution.Rule`).
        papers: number of papers that it concerns.
    """

    iri: str
    key: str
    rule: str
    papers: int


def resolve(
    extractions: Sequence[Extraction], *, base: str = DEFAULT_BASE, lexicon: Lexicon | None = None
) -> list[Extraction]:
    """Give each entity of each paper the IRI of an entity of the whole graph, its canonical name and family.

    Entities of one paper that turn out to be one thing become one, with the first of their relations; names
    stay unique within a paper. The order of the extractions changes nothing but the order of the result.

    Args:
        extractions: one a paper; they are not changed.
        base: IRI under which the entities stand.
        lexicon: names that are canonical; the one in the package if None.
    """
    found = profiles(extractions, load_lexicon() if lexicon is None else lexicon)
    groups = ([found[place] for place in group] for group in join_all(found))
    entities = {(i, j): e for i, x in enumerate(extractions) for j, e in enumerate(x.entities)}
    made = clusters(groups, entities, base=base)
    resolved: dict[tuple[int, int], ExtractedEntity] = {}
    for cluster in made:
        for profile, rule in zip(cluster.profiles, cluster.rules, strict=True):
            for place in profile.members:
                resolved[place] = _resolved(entities[place], cluster, rule)
    return [
        _rebuilt(extraction, [resolved[i, j] for j in range(len(extraction.entities))])
        for i, extraction in enumerate(extractions)
    ]


def merges(extractions: Iterable[Extraction]) -> tuple[Merge, ...]:
    """The decisions that stand in resolved extractions, sorted: entities to which several keys lead."""
    counts = Counter((e.iri or "", e.key, e.resolved_by or "") for x in extractions for e in x.entities)
    keys = Counter(iri for iri, _, _ in counts)
    return tuple(sorted(Merge(*decision, n) for decision, n in counts.items() if keys[decision[0]] > 1))


def _resolved(entity: ExtractedEntity, cluster: Cluster, rule: str) -> ExtractedEntity:
    return replace(entity, iri=cluster.iri, name=cluster.name, family=cluster.family, resolved_by=rule)


def _rebuilt(extraction: Extraction, resolved: Sequence[ExtractedEntity]) -> Extraction:
    """The extraction with resolved entities, its relations and results following their new names."""
    together: dict[str, list[ExtractedEntity]] = {}
    for entity in resolved:
        together.setdefault(entity.iri or "", []).append(entity)
    entities = _distinct([_one(same) for same in together.values()])
    name_of = {entity.iri: entity.name for entity in entities}
    names = {old.name: name_of[new.iri] for old, new in zip(extraction.entities, resolved, strict=True)}
    return replace(
        extraction,
        entities=tuple(entities),
        entity_relations=_relations(extraction.entity_relations, names),
        results=tuple(_result(result, names) for result in extraction.results),
    )


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
    return (entity.iri or "").rpartition("/")[2]


def _relations(relations: Sequence[EntityRelation], names: dict[str, str]) -> tuple[EntityRelation, ...]:
    """With new names; what relates a thing to itself goes, and of equal ones all but the most confident."""
    best: dict[tuple[str, str, str], EntityRelation] = {}
    for relation in relations:
        renamed = replace(relation, subject=names[relation.subject], object=names[relation.object])
        key = (renamed.subject, renamed.predicate, renamed.object)
        if renamed.subject != renamed.object and (
            key not in best or renamed.confidence > best[key].confidence
        ):
            best[key] = renamed
    return tuple(best.values())


def _result(result: Result, names: dict[str, str]) -> Result:
    return replace(
        result,
        system=result.system and names[result.system],
        on=result.on and names[result.on],
        metric=result.metric and names[result.metric],
    )
