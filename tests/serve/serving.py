"""Starts a server: `python serving.py GRAPH SETTINGS.json`, which prints its port when it is ready; GRAPH is a set or ends in `.nq`."""

from __future__ import annotations

import json
import os
import sys

from paperkg.graph import KnowledgeGraph
from paperkg.model import Provenance
from paperkg.serve.app import assemble
from paperkg.serve.graphs import Opened, open_graph
from paperkg.serve.http import listen, run
from paperkg.serve.processes import Data
from paperkg.serve.settings import Settings

NOTHING = KnowledgeGraph.from_extractions([], Provenance(version="0", extractor="0", files=()))


def main() -> None:
    settings = Settings(port=0, **json.loads(sys.argv[2]))
    graph = sys.argv[1]
    if graph.endswith(".nq"):
        opened = Opened(NOTHING, Data(os.open(graph, os.O_RDONLY), "nq"), "test", "build")
    else:
        opened = open_graph(graph)
    with listen(settings) as bound:
        port = bound.getsockname()[1]
        run(assemble(opened, settings), bound, settings, ready=lambda: print(port, flush=True))


if __name__ == "__main__":
    main()
