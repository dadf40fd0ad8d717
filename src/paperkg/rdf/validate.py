"""The graph held against the SHACL shapes that ship with paperkg."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

import pyoxigraph as ox
import rdflib
from rdflib.namespace import RDF, SH

from paperkg.errors import MissingExtra
from paperkg.rdf.namespaces import PKG
from paperkg.rdf.quads import Graph, quads
from paperkg.rdf.writers import compact


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One breach of a shape.

    Attributes:
        paper: id of the paper concerned, or the empty string.
        focus: IRI of the node.
        path: the property concerned as `prefix:name`, or the empty string.
        value: the value that is wrong, or the empty string where one is missing.
        message: what is wrong, in words.
    """

    paper: str
    focus: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        place = f"paper {self.paper}: " if self.paper else ""
        path = f" {self.path}" if self.path else ""
        value = f" {self.value!r}" if self.value else ""
        return f"{place}{self.focus}{path}{value}: {self.message}"


def validate(kg: Graph) -> list[Violation]:
    """The breaches of the shapes, sorted; empty where the graph conforms.

    Raises:
        MissingExtra: pyshacl is not installed.
    """
    return validate_quads(quads(kg))


def validate_quads(graph: Iterable[ox.Quad]) -> list[Violation]:
    """As `validate`, of quads."""
    try:
        from pyshacl import validate as shacl
    except ImportError as e:
        raise MissingExtra("pyshacl is not installed", hint="pip install 'paperkg[validate]'") from e

    data = rdflib.Graph()
    data.parse(
        data=ox.serialize((quad.triple for quad in graph), format=ox.RdfFormat.N_TRIPLES) or b"", format="nt"
    )
    shapes = rdflib.Graph().parse(data=shipped("shapes.ttl"), format="turtle")
    _, report, _ = shacl(data, shacl_graph=shapes, inplace=True, inference="none")
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pyshacl gave no report: {report!r}")
    return sorted(
        _violation(result, report, data) for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def shipped(name: str) -> str:
    """The text of `ontology.ttl` or `shapes.ttl`."""
    return (files("paperkg.rdf") / name).read_text("utf-8")


def _violation(result: rdflib.term.Node, report: rdflib.Graph, data: rdflib.Graph) -> Violation:
    def part(known: rdflib.URIRef) -> rdflib.term.Node | None:
        return report.value(result, known)

    focus, path, value = part(SH.focusNode), part(SH.resultPath), part(SH.value)
    return Violation(
        paper=_paper(focus, data),
        focus=str(focus),
        path=(compact(str(path)) or str(path)) if path is not None else "",
        value=str(value)[:200] if value is not None else "",
        message=" ".join(sorted(str(text) for text in report.objects(result, SH.resultMessage))),
    )


def _paper(focus: rdflib.term.Node | None, data: rdflib.Graph) -> str:
    """The id of the paper that a node is, or belongs to by `pkg:paper` or by its IRI."""
    if focus is None:
        return ""
    owner = data.value(focus, PKG.paper) or focus
    own = data.value(owner, rdflib.URIRef("https://schema.org/identifier"))
    if own is None and "/paper/" in str(focus):
        base, _, rest = str(focus).partition("/paper/")
        paper = rdflib.URIRef(f"{base}/paper/{rest.split('/')[0].split('#')[0]}")
        own = data.value(paper, rdflib.URIRef("https://schema.org/identifier"))
    return str(own) if own is not None else ""
