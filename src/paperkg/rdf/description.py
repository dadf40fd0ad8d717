"""The description of a graph as a dataset (VoID, DCAT), counted from its quads.

It stands in a named graph of its own, `graph/description`, and counts the three others: a file or a store
says itself what it holds. `describe` adds what only those who publish it know: the files, the endpoint.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, PROV, RDF, VOID

from paperkg.model import EntityType, Provenance
from paperkg.rdf.iris import Minter
from paperkg.rdf.knowledge import CLASSES, Triples
from paperkg.rdf.namespaces import PKG, PREFIXES, SPDX
from paperkg.rdf.provenance import run_iri
from paperkg.rdf.terms import integer, iri, term, text
from paperkg.rdf.writers import compact, sorted_triples
from paperkg.resolution import segment
from paperkg.text.plural import count

GRAPH = "description"
_IANA = "https://www.iana.org/assignments/media-types/"
_MEDIA_TYPES = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "trig": "application/trig",
    "nq": "application/n-quads",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "json": "application/json",
    "graphml": "application/xml",
    "gexf": "application/xml",
    "csv": "text/csv",
    "html": "text/html",
}
"""Registered media types by the ending of a file; JSON Lines has none."""
_DUMPS = ("ttl", "nt", "trig", "nq", "jsonld", "rdfxml")
_DESCRIPTION = (
    "Methods, models, datasets, benchmarks, metrics, tasks and results in the titles and abstracts of papers, "
    "with the words on which each statement rests."
)
_TITLES = {
    "knowledge": "What the papers say",
    "evidence": "The words on which it rests",
    "provenance": "How it was made",
}
_TYPE = str(RDF.type)
_END_OF_HOST = re.compile("[/?#]")


class File(Protocol):
    """What is read of a manifest's `FileState`."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def sha256(self) -> str:
        """Of the content, in hexadecimal digits."""


@dataclass(slots=True)
class Counts:
    """What is counted of the quads of a graph.

    Attributes:
        triples: by the name of their named graph.
        entities: resources that have a type.
        classes, properties: entities and triples of each.
        links: by property and the origin (`https://github.com/`) of the object, which is no resource of the graph;
            with a space between them.
    """

    triples: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)

    def add(self, quads: Iterable[ox.Quad], base: str, sign: int = 1) -> None:
        """Count sorted quads; take them away again if the sign is -1.

        All types of a resource stand together in one of the calls, and in one named graph.
        """
        known = (base, *PREFIXES.values())
        typed = ("", "")
        triples = Counter[str]()
        for quad in quads:
            predicate, object_, graph = quad.predicate.value, quad.object, quad.graph_name
            if not isinstance(graph, ox.NamedNode):
                raise TypeError("a graph has no default graph")
            name = graph.value
            triples[name] += sign
            self.properties[predicate] += sign
            if isinstance(object_, ox.NamedNode):
                value = object_.value
                if predicate == _TYPE:
                    self.classes[value] += sign
                    before, typed = typed, (str(quad.subject), name)
                    self.entities += sign * (typed != before)
                if not value.startswith(known):
                    self.links[f"{predicate} {_origin(value)}"] += sign
        self.triples.update({graph.rpartition("/")[2]: number for graph, number in triples.items()})

    def update(self, other: Counts) -> None:
        """Add what was counted elsewhere."""
        self.entities += other.entities
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def negative(self) -> Counts:
        """The same, to be taken away."""
        signs = {name: Counter({what: -n for what, n in getattr(self, name).items()}) for name in _COUNTERS}
        return Counts(entities=-self.entities, **signs)

    def to_json(self) -> dict[str, Any]:
        """As an object of JSON."""
        return {"entities": self.entities} | {name: dict(+getattr(self, name)) for name in _COUNTERS}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Counts:
        """The inverse of `to_json`."""
        return cls(entities=record["entities"], **{name: Counter(record[name]) for name in _COUNTERS})


_COUNTERS = ("triples", "classes", "properties", "links")


def _origin(iri: str) -> str:
    """Scheme and host of an IRI; `urlsplit` refuses some that RDF does not."""
    scheme, _, rest = iri.partition(":")
    host = _END_OF_HOST.split(rest[2:], maxsplit=1)[0] if rest.startswith("//") else ""
    return f"{scheme.lower()}://{host}/"


def examples(
    papers: Iterable[str], entities: Iterable[tuple[EntityType, str]], mint: Minter
) -> dict[str, str]:
    """For the classes of papers and entities the first IRI of each.

    Args:
        papers: ids.
        entities: types and IRIs.
        mint: makes the IRIs of papers.
    """
    found: dict[str, str] = {}
    firsts: list[tuple[tuple[URIRef, ...], str]] = [((PKG.Paper,), mint.paper(id_).value) for id_ in papers]
    firsts += [(CLASSES[type_], iri_) for type_, iri_ in entities]
    for classes, example in firsts:
        for class_ in classes:
            if class_.startswith(str(PKG)):
                found[str(class_)] = min(example, found.get(str(class_), example))
    return found


def description_triples(counts: Counts, shown: Mapping[str, str], made: Provenance, mint: Minter) -> Triples:
    """What a graph is, and what it holds: counts, partitions, links to the outside, vocabularies.

    Args:
        counts: of the other named graphs.
        shown: an example of each class that has one.
        made: how the graph was made.
        mint: makes its IRIs.
    """
    me = mint.dataset()
    papers = counts.classes[str(PKG.Paper)]
    yield me, RDF.type, term(VOID.Dataset)
    yield me, RDF.type, term(DCAT.Dataset)
    yield me, DCTERMS.title, text(f"Knowledge graph of {count(papers, 'paper')}")
    yield me, DCTERMS.description, text(_DESCRIPTION)
    run = run_iri(made, mint)
    yield me, PROV.wasGeneratedBy, run
    yield me, OWL.versionInfo, text(run.value.rpartition("/")[2])
    yield me, VOID.uriSpace, text(mint.base)
    yield me, VOID.triples, integer(counts.triples.total())
    yield me, VOID.entities, integer(counts.entities)
    yield me, VOID.classes, integer(len(+counts.classes))
    yield me, VOID.properties, integer(len(+counts.properties))
    used = (*+counts.classes, *+counts.properties)
    for namespace in PREFIXES.values():
        if any(one.startswith(namespace) for one in used):
            yield me, VOID.vocabulary, iri(namespace)
    for name, triples in (+counts.triples).items():
        graph = mint.graph(name)
        yield me, VOID.subset, graph
        yield graph, RDF.type, term(VOID.Dataset)
        yield graph, DCTERMS.title, text(_TITLES[name])
        yield graph, VOID.triples, integer(triples)
    for class_, entities in (+counts.classes).items():
        part = mint.within(me, "class", compact(class_) or class_)
        yield me, VOID.classPartition, part
        if class_ in shown:
            yield me, VOID.exampleResource, iri(shown[class_])
        yield part, VOID["class"], iri(class_)
        yield part, VOID.entities, integer(entities)
    for property_, triples in (+counts.properties).items():
        part = mint.within(me, "property", compact(property_) or property_)
        yield me, VOID.propertyPartition, part
        yield part, VOID.property, iri(property_)
        yield part, VOID.triples, integer(triples)
    for link, triples in (+counts.links).items():
        property_, _, origin = link.partition(" ")
        links = mint.within(me, "links", compact(property_) or property_, origin)
        yield me, VOID.subset, links
        yield links, RDF.type, term(VOID.Linkset)
        yield links, VOID.subjectsTarget, me
        yield links, VOID.objectsTarget, mint.within(me, "outside", origin)
        yield links, VOID.linkPredicate, iri(property_)
        yield links, VOID.triples, integer(triples)
        yield mint.within(me, "outside", origin), VOID.uriSpace, text(origin)


def describe(
    quads: Iterable[ox.Quad],
    base: str,
    *,
    files: Mapping[str, File] | None = None,
    folder: str | None = None,
    endpoint: str | None = None,
) -> list[ox.Triple]:
    """The description of a graph for those who find it on the web, sorted.

    Args:
        quads: those of the graph, or at least those of its named graph `graph/description`.
        base: the IRI below which its resources stand.
        files: the files of its set by their names (`seeds.ttl`), as its manifest has them.
        folder: the address below which these can be had, ending in `/`.
        endpoint: the address of its SPARQL endpoint.

    Raises:
        ValueError: an address is not absolute.
    """
    mint = Minter(base)
    graph = mint.graph(GRAPH)
    found = {quad.triple for quad in quads if quad.graph_name == graph}
    for subject, known, object_ in _access(files or {}, folder, endpoint, mint):
        found.add(ox.Triple(subject, term(known), object_))
    return sorted_triples(found)


def _access(files: Mapping[str, File], folder: str | None, endpoint: str | None, mint: Minter) -> Triples:
    me = mint.dataset()
    if endpoint is not None:
        service = mint.within(me, "service")
        yield me, VOID.sparqlEndpoint, iri(endpoint)
        yield service, RDF.type, term(DCAT.DataService)
        yield service, DCTERMS.title, text("SPARQL endpoint")
        yield service, DCAT.endpointURL, iri(endpoint)
        yield service, DCAT.servesDataset, me
    for name, state in files.items():
        ending = name.rpartition(".")[2]
        file, checksum = mint.within(me, "file", name), mint.within(me, "file", name, "checksum")
        yield me, DCAT.distribution, file
        yield file, RDF.type, term(DCAT.Distribution)
        yield file, DCTERMS.title, text(name)
        yield file, DCAT.byteSize, integer(state.size)
        yield file, SPDX.checksum, checksum
        yield checksum, RDF.type, term(SPDX.Checksum)
        yield checksum, SPDX.algorithm, term(SPDX.checksumAlgorithm_sha256)
        yield checksum, SPDX.checksumValue, text(state.sha256)
        if ending in _MEDIA_TYPES:
            yield file, DCAT.mediaType, iri(_IANA + _MEDIA_TYPES[ending])
        if folder is not None:
            address = iri(folder + segment(name))
            yield file, DCAT.downloadURL, address
            if ending in _DUMPS:
                yield me, VOID.dataDump, address
