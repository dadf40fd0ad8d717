"""What is written, rdflib and pyoxigraph read back to the same triples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from paperkg.errors import FormatError
from paperkg.model import Extraction, Link, Organisation, Paper, Span
from paperkg.rdf import FORMATS, knowledge, quads, serialize, terms, writers
from paperkg.rdf.iris import Minter

# rdflib's own parsers and serialisers use what rdflib calls deprecated
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

READERS = {
    "ttl": (ox.RdfFormat.TURTLE, "turtle"),
    "nt": (ox.RdfFormat.N_TRIPLES, "nt"),
    "jsonld": (ox.RdfFormat.JSON_LD, "json-ld"),
    "rdfxml": (ox.RdfFormat.RDF_XML, "xml"),
    "trig": (ox.RdfFormat.TRIG, "trig"),
    "nq": (ox.RdfFormat.N_QUADS, "nquads"),
}
BASE = "https://w3id.org/paperkg/id/"
INJECTIONS = [
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    '\\"',
    '" . <urn:inj> <urn:inj> <urn:inj> .',
    "> . <urn:inj> <urn:inj> <urn:inj> . <urn:x",
    '"^^<urn:inj>',
    '"@en',
    "<script>alert(1)</script>",
    "</script>",
    "]]>",
    "<!--",
    "-->",
    "&amp;",
    "&#0;",
    "&lt;",
    "%0a",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\x00",
    "\x01",
    "\x0b",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\ufffe",
    "\uffff",
    "\ud800",
    "\udc00\ud800",
    "\U0010ffff",
    "\U0001f600",
    "\u202e",
    "\u200b",
    "e\u0301",
    "\\u0022",
    "\\U00000022",
    "\\n",
    "{}",
    "{{x}}",
    "${x}",
    "# comment",
    "@prefix x: <urn:x> .",
    "@base <urn:x> .",
    "PREFIX a: <b>",
    "_:b0",
    "<urn:inj>",
    "a:b",
    "'; DROP TABLE x; --",
    '{"@id": "urn:inj"}',
    '{"@context": "http://e/c"}',
    "@type",
    "@id",
    "<?xml version='1.0'?>",
    "<!DOCTYPE x>",
    "&xxe;",
    "..",
    "/../",
    "//",
    "?q=1#f",
    " ",
    "  leading",
    "trailing  ",
    "",
    "0",
    "true",
    "1e5",
    "-",
    "%",
    "%zz",
    "%25",
    "+",
    "~",
]


def as_set(items: Iterable[ox.Triple | ox.Quad]) -> set[str]:
    return {" ".join(map(str, item)) for item in items}


def by_oxigraph(data: bytes, name: str) -> set[str]:
    found = ox.parse(data, format=READERS[name][0])
    return as_set(found if name in ("trig", "nq") else (quad.triple for quad in found))


def by_rdflib(data: bytes, name: str) -> set[str]:
    """Through N-Quads, so that both readers' terms compare as text."""
    if name in ("trig", "nq"):
        read = rdflib.Dataset()
        read.parse(data=data, format=READERS[name][1])
        return as_set(ox.parse(read.serialize(format="nquads").encode(), format=ox.RdfFormat.N_QUADS))
    graph = rdflib.Graph().parse(data=data, format=READERS[name][1])
    return as_set(
        q.triple for q in ox.parse(graph.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    )


def written(name: str, all_quads: list[ox.Quad]) -> tuple[bytes, set[str]]:
    base = {"base": BASE} if name in ("ttl", "trig") else {}
    if name in writers.DATASET_WRITERS:
        return writers.DATASET_WRITERS[name](all_quads, **base), as_set(all_quads)
    triples = [quad.triple for quad in all_quads]
    if name == "rdfxml":
        triples = list({_xml(triple) for triple in triples})
    return writers.GRAPH_WRITERS[name]((quad.triple for quad in all_quads), **base), as_set(triples)


def _xml(triple: ox.Triple) -> ox.Triple:
    """What the policy of RDF/XML leaves of a triple."""
    value = triple.object
    if not isinstance(value, ox.Literal):
        return triple
    clean = "".join(
        c if c in "\t\n\r" or " " <= c < "\ufffe" or c > "\uffff" else "\ufffd" for c in value.value
    )
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(clean, datatype=value.datatype))


@pytest.mark.parametrize("name", FORMATS)
def test_small_graph_reads_back(name: str, small_graph: Any) -> None:
    all_quads = quads(small_graph)
    if name in writers.GRAPH_WRITERS:
        graph = all_quads[0].graph_name
        all_quads = [ox.Quad(t.subject, t.predicate, t.object, graph) for t in knowledge(all_quads)]
    data, expected = written(name, all_quads)
    assert data == serialize(small_graph, name)
    assert by_oxigraph(data, name) == expected
    assert by_rdflib(data, name) == expected


def hostile(text: str) -> Extraction:
    """A paper with the same text everywhere."""
    title = f"t{text}"
    paper = Paper(
        id=text,
        title=title,
        abstract=text,
        authors=(text,),
        organisations=(Organisation(text, text),),
        url=f"http://e/{text}",
    )
    span = Span("title", 0, len(title), title)
    return Extraction(
        paper,
        links=(
            Link(text, f"https://e/{text}", "code", span),
            Link(text, text, "data", Span("title", 0, 1, "t")),
        ),
    )


def quads_of(extraction: Extraction, small_graph: Any) -> list[ox.Quad]:
    return quads(type(small_graph)([extraction], {}, small_graph.provenance))


@pytest.mark.parametrize("name", FORMATS)
def test_injections_make_no_triples(name: str, small_graph: Any) -> None:
    """Each string in each place, alone and in a sentence: more than 500 of them in all formats."""
    shape = None
    for text in INJECTIONS:
        all_quads = quads_of(hostile(f"x{text}y"), small_graph)
        # the shape of the graph is the same whatever the text (an address may be no address)
        predicates = sorted(
            q.predicate.value
            for q in all_quads
            if not q.predicate.value.endswith(("rl", "codeRepository", "landingPage", "#type"))
            and "graph/description" not in str(q.graph_name)  # it counts the addresses
        )
        shape = shape or predicates
        assert predicates == shape
        data, expected = written(name, all_quads)
        assert by_oxigraph(data, name) == expected
        assert "urn:inj" not in {
            str(term) for quad in all_quads for term in quad if isinstance(term, ox.NamedNode)
        }


@pytest.mark.parametrize("name", FORMATS)
def test_injections_read_back_by_rdflib(name: str, small_graph: Any) -> None:
    title, subject = terms.iri("http://purl.org/dc/terms/title"), terms.iri("http://e/s")
    texts = sorted(
        {
            terms.text(f"{before}{text}{after}").value
            for text in INJECTIONS
            for before, after in (("", ""), ("a ", " b"))
        }
    )
    items = [ox.Quad(subject, title, terms.text(text), terms.iri("http://e/g")) for text in texts]
    data, expected = written(name, items)
    assert by_oxigraph(data, name) == expected
    if name != "trig" and name != "nq":
        assert by_rdflib(data, name) == expected


@settings(deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=5))
@example(["\ud800", "\x00", "\r", "\ufffe"])
def test_any_text_reads_back(texts: list[str]) -> None:
    subject, predicate, graph = (
        terms.iri("http://e/s"),
        terms.iri("http://purl.org/dc/terms/title"),
        terms.iri("http://e/g"),
    )
    literals = sorted({terms.text(text) for text in texts}, key=str)
    items = [ox.Quad(subject, predicate, literal, graph) for literal in literals]
    for name in FORMATS:
        data, expected = written(name, items)
        assert by_oxigraph(data, name) == expected
        if name in ("ttl", "jsonld", "nt"):
            assert by_rdflib(data, name) == expected


@settings(deadline=None)
@given(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_any_number_reads_back(whole: int, number: float, truth: bool) -> None:
    subject, predicate, graph = terms.iri("http://e/s"), terms.iri("http://e/p/x"), terms.iri("http://e/g")
    objects = {
        terms.integer(whole),
        terms.decimal(number),
        terms.boolean(truth),
        terms.date("2024-02-29", "date"),
    }
    items = [ox.Quad(subject, predicate, o, graph) for o in sorted(objects, key=str)]
    for name in ("ttl", "jsonld", "trig"):
        data, expected = written(name, items)
        assert by_oxigraph(data, name) == expected
        if name != "trig":
            assert by_rdflib(data, name) == expected


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("a.%/#:?-~_2 é"), max_size=12), st.text(max_size=6))
@example("..", ".")
@example(".", "..")
@example("", "")
@example("a//b", "...")
def test_any_id_reads_back_below_the_base(paper_id: str, other: str) -> None:
    """An IRI that is written relative to the base is the same again in both readers."""
    mint = Minter(BASE)
    papers = [
        mint.paper(paper_id),
        mint.within(mint.paper(other), paper_id, other),
        mint.top("page", other, paper_id),
    ]
    predicate, graph = terms.iri("http://e/p/x"), terms.iri(f"{BASE}graph/knowledge")
    items = [ox.Quad(one, predicate, other_one, graph) for one in papers for other_one in papers]
    items = sorted(set(items), key=str)
    for name in ("ttl", "trig"):
        data, expected = written(name, items)
        assert by_oxigraph(data, name) == expected
        if name == "ttl":
            assert by_rdflib(data, name) == expected


def test_jsonld_is_json_with_an_inline_context(small_graph: Any) -> None:
    document = json.loads(serialize(small_graph, "jsonld"))
    assert all(isinstance(v, str) for v in document["@context"].values())
    assert all("@id" in node and "@type" in node for node in document["@graph"])


def test_same_bytes_whatever_the_hash_seed(tmp_path: Any) -> None:
    code = (
        "import sys, hashlib; sys.path.insert(0, 'tests')\n"
        "from conftest import small_extractions, small_graph_of\n"
        "from paperkg.rdf import FORMATS, serialize\n"
        "kg = small_graph_of(small_extractions())\n"
        "print([hashlib.sha256(serialize(kg, name)).hexdigest() for name in FORMATS])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_unknown_format(small_graph: Any) -> None:
    with pytest.raises(FormatError, match="one of ttl"):
        serialize(small_graph, "xls")
