"""One page for each other viewer: all papers and entities of a graph, our positions, abstracts as data, one file.

Each calls `drawn()` from its own event at the end of a first drawing; what it leaves out of its defaults is said
beside it. Edges are straight and nodes stay in place when they are dragged, for all alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyvis.network import Network

from paperkg.html.page import FIRST_LOOK, LINKS_EACH
from paperkg.html.payload import Payload
from paperkg.html.templates import inert_json

from .packages import CYTOSCAPE, D3, FORCE_GRAPH, GRAPHOLOGY, SIGMA, VIS, Package, fetch

PAPER = "#9aa5ad"
COLORS = ("#0072b2", "#b8390a", "#00805f", "#b23a7f", "#a57f00", "#3b2a91")
HOOK = """
const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => { window.firstDrawn ??= performance.now(); }));
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{name}</title>
<style>html, body, #graph {{ margin: 0; height: 100%; overflow: hidden; }}</style>
<div id="graph"></div>
<script type="application/json" id="data">{data}</script>
{scripts}
<script>{hook}
const container = document.getElementById("graph");
const {{ nodes, edges }} = JSON.parse(document.getElementById("data").textContent);
const names = {names};
{draw}</script>
</html>
"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes with label, color, size, position and text; edges as pairs of node ids."""

    nodes: Sequence[dict[str, Any]]
    edges: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another viewer: what it is called, which names it shows at first, and how its page is written."""

    name: str
    names: str
    write: Callable[[Drawing, Path], str]


def _node(data: Payload, code: str, at: tuple[float, float]) -> dict[str, Any]:
    core, n = data.core, int(code[1:])
    if code[0] == "p":
        size = len(data.details[0])
        text = data.details[n // size][n % size]["abstract"]
        return {
            "id": code,
            "label": core["papers"]["label"][n],
            "color": PAPER,
            "size": 6,
            "text": text,
        } | _at(at)
    entities = core["entities"]
    color, size = COLORS[entities["type"][n]], entities["size"][n]
    return {"id": code, "label": entities["name"][n], "color": color, "size": size, "text": ""} | _at(at)


def _at(point: tuple[float, float]) -> dict[str, float]:
    """A position as the viewers want it."""
    return {"x": round(point[0], 1), "y": round(point[1], 1)}


def whole(data: Payload) -> Drawing:
    """All papers and entities; those that only one paper names stand in a spiral round it."""
    core = data.core
    papers, entities = core["papers"]["xy"], core["entities"]["xy"]
    at: dict[str, tuple[float, float]] = {
        f"p{n}": (papers[2 * n], papers[2 * n + 1]) for n in range(len(papers) // 2)
    }
    at |= {
        f"e{n}": (entities[2 * n], entities[2 * n + 1])
        for n in range(len(entities) // 2)
        if entities[2 * n] is not None
    }
    edges = []
    for n, row in enumerate(core["papers"]["rows"]):
        (x, y), own = at[f"p{n}"], 0
        for entity in row[::3]:
            edges.append((f"p{n}", f"e{entity}"))
            if f"e{entity}" not in at:
                own += 1
                reach, turn = 10 + 4 * math.sqrt(own), own * math.pi * (3 - math.sqrt(5))
                at[f"e{entity}"] = (x + reach * math.cos(turn), y + reach * math.sin(turn))
    return Drawing([_node(data, code, point) for code, point in at.items()], edges)


def first_look(data: Payload) -> Drawing:
    """The nodes and links that our page draws at first."""
    codes = data.order[:FIRST_LOOK]
    nodes, edges = [], list[tuple[str, str]]()
    for code in codes:
        xy, n = data.core["papers" if code[0] == "p" else "entities"]["xy"], int(code[1:])
        nodes.append(_node(data, code, (xy[2 * n], xy[2 * n + 1])))
        if code[0] == "p":
            held = [f"e{entity}" for entity in data.core["papers"]["rows"][n][::3]]
            edges += [(code, entity) for entity in held if entity in set(codes)][:LINKS_EACH]
    return Drawing(nodes, edges)


def _page(name: str, *packages: Package, names: bool = True) -> Callable[[Drawing, Path], str]:
    draw = (Path(__file__).parent / f"{name}.js").read_text(encoding="utf-8")

    def write(drawing: Drawing, cache: Path) -> str:
        scripts = "\n".join(f"<script>{fetch(package, cache)}</script>" for package in packages)
        data = inert_json({"nodes": drawing.nodes, "edges": drawing.edges})
        return PAGE.format(
            name=name, data=data, scripts=scripts, hook=HOOK, draw=draw, names=str(names).lower()
        )

    return write


def _pyvis(*, physics: bool) -> Callable[[Drawing, Path], str]:
    def write(drawing: Drawing, _cache: Path) -> str:
        net = Network(height="900px", width="100%", directed=True, cdn_resources="in_line")
        net.toggle_drag_nodes(False)
        for node in drawing.nodes:
            at = {} if physics else {"x": node["x"], "y": node["y"]}
            net.add_node(
                node["id"],
                label=node["label"],
                title=node["text"] or None,
                color=node["color"],
                size=node["size"],
                **at,
            )
        for paper, entity in drawing.edges:
            net.add_edge(paper, entity, arrows="")
        if not physics:
            net.toggle_physics(False)
            net.options.edges.smooth.enabled = False
        first = "stabilizationIterationsDone" if physics else "afterDrawing"
        call = "drawGraph();"
        return str(net.generate_html()).replace(call, f'{call}{HOOK}network.once("{first}", drawn);')

    return write


ALTERNATIVES = (
    Alternative("pyvis 0.3.2 as it comes, with physics", "each node's", _pyvis(physics=True)),
    Alternative("pyvis 0.3.2, physics off", "each node's", _pyvis(physics=False)),
    Alternative(f"{VIS}", "each node's", _page("vis-network", VIS)),
    Alternative(f"{CYTOSCAPE}", "each node's", _page("cytoscape", CYTOSCAPE)),
    Alternative(f"{FORCE_GRAPH}", "under the pointer", _page("force-graph", FORCE_GRAPH, names=False)),
    Alternative(f"{FORCE_GRAPH}, with names", "each node's", _page("force-graph", FORCE_GRAPH)),
    Alternative(f"{SIGMA}, WebGL in software", "as many as its grid lets", _page("sigma", GRAPHOLOGY, SIGMA)),
    Alternative(f"canvas, {D3}, zoom and quadtree", "none", _page("canvas", D3, names=False)),
    Alternative(f"canvas, {D3}, zoom and quadtree, with names", "each node's", _page("canvas", D3)),
)
