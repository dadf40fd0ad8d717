"""A graph as node-link JSON, the form that networkx and D3 read, with everything that the graph holds.

One node or edge stands on a line, so that two graphs can be compared by line. A lone surrogate, which UTF-8
cannot hold, is written as a JSON escape.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import networkx as nx

from paperkg.text.utf8 import json_to_utf8

if TYPE_CHECKING:
    from collections.abc import Iterable

    from paperkg.graph import KnowledgeGraph


def render_node_link(kg: KnowledgeGraph) -> bytes:
    """The graph as node-link JSON, which `networkx.node_link_graph(..., edges="edges")` reads back."""
    data = nx.node_link_data(kg.to_networkx(), edges="edges")
    head = {"base": kg.base, "paperkg": kg.provenance.version, "extractor": kg.provenance.extractor}
    text = (
        f'{{"directed": true, "multigraph": true, "graph": {_dumps(head)},\n'
        f'"nodes": [\n{_lines(data["nodes"])}\n],\n"edges": [\n{_lines(data["edges"])}\n]}}\n'
    )
    return json_to_utf8(text)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _lines(values: Iterable[Any]) -> str:
    return ",\n".join(map(_dumps, values))
