"""A plain pyvis network of a graph, for people who want to go on from there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING

from paperkg.html.page import script_policy
from paperkg.html.payload import Json, payload
from paperkg.html.templates import environment
from paperkg.model import EntityType

if TYPE_CHECKING:
    from pyvis.network import Network

    from paperkg.graph import KnowledgeGraph

SHAPES: dict[EntityType, tuple[str, str]] = {
    "Method": ("dot", "#0072b2"),
    "Model": ("hexagon", "#b8390a"),
    "Dataset": ("square", "#00805f"),
    "Benchmark": ("star", "#b23a7f"),
    "Metric": ("diamond", "#a57f00"),
    "Task": ("triangle", "#3b2a91"),
}
VIS = "templates/lib/vis-9.1.2/vis-network.min.js"
PAPER = "#9aa5ad"
MOST_NODES = 1500
OPTIONS = {
    "physics": {"enabled": False},
    "edges": {"smooth": False, "arrows": {"to": {"scaleFactor": 0.35}}},
    "interaction": {"hover": True},
}

_DRAW = """"use strict";
const part = (id) => JSON.parse(document.getElementById(id).textContent);
new vis.Network(document.getElementById("network"),
  { nodes: new vis.DataSet(part("nodes")), edges: new vis.DataSet(part("edges")) }, part("options"));"""


def render_pyvis(kg: KnowledgeGraph) -> str:
    """A pyvis network of the papers and the entities that two or more of them share, as one HTML file.

    Positions are given and physics is off; tooltips are plain text. Of more than `MOST_NODES` nodes,
    those that carry most structure are drawn.
    """
    from pyvis.network import Network

    data = payload(kg)
    vis = _vis_network()
    net = Network(height="100%", width="100%", directed=True, cdn_resources="in_line")
    net.set_template("plain.html")
    net.templateEnv = environment()  # that of pyvis escapes nothing
    net.templateEnv.globals.update(policy=script_policy([vis, _DRAW]), vis=vis, draw=_DRAW)
    net.toggle_physics(False)
    drawn = data.order[:MOST_NODES]
    _add_nodes(net, kg, data.core, drawn)
    _add_links(net, data.core, drawn)
    net.set_options(json.dumps(OPTIONS))
    return str(net.generate_html())


def _vis_network() -> str:
    """The source of vis-network, from pyvis' own package, with the line ends that a browser makes of it."""
    source = (resources.files("pyvis") / VIS).read_text(encoding="utf-8")
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _add_nodes(net: Network, kg: KnowledgeGraph, core: Json, drawn: Sequence[str]) -> None:
    entities = [kg.entities[iri] for iri in sorted(kg.entities)]
    for node in drawn:
        n = int(node[1:])
        kind = "papers" if node[0] == "p" else "entities"
        x, y = core[kind]["xy"][2 * n : 2 * n + 2]
        if node[0] == "p":
            title = f"{core['papers']['title'][n]}\n{core['papers']['date'][n]}".strip()
            look = {"label": core["papers"]["label"][n], "title": title, "size": 6, "font": {"size": 0}}
            net.add_node(node, shape="dot", color=PAPER, x=x, y=y, physics=False, **look)
        else:
            shape, color = SHAPES[entities[n].type]
            look = {"label": entities[n].name, "title": f"{entities[n].type}: {entities[n].name}"}
            look["size"] = core["entities"]["size"][n]
            net.add_node(node, shape=shape, color=color, x=x, y=y, physics=False, **look)


def _add_links(net: Network, core: Json, drawn: Sequence[str]) -> None:
    shown = set(drawn)
    for paper in sorted((node for node in drawn if node[0] == "p"), key=lambda node: int(node[1:])):
        row = core["papers"]["rows"][int(paper[1:])]
        for i in range(0, len(row), 3):
            if f"e{row[i]}" in shown:
                title = f"{core['relations'][row[i + 1]].replace('_', ' ')}, confidence {row[i + 2]} %"
                net.add_edge(paper, f"e{row[i]}", title=title, color="#b8c0c5", width=1)
