"""Terms that a graph never has but an answer may: what is written of them is read back, or refused."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF

from paperkg.errors import FormatError
from paperkg.graph import KnowledgeGraph
from paperkg.model import Extraction, Link, Paper, Provenance, Span
from paperkg.rdf import quads, writers
from paperkg.rdf.description import Counts

A, P = ox.NamedNode("http://e/a"), ox.NamedNode("http://e/p")
TYPE = ox.NamedNode(str(RDF.type))


def read_xml(triples: list[ox.Triple]) -> set[ox.Triple]:
    """What both readers find in the RDF/XML of some triples without blank nodes."""
    data = writers.rdfxml(triples)
    found = {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.RDF_XML)}
    other = rdflib.Graph().parse(data=data, format="xml").serialize(format="nt").encode()
    assert {quad.triple for quad in ox.parse(other, format=ox.RdfFormat.N_TRIPLES)} == found
    return found


@pytest.mark.parametrize("end", ["..", "", "1", "a~b", "a&b", "a'b(c)", "true", "é"])
def test_any_class_in_rdfxml(end: str) -> None:
    triples = [ox.Triple(A, TYPE, ox.NamedNode(f"http://e/{end}"))]
    assert read_xml(triples) == set(triples)


@pytest.mark.parametrize("text", ["a\x00b", "\uffff", "\r\n<&>\"']]>", ""])
def test_a_language_stays_in_rdfxml_whatever_the_text(text: str) -> None:
    (found,) = read_xml([ox.Triple(A, P, ox.Literal(text, language="en-gb"))])
    kept = text.replace("\x00", "\ufffd").replace("\uffff", "\ufffd")
    assert found.object == ox.Literal(kept, language="en-gb")


@pytest.mark.parametrize("blank", "\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000")
def test_white_space_in_an_iri_of_n_triples(blank: str) -> None:
    """rdflib reads it only as an escape; texts keep it."""
    node = ox.NamedNode(f"http://e/{blank}b")
    text = ox.Literal(f"<a{blank}> \\{blank}", datatype=node)
    for object_ in (node, text):
        data = writers.ntriples([ox.Triple(A, P, object_)])
        assert [quad.object for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)] == [object_]
        (found,) = rdflib.Graph().parse(data=data, format="nt").objects()
        assert str(found) == object_.value
    assert blank.encode() in writers.ntriples([ox.Triple(A, P, ox.Literal(f"a{blank}b"))])


@pytest.mark.parametrize("name", ["about", "li", "RDF", "Description"])
def test_what_rdfxml_reads_as_its_own_is_no_property(name: str) -> None:
    with pytest.raises(FormatError, match="cannot hold the property"):
        writers.rdfxml([ox.Triple(A, ox.NamedNode(f"{RDF}{name}"), A)])


@pytest.mark.parametrize("label", ["a", "1", "a.b", "x-61", "é"])
def test_blank_nodes_stay_apart_in_rdfxml(label: str) -> None:
    node, others = ox.BlankNode(label), [ox.BlankNode(name) for name in ("a1", "x-31", "x-c3a9", "61")]
    triples = [ox.Triple(node, P, ox.Literal("x")), *(ox.Triple(other, P, A) for other in others)]
    made = ox.Dataset(quad for quad in ox.parse(writers.rdfxml(triples), format=ox.RdfFormat.RDF_XML))
    meant = ox.Dataset(ox.Quad(*triple) for triple in triples)
    for one in (made, meant):
        one.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert made == meant


@pytest.mark.parametrize("name", ["jsonld", "rdfxml"])
def test_what_a_format_has_no_form_for_is_refused(name: str) -> None:
    for value in (
        ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL),
        ox.Triple(A, P, A),
    ):
        with pytest.raises(FormatError, match="no form"):
            writers.GRAPH_WRITERS[name]([ox.Triple(A, P, value)])


@pytest.mark.parametrize("address", ["https://[", "https://[x]/", "https://a]b/", "//", ""])
def test_a_link_that_is_no_address(address: str) -> None:
    """It stands in the graph as it is written, without an IRI of its own."""
    paper = Paper("1", "See here", "")
    link = Link(address, address, "code", Span("title", 0, 3, "See"))
    kg = KnowledgeGraph.from_extractions([Extraction(paper, links=(link,))], Provenance("0", "e"))
    found = [quad for quad in quads(kg) if quad.predicate.value.endswith(("#url", "#written"))]
    assert [quad.object for quad in found] == [ox.Literal(address)]


def test_the_host_of_an_iri_that_urlsplit_refuses() -> None:
    counts = Counts()
    graph = ox.NamedNode("http://e/graph/knowledge")
    objects = [
        "http://va\uff0f\uff0f/x",
        "https://example.org:80/a?b",
        "http://e?x",
        "urn:x:y",
    ]
    counts.add([ox.Quad(A, P, ox.NamedNode(value), graph) for value in objects], "http://base/")
    assert sorted(counts.links) == sorted(
        f"{P.value} {origin}/"
        for origin in ("http://va\uff0f\uff0f", "https://example.org:80", "http://e", "urn://")
    )
