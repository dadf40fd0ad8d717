"""Runs `paperkg serve` on a graph, as a user does."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client import PATIENCE_S, Server

from paperkg.graph import KnowledgeGraph


@contextmanager
def serving(kg: KnowledgeGraph, folder: Path) -> Iterator[Server]:
    """A server of a graph that is written into a folder; it ends with success when it is told to."""
    kg.save(folder / "small")
    command = [sys.executable, "-m", "paperkg", "serve", str(folder / "small"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            found = re.search(r":(\d+)/", process.stdout.readline())
            assert found is not None
            yield Server(process, int(found[1]))
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
