"""Times the shipped example queries on a built graph, and how its store is loaded and opened.

    python benchmarks/queries.py [GRAPH]

GRAPH is graphs/seeds if none is given; it has the file GRAPH.trig. Printed is processor time in milliseconds, the least
of three, and beside it the ratio to pyoxigraph alone: for a query, that to query and write the same answer from the same
store; for loading, that to `bulk_load` of the same quads as N-Quads. "disk" is a store as `paperkg query` opens it for a
large graph. The clock is shared with whatever else the machine does: compare within one run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from paperkg.export.store import fill, open_store, write_store
from paperkg.query import Engine, examples
from paperkg.rdf.namespaces import PREFIXES

ROUNDS = 3
ENOUGH_MS = 2000.0
"""What takes longer than this is timed once."""


def main() -> None:
    """Prints a line for each step of loading, then one for each query, the slowest first."""
    graph = sys.argv[1] if len(sys.argv) > 1 else "graphs/seeds"
    memory = ox.Store()
    with Path(f"{graph}.trig").open("rb") as file:
        loaded = taken(lambda: fill(memory, (file, ox.RdfFormat.TRIG)), 1)
    lines = memory.dump(format=ox.RdfFormat.N_QUADS) or b""
    alone = taken(lambda: ox.Store().bulk_load(lines, format=ox.RdfFormat.N_QUADS), 1)
    report("load into memory", loaded, alone, f"{len(memory):,} quads")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "store")
        with Path(f"{graph}.trig").open("rb") as file:
            written = taken(lambda: write_store(home, b"", (file, ox.RdfFormat.TRIG)), 1)
        other = ox.Store(str(Path(folder, "other")))
        alone = taken(lambda: other.bulk_load(lines, format=ox.RdfFormat.N_QUADS), 1)

        report("write the store", written, alone)
        opened = open_store(home, b"")
        if opened is None:
            raise SystemExit("the store cannot be opened")
        report("open the store", taken(lambda: open_store(home, b"")))
        for place, engine in (("memory", Engine.over(memory)), ("disk", opened)):
            found = [(place, example.name, *both(engine, example.query)) for example in examples()]
            for place, name, ours, alone in sorted(found, key=lambda line: -line[2]):
                report(f"{place:6s}  {name}", ours, alone)


def both(engine: Engine, query: str) -> tuple[float, float]:
    """The times of a query by paperkg, as SPARQL's JSON, and by pyoxigraph alone."""

    def alone() -> None:
        found = engine.store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
        found.serialize(format=ox.QueryResultsFormat.JSON)

    return taken(lambda: engine.run(query).format("json")), taken(alone)


def taken(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The least processor time of some work, in milliseconds."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        work()
        best = min(best, (time.process_time() - begun) * 1000)
        if best > ENOUGH_MS:
            break
    return best


def report(what: str, ours: float, alone: float | None = None, more: str = "") -> None:
    """Prints a line."""
    ratio = f"{ours / alone:5.2f}" if alone else "     "
    print(f"{ours:9.1f} ms {ratio}  {what}  {more}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
