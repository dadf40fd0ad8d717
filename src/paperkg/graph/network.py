"""A graph as a networkx MultiDiGraph, and what is done with it.

Nodes are IRIs; `kind` is `paper`, `entity` or `result`, `label` what to show. Edges have a `relation`: that
of a paper to an entity, a predicate between entities, `reports` from a paper to a result, or `system`, `on`,
`metric` from a result to entities. All but those of results have `confidence` and `evidence`. All values are
plain JSON values.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx

from paperkg.graph.edges import Edge, EntityEdge, ReportedResult
from paperkg.graph.views import EntityView, PaperView, Path
from paperkg.model import Entity, Extraction, Span
from paperkg.records import paper_to_json
from paperkg.resolution import result_iri

if TYPE_CHECKING:
    from paperkg.graph.knowledge_graph import KnowledgeGraph

Json = dict[str, Any]


def _span(span: Span) -> Json:
    return asdict(span)


def _plain(value: Any) -> Any:
    """The value with lists for tuples, as JSON would give it back."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _paper_node(extraction: Extraction) -> Json:
    paper = _plain(paper_to_json(extraction.paper))
    links = [asdict(link) for link in extraction.links]
    return {"kind": "paper", "label": extraction.paper.title, "paper": paper, "links": links}


def _entity_node(entity: Entity) -> Json:
    return {
        "kind": "entity",
        "label": entity.name,
        "type": entity.type,
        "named": entity.named,
        "long_form": entity.long_form,
        "family": entity.family,
        "spellings": [list(spelling) for spelling in entity.spellings],
    }


def _result_node(reported: ReportedResult) -> Json:
    result = reported.result
    return {
        "kind": "result",
        "label": result.value,
        "number": result.number,
        "unit": result.unit,
        "result_kind": result.kind,
        "confidence": result.confidence,
        "mention": _span(result.mention),
    }


def _edge(edge: Edge) -> Json:
    return {
        "relation": edge.relation,
        "type": edge.type,
        "confidence": edge.confidence,
        "evidence": _span(edge.evidence),
        "mentions": [_span(mention) for mention in edge.mentions],
        "entity_key": edge.key,
        "resolved_by": edge.resolved_by,
    }


def _entity_edge(edge: EntityEdge) -> Json:
    return {
        "relation": edge.predicate,
        "paper": edge.paper,
        "confidence": edge.confidence,
        "evidence": _span(edge.evidence),
    }


def to_multidigraph(kg: KnowledgeGraph) -> nx.MultiDiGraph[str]:
    """The graph in the form of networkx; nodes and edges are put in sorted."""
    nodes: dict[str, Json] = {kg.paper_iri(x.paper.id): _paper_node(x) for x in kg.extractions}
    nodes |= {iri: _entity_node(entity) for iri, entity in kg.entities.items()}
    edges: list[tuple[str, str, str, Json]] = [
        (kg.paper_iri(edge.paper), edge.entity, edge.relation, _edge(edge)) for edge in kg.edges()
    ]
    edges += [
        (edge.subject, edge.object, f"{edge.predicate} {kg.paper_iri(edge.paper)}", _entity_edge(edge))
        for edge in kg.entity_edges()
    ]
    for reported in kg.results():
        iri = result_iri(reported.paper, reported.number, base=kg.base)
        nodes[iri] = _result_node(reported)
        edges.append((kg.paper_iri(reported.paper), iri, "reports", {"relation": "reports"}))
        ends = {"system": reported.system, "on": reported.on, "metric": reported.metric}
        edges += [(iri, end, role, {"relation": role}) for role, end in ends.items() if end]
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(sorted(nodes.items(), key=lambda node: node[0]))
    for start, end, key, data in sorted(edges, key=lambda edge: edge[:3]):
        graph.add_edge(start, end, key=key, **data)
    return graph


def shortest_path(kg: KnowledgeGraph, graph: nx.MultiDiGraph[str], start: str, end: str) -> Path | None:
    """A shortest way between two nodes over papers and entities, whichever way the edges point."""
    # A view keeps the order in which nodes were put in: of several shortest ways it is always the same one.
    steps = nx.subgraph_view(
        graph.to_undirected(as_view=True), filter_node=lambda node: graph.nodes[node]["kind"] != "result"
    )
    try:
        iris: list[str] = nx.shortest_path(steps, start, end)
    except nx.NetworkXNoPath:
        return None
    edges = tuple(_strongest(kg, a, b) for a, b in pairwise(iris))
    return Path(tuple(_view(kg, iri) for iri in iris), edges)


def _view(kg: KnowledgeGraph, iri: str) -> PaperView | EntityView:
    return EntityView(kg, kg.entities[iri]) if iri in kg.entities else kg.paper(iri)


def _strongest(kg: KnowledgeGraph, a: str, b: str) -> Edge | EntityEdge:
    edges: list[Edge | EntityEdge] = [e for e in kg.edges_of(a) if b in (e.entity, kg.paper_iri(e.paper))]
    edges += [e for e in kg.entity_edges_of(a) if {e.subject, e.object} == {a, b}]
    return max(edges, key=lambda edge: edge.confidence)
