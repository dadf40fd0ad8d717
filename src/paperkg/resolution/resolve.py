"""Which entities of different papers are one thing: blocks of candidates, decisions, groups, IRIs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from paperkg.lexicon import Lexicon, load_lexicon
from paperkg.model import (
    RELATIONS,
    Decision,
    EntityRelation,
    Extracted,
    ExtractedEntity,
    Extraction,
    Outcome,
    Result,
    Span,
)
from paperkg.resolution.apply import Decided
from paperkg.resolution.clusters import Cluster, clusters
from paperkg.resolution.iris import DEFAULT_BASE
from paperkg.resolution.profiles import Place, profiles
from paperkg.resolution.rules import join_all


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolution gives.

    Attributes:
        extractions: in the order in which they came.
        outcomes: what came of each decision.
        replaced: IRIs that gave way by decisions, each with the one that stands in its place now, sorted.
    """

    extractions: tuple[Extraction, ...]
    outcomes: tuple[Outcome, ...]
    replaced: tuple[tuple[str, str], ...]


def resolve(
    extractions: Iterable[Extraction], *, base: str = DEFAULT_BASE, lexicon: Lexicon | None = None
) -> list[Extraction]:
    """Give each entity of each paper the IRI of an entity of the whole graph, its canonical name and family.

    Entities of one paper that turn out to be one thing become one, with the first of their relations; names
    stay unique within a paper. The order of the extractions changes nothing but the order of the result.

    Args:
        extractions: one a paper, fresh or resolved before, with others; they are not changed.
        base: IRI under which the entities stand.
        lexicon: names that are canonical; the one in the package if None.
    """
    return list(resolve_with(extractions, (), base=base, lexicon=lexicon).extractions)


def resolve_with(
    extractions: Iterable[Extraction],
    decisions: Sequence[Decision],
    *,
    base: str = DEFAULT_BASE,
    lexicon: Lexicon | None = None,
) -> Resolution:
    """As `resolve`, and then apply what people decided, in its order."""
    fresh = [unresolved(extraction) for extraction in extractions]
    papers = [extraction.paper.id for extraction in fresh]
    lexicon = load_lexicon() if lexicon is None else lexicon
    found = profiles(fresh, lexicon)
    groups = ([found[place] for place in group] for group in join_all(found))
    entities = {(i, j): e for i, x in enumerate(fresh) for j, e in enumerate(x.entities)}
    made = clusters(groups, entities, papers, base=base, lexicon=lexicon)
    decided = Decided(papers, entities, {cluster.iri: cluster for cluster in made}, base, lexicon)
    outcomes = decided.apply(decisions)
    resolved: dict[Place, ExtractedEntity] = {}
    for cluster in decided.clusters.values():
        for profile, rule in zip(cluster.profiles, cluster.rules, strict=True):
            for place in profile.members:
                resolved[place] = _resolved(entities[place], cluster, rule)
    rebuilt = [
        _rebuilt(extraction, [resolved.get((i, j)) for j in range(len(extraction.entities))])
        for i, extraction in enumerate(fresh)
    ]
    return Resolution(tuple(rebuilt), outcomes, decided.pointers())


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


def _resolved(entity: ExtractedEntity, cluster: Cluster, rule: str) -> ExtractedEntity:
    return replace(entity, iri=cluster.iri, name=cluster.name, family=cluster.family, resolved_by=rule)


def _rebuilt(extraction: Extraction, resolved: Sequence[ExtractedEntity | None]) -> Extraction:
    """The extraction with resolved entities, its relations and results following their new names.

    Args:
        extraction: as its text gave it.
        resolved: what became of each of its entities; None of one that a person rejected.
    """
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
