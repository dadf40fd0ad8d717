"""What the graph says of one resource, as triples: those about it, about its parts, and about what points at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, SKOS

from paperkg.model import Extraction
from paperkg.rdf.evidence import evidence_triples
from paperkg.rdf.knowledge import (
    entity_triples,
    extraction_triples,
    paper_triples,
    relation_triples,
    result_triples,
    statement_triples,
)
from paperkg.rdf.terms import iri as named_node
from paperkg.rdf.terms import term, text
from paperkg.rdf.ties import known_ties, linked_ties
from paperkg.rdf.writers import sorted_triples
from paperkg.serve.pages.things import Thing, Things


def describe(things: Things, thing: Thing) -> list[ox.Triple]:
    """The description of a thing, sorted, each triple once.

    A paper comes with all that its text gives and the evidence for it; an entity with its spellings and what
    papers say of it; a result with its evidence; the others with what points at them.
    """
    match thing.kind:
        case "paper":
            found = _paper(things, thing.key)
        case "entity":
            found = _entity(things, thing.iri)
        case "result":
            found = _reachable(_told(things, things.results[thing.iri].paper), thing.iri)
        case "family":
            members = [one.entity for one in things.families[thing.iri][1]]
            parts = [triple for one in members for triple in _triples(entity_triples(one, things.mint))]
            found = _around(parts, thing.iri) + [t for one in members for t in _label(things, one.iri)]
        case "organisation":
            found = _of_papers(things, thing.iri, things.organisations[thing.iri][1])
        case "page":
            found = _of_papers(things, thing.iri, things.pages[thing.iri][1])
    return sorted_triples(found)


def describe_part(things: Things, owner: Thing, iri: str) -> list[ox.Triple]:
    """The description of something that belongs to a paper or an entity; empty if there is no such thing."""
    match owner.kind:
        case "paper":
            told = _told(things, owner.key)
        case "result":
            told = _told(things, things.results[owner.iri].paper)
        case "entity":
            told = _triples(entity_triples(things.kg.entities[owner.iri], things.mint))
        case "page":
            papers = dict.fromkeys(things.pages[owner.iri][1])
            told = [t for id_ in papers for t in _triples(paper_triples(things.kg.papers[id_], things.mint))]
        case _:
            told = []
    return sorted_triples(_reachable(told, iri))


def _triples(parts: Iterable[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]]) -> list[ox.Triple]:
    return [ox.Triple(subject, term(predicate), object_) for subject, predicate, object_ in parts]


def _told(things: Things, paper_id: str) -> list[ox.Triple]:
    """All that the text of a paper gives, and the evidence."""
    extraction = things.kg.paper(paper_id).extraction
    parts = (extraction_triples(extraction, things.mint), evidence_triples(extraction, things.mint))
    return [triple for part in (*parts, linked_ties(extraction)) for triple in _triples(part)]


def _paper(things: Things, paper_id: str) -> list[ox.Triple]:
    labels = [t for e in things.kg.paper(paper_id).edges() for t in _label(things, e.entity)]
    return _told(things, paper_id) + labels


def _label(things: Things, iri: str) -> list[ox.Triple]:
    """Name and types of an entity."""
    wanted = (str(SKOS.prefLabel), str(RDF.type))
    told = _triples(entity_triples(things.kg.entities[iri], things.mint))
    return [triple for triple in told if triple.predicate.value in wanted and _id(triple.subject) == iri]


def _entity(things: Things, iri: str) -> list[ox.Triple]:
    kg, mint = things.kg, things.mint
    found = _triples(entity_triples(kg.entities[iri], mint)) + _triples(known_ties(kg.entities[iri]))
    for paper in dict.fromkeys(edge.paper for edge in kg.edges_of(iri)):
        extraction = kg.paper(paper).extraction
        found += [
            triple
            for said in extraction.entities
            if said.iri == iri
            for triple in _triples(statement_triples(extraction.paper, said, mint))
        ]
        found += _relations(things, extraction, iri)
        found += [tie for tie in _triples(linked_ties(extraction)) if _id(tie.subject) == iri]
        found.append(ox.Triple(mint.paper(paper), term(DCTERMS.title), text(extraction.paper.title)))
    for result in things.results_of(iri):
        extraction = kg.paper(result.paper).extraction
        names = _names(extraction)
        found += _triples(result_triples(extraction.paper, result.number, result.result, names, mint))
    return found


def _names(extraction: Extraction) -> dict[str, str]:
    return {entity.name: entity.iri or "" for entity in extraction.entities}


def _relations(things: Things, extraction: Extraction, iri: str) -> list[ox.Triple]:
    names = _names(extraction)
    return [
        triple
        for said in extraction.entity_relations
        if iri in (names[said.subject], names[said.object])
        for triple in _triples(relation_triples(extraction.paper, said, names, things.mint))
    ]


def _of_papers(things: Things, iri: str, papers: Sequence[str]) -> list[ox.Triple]:
    kg, found = things.kg, list[ox.Triple]()
    for paper in dict.fromkeys(papers):
        found += _around(_triples(paper_triples(kg.papers[paper], things.mint)), iri)
        found.append(ox.Triple(things.mint.paper(paper), term(DCTERMS.title), text(kg.papers[paper].title)))
    return found


def _around(triples: Sequence[ox.Triple], iri: str) -> list[ox.Triple]:
    """The triples about a resource and those that point at it."""
    node = named_node(iri)
    return [triple for triple in triples if node in (triple.subject, triple.object)]


def _reachable(triples: Sequence[ox.Triple], iri: str) -> list[ox.Triple]:
    """The triples about a resource and about its parts, whose IRIs begin with its own, and their targets."""
    about: dict[str, list[ox.Triple]] = {}
    for triple in triples:
        about.setdefault(_id(triple.subject), []).append(triple)
    found, seen, waiting = list[ox.Triple](), {iri}, [iri]
    while waiting:
        here = waiting.pop()
        for triple in about.get(here, ()):
            found.append(triple)
            there = _id(triple.object)
            if there not in seen and (there.startswith(f"{iri}/") or "#" in there.rpartition("/")[2]):
                seen.add(there)
                waiting.append(there)
    return found


def _id(term_: object) -> str:
    return term_.value if isinstance(term_, ox.NamedNode) else ""
