"""From resolved extractions to the tables of a graph: entities, edges, and the way from spellings to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paperkg.errors import GraphError
from paperkg.graph.edges import Edge, EntityEdge, ReportedResult
from paperkg.model import Entity, Extraction, Paper
from paperkg.resolution import Occurrence, common_type, commonest, with_families
from paperkg.text.fold import fold


@dataclass(frozen=True, slots=True)
class Tables:
    """All that a graph holds, in its fixed order: papers and edges as in the input, entities by IRI."""

    papers: dict[str, Paper]
    entities: dict[str, Entity]
    edges: tuple[Edge, ...]
    entity_edges: tuple[EntityEdge, ...]
    results: tuple[ReportedResult, ...]


def tables(extractions: Sequence[Extraction]) -> Tables:
    """The tables of some resolved extractions.

    Raises:
        GraphError: two papers have one id; a paper names one entity twice, has two entities of one name
            or one without an IRI; a relation or a result names an entity that its paper lacks.
    """
    papers: dict[str, Paper] = {}
    named: list[dict[str, str]] = []
    for extraction in extractions:
        if extraction.paper.id in papers:
            raise GraphError(f"two papers have the id {extraction.paper.id!r}")
        papers[extraction.paper.id] = extraction.paper
        named.append(_names(extraction))
    return Tables(
        papers=papers,
        entities=_entities(extractions),
        edges=tuple(_edges(extractions)),
        entity_edges=tuple(_entity_edges(extractions, named)),
        results=tuple(_results(extractions, named)),
    )


def _names(extraction: Extraction) -> dict[str, str]:
    """From the names of a paper's entities to their IRIs."""
    names: dict[str, str] = {}
    iris: set[str] = set()
    for entity in extraction.entities:
        if entity.iri is None:
            raise GraphError(f"{entity.name!r} of paper {extraction.paper.id!r} was not resolved")
        if entity.iri in iris or entity.name in names:
            raise GraphError(f"paper {extraction.paper.id!r} names {entity.name!r} twice")
        iris.add(entity.iri)
        names[entity.name] = entity.iri
    return names


def _entities(extractions: Sequence[Extraction]) -> dict[str, Entity]:
    members: dict[str, list[Occurrence]] = {}
    for extraction in extractions:
        for entity in extraction.entities:
            if entity.iri is not None:
                members.setdefault(entity.iri, []).append(Occurrence.of(entity))
    return with_families({iri: entity_of(iri, members[iri]) for iri in sorted(members)})


def entity_of(iri: str, members: Sequence[Occurrence]) -> Entity:
    """The entity of the graph that some entities of papers are; `with_families` looks at it beside the others."""
    spellings = Counter(text for member in members for text in member.texts)
    long_forms = [member.long_form for member in members if member.long_form]
    families = [member.family for member in members if member.family]
    named = sum(member.named for member in members)
    return Entity(
        iri=iri,
        name=commonest(member.name for member in members),
        type=common_type(members),
        named=2 * named >= len(members),
        spellings=tuple(sorted(spellings.items(), key=lambda item: (-item[1], item[0]))),
        long_form=commonest(long_forms) if long_forms else None,
        family=commonest(families) if families else None,
    )


def _edges(extractions: Sequence[Extraction]) -> Iterator[Edge]:
    for extraction in extractions:
        for entity in extraction.entities:
            yield Edge(
                paper=extraction.paper.id,
                entity=entity.iri or "",
                relation=entity.relation,
                type=entity.type,
                confidence=entity.confidence,
                evidence=entity.evidence,
                mentions=entity.mentions,
                key=entity.key,
                resolved_by=entity.resolved_by or "",
            )


def _iri(name: str, names: dict[str, str], paper: str) -> str:
    if name not in names:
        raise GraphError(f"paper {paper!r} relates {name!r}, which is no entity of it")
    return names[name]


def _entity_edges(extractions: Sequence[Extraction], named: Sequence[dict[str, str]]) -> Iterator[EntityEdge]:
    for extraction, names in zip(extractions, named, strict=True):
        paper = extraction.paper.id
        for r in extraction.entity_relations:
            subject, object_ = _iri(r.subject, names, paper), _iri(r.object, names, paper)
            yield EntityEdge(subject, r.predicate, object_, paper, r.confidence, r.evidence)


def _results(extractions: Sequence[Extraction], named: Sequence[dict[str, str]]) -> Iterator[ReportedResult]:
    for extraction, names in zip(extractions, named, strict=True):
        paper = extraction.paper.id
        for number, result in enumerate(extraction.results, 1):
            system, on, metric = (
                name and _iri(name, names, paper) for name in (result.system, result.on, result.metric)
            )
            yield ReportedResult(paper, number, system, on, metric, result)


def lookup_table(entities: dict[str, Entity]) -> dict[str, tuple[str, ...]]:
    """From folded names, spellings and long forms to the IRIs that have them, sorted."""
    found: dict[str, set[str]] = {}
    for entity in entities.values():
        for text in (entity.name, entity.long_form, *(text for text, _ in entity.spellings)):
            if text and (key := fold(text)):
                found.setdefault(key, set()).add(entity.iri)
    return {key: tuple(sorted(iris)) for key, iris in found.items()}
