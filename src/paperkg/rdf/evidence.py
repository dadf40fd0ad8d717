"""The evidence of a graph as triples: Web Annotations on the stored title or abstract of a paper.

Each mention of an entity is an annotation with the entity as its body; each statement, result and link has
one annotation of the words that it rests on. A target is a stretch of the stored text, which `dct:title` or
`dct:abstract` of the paper gives unchanged: `oa:start` and `oa:end` count its Unicode code points from 0, the
end excluded.
"""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import RDF

from paperkg.model import Extraction, Paper, Span
from paperkg.rdf.iris import Minter
from paperkg.rdf.knowledge import Triples, surest
from paperkg.rdf.namespaces import OA, PKG
from paperkg.rdf.terms import integer, iri, term, text

CONTEXT = 32
"""Characters of `oa:prefix` and `oa:suffix`."""


def evidence_triples(extraction: Extraction, mint: Minter) -> Triples:
    """The annotations of one paper."""
    paper = extraction.paper
    spans: set[Span] = set()
    for entity in extraction.entities:
        statement = mint.statement(paper.id, entity.iri or "")
        yield from _claim(statement, entity.evidence, paper, mint)
        spans.add(entity.evidence)
        for span in entity.mentions:
            me = mint.mention(paper.id, entity.iri or "", span)
            yield statement, PKG.mention, me
            yield from _annotation(me, iri(entity.iri or ""), OA.identifying, span, paper, mint)
            spans.add(span)
    named = {entity.name: entity.iri or "" for entity in extraction.entities}
    for relation in surest(extraction.entity_relations):
        claim = mint.relation(paper.id, named[relation.subject], relation.predicate, named[relation.object])
        yield from _claim(claim, relation.evidence, paper, mint)
        spans.add(relation.evidence)
    for number, result in enumerate(extraction.results, 1):
        yield from _claim(mint.result(paper.id, number), result.mention, paper, mint)
        spans.add(result.mention)
    for link in extraction.links:
        yield from _claim(mint.link(paper.id, link.mention), link.mention, paper, mint)
        spans.add(link.mention)
    for span in sorted(spans):
        yield from _target(span, paper, mint)
    for source in sorted({span.field for span in spans}):
        me = mint.stored_text(paper.id, source)
        yield me, RDF.type, term(PKG.StoredText)
        yield me, PKG.field, text(source)
        yield me, PKG.paper, mint.paper(paper.id)


def _claim(claim: ox.NamedNode, span: Span, paper: Paper, mint: Minter) -> Triples:
    me = mint.evidence(claim)
    yield claim, PKG.evidence, me
    yield from _annotation(me, claim, OA.describing, span, paper, mint)


def _annotation(
    me: ox.NamedNode, body: ox.NamedNode, motive: URIRef, span: Span, paper: Paper, mint: Minter
) -> Triples:
    yield me, RDF.type, term(OA.Annotation)
    yield me, OA.hasBody, body
    yield me, OA.motivatedBy, term(motive)
    yield me, OA.hasTarget, mint.stretch(paper.id, span)


def _target(span: Span, paper: Paper, mint: Minter) -> Triples:
    me = mint.stretch(paper.id, span)
    position, quote = mint.stretch(paper.id, span, "position"), mint.stretch(paper.id, span, "quote")
    stored = paper.text(span.field)
    yield me, RDF.type, term(OA.SpecificResource)
    yield me, OA.hasSource, mint.stored_text(paper.id, span.field)
    yield me, OA.hasSelector, position
    yield me, OA.hasSelector, quote
    yield position, RDF.type, term(OA.TextPositionSelector)
    yield position, OA.start, integer(span.start)
    yield position, OA.end, integer(span.end)
    yield quote, RDF.type, term(OA.TextQuoteSelector)
    yield quote, OA.exact, text(span.text)
    yield quote, OA.prefix, text(stored[max(0, span.start - CONTEXT) : span.start])
    yield quote, OA.suffix, text(stored[span.end : span.end + CONTEXT])
