"""Nodes and edges with plain values, for formats that know nothing else: GraphML, GEXF, CSV."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

Value = str | bool | int | float
Attributes = dict[str, Value]

NODE_TYPES: dict[str, type[Value]] = {
    "label": str,
    "kind": str,
    "type": str,
    "named": bool,
    "long_form": str,
    "family": str,
    "spellings": str,
    "paper": str,
    "date": str,
    "year": int,
    "url": str,
    "abstract": str,
    "number": float,
    "unit": str,
    "result_kind": str,
    "confidence": float,
}
"""The attributes of nodes."""

EDGE_TYPES: dict[str, type[Value]] = {
    "relation": str,
    "type": str,
    "confidence": float,
    "paper": str,
    "evidence": str,
    "mentions": int,
}
"""The attributes of edges; `mentions` is their number."""


@dataclass(frozen=True, slots=True)
class FlatGraph:
    """Nodes (id, attributes) and edges (id, source, target, attributes), in the order of the graph.

    Attributes that are not known are left out.
    """

    nodes: tuple[tuple[str, Attributes], ...]
    edges: tuple[tuple[str, str, str, Attributes], ...]


def flatten(kg: KnowledgeGraph) -> FlatGraph:
    """The graph with plain values."""
    graph = kg.to_networkx()
    years = {kg.paper_iri(paper.id): paper.date.best_year for paper in kg.papers.values() if paper.date}
    nodes = tuple((node, _node(data, years.get(node))) for node, data in graph.nodes(data=True))
    edges = tuple(
        (f"e{number}", source, target, _edge(data))
        for number, (source, target, data) in enumerate(graph.edges(data=True))
    )
    return FlatGraph(nodes, edges)


def _node(data: dict[str, Any], year: int | None) -> Attributes:
    paper = data.get("paper", {})
    spellings = " | ".join(text for text, _ in data.get("spellings", ()))
    more = {"paper": paper.get("id"), "date": paper.get("date"), "year": year, "url": paper.get("url")}
    return _known(
        NODE_TYPES, data | more | {"abstract": paper.get("abstract"), "spellings": spellings or None}
    )


def _edge(data: dict[str, Any]) -> Attributes:
    evidence = data["evidence"]["text"] if "evidence" in data else None
    mentions = len(data["mentions"]) if "mentions" in data else None
    return _known(EDGE_TYPES, data | {"evidence": evidence, "mentions": mentions})


def _known(types: dict[str, type[Value]], data: dict[str, Any]) -> Attributes:
    return {name: data[name] for name in types if data.get(name) is not None}
