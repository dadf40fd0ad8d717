"""A pyvis network that renders a template of this package: offline, and escaping what it puts in."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from paperkg.html.templates import environment

if TYPE_CHECKING:
    from pyvis.network import Network

VIS = "templates/lib/vis-9.1.2/vis-network.min.js"


def vis_network() -> str:
    """The source of vis-network, from pyvis' own package, with the line ends that a browser makes of it."""
    source = (resources.files("pyvis") / VIS).read_text(encoding="utf-8")
    return source.replace("\r\n", "\n").replace("\r", "\n")


def network(template: str, **variables: Any) -> Network:
    """An empty network; `variables` are what the template needs besides nodes and edges."""
    from pyvis.network import Network

    net = Network(height="100%", width="100%", directed=True, cdn_resources="in_line")
    net.set_template(template)
    # pyvis makes an environment that escapes nothing.
    net.templateEnv = environment()
    net.templateEnv.globals.update(variables)
    net.toggle_physics(False)
    return net
