"""Times the shipped example queries on a built graph.

    python benchmarks/queries.py [GRAPH]

GRAPH is graphs/seeds if none is given. Printed is the processor time of each query in milliseconds, the least of five.
"""

from __future__ import annotations

import sys
import time

import paperkg
from paperkg.query import Engine, examples
from paperkg.rdf import quads


def main() -> None:
    """Prints one line a query, the slowest first."""
    engine = Engine(quads(paperkg.load(sys.argv[1] if len(sys.argv) > 1 else "graphs/seeds")))
    taken = []
    for example in examples():
        rounds = []
        for _ in range(5):
            begun = time.process_time()
            engine.run(example.query)
            rounds.append((time.process_time() - begun) * 1000)
        taken.append((min(rounds), example.name))
    for milliseconds, name in sorted(taken, reverse=True):
        print(f"{milliseconds:8.1f} ms  {name}")


if __name__ == "__main__":
    main()
