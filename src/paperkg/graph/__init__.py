"""The knowledge graph and its typed parts."""

from __future__ import annotations

from paperkg.graph.edges import Edge, EntityEdge, ReportedResult
from paperkg.graph.knowledge_graph import KnowledgeGraph
from paperkg.graph.views import EntityView, Mention, PaperView, Path

__all__ = [
    "Edge",
    "EntityEdge",
    "EntityView",
    "KnowledgeGraph",
    "Mention",
    "PaperView",
    "Path",
    "ReportedResult",
]
