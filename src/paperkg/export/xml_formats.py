"""GraphML and GEXF; `paperkg.text.xml` says what they cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from paperkg.export.flat import EDGE_TYPES, NODE_TYPES, Attributes, Value, flatten
from paperkg.text.xml import escape

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

_XML_TYPES: dict[type[Value], str] = {str: "string", bool: "boolean", int: "int", float: "double"}


def _value(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(str(value))


def render_graphml(kg: KnowledgeGraph) -> bytes:
    """The graph as GraphML, for Gephi, Cytoscape, yEd, networkx."""
    return "".join(f"{line}\n" for line in _graphml(kg)).encode()


def _graphml(kg: KnowledgeGraph) -> Iterator[str]:
    graph = flatten(kg)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
    for domain, types in (("node", NODE_TYPES), ("edge", EDGE_TYPES)):
        for name, type_ in types.items():
            shape = f'attr.name="{name}" attr.type="{_XML_TYPES[type_]}"'
            yield f'<key id="{domain}.{name}" for="{domain}" {shape}/>'
    yield '<graph edgedefault="directed">'
    for node, data in graph.nodes:
        yield f'<node id="{escape(node)}">{_graphml_data("node", data)}</node>'
    for edge, source, target, data in graph.edges:
        ends = f'source="{escape(source)}" target="{escape(target)}"'
        yield f'<edge id="{edge}" {ends}>{_graphml_data("edge", data)}</edge>'
    yield "</graph>"
    yield "</graphml>"


def _graphml_data(domain: str, data: Attributes) -> str:
    return "".join(f'<data key="{domain}.{name}">{_value(value)}</data>' for name, value in data.items())


def render_gexf(kg: KnowledgeGraph) -> bytes:
    """The graph as GEXF 1.2, for Gephi."""
    return "".join(f"{line}\n" for line in _gexf(kg)).encode()


def _gexf(kg: KnowledgeGraph) -> Iterator[str]:
    graph = flatten(kg)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">'
    yield '<graph defaultedgetype="directed" mode="static">'
    for domain, types in (("node", NODE_TYPES), ("edge", EDGE_TYPES)):
        yield f'<attributes class="{domain}" mode="static">'
        for name, type_ in types.items():
            shape = _XML_TYPES[type_].replace("int", "integer")
            yield f'<attribute id="{domain}.{name}" title="{name}" type="{shape}"/>'
        yield "</attributes>"
    yield "<nodes>"
    for node, data in graph.nodes:
        label = escape(str(data["label"]))
        yield f'<node id="{escape(node)}" label="{label}">{_gexf_data("node", data)}</node>'
    yield "</nodes>"
    yield "<edges>"
    for edge, source, target, data in graph.edges:
        ends = f'source="{escape(source)}" target="{escape(target)}"'
        label = escape(str(data["relation"]))
        yield f'<edge id="{edge}" {ends} label="{label}">{_gexf_data("edge", data)}</edge>'
    yield "</edges>"
    yield "</graph>"
    yield "</gexf>"


def _gexf_data(domain: str, data: Attributes) -> str:
    values = (f'<attvalue for="{domain}.{name}" value="{_value(value)}"/>' for name, value in data.items())
    return f"<attvalues>{''.join(values)}</attvalues>"
