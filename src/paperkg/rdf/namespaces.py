"""The vocabularies that paperkg writes, as closed namespaces: any other term raises `AttributeError`.

The terms of `PKG` are defined in `ontology.ttl`. Own properties are spelt as in the JSON and in Python
(`evaluates_on`), so that one name serves everywhere.
"""

from __future__ import annotations

from rdflib import URIRef
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    OWL,
    PROV,
    RDF,
    RDFS,
    SKOS,
    VOID,
    XSD,
    DefinedNamespace,
    Namespace,
)

ONTOLOGY = "https://w3id.org/paperkg/ontology#"


class PKG(DefinedNamespace):
    """The ontology of paperkg."""

    _NS = Namespace(ONTOLOGY)
    _fail = True

    # classes
    Paper: URIRef
    Entity: URIRef
    Method: URIRef
    Model: URIRef
    Dataset: URIRef
    Benchmark: URIRef
    Metric: URIRef
    Task: URIRef
    Family: URIRef
    Spelling: URIRef
    Statement: URIRef
    Result: URIRef
    Link: URIRef
    Organisation: URIRef
    Page: URIRef
    Listing: URIRef
    StoredText: URIRef
    Run: URIRef
    InputFile: URIRef
    Setting: URIRef
    Skip: URIRef
    Merge: URIRef
    Decision: URIRef

    # a paper and an entity
    mentions: URIRef
    introduces: URIRef
    evaluates_on: URIRef
    evaluates_with: URIRef
    addresses: URIRef
    compares_with: URIRef
    uses: URIRef

    # two entities
    variant_of: URIRef
    named_after: URIRef
    based_on: URIRef
    part_of: URIRef
    outperforms: URIRef

    # a paper
    author_count: URIRef
    best_date: URIRef
    year: URIRef
    inferred_year: URIRef
    inferred_because: URIRef
    organisation: URIRef
    slug: URIRef
    listed_on: URIRef
    listing: URIRef
    page: URIRef
    position: URIRef
    comments: URIRef
    page_date: URIRef

    # an entity
    type: URIRef
    named: URIRef
    family: URIRef
    long_form: URIRef
    folded_label: URIRef
    spelling: URIRef
    text: URIRef
    occurrences: URIRef
    lower_is_better: URIRef

    # a statement, a result, a link
    paper: URIRef
    confidence: URIRef
    type_in_paper: URIRef
    reports: URIRef
    system: URIRef
    on: URIRef
    metric: URIRef
    value: URIRef
    number: URIRef
    unit: URIRef
    kind: URIRef
    score: URIRef
    link: URIRef
    url: URIRef
    written: URIRef

    # evidence
    evidence: URIRef
    mention: URIRef
    field: URIRef

    # provenance
    extractor: URIRef
    setting: URIRef
    name: URIRef
    sha256: URIRef
    format: URIRef
    records: URIRef
    listings: URIRef
    skip: URIRef
    line: URIRef
    reason: URIRef
    key: URIRef
    rule: URIRef


class SCHEMA(DefinedNamespace):
    """The terms of schema.org in use; https, as schema.org itself recommends."""

    _NS = Namespace("https://schema.org/")
    _fail = True

    Dataset: URIRef
    Organization: URIRef
    Person: URIRef
    ScholarlyArticle: URIRef
    SoftwareApplication: URIRef
    SoftwareSourceCode: URIRef
    WebPage: URIRef
    author: URIRef
    codeRepository: URIRef
    datePublished: URIRef
    identifier: URIRef
    mentions: URIRef
    name: URIRef
    softwareVersion: URIRef
    url: URIRef


class OA(DefinedNamespace):
    """The terms of the Web Annotation vocabulary in use."""

    _NS = Namespace("http://www.w3.org/ns/oa#")
    _fail = True

    Annotation: URIRef
    SpecificResource: URIRef
    TextPositionSelector: URIRef
    TextQuoteSelector: URIRef
    end: URIRef
    exact: URIRef
    hasBody: URIRef
    hasSelector: URIRef
    hasSource: URIRef
    hasTarget: URIRef
    identifying: URIRef
    describing: URIRef
    motivatedBy: URIRef
    prefix: URIRef
    start: URIRef
    suffix: URIRef


class FABIO(DefinedNamespace):
    """FaBiO, the bibliographic ontology of SPAR."""

    _NS = Namespace("http://purl.org/spar/fabio/")
    _fail = True

    Preprint: URIRef
    hasArXivId: URIRef


class SPDX(DefinedNamespace):
    """The terms of SPDX for the checksum of a file, as DCAT recommends them."""

    _NS = Namespace("http://spdx.org/rdf/terms#")
    _fail = True

    Checksum: URIRef
    algorithm: URIRef
    checksum: URIRef
    checksumAlgorithm_sha256: URIRef
    checksumValue: URIRef


class SD(DefinedNamespace):
    """SPARQL 1.1 Service Description."""

    _NS = Namespace("http://www.w3.org/ns/sparql-service-description#")
    _fail = True

    Dataset: URIRef
    Graph: URIRef
    NamedGraph: URIRef
    SPARQL11Query: URIRef
    Service: URIRef
    UnionDefaultGraph: URIRef
    defaultDataset: URIRef
    defaultGraph: URIRef
    endpoint: URIRef
    feature: URIRef
    name: URIRef
    namedGraph: URIRef
    resultFormat: URIRef
    supportedLanguage: URIRef


PREFIXES: dict[str, str] = {
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "fabio": str(FABIO),
    "oa": str(OA),
    "owl": str(OWL),
    "pkg": str(PKG),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "void": str(VOID),
    "xsd": str(XSD),
}
"""Prefixes of written files and, declared beforehand, of queries."""
