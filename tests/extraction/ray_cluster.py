"""A Ray cluster of two machines, as Ray itself simulates it: two raylets with a processor each, on this one.

A program: it writes the cluster's address, kills the second machine for a line `kill`, and ends with its input.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from paperkg.extraction.fast.extract import FastReader
from paperkg.model import Extraction, Paper


class Mortal:
    """A reader that dies in the middle of a portion when it comes to some paper, as often as it is told to.

    Args:
        folder: keeps what has happened: a file for each death, with the number of the process.
        fatal: id of the paper.
        deaths: how many readers die; the next one lives.
    """

    def __init__(self, folder: Path, fatal: str, deaths: int) -> None:
        self._folder, self._fatal, self._deaths = folder, fatal, deaths
        self._read = FastReader()

    def __call__(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            if paper.id == self._fatal and (died := len(list(self._folder.iterdir()))) < self._deaths:
                (self._folder / f"{died}-{os.getpid()}").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield from self._read([paper])


def main() -> None:
    """Run a cluster."""
    from ray.cluster_utils import Cluster

    told = os.dup(1)
    os.dup2(2, 1)  # Ray writes there too
    node = {"num_cpus": 1, "object_store_memory": 100 << 20, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=node)
    second = cluster.add_node(num_cpus=1, object_store_memory=100 << 20)
    os.write(told, f"{cluster.address}\n".encode())
    for line in sys.stdin:
        if line == "kill\n":
            cluster.remove_node(second, allow_graceful=False)
            os.write(told, b"killed\n")
    cluster.shutdown()


if __name__ == "__main__":
    main()
