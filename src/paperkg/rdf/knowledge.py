"""The knowledge of a graph as triples: papers, entities, what papers say of them, results, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, SKOS

from paperkg.model import (
    Entity,
    EntityRelation,
    EntityType,
    ExtractedEntity,
    Extraction,
    Link,
    Listing,
    Organisation,
    Paper,
    PartialDate,
    Result,
)
from paperkg.rdf import metrics
from paperkg.rdf.iris import Minter
from paperkg.rdf.namespaces import FABIO, PKG, SCHEMA
from paperkg.rdf.terms import boolean, date, decimal, integer, iri, term, text, web_iri, year
from paperkg.text.fold import fold

Triples = Iterator[tuple[ox.NamedNode, URIRef, ox.NamedNode | ox.Literal]]

_ARXIV_ID = re.compile(r"[0-9]{4}\.[0-9]{4,5}(v[0-9]{1,2})?|[a-z-]{2,20}(\.[A-Z]{2})?/[0-9]{7}(v[0-9]{1,2})?")
_NOT_WORD = re.compile(r"[^\w+#%&]|_")

CLASSES: dict[EntityType, tuple[URIRef, ...]] = {
    "Method": (PKG.Method, PKG.Entity),
    "Model": (PKG.Model, PKG.Entity),
    "Dataset": (PKG.Dataset, PKG.Entity, SCHEMA.Dataset),
    "Benchmark": (PKG.Benchmark, PKG.Dataset, PKG.Entity, SCHEMA.Dataset),
    "Metric": (PKG.Metric, PKG.Entity),
    "Task": (PKG.Task, PKG.Entity),
}
"""The class of each type with its super-classes: a SPARQL engine infers nothing, so the data state them."""


def search_keys(spelling: str) -> set[str]:
    r"""The keys under which a spelling is found: `fold`'s, and its letters and digits in lower case.

    SPARQL can make the second: `REPLACE(LCASE(?name), "[^\\p{L}\\p{N}+#%&]+", "")`.
    """
    return {key for key in (fold(spelling), _NOT_WORD.sub("", spelling.lower())) if key}


def paper_triples(paper: Paper, mint: Minter) -> Triples:
    """A paper with its metadata; all offsets refer to its `dct:title` and `dct:abstract`."""
    me = mint.paper(paper.id)
    yield me, RDF.type, term(PKG.Paper)
    yield me, RDF.type, term(SCHEMA.ScholarlyArticle)
    yield me, DCTERMS.title, text(paper.title)
    yield me, DCTERMS.abstract, text(paper.abstract)
    yield me, SCHEMA.identifier, text(paper.id)
    if _ARXIV_ID.fullmatch(paper.id):
        yield me, FABIO.hasArXivId, text(paper.id)
    if paper.url and (address := web_iri(paper.url)):
        yield me, SCHEMA.url, address
    if paper.author_count is not None:
        yield me, PKG.author_count, integer(paper.author_count)
    for number, name in enumerate(paper.authors, 1):
        author = mint.within(me, "author", str(number))
        yield me, SCHEMA.author, author
        yield author, RDF.type, term(SCHEMA.Person)
        yield author, SCHEMA.name, text(name)
        yield author, PKG.position, integer(number)
    if paper.date:
        yield from _date(me, paper.date)
    for organisation in paper.organisations:
        yield from _organisation(me, organisation, mint)
    for listing in paper.listings:
        yield from _listing(me, listing, mint)


def _date(paper: ox.NamedNode, known: PartialDate) -> Triples:
    yield paper, SCHEMA.datePublished, date(known.lexical, known.datatype)
    best = known.best_year
    if best is None:
        return
    yield paper, PKG.year, integer(best)
    if known.year is not None:
        yield paper, PKG.best_date, date(known.lexical, known.datatype)
        return
    yield paper, PKG.best_date, date(f"{best:04d}-{known.month:02d}-{known.day:02d}", "date")
    yield paper, PKG.inferred_year, year(best)
    if known.reason:
        yield paper, PKG.inferred_because, text(known.reason)


def _organisation(paper: ox.NamedNode, organisation: Organisation, mint: Minter) -> Triples:
    me = mint.top("organisation", organisation.slug)
    yield paper, PKG.organisation, me
    yield me, RDF.type, term(PKG.Organisation)
    yield me, RDF.type, term(SCHEMA.Organization)
    yield me, PKG.slug, text(organisation.slug)
    yield me, SCHEMA.name, text(organisation.name)


def _listing(paper: ox.NamedNode, listing: Listing, mint: Minter) -> Triples:
    page = mint.top("page", listing.page)
    me = mint.within(page, str(listing.position))
    yield paper, PKG.listed_on, page
    yield paper, PKG.listing, me
    yield page, RDF.type, term(PKG.Page)
    yield page, RDF.type, term(SCHEMA.WebPage)
    yield page, RDFS.label, text(listing.page)
    if listing.page_date:
        yield page, PKG.page_date, date(listing.page_date.lexical, listing.page_date.datatype)
    yield me, RDF.type, term(PKG.Listing)
    yield me, PKG.paper, paper
    yield me, PKG.page, page
    yield me, PKG.position, integer(listing.position)
    if listing.comments is not None:
        yield me, PKG.comments, integer(listing.comments)


def entity_triples(entity: Entity, mint: Minter) -> Triples:
    """An entity with its names.

    `skos:prefLabel` is its name; a spelling that a reader would take for the same word (`CLADDER`, a plural)
    is a `skos:hiddenLabel`, any other (a long form, an abbreviation) a `skos:altLabel`.
    """
    me = iri(entity.iri)
    for class_ in CLASSES[entity.type]:
        yield me, RDF.type, term(class_)
    yield me, PKG.type, term(PKG[entity.type])
    yield me, SKOS.prefLabel, text(entity.name)
    yield me, PKG.named, boolean(entity.named)
    if entity.long_form:
        yield me, PKG.long_form, text(entity.long_form)
    if entity.family:
        family = mint.family(entity.family)
        yield me, PKG.family, family
        yield family, RDF.type, term(PKG.Family)
        yield family, SKOS.prefLabel, text(entity.family)
        for key in search_keys(entity.family):
            yield family, PKG.folded_label, text(key)
    if entity.variant_of:
        yield me, PKG.variant_of, iri(entity.variant_of)
        yield me, PKG.named_after, iri(entity.variant_of)
    if entity.type == "Metric":
        lower = any(metrics.lower_is_better(name) for name in (entity.name, entity.long_form) if name)
        yield me, PKG.lower_is_better, boolean(lower)
    for written, occurrences in entity.spellings:
        spelling = mint.within(me, "spelling", written)
        yield me, PKG.spelling, spelling
        yield spelling, RDF.type, term(PKG.Spelling)
        yield spelling, PKG.text, text(written)
        yield spelling, PKG.occurrences, integer(occurrences)
    yield from _labels(me, entity)


def _labels(me: ox.NamedNode, entity: Entity) -> Triples:
    others = {written for written, _ in entity.spellings} | {entity.long_form or entity.name}
    seen = {fold(entity.name)}
    for label in sorted(others - {entity.name}):
        # the 4 of 'GPT-3.5 and 4' is a spelling of GPT-4, but nobody should find GPT-4 by it
        fragment = not any(character.isalpha() for character in label)
        yield me, SKOS.hiddenLabel if fragment or fold(label) in seen else SKOS.altLabel, text(label)
        seen.add(fold(label))
        if fragment:
            others.discard(label)
    for label in others | {entity.name}:
        for key in search_keys(label):
            yield me, PKG.folded_label, text(key)


def statement_triples(paper: Paper, said: ExtractedEntity, mint: Minter) -> Triples:
    """What a paper says of an entity: an edge with its own property, one with `mentions`, the statement."""
    source, target = mint.paper(paper.id), iri(said.iri or "")
    yield source, PKG[said.relation], target
    yield source, PKG.mentions, target
    me = mint.statement(paper.id, target.value)
    yield from _statement(me, source, PKG[said.relation], target, source, said.confidence)
    yield me, PKG.type_in_paper, term(PKG[said.type])


def relation_triples(paper: Paper, said: EntityRelation, named: Mapping[str, str], mint: Minter) -> Triples:
    """What a paper says of two of its entities; `named` leads from their names to their IRIs."""
    subject, object_ = iri(named[said.subject]), iri(named[said.object])
    yield subject, PKG[said.predicate], object_
    me = mint.relation(paper.id, subject.value, said.predicate, object_.value)
    yield from _statement(me, subject, PKG[said.predicate], object_, mint.paper(paper.id), said.confidence)


def surest(said: Iterable[EntityRelation]) -> list[EntityRelation]:
    """Of relations that a paper states more than once, the one with the highest confidence."""
    best: dict[tuple[str, str, str], EntityRelation] = {}
    for one in said:
        key = (one.subject, one.predicate, one.object)
        if key not in best or one.confidence > best[key].confidence:
            best[key] = one
    return list(best.values())


def _statement(
    me: ox.NamedNode,
    subject: ox.NamedNode,
    predicate: URIRef,
    object_: ox.NamedNode,
    paper: ox.NamedNode,
    sure: float,
) -> Triples:
    yield me, RDF.type, term(PKG.Statement)
    yield me, RDF.subject, subject
    yield me, RDF.predicate, term(predicate)
    yield me, RDF.object, object_
    yield me, PKG.paper, paper
    yield me, PKG.confidence, decimal(round(sure, 4))


def result_triples(
    paper: Paper, number: int, said: Result, named: Mapping[str, str], mint: Minter
) -> Triples:
    """The result with that number, from 1, of a paper; results of one metric compare by `pkg:score`."""
    me, source = mint.result(paper.id, number), mint.paper(paper.id)
    yield source, PKG.reports, me
    yield me, RDF.type, term(PKG.Result)
    yield me, PKG.paper, source
    for name, part in ((said.system, PKG.system), (said.on, PKG.on), (said.metric, PKG.metric)):
        if name is not None:
            yield me, part, iri(named[name])
    yield me, PKG.value, text(said.value)
    yield me, PKG.number, decimal(said.number)
    yield me, PKG.unit, text(said.unit)
    yield me, PKG.kind, text(said.kind)
    yield me, PKG.score, decimal(metrics.score(said))
    yield me, PKG.confidence, decimal(round(said.confidence, 4))


def link_triples(paper: Paper, said: Link, mint: Minter) -> Triples:
    """A link of a paper. One that is no address at all keeps its written form and has no `pkg:url`."""
    me, source = mint.link(paper.id, said.mention), mint.paper(paper.id)
    yield source, PKG.link, me
    yield me, RDF.type, term(PKG.Link)
    yield me, PKG.paper, source
    yield me, PKG.kind, text(said.kind)
    yield me, PKG.written, text(said.url)
    if address := web_iri(said.normalized):
        yield me, PKG.url, address
        if said.kind == "code":
            yield me, RDF.type, term(SCHEMA.SoftwareSourceCode)
            yield me, SCHEMA.codeRepository, address
        elif said.kind == "data":
            yield me, RDF.type, term(DCAT.Dataset)
            yield me, DCAT.landingPage, address


def extraction_triples(extraction: Extraction, mint: Minter) -> Triples:
    """All that one paper gives."""
    paper = extraction.paper
    named = {entity.name: entity.iri or "" for entity in extraction.entities}
    yield from paper_triples(paper, mint)
    for entity in extraction.entities:
        yield from statement_triples(paper, entity, mint)
    for relation in surest(extraction.entity_relations):
        yield from relation_triples(paper, relation, named, mint)
    for number, result in enumerate(extraction.results, 1):
        yield from result_triples(paper, number, result, named, mint)
    for link in extraction.links:
        yield from link_triples(paper, link, mint)
