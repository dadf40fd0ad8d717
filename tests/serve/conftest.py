"""Servers that tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from client import DATA, Server, running


@pytest.fixture(scope="session")
def quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graphs of the W3C tests, and one with 3,000 triples for queries that have much to do."""
    lines = [
        f"<{DATA.format(n)}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        f"<http://xmlns.com/foaf/0.1/Document> <{DATA.format(n)}> ."
        for n in range(4)
    ]
    lines += [
        f"<http://e/{n}> <http://e/p> <http://e/{(n * 7 + 1) % 1000}> <http://e/g> ." for n in range(1000)
    ]
    lines += [f'<http://e/{n}> <http://e/name> "name \\"{n}\\" é <b>" <http://e/g> .' for n in range(1000)]
    lines += [
        f'<http://e/{n}> <http://e/q> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/g> .'
        for n in range(1000)
    ]
    file = tmp_path_factory.mktemp("quads") / "quads.nq"
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return file


@pytest.fixture(scope="session")
def server(quads: Path) -> Iterator[Server]:
    """With the usual limits."""
    with running(quads) as started:
        yield started


@pytest.fixture(scope="session")
def strict(quads: Path) -> Iterator[Server]:
    """With narrow limits."""
    limits = {
        "query_time": 1,
        "query_memory": 256 << 20,
        "answer_size": 100_000,
        "workers": 2,
        "queue": 4,
        "queue_time": 0.5,
        "receive_time": 1,
        "idle_time": 1,
        "url_size": 2_000,
        "body_size": 20_000,
        "connections": 20,
        "send_time": 1,
        "cors": "https://example.org",
    }
    with running(quads, **limits) as started:
        yield started
