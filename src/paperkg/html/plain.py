"""A plain pyvis network of a graph, for people who want to go on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperkg.html.network import network, vis_network
from paperkg.html.page import script_policy
from paperkg.html.payload import date_text, payload
from paperkg.model import EntityType

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

SHAPES: dict[EntityType, tuple[str, str]] = {
    "Method": ("dot", "#0072b2"),
    "Model": ("hexagon", "#b8390a"),
    "Dataset": ("square", "#00805f"),
    "Benchmark": ("star", "#b23a7f"),
    "Metric": ("diamond", "#a57f00"),
    "Task": ("triangle", "#3b2a91"),
}
MOST_NODES = 1500

_DRAW = """"use strict";
const part = (id) => JSON.parse(document.getElementById(id).textContent);
new vis.Network(document.getElementById("network"),
  { nodes: new vis.DataSet(part("nodes")), edges: new vis.DataSet(part("edges")) }, part("options"));"""


def render_pyvis(kg: KnowledgeGraph) -> str:
    """A pyvis network of the papers and the entities that two or more of them share, as one HTML file.

    Positions are given and physics is off; tooltips are plain text. Of more than `MOST_NODES` nodes,
    those that carry most structure are drawn.
    """
    data = payload(kg)
    core = data.core
    iris = [kg.base + suffix for suffix in core["entities"]["id"]]
    papers = list(kg.papers.values())
    vis = vis_network()
    net = network("plain.html", policy=script_policy([vis, _DRAW]), vis=vis, draw=_DRAW)
    drawn = data.order[:MOST_NODES]
    for node in drawn:
        n = int(node[1:])
        if node[0] == "p":
            x, y = core["papers"]["xy"][2 * n : 2 * n + 2]
            title = f"{core['papers']['title'][n]}\n{date_text(papers[n].date)}".strip()
            label = core["papers"]["label"][n]
            net.add_node(
                node, label=label, title=title, shape="box", color="#e8ecee", x=x, y=y, physics=False
            )
        else:
            entity = kg.entities[iris[n]]
            x, y = core["entities"]["xy"][2 * n : 2 * n + 2]
            shape, color = SHAPES[entity.type]
            title = f"{entity.type}: {entity.name}"
            size = core["entities"]["size"][n]
            net.add_node(
                node,
                label=entity.name,
                title=title,
                shape=shape,
                color=color,
                size=size,
                x=x,
                y=y,
                physics=False,
            )
    shown = set(drawn)
    for paper in sorted((node for node in drawn if node[0] == "p"), key=lambda node: int(node[1:])):
        row = core["papers"]["rows"][int(paper[1:])]
        for i in range(0, len(row), 3):
            if f"e{row[i]}" in shown:
                title = f"{core['relations'][row[i + 1]].replace('_', ' ')}, confidence {row[i + 2]} %"
                net.add_edge(paper, f"e{row[i]}", title=title, color="#b8c0c5", width=1)
    net.set_options(
        '{"physics": {"enabled": false}, "edges": {"smooth": false}, "interaction": {"hover": true}}'
    )
    return str(net.generate_html())
