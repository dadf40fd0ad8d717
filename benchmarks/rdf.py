"""Measures how fast a graph becomes RDF and is loaded, beside rdflib and bare Oxigraph in the same run.

    python benchmarks/rdf.py GRAPH

GRAPH is a built one of some 1,000 papers. Times are of processor, the best of three. rdflib and paperkg serialise the same
triples of the knowledge; a load takes the quads of all named graphs from the graph's N-Quads.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import rdflib

from paperkg.export import load, manifest_of, open_engine
from paperkg.export.store import open_store, write_store
from paperkg.rdf import knowledge, quads, serialize_quads

_TIMES = 3


def best(work: Callable[[], object], *, wall: bool = False) -> float:
    """Seconds that some work takes, at best."""
    clock = time.perf_counter if wall else time.process_time
    taken = []
    for _ in range(_TIMES):
        begin = clock()
        work()
        taken.append(clock() - begin)
    return min(taken)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("graph", type=Path)
    given = parser.parse_args()
    kg = load(given.graph)
    made = quads(kg)
    triples = knowledge(made)
    graph = rdflib.Graph()
    graph.parse(data=serialize_quads(made, "nt", base=kg.base), format="nt")
    print(
        f"{len(kg.papers):,} papers, {len(made):,} quads, {len(triples):,} triples of knowledge (rdflib: {len(graph):,})"
    )
    print(f"making the quads   {best(lambda: quads(kg)):8.2f} s")
    for name, theirs in (("nt", "nt"), ("ttl", "turtle")):
        ours = best(lambda name=name: serialize_quads(made, name, base=kg.base))  # type: ignore[misc]
        other = best(lambda theirs=theirs: graph.serialize(format=theirs))  # type: ignore[misc]
        print(
            f"{name:6} out         {ours:8.2f} s   rdflib {other:8.2f} s   {other / ours:6.1f} times as fast"
        )
    content = serialize_quads(made, "nq", base=kg.base)
    manifest = b"a build"

    def stored() -> None:
        with tempfile.TemporaryDirectory() as folder:
            write_store(Path(folder, "g.store"), manifest, (io.BytesIO(content), ox.RdfFormat.N_QUADS))

    def bare() -> None:
        with tempfile.TemporaryDirectory() as folder:
            ox.Store(folder).bulk_load(content, format=ox.RdfFormat.N_QUADS)

    ours, other = best(stored), best(bare)
    rate = len(made) / ours
    print(
        f"store on disk      {ours:8.2f} s   Oxigraph {other:6.2f} s   {other / ours:6.2f} of its rate, {rate:,.0f} quads/s"
    )
    ours = best(lambda: open_engine(given.graph), wall=True)
    print(
        f"opening for queries {ours:7.3f} s   ({'its store' if 'trig' not in manifest_of(given.graph).files else 'as it is'})"
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "g.store")
        write_store(home, manifest, (io.BytesIO(content), ox.RdfFormat.N_QUADS))
        print(f"reopening a store  {best(lambda: open_store(home, manifest), wall=True):8.3f} s")


if __name__ == "__main__":
    main()
