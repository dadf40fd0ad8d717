"""The graph as RDF: quads, files, SHACL."""

from __future__ import annotations

import pyoxigraph as ox

from paperkg.errors import FormatError
from paperkg.rdf.description import Counts, describe, examples
from paperkg.rdf.iris import Minter
from paperkg.rdf.quads import (
    Graph,
    Stated,
    description_quads,
    entity_quads,
    knowledge,
    paper_quads,
    quads,
    run_quads,
)
from paperkg.rdf.validate import Violation, validate
from paperkg.rdf.writers import DATASET_WRITERS, GRAPH_WRITERS

__all__ = [
    "FORMATS",
    "Counts",
    "Graph",
    "Minter",
    "Stated",
    "Violation",
    "describe",
    "description_quads",
    "entity_quads",
    "examples",
    "knowledge",
    "paper_quads",
    "quads",
    "run_quads",
    "serialize",
    "serialize_quads",
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
    if format not in FORMATS:
        raise FormatError(f"no RDF format {format!r}", hint=f"one of {', '.join(FORMATS)}")
    return serialize_quads(quads(kg), format, base=kg.base)


def serialize_quads(made: list[ox.Quad], format: str, *, base: str) -> bytes:
    """The quads of a graph in one of `FORMATS`; they take longer to make than to write.

    Args:
        made: what `quads` gave.
        format: as for `serialize`.
        base: the IRI below which all resources of the graph stand.
    """
    options = {"base": base} if format in ("ttl", "trig") else {}
    if format in DATASET_WRITERS:
        return DATASET_WRITERS[format](made, **options)
    return GRAPH_WRITERS[format](knowledge(made), **options)
