"""Starts a server of a graph that is at hand: `python serving_graph.py GRAPH.pickle`, which prints its port."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg.graph import KnowledgeGraph

if TYPE_CHECKING:
    from client import Server


@contextmanager
def serving(kg: KnowledgeGraph, folder: Path) -> Iterator[Server]:
    """A server of a graph; it ends with success when it is told to."""
    from client import PATIENCE_S, Server

    file = folder / "graph.pickle"
    file.write_bytes(pickle.dumps((kg.extractions, kg.provenance)))
    with subprocess.Popen(
        [sys.executable, __file__, str(file)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Server(process, int(process.stdout.readline()))
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()


def main() -> None:
    from paperkg.serve.app import create_app
    from paperkg.serve.http import listen, run
    from paperkg.serve.settings import Settings

    extractions, provenance = pickle.loads(Path(sys.argv[1]).read_bytes())
    kg = KnowledgeGraph.from_extractions(extractions, provenance)
    settings = Settings(port=0)
    with listen(settings) as bound:
        port = bound.getsockname()[1]
        run(create_app(kg, settings), bound, settings, ready=lambda: print(port, flush=True))


if __name__ == "__main__":
    main()
