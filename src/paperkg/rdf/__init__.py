"""The graph as RDF: quads, files, SHACL."""

from __future__ import annotations

from paperkg.errors import FormatError
from paperkg.rdf.description import describe
from paperkg.rdf.quads import Graph, knowledge, quads
from paperkg.rdf.validate import Violation, validate
from paperkg.rdf.writers import DATASET_WRITERS, GRAPH_WRITERS

__all__ = [
    "FORMATS",
    "Graph",
    "Violation",
    "describe",
    "knowledge",
    "quads",
    "serialize",
    "validate",
]

FORMATS: tuple[str, ...] = (*GRAPH_WRITERS, *DATASET_WRITERS)
"""The formats of `serialize`."""


def serialize(kg: Graph, format: str) -> bytes:
    """A graph in an RDF format, the same bytes in every build.

    Args:
        kg: the graph.
        format: `ttl`, `nt`, `jsonld`, `rdfxml` give the knowledge; `trig`, `nq` all named graphs.

    Raises:
        FormatError: paperkg does not know the format.
    """
    if format in DATASET_WRITERS:
        return DATASET_WRITERS[format](quads(kg), **_base(kg, format))
    if format in GRAPH_WRITERS:
        return GRAPH_WRITERS[format](knowledge(quads(kg)), **_base(kg, format))
    raise FormatError(f"no RDF format {format!r}", hint=f"one of {', '.join(FORMATS)}")


def _base(kg: Graph, format: str) -> dict[str, str]:
    return {"base": kg.base} if format in ("ttl", "trig") else {}
