"""Every output format by its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from paperkg.errors import FormatError
from paperkg.text.utf8 import to_utf8

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph


def _rdf(kg: KnowledgeGraph, format: str) -> bytes:
    from paperkg.rdf import serialize

    return serialize(kg, format)


def _json(kg: KnowledgeGraph) -> bytes:
    from paperkg.export.node_link import render_node_link

    return render_node_link(kg)


def _graphml(kg: KnowledgeGraph) -> bytes:
    from paperkg.export.xml_formats import render_graphml

    return render_graphml(kg)


def _gexf(kg: KnowledgeGraph) -> bytes:
    from paperkg.export.xml_formats import render_gexf

    return render_gexf(kg)


def _csv(kg: KnowledgeGraph) -> bytes:
    from paperkg.export.table import render_csv

    return render_csv(kg)


def _merges(kg: KnowledgeGraph) -> bytes:
    from paperkg.export.table import render_merges

    return render_merges(kg)


def _gold(kg: KnowledgeGraph) -> bytes:
    from paperkg.export.gold import render_gold

    return render_gold(kg)


def _html(kg: KnowledgeGraph) -> bytes:
    from paperkg.html import render_page

    return to_utf8(render_page(kg, title=f"Knowledge graph of {len(kg.papers)} papers"))


def _pyvis(kg: KnowledgeGraph) -> bytes:
    from paperkg.html import render_pyvis

    return to_utf8(render_pyvis(kg))


_RENDERERS: dict[str, Callable[[KnowledgeGraph], bytes]] = {
    **{name: partial(_rdf, format=name) for name in ("ttl", "nt", "trig", "nq", "jsonld", "rdfxml")},
    "json": _json,
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "merges": _merges,
    "gold": _gold,
    "html": _html,
    "pyvis": _pyvis,
}

FORMATS: tuple[str, ...] = tuple(_RENDERERS)
"""The names of all formats."""
RENDERED: tuple[str, ...] = ("trig", "ttl", "jsonld", "json", "graphml", "html")
"""The formats that stand in a set beside papers.jsonl; each is also the ending of its file."""


def render(kg: KnowledgeGraph, format: str) -> bytes:
    """The graph in a format.

    Args:
        kg: the graph.
        format: one of `FORMATS`.

    Returns:
        The bytes of a file in that format; the same for the same graph. Text is UTF-8.

    Raises:
        FormatError: the format is unknown.
    """
    if format not in _RENDERERS:
        raise FormatError(f"unknown format {format!r}", hint=f"one of {', '.join(FORMATS)}")
    return _RENDERERS[format](kg)
