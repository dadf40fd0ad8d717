"""The graph held against the SHACL shapes that ship with paperkg."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import DCTERMS

from paperkg.rdf.constraints import checks
from paperkg.rdf.namespaces import OA, PKG, SCHEMA
from paperkg.rdf.quads import Graph, quads
from paperkg.rdf.shipped import shipped
from paperkg.rdf.terms import term


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """One breach of a shape.

    Attributes:
        paper: id of a paper concerned (the first that names a broken entity), or the empty string.
        title: its title, or the empty string.
        focus: IRI of the node.
        path: the property concerned as `prefix:name`, with `^` before it where it leads to the node; or the
            empty string.
        value: the value that is wrong, or the empty string where one is missing or too many are there.
        message: what ought to hold, in words.
        hint: what to do, or the empty string.
    """

    paper: str
    title: str
    focus: str
    path: str
    value: str
    message: str
    hint: str

    def __str__(self) -> str:
        place = f"paper {self.paper} ({self.title[:60]}): " if self.paper else ""
        path = f" {self.path}" if self.path else ""
        value = f" is {self.value!r}" if self.value else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.focus}{path}{value}, but {self.message}{hint}"


def validate(kg: Graph) -> list[Violation]:
    """The breaches of the shapes, sorted; empty where the graph conforms."""
    return validate_quads(quads(kg))


def validate_quads(graph: Iterable[ox.Quad]) -> list[Violation]:
    """As `validate`, of quads."""
    store = ox.Store()
    store.bulk_extend(graph)
    found: set[Violation] = set()
    for check in checks(shipped("shapes.ttl")):
        rows = store.query(check.query, use_default_graph_as_union=True)
        if not isinstance(rows, ox.QuerySolutions):
            raise TypeError(f"a check is no SELECT: {check.query}")
        for row in rows:
            paper, title = _paper(row["focus"], store)
            found.add(
                Violation(
                    paper=paper,
                    title=title,
                    focus=_written(row["focus"]),
                    path=check.path,
                    value=_written(row["value"])[:200] if len(row) > 1 else "",
                    message=check.message,
                    hint=check.hint,
                )
            )
    return sorted(found)


Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_LEADS_TO: tuple[URIRef, ...] = (
    PKG.mentions,
    PKG.reports,
    PKG.link,
    PKG.listing,
    PKG.listed_on,
    PKG.organisation,
    PKG.spelling,
    PKG.family,
    PKG.evidence,
    PKG.mention,
    SCHEMA.author,
    OA.hasTarget,
    OA.hasSelector,
    OA.hasSource,
)
"""By these a paper leads to what is its own, and to what it names."""


def _written(node: Node) -> str:
    return str(node) if isinstance(node, (ox.BlankNode, ox.Triple)) else node.value


def _paper(focus: Node, store: ox.Store) -> tuple[str, str]:
    """Id and title of the paper that a node is, belongs to, or is named by."""
    seen: set[Node] = set()
    level: set[Node] = {focus}
    while level:
        seen |= level
        owners = [
            (_value(owner, SCHEMA.identifier, store), _value(owner, DCTERMS.title, store))
            for node in level
            for owner in (node, *_objects(node, PKG.paper, store))
        ]
        if papers := [owner for owner in owners if owner[0]]:
            return min(papers)
        level = {
            quad.subject
            for node in level
            for known in _LEADS_TO
            for quad in store.quads_for_pattern(None, term(known), node)
            if quad.subject not in seen
        }
    return "", ""


def _objects(node: Node, known: URIRef, store: ox.Store) -> list[Node]:
    if not isinstance(node, (ox.NamedNode, ox.BlankNode)):
        return []
    return [quad.object for quad in store.quads_for_pattern(node, term(known), None)]


def _value(node: Node, known: URIRef, store: ox.Store) -> str:
    return min(map(_written, _objects(node, known, store)), default="")
