"""The SHACL shapes that ship with paperkg as SPARQL: each constraint a query whose rows are its breaches.

Written for the part of SHACL that `shapes.ttl` uses, so that a graph of any size is checked in the store; a
construct that is not known here is refused, never skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Node

from paperkg.rdf.writers import compact


@dataclass(frozen=True, slots=True)
class Check:
    """One or more constraints of a shape.

    Attributes:
        path: the property concerned as `prefix:name` (`^` before it where it leads to the node), or the empty
            string for the node itself.
        message: what holds where nothing is wrong.
        hint: what to do where it does not hold; may be empty.
        query: SELECT of `?focus`, and of `?value` where a value is wrong.
    """

    path: str
    message: str
    hint: str
    query: str


def checks(shapes: str) -> tuple[Check, ...]:
    """The checks of some shapes, in Turtle.

    Raises:
        ValueError: the shapes use a construct that is not known here.
    """
    graph = rdflib.Graph().parse(data=shapes, format="turtle")
    return tuple(
        check
        for shape in sorted(graph.subjects(RDF.type, SH.NodeShape), key=str)
        for target in graph.objects(shape, SH.targetClass)
        for check in _shape(graph, shape, target)
    )


def _shape(graph: rdflib.Graph, shape: Node, target: Node) -> Iterator[Check]:
    focus = f"?focus a {target.n3()} ."
    message, hint = _words(graph, shape)
    of_node = _about(graph, shape, {RDF.type, SH.targetClass, SH.property})
    if wrong := _wrong(graph, of_node):
        query = f"SELECT DISTINCT ?focus ?value {{ {focus} BIND(?focus AS ?value) FILTER({wrong}) }}"
        yield Check("", message, hint, query)
    for prop in graph.objects(shape, SH.property):
        yield from _property(graph, prop, focus)


def _property(graph: rdflib.Graph, prop: Node, focus: str) -> Iterator[Check]:
    message, hint = _words(graph, prop)
    path = graph.value(prop, SH.path)
    inverse = graph.value(path, SH.inversePath)
    step = inverse if inverse is not None else path
    if not isinstance(step, rdflib.URIRef):
        raise ValueError(f"a path that is no property: {step}")
    name = ("^" if inverse is not None else "") + (compact(str(step)) or str(step))
    pattern = f"?value {step.n3()} ?focus ." if inverse is not None else f"?focus {step.n3()} ?value ."
    about = _about(graph, prop, {SH.path})

    def check(query: str) -> Check:
        return Check(name, message, hint, query)

    grouped = (
        f"SELECT ?focus {{ {focus} OPTIONAL {{ {pattern} }} }} GROUP BY ?focus HAVING(COUNT(DISTINCT ?value)"
    )
    for least in about.pop(SH.minCount, []):
        if str(least) == "1":
            yield check(f"SELECT ?focus {{ {focus} FILTER NOT EXISTS {{ {pattern} }} }}")
        else:
            yield check(f"{grouped} < {least})")
    for most in about.pop(SH.maxCount, []):
        yield check(f"{grouped} > {most})")
    for value in about.pop(SH.hasValue, []):
        having = pattern.replace("?value", value.n3())
        yield check(f"SELECT ?focus {{ {focus} FILTER NOT EXISTS {{ {having} }} }}")
    if wrong := _wrong(graph, about):
        yield check(f"SELECT DISTINCT ?focus ?value {{ {focus} {pattern} FILTER({wrong}) }}")


def _words(graph: rdflib.Graph, shape: Node) -> tuple[str, str]:
    return str(graph.value(shape, SH.message) or ""), str(graph.value(shape, SH.description) or "")


def _about(graph: rdflib.Graph, shape: Node, known: set[rdflib.URIRef]) -> dict[Node, list[Node]]:
    """The constraints of a shape: their parameters by component."""
    found: dict[Node, list[Node]] = {}
    for component, parameter in graph.predicate_objects(shape):
        if component not in known | {SH.message, SH.description}:
            found.setdefault(component, []).append(parameter)
    return found


def _wrong(graph: rdflib.Graph, about: dict[Node, list[Node]]) -> str:
    """When a value is wrong, as an expression of `?value`; empty if nothing is asked of it."""
    parts = []
    for component, parameters in sorted(about.items(), key=str):
        if component not in _COMPONENTS:
            raise ValueError(f"not known: {component}")
        parts += [_COMPONENTS[component](graph, parameter) for parameter in sorted(parameters, key=str)]
    return " || ".join(parts)


def _unless(holds: str) -> str:
    """True where the condition is false, and where it cannot be decided."""
    return f"!COALESCE({holds}, false)"


_WELL_FORMED: dict[Node, str] = {
    XSD.integer: r"^[+-]?[0-9]+$",
    XSD.decimal: r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$",
    XSD.boolean: r"^(true|false|0|1)$",
    XSD.date: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    XSD.gYearMonth: r"^[0-9]{4}-[0-9]{2}$",
    XSD.gYear: r"^[0-9]{4}$",
    XSD.gMonthDay: r"^--[0-9]{2}-[0-9]{2}$",
}


def _datatype(graph: rdflib.Graph, datatype: Node) -> str:
    holds = f"DATATYPE(?value) = {datatype.n3()}"
    if datatype in _WELL_FORMED:
        holds += f' && REGEX(STR(?value), "{_WELL_FORMED[datatype]}")'
    return _unless(holds)


def _or(graph: rdflib.Graph, members: Node) -> str:
    each = [f"({_wrong(graph, _about(graph, one, set()))})" for one in Collection(graph, members)]
    return f"({' && '.join(each)})"


def _in(graph: rdflib.Graph, members: Node) -> str:
    return _unless(f"?value IN ({', '.join(one.n3() for one in Collection(graph, members))})")


def _node_kind(graph: rdflib.Graph, kind: Node) -> str:
    if kind != SH.IRI:
        raise ValueError(f"not known: {kind}")
    return "!isIRI(?value)"


_COMPONENTS: dict[Node, Callable[[rdflib.Graph, Node], str]] = {
    SH["class"]: lambda _, one: f"NOT EXISTS {{ ?value a {one.n3()} }}",
    SH.datatype: _datatype,
    SH.disjoint: lambda _, one: f"EXISTS {{ ?focus {one.n3()} ?value }}",
    SH["in"]: _in,
    SH.lessThan: lambda _, one: f"EXISTS {{ ?focus {one.n3()} ?other FILTER({_unless('?value < ?other')}) }}",
    SH.maxInclusive: lambda _, one: _unless(f"?value <= {one}"),
    SH.minInclusive: lambda _, one: _unless(f"?value >= {one}"),
    SH.minLength: lambda _, one: _unless(f"STRLEN(STR(?value)) >= {one}"),
    SH.nodeKind: _node_kind,
    SH["or"]: _or,
    SH.pattern: lambda _, one: _unless(f"REGEX(STR(?value), {one.n3()})"),
}
