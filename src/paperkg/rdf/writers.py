"""Quads as bytes: one stable form for each format, one fact a line where the format allows it.

N-Triples and N-Quads are written by Oxigraph, the rest here: for readable and diff-friendly files, and since the RDF/XML
of Oxigraph cannot be read where a class does not end in a name of XML. Input is sorted quads or triples: those of
`paperkg.rdf.quads`, or of an answer, which may have blank nodes and any other term.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import pyoxigraph as ox
from rdflib.namespace import RDF, XSD

from paperkg.errors import FormatError
from paperkg.rdf.namespaces import PREFIXES
from paperkg.text.xml import escape

Json = dict[str, object]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_RELATIVE = re.compile(r"[a-z]+(?:/(?!\.+(?:[/#]|$))[A-Za-z0-9._~%-]+)+(?:#[a-z]+=[0-9,]+)?")
"""What may stand as an IRI below the base without being read as anything else."""
_TYPE = str(RDF.type)
_STRING, _INTEGER, _BOOLEAN = str(XSD.string), str(XSD.integer), str(XSD.boolean)
_XML_NAME = re.compile(r"[/#:][A-Za-z_][A-Za-z0-9_.-]*$")
_XML_LABEL = re.compile(r"(?!x-)[A-Za-z_][A-Za-z0-9_.-]*")
"""A label of a blank node that can stay; any other becomes one that begins with `x-`."""
_NOT_PROPERTIES = frozenset(
    f"{RDF}{name}"
    for name in (
        "Description", "RDF", "ID", "about", "aboutEach", "aboutEachPrefix", "bagID", "datatype", "li", "nodeID", "parseType",
        "resource",
    )
)  # fmt: skip
"""What RDF/XML reads as its own syntax."""
_BLANK = re.compile("[\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
"""White space that an IRI may hold."""
_IN_BRACKETS = re.compile("<[^<> ]*>")
_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")


def compact(iri: str) -> str | None:
    """An IRI as `prefix:name`, or None where no prefix fits or the name would need an escape."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _BY_NAMESPACE.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix and _LOCAL.fullmatch(iri, cut) else None


_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}


def sorted_triples(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Each triple once, in the order in which the writers take them."""
    return sorted(set(triples), key=lambda t: (_id(t.subject), t.predicate.value, str(t.object)))


def turtle(triples: Iterable[ox.Triple], base: str = "") -> bytes:
    """Turtle: base and prefixes, then the subjects, each object on a line of its own."""
    return "".join([_head(base), *_subjects(triples, base, "")]).encode()


def trig(quads: Iterable[ox.Quad], base: str = "") -> bytes:
    """TriG: the named graphs in the given order, each written as Turtle."""
    parts = [_head(base)]
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        inside = _subjects((quad.triple for quad in members), base, "  ")
        parts += [f"\n{_term(graph, base)} {{\n", *inside, "}\n"]
    return "".join(parts).encode()


def _head(base: str) -> str:
    lines = [f"@base <{base}> .\n"] if base else []
    return "".join(lines + [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()])


def _subjects(triples: Iterable[ox.Triple], base: str, indent: str) -> Iterator[str]:
    for subject, about in groupby(triples, key=lambda triple: triple.subject):
        lines = [f"\n{indent}{_term(subject, base)}"]
        # `a` first, then the properties in their order
        by_predicate = sorted(about, key=lambda triple: triple.predicate.value != _TYPE)
        for predicate, members in groupby(by_predicate, key=lambda triple: triple.predicate):
            name = "a" if predicate.value == _TYPE else _term(predicate, base)
            objects = f",\n{indent}      ".join(_term(triple.object, base) for triple in members)
            lines.append(f"{' ;' if len(lines) > 1 else ''}\n{indent}  {name} {objects}")
        yield "".join([*lines, " .\n"])


def _term(term: Term | ox.DefaultGraph, base: str) -> str:
    if isinstance(term, ox.NamedNode):
        below = base and term.value.startswith(base) and _RELATIVE.fullmatch(term.value, len(base))
        return f"<{below[0]}>" if below else compact(term.value) or str(term)
    if isinstance(term, ox.Literal) and term.datatype.value != _STRING and term.language is None:
        if term.datatype.value == _INTEGER and _CANONICAL_INTEGER.fullmatch(term.value):
            return term.value
        if term.datatype.value == _BOOLEAN and term.value in ("true", "false"):
            return term.value
        return f"{ox.Literal(term.value)}^^{compact(term.datatype.value) or term.datatype}"
    return str(term)


def jsonld(triples: Iterable[ox.Triple]) -> bytes:
    """JSON-LD 1.1: an inline context of prefixes and a flat `@graph`, one node a line."""
    context = json.dumps(PREFIXES, indent=1)
    nodes = [
        json.dumps(_node(subject, list(about)), ensure_ascii=False)
        for subject, about in groupby(triples, key=lambda triple: triple.subject)
    ]
    joined = ",\n".join(nodes)
    return f'{{"@context": {context},\n"@graph": [\n{joined}\n]}}\n'.encode()


def _node(subject: Term, about: list[ox.Triple]) -> Json:
    node: Json = {"@id": _id(subject)}
    for predicate, members in groupby(about, key=lambda triple: triple.predicate):
        objects = [triple.object for triple in members]
        if predicate.value == _TYPE and not any(isinstance(one, ox.Literal) for one in objects):
            node["@type"] = [compact(_id(one)) or _id(one) for one in objects]
            continue
        values = [_value(one) for one in objects]
        node[compact(predicate.value) or predicate.value] = values[0] if len(values) == 1 else values
    return node


def _id(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.BlankNode):
        return str(term)
    raise FormatError(f"JSON-LD has no form for {term}", hint="write it as ttl or nt")


def _value(term: Term) -> object:
    if not isinstance(term, ox.Literal):
        return {"@id": _id(term)}
    if term.direction:
        raise FormatError(f"JSON-LD has no form for {term}", hint="write it as ttl or nt")
    if term.language:
        return {"@value": term.value, "@language": term.language}
    datatype = term.datatype.value
    if datatype == _STRING:
        return term.value
    if datatype == _INTEGER and _CANONICAL_INTEGER.fullmatch(term.value):
        return int(term.value)
    if datatype == _BOOLEAN and term.value in ("true", "false"):
        return term.value == "true"
    return {"@type": compact(datatype) or datatype, "@value": term.value}


def rdfxml(triples: Iterable[ox.Triple]) -> bytes:
    """RDF/XML: an element a subject, each statement on a line. XML 1.0 has no control characters: U+FFFD stands for each of them.

    Raises:
        FormatError: a property does not end in a name that XML can hold, or RDF/XML has no form for a term.
    """
    spaces = "".join(f' xmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<rdf:RDF{spaces}>"]
    for subject, about in groupby(triples, key=lambda triple: triple.subject):
        lines.append(f"  <rdf:Description {_xml_node(subject, 'about')}>")
        lines += (f"    {_xml_property(triple.predicate.value, triple.object)}" for triple in about)
        lines.append("  </rdf:Description>")
    return "\n".join([*lines, "</rdf:RDF>\n"]).encode()


def _xml_property(predicate: str, value: Term) -> str:
    found = _XML_NAME.search(predicate)
    cut = found.start() + 1 if found else 0
    if not cut or predicate in _NOT_PROPERTIES:
        raise FormatError(f"RDF/XML cannot hold the property {predicate}", hint="write ttl or nt")
    prefix = _BY_NAMESPACE.get(predicate[:cut])
    name = f"{prefix or 'ns'}:{predicate[cut:]}"
    head = name if prefix else f'{name} xmlns:ns="{escape(predicate[:cut])}"'
    if not isinstance(value, ox.Literal):
        return f"<{head} {_xml_node(value, 'resource')}/>"
    if value.direction:
        raise FormatError(f"RDF/XML has no form for {value}", hint="write ttl or nt")
    if value.language:
        head += f' xml:lang="{value.language}"'
    elif value.datatype.value != _STRING:
        head += f' rdf:datatype="{escape(value.datatype.value)}"'
    return f"<{head}>{escape(value.value)}</{name}>"


def _xml_node(node: Term, role: str) -> str:
    if isinstance(node, ox.NamedNode):
        return f'rdf:{role}="{escape(node.value)}"'
    if not isinstance(node, ox.BlankNode):
        raise FormatError(f"RDF/XML has no form for {node}", hint="write ttl or nt")
    fits = _XML_LABEL.fullmatch(node.value)
    return f'rdf:nodeID="{node.value if fits else f"x-{node.value.encode().hex()}"}"'


def ntriples(triples: Iterable[ox.Triple]) -> bytes:
    """N-Triples in the given order."""
    return _oxigraph(triples, ox.RdfFormat.N_TRIPLES)


def nquads(quads: Iterable[ox.Quad]) -> bytes:
    """N-Quads in the given order."""
    return _oxigraph(quads, ox.RdfFormat.N_QUADS)


def _oxigraph(items: Iterable[ox.Triple] | Iterable[ox.Quad], format_: ox.RdfFormat) -> bytes:
    """White space in an IRI is escaped: rdflib reads no line that has it bare."""
    try:
        written = ox.serialize(items, format=format_, prefixes=PREFIXES) or b""
    except (ValueError, OSError) as e:
        raise FormatError(
            f"{format_.name} cannot hold these triples: {e}", hint="write them as ttl or nt"
        ) from e
    text = "" if written.isascii() else written.decode()
    return _IN_BRACKETS.sub(_blanks_escaped, text).encode() if _BLANK.search(text) else written


def _blanks_escaped(bracket: re.Match[str]) -> str:
    return _BLANK.sub(lambda blank: f"\\u{ord(blank[0]):04X}", bracket[0])


GRAPH_WRITERS: dict[str, Callable[..., bytes]] = {
    "ttl": turtle,
    "nt": ntriples,
    "jsonld": jsonld,
    "rdfxml": rdfxml,
}
"""Formats of one graph, by name: triples, and for Turtle a base, to bytes."""
DATASET_WRITERS: dict[str, Callable[..., bytes]] = {"trig": trig, "nq": nquads}
"""Formats of named graphs, by name: quads, and for TriG a base, to bytes."""
