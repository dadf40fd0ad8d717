"""What a graph does through the rooms below it; the only place from which this room calls them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rdflib

    from paperkg.graph.knowledge_graph import KnowledgeGraph
    from paperkg.query import Answer, Engine


def engine(kg: KnowledgeGraph) -> Engine:
    """A SPARQL engine that holds the graph."""
    from paperkg.query import Engine
    from paperkg.rdf import quads

    return Engine(quads(kg))


def run_query(engine: Engine, sparql: str) -> Answer:
    """The answer of an engine to a query."""
    return engine.run(sparql)


def to_rdflib(engine: Engine) -> rdflib.Dataset:
    """What an engine holds as an rdflib dataset."""
    from paperkg.query.dataset import to_rdflib

    return to_rdflib(engine)


def frame(kg: KnowledgeGraph, title: str, height: int) -> str:
    """The viewer of a graph as HTML for the cell of a notebook."""
    from paperkg.html import render_frame

    return render_frame(kg, title=title, height=height)


def save(kg: KnowledgeGraph, path: str | Path) -> None:
    """Write the set of files of a graph."""
    from paperkg.export import save

    save(kg, path)
