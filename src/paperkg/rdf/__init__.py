"""The graph as RDF: quads, files, an rdflib dataset, SHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperkg.errors import FormatError
from paperkg.rdf.description import describe
from paperkg.rdf.quads import Graph, knowledge, quads
from paperkg.rdf.validate import Violation, validate
from paperkg.rdf.writers import DATASET_WRITERS, GRAPH_WRITERS

if TYPE_CHECKING:
    import rdflib

__all__ = [
    "FORMATS",
    "Graph",
    "Violation",
    "describe",
    "knowledge",
    "quads",
    "serialize",
    "to_rdflib",
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


def to_rdflib(kg: Graph) -> rdflib.Dataset:
    """All named graphs as an rdflib dataset whose default graph is their union."""
    from rdflib import Dataset

    from paperkg.rdf.namespaces import PREFIXES

    dataset = Dataset(default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, override=True, replace=True)
    dataset.parse(data=DATASET_WRITERS["nq"](quads(kg)), format="nquads")
    return dataset
