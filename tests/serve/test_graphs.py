"""What a server opens: one build, whole, in memory or on the disk."""

from __future__ import annotations

import json
import os
from pathlib import Path

import event_loop
import pytest

from paperkg.errors import GraphError
from paperkg.export import engine
from paperkg.export.manifest import Manifest
from paperkg.graph import KnowledgeGraph
from paperkg.rdf import quads
from paperkg.serve import graphs
from paperkg.serve.graphs import Opened, open_graph
from paperkg.serve.pool import Pool, Refused
from paperkg.serve.processes import Data
from paperkg.serve.settings import Settings


@pytest.fixture
def kg(small_graph) -> KnowledgeGraph:  # type: ignore[no-untyped-def]
    return KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)


@pytest.fixture
def small(kg: KnowledgeGraph, tmp_path: Path) -> Path:
    kg.save(tmp_path / "small")
    return tmp_path / "small"


def asked(data: Data, *queries: str) -> list[bytes | str]:
    """The answers to queries, or the reasons why there is none."""

    async def ask() -> list[bytes | str]:
        pool = Pool(data, Settings(query_time=30, answer_size=1 << 20, workers=1))
        await pool.start()
        answers: list[bytes | str] = []
        for query in queries:
            try:
                reply = await pool.ask(query, rows="csv", graph="nt")
                answers.append(b"".join(reply.pieces()))
            except Refused as refused:
                answers.append(refused.reason)
        await pool.close()
        return answers

    return event_loop.run(ask())


COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def _close(opened: Opened) -> None:
    os.close(opened.data.file)


def test_the_same_from_memory_from_files_and_from_a_store(
    kg: KnowledgeGraph, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MIN_STORED", 0)
    found = {}
    for graph, free in ((kg, 1 << 40), (small, 1 << 40), (small, 0)):
        monkeypatch.setattr(graphs, "_free_memory", lambda free=free: free)
        opened = open_graph(graph)
        found[opened.data.format] = asked(
            opened.data, COUNT, "SELECT ?s ?o { ?s dct:title ?o } ORDER BY ?s", "ASK {"
        )
        assert opened.kg == kg
        _close(opened)
    assert list(found) == ["nq", "trig", "store"]
    assert found["nq"] == found["trig"] == found["store"]
    assert found["nq"][0] == b"n\r\n%d\r\n" % len(quads(kg))
    assert found["nq"][2] == "query"


def test_without_room_for_a_store_either(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small graph has no store and is always loaded."""
    monkeypatch.setattr(graphs, "_free_memory", lambda: 0)
    opened = open_graph(small)
    assert opened.data.format == "trig"
    _close(opened)


def test_a_build_is_known_by_its_manifest(small: Path) -> None:
    first, second = open_graph(small), open_graph(f"{small}.ttl")
    assert first.build == second.build
    assert first.title == "small"
    manifest = Path(f"{small}.manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text())) + "\n")
    third = open_graph(small)
    assert third.build != first.build
    for opened in (first, second, third):
        _close(opened)


def test_an_open_build_stays_when_a_new_one_replaces_it(kg: KnowledgeGraph, small: Path) -> None:
    opened = open_graph(small)
    KnowledgeGraph.from_extractions([], kg.provenance).save(small)
    assert asked(opened.data, COUNT) == [b"n\r\n%d\r\n" % len(quads(kg))]
    _close(opened)


@pytest.mark.parametrize("often", [1, 3, 99])
def test_a_set_that_is_built_anew_while_it_is_opened(
    kg: KnowledgeGraph, small: Path, monkeypatch: pytest.MonkeyPatch, often: int
) -> None:
    builds = [KnowledgeGraph.from_extractions(kg.extractions[:n], kg.provenance) for n in (1, 2)]
    turns = iter(range(often))
    load = graphs._data

    def disturbed(stem: Path, content: bytes, manifest: Manifest) -> Data:
        if (turn := next(turns, None)) is not None:
            builds[turn % 2].save(stem)
        return load(stem, content, manifest)

    monkeypatch.setattr(graphs, "_data", disturbed)
    if often > graphs.ATTEMPTS:
        with pytest.raises(GraphError, match="built anew"):
            open_graph(small)
        return
    opened = open_graph(small)
    assert opened.kg == builds[(often - 1) % 2]
    assert asked(opened.data, COUNT) == [b"n\r\n%d\r\n" % len(quads(opened.kg))]
    _close(opened)


@pytest.mark.parametrize("ending", ["trig", "papers.jsonl"])
def test_files_that_were_changed_or_cut(small: Path, ending: str) -> None:
    file = Path(f"{small}.{ending}")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(GraphError, match="is not as it was written"):
        open_graph(small)
    file.unlink()
    with pytest.raises((GraphError, FileNotFoundError)):
        open_graph(small)


def test_no_graph(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no built graph"):
        open_graph(tmp_path / "nothing")


def test_quads_that_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.nq"
    broken.write_text("<a> <b> .\n")
    with broken.open("rb") as file, pytest.raises(GraphError, match="cannot be loaded"):
        asked(Data(file.fileno(), "nq"), COUNT)
