"""The provenance of a graph as triples (PROV): run, inputs, settings, what was skipped, what was merged."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS

from paperkg.model import Extraction, InputFile, Provenance
from paperkg.rdf.iris import Minter, digest
from paperkg.rdf.knowledge import Triples, surest
from paperkg.rdf.namespaces import PKG, SCHEMA
from paperkg.rdf.terms import decimal, integer, iri, term, text
from paperkg.resolution import BY_HAND, Merge


def paper_provenance(extraction: Extraction, made: Provenance, mint: Minter) -> Triples:
    """Where a paper comes from, and what made each claim about it."""
    run = run_iri(made, mint)
    paper = extraction.paper
    files = {file.name: file for file in made.files}
    for source in paper.sources:
        if source in files:
            yield mint.paper(paper.id), PROV.wasDerivedFrom, _file_iri(files[source], mint)
    for claim in _claims(extraction, mint):
        yield claim, PROV.wasGeneratedBy, run


def run_iri(made: Provenance, mint: Minter) -> ox.NamedNode:
    """What made a graph: the software with its settings. Papers that come and go do not change it."""
    lexicon = [file.sha256 for file in made.files if file.format == "lexicon"]
    settings = [setting for setting in made.settings if not setting[0].startswith("left_out_")]
    return mint.top("run", digest(made.version, made.extractor, repr(settings), *lexicon))


def _file_iri(file: InputFile, mint: Minter) -> ox.NamedNode:
    return mint.top("file", file.sha256, file.name)


def run_provenance(made: Provenance, mint: Minter) -> Triples:
    """The run, its inputs and settings, what was skipped, what people decided. It has no time: builds compare equal."""
    run = run_iri(made, mint)
    yield from _run(run, made, mint)
    yield from _decisions(made, run, mint)


def _run(run: ox.NamedNode, made: Provenance, mint: Minter) -> Triples:
    software = mint.top("software", f"paperkg-{made.version}")
    yield software, RDF.type, term(PROV.SoftwareAgent)
    yield software, RDF.type, term(SCHEMA.SoftwareApplication)
    yield software, SCHEMA.name, text("paperkg")
    yield software, SCHEMA.softwareVersion, text(made.version)
    yield run, RDF.type, term(PKG.Run)
    yield run, RDF.type, term(PROV.Activity)
    yield run, PROV.wasAssociatedWith, software
    yield run, PKG.extractor, text(made.extractor)
    yield run, PKG.listings, integer(made.listings)
    for name in ("knowledge", "evidence"):
        yield mint.graph(name), RDF.type, term(PROV.Entity)
        yield mint.graph(name), PROV.wasGeneratedBy, run
    for file in made.files:
        me = _file_iri(file, mint)
        yield run, PROV.used, me
        yield me, RDF.type, term(PKG.InputFile)
        yield me, RDF.type, term(PROV.Entity)
        yield me, RDFS.label, text(file.name)
        yield me, PKG.sha256, text(file.sha256)
        yield me, PKG.format, text(file.format)
        yield me, PKG.records, integer(file.records)
    for name, value in made.settings:
        me = mint.within(run, "setting", name)
        yield run, PKG.setting, me
        yield me, RDF.type, term(PKG.Setting)
        yield me, PKG.name, text(name)
        yield me, PKG.value, text(value)
    for number, skip in enumerate(made.skipped, 1):
        me = mint.within(run, "skip", str(number))
        yield run, PKG.skip, me
        yield me, RDF.type, term(PKG.Skip)
        yield me, RDFS.label, text(skip.file)
        yield me, PKG.line, integer(skip.line)
        yield me, PKG.kind, text(skip.kind)
        yield me, PKG.reason, text(skip.reason)


def _claims(extraction: Extraction, mint: Minter) -> list[ox.NamedNode]:
    paper = extraction.paper.id
    named = {entity.name: entity.iri or "" for entity in extraction.entities}
    claims = [mint.statement(paper, entity.iri or "") for entity in extraction.entities]
    claims += [
        mint.relation(paper, named[r.subject], r.predicate, named[r.object])
        for r in surest(extraction.entity_relations)
    ]
    claims += [mint.result(paper, number) for number in range(1, len(extraction.results) + 1)]
    claims += [mint.link(paper, link.mention) for link in extraction.links]
    return claims


def merge_provenance(merges: Iterable[Merge], made: Provenance, mint: Minter) -> Triples:
    """What was taken for one entity by more than one key or rule: each key with its rule and statements."""
    run = run_iri(made, mint)
    for merge in merges:
        target = iri(merge.iri)
        me = mint.within(target, "merge", digest(merge.key, merge.rule))
        yield me, RDF.type, term(PKG.Merge)
        yield me, RDF.type, term(PROV.Activity)
        yield me, PROV.wasInformedBy, run
        yield me, PROV.generated, target
        yield me, PKG.key, text(merge.key)
        yield me, PKG.rule, text(merge.rule)
        yield me, PKG.confidence, decimal(merge.confidence)
        if merge.rule == BY_HAND:
            yield me, PROV.wasAssociatedWith, _person(mint)
        for paper in merge.papers:
            yield me, PROV.used, mint.statement(paper, merge.iri)


def _decisions(made: Provenance, run: ox.NamedNode, mint: Minter) -> Triples:
    """What people decided: a node for each line of the file of decisions."""
    for number, outcome in enumerate(made.outcomes, 1):
        me = mint.within(run, "decision", str(number))
        decision = outcome.decision
        yield run, PROV.wasInformedBy, me
        yield me, RDF.type, term(PKG.Decision)
        yield me, RDF.type, term(PROV.Activity)
        said = (decision.verb, decision.entity, decision.to, *decision.papers)
        yield me, RDFS.label, text(" ".join(part for part in said if part))
        yield me, PROV.wasAssociatedWith, _person(mint)
        if decision.note:
            yield me, RDFS.comment, text(decision.note)
        if outcome.reason:
            yield me, PKG.reason, text(outcome.reason)
    if made.outcomes:
        yield _person(mint), RDF.type, term(PROV.Person)
        yield _person(mint), RDF.type, term(PROV.Agent)
        yield _person(mint), RDFS.label, text("a person")


def _person(mint: Minter) -> ox.NamedNode:
    return mint.top("agent", "person")


def replaced_triples(made: Provenance) -> Triples:
    """From each IRI that gave way to the one that stands in its place."""
    for old, new in made.replaced:
        yield iri(old), DCTERMS.isReplacedBy, iri(new)
