"""Time to hold a graph against the SHACL shapes: as SPARQL in the store, and on request by pyshacl.

    python benchmarks/shacl.py GRAPH [--papers N] [--pyshacl]

Times are processor time. With `--papers`, every so many-th paper of the graph is taken, N in all.
"""

from __future__ import annotations

import argparse
import time

import pyoxigraph as ox
import rdflib

import paperkg
from paperkg.graph import KnowledgeGraph
from paperkg.rdf import quads
from paperkg.rdf.shipped import shipped
from paperkg.rdf.validate import validate_quads


def main() -> None:
    """Print the times and the numbers of violations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph")
    parser.add_argument("--papers", type=int)
    parser.add_argument("--pyshacl", action="store_true")
    wanted = parser.parse_args()
    kg = paperkg.load(wanted.graph)
    if wanted.papers:
        every = max(1, len(kg.extractions) // wanted.papers)
        kg = KnowledgeGraph.from_extractions(
            kg.extractions[::every][: wanted.papers], kg.provenance, base=kg.base
        )
    start = time.process_time()
    all_quads = quads(kg)
    made = time.process_time() - start
    print(f"{len(kg.papers)} papers, {len(all_quads)} quads, made in {made:.1f} s")
    start = time.process_time()
    found = validate_quads(all_quads)
    print(f"as SPARQL: {len(found)} violations, {time.process_time() - start:.1f} s")
    if wanted.pyshacl:
        print(by_pyshacl(all_quads))


def by_pyshacl(all_quads: list[ox.Quad]) -> str:
    """What pyshacl finds, and how long it takes, reading the graph not counted."""
    import pyshacl

    data, shapes = rdflib.Graph(), rdflib.Graph().parse(data=shipped("shapes.ttl"), format="turtle")
    lines = ox.serialize((quad.triple for quad in all_quads), format=ox.RdfFormat.N_TRIPLES) or b""
    data.parse(data=lines, format="nt")
    start = time.process_time()
    conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True, inference="none")
    found = len(list(report.subjects(rdflib.SH.resultPath))) if isinstance(report, rdflib.Graph) else 0
    return f"pyshacl: conforms {conforms}, {found} violations, {time.process_time() - start:.1f} s"


if __name__ == "__main__":
    main()
