"""What a file of RDF holds, by two readers that paperkg did not write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyoxigraph as ox

DATASETS = ("trig", "nq")
"""The formats that hold named graphs; the others hold one graph."""
_OXIGRAPH = {
    "ttl": "TURTLE",
    "nt": "N_TRIPLES",
    "jsonld": "JSON_LD",
    "rdfxml": "RDF_XML",
    "trig": "TRIG",
    "nq": "N_QUADS",
}
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdfxml": "xml", "trig": "trig", "nq": "nquads"}
"""The names of the formats in rdflib."""


def canonical(items: Iterable[ox.Quad]) -> list[str]:
    """Quads in canonical form (RDFC-1.0), sorted: equal for equal graphs, whatever their blank nodes are called."""
    import pyoxigraph as ox

    dataset = ox.Dataset(items)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def by_oxigraph(data: bytes, name: str) -> Iterator[ox.Quad]:
    """What Oxigraph reads."""
    import pyoxigraph as ox

    return iter(ox.parse(data, format=getattr(ox.RdfFormat, _OXIGRAPH[name])))


def by_rdflib(data: bytes, name: str) -> Iterator[ox.Quad]:
    """What rdflib reads; its literals keep the form in which they are written."""
    import rdflib

    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        dataset = rdflib.Dataset(default_union=False)
        dataset.parse(data=data, format=RDFLIB[name])
        yield from from_rdflib(dataset, named=name in DATASETS)
    finally:
        rdflib.NORMALIZE_LITERALS = before


def from_rdflib(dataset: Any, *, named: bool) -> Iterator[ox.Quad]:
    """The quads of a dataset of rdflib; all in the default graph unless named."""
    import pyoxigraph as ox
    import rdflib

    def term(node: Any) -> Any:
        if isinstance(node, rdflib.URIRef):
            return ox.NamedNode(str(node))
        if isinstance(node, rdflib.BNode):
            # its labels may hold what those of Oxigraph cannot
            return ox.BlankNode("b" + str(node).encode("utf-8", "surrogatepass").hex())
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(node.datatype) if node.datatype else None)

    for subject, predicate, object_, graph in dataset.quads():
        # the graph of a file without names is called after the file, or by a blank node of rdflib's own
        known = named and graph is not None and not str(graph).startswith("urn:x-rdflib:")
        yield ox.Quad(
            term(subject), term(predicate), term(object_), term(graph) if known else ox.DefaultGraph()
        )


READERS: Mapping[str, Callable[[bytes, str], Iterator[ox.Quad]]] = {
    "pyoxigraph": by_oxigraph,
    "rdflib": by_rdflib,
}


def xml_text(text: str) -> str:
    """What RDF/XML, GraphML and GEXF keep of a text, as docs/formats.md has it: U+FFFD stands for what XML cannot hold."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )


def meant(name: str, items: Iterable[ox.Quad]) -> list[str]:
    """What a file in a format ought to hold, in canonical form.

    Args:
        name: the format.
        items: the quads that were written.
    """
    import pyoxigraph as ox

    def kept(term: Any) -> Any:
        if name != "rdfxml" or not isinstance(term, ox.Literal):
            return term
        if term.language:
            return ox.Literal(xml_text(term.value), language=term.language)
        return ox.Literal(xml_text(term.value), datatype=term.datatype)

    graph = ox.DefaultGraph()
    return canonical(
        ox.Quad(q.subject, q.predicate, kept(q.object), q.graph_name if name in DATASETS else graph)
        for q in items
    )


def compare(data: bytes, name: str, expected: list[str], told: Callable[[str], None]) -> int:
    """Read a file with both readers; say what differs from what it ought to hold, and count what does.

    Args:
        data: the file.
        name: its format.
        expected: what `meant` gave.
        told: gets a sentence for each reader that reads something else.
    """
    wrong = 0
    for reader, read in READERS.items():
        try:
            found = canonical(read(data, name))
        except Exception as error:  # a reader of others may raise anything
            told(f"{reader} cannot read {name}: {type(error).__name__}: {str(error)[:120]}")
            wrong += 1
            continue
        if found != expected:
            more, fewer = sorted(set(found) - set(expected)), sorted(set(expected) - set(found))
            told(
                f"{reader} reads {name} otherwise: {len(more)} more, {len(fewer)} fewer: "
                f"{(more or fewer or ['only their number'])[0][:160]}"
            )
            wrong += 1
    return wrong
