"""The store on disk: opened for its own build alone, made anew when it was cut, never in the way."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import paperkg
from paperkg.errors import GraphError
from paperkg.export import engine, graph_set, load, open_engine, save, store
from paperkg.export.files import locked
from paperkg.graph import KnowledgeGraph
from paperkg.query import Engine

COUNT = "SELECT (COUNT(*) AS ?n) { ?paper a pkg:Paper }"


@pytest.fixture(scope="module")
def kg(small_graph: Any) -> KnowledgeGraph:
    return KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes small graphs large, and leaves out files that nobody reads here."""
    monkeypatch.setattr(graph_set, "RENDERED", ("trig",))
    monkeypatch.setattr(engine, "MIN_STORED", 0)


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets queries be answered from a store that is there, or not at all."""

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(engine, "_source", fail)


def papers(opened: Engine) -> int:
    (row,) = opened.run(COUNT)
    return int(row[0])


def homes(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "g.store").iterdir())


@pytest.mark.usefixtures("no_memory")
def test_a_build_has_its_store_and_opens_it(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    (home,) = homes(tmp_path)
    before = {file.name: file.read_bytes() for file in home.iterdir()}
    for path in ("g", "g.ttl", "g.store"):
        opened = open_engine(tmp_path / path)
        assert papers(opened) == 4
        assert set(opened.store) == set(kg._engine.store)
    assert papers(load(tmp_path / "g")._engine) == 4
    assert {file.name: file.read_bytes() for file in home.iterdir()} == before
    with pytest.raises(RuntimeError, match="read-write"):
        opened.store.clear()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("no_memory")
def test_several_processes_read_it(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    opened = open_engine(tmp_path / "g")
    code = (
        "import sys; from paperkg.export import engine, open_engine; engine.MIN_STORED = 0; engine._source = None\n"
        f"print(open_engine(sys.argv[1]).run({COUNT!r}).rows[0][0])"
    )
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "g")], capture_output=True, text=True, check=True
        )
        assert run.stdout == "4\n"
    assert papers(opened) == 4


def test_a_set_without_a_store_gets_one(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    shutil.rmtree(tmp_path / "g.store")
    assert papers(open_engine(tmp_path / "g")) == 4
    assert len(homes(tmp_path)) == 1


@pytest.mark.parametrize("ending", ["trig", "nq"])
def test_it_is_made_from_the_rdf_file_if_that_is_whole(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(graph_set, "RENDERED", (ending,))
    save(kg, tmp_path / "g")
    whole = set(open_engine(tmp_path / "g").store)
    file = tmp_path / f"g.{ending}"
    content = file.read_bytes()
    for damaged in (None, content[: len(content) // 2], content.replace(b"CLadder", b"CLudder")):
        shutil.rmtree(tmp_path / "g.store")
        file.unlink() if damaged is None else file.write_bytes(damaged)
        assert set(open_engine(tmp_path / "g").store) == whole
        file.write_bytes(content)


def test_a_set_by_another_version_is_read_from_its_papers(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(kg, tmp_path / "g")
    before = homes(tmp_path)
    monkeypatch.setattr(engine, "__version__", "99")
    monkeypatch.setattr(store, "__version__", "99")
    asked: list[object] = []
    monkeypatch.setattr(graph_set, "_graph", lambda build: asked.append(build) or kg)
    assert papers(open_engine(tmp_path / "g")) == 4
    assert asked and homes(tmp_path) != before


def test_another_build_has_another_store(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    (first,) = homes(tmp_path)
    reader, old = open_engine(tmp_path / "g"), load(tmp_path / "g")
    smaller = KnowledgeGraph.from_extractions(kg.extractions[:1], kg.provenance)
    save(smaller, tmp_path / "g")
    assert papers(open_engine(tmp_path / "g")) == 1
    assert papers(reader) == 4
    assert old.query(COUNT).rows[0][0] == 4  # its store is still read, and so still there
    assert first in homes(tmp_path)
    del reader, old
    gc.collect()
    save(kg, tmp_path / "g")
    save(smaller, tmp_path / "g")
    assert len(homes(tmp_path)) == 1


def test_a_loaded_graph_answers_for_itself_after_another_build(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    old = load(tmp_path / "g")
    save(KnowledgeGraph.from_extractions(kg.extractions[:1], kg.provenance), tmp_path / "g")
    assert old.query(COUNT).rows[0][0] == 4


def test_the_papers_of_another_build_do_not_stand_in(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_set, "RENDERED", ())
    save(kg, tmp_path / "g")
    shutil.rmtree(tmp_path / "g.store")
    build = graph_set.build_of(tmp_path / "g")
    save(KnowledgeGraph.from_extractions(kg.extractions[:1], kg.provenance), tmp_path / "g")
    with pytest.raises(GraphError, match="is not as it was written"):
        graph_set._engine(build, lambda: graph_set._graph(build))


def _damages(home: Path) -> Iterator[tuple[str, Any]]:
    for file in sorted(home.iterdir()):
        if file.stat().st_size:
            yield f"cut {file.name}", lambda file=file: os.truncate(file, file.stat().st_size // 2)
        yield f"remove {file.name}", file.unlink
    yield "a file more", lambda: (home / "000099.sst").write_bytes(b"x")
    yield "no seal at all", lambda: (home / "sealed.json").write_text("[")
    yield "nested seal", lambda: (home / "sealed.json").write_text("[" * 100_000)


def test_every_damage_is_seen_and_mended(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    (home,) = homes(tmp_path)
    kept = tmp_path / "kept"
    shutil.copytree(home, kept)
    manifest = (tmp_path / "g.manifest.json").read_bytes()
    for number in range(len(list(_damages(home)))):
        name, damage = list(_damages(home))[number]
        damage()
        assert store.open_store(home.parent, manifest) is None, name
        shutil.rmtree(home)
        shutil.copytree(kept, home)
    (home / "CURRENT").unlink()
    assert papers(open_engine(tmp_path / "g")) == 4
    assert store.open_store(home.parent, manifest) is not None


def test_a_foreign_store_is_not_opened(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    save(KnowledgeGraph.from_extractions(kg.extractions[:1], kg.provenance), tmp_path / "other")
    shutil.rmtree(tmp_path / "g.store")
    shutil.copytree(tmp_path / "other.store", tmp_path / "g.store")
    assert papers(open_engine(tmp_path / "g")) == 4
    plain = ox.Store(str(tmp_path / "plain"))
    plain.add(ox.Quad(ox.NamedNode("http://e/"), ox.NamedNode("http://e/"), ox.NamedNode("http://e/")))
    del plain
    (home,) = homes(tmp_path)
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "plain", home)  # without a seal
    assert papers(open_engine(tmp_path / "g")) == 4


def test_a_link_in_its_place_is_left_alone(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    (home,) = homes(tmp_path)
    shutil.rmtree(home)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_text("")
    home.symlink_to(elsewhere)
    assert papers(open_engine(tmp_path / "g")) == 4
    assert (elsewhere / "mine").exists()


def test_a_killed_writer_leaves_nothing_that_is_taken_for_a_store(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(kg, tmp_path / "g")
    shutil.rmtree(tmp_path / "g.store")
    code = (
        "import os, signal, sys\nfrom paperkg.export import engine, open_engine, store\nengine.MIN_STORED = 0\n"
        "def die(home):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "store._seal = die\nopen_engine(sys.argv[1])"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path / "g")])
    assert killed.returncode == -9
    (left,) = homes(tmp_path)
    assert left.name.startswith(".tmp-")
    assert papers(open_engine(tmp_path / "g")) == 4
    (home,) = homes(tmp_path)
    assert not home.name.startswith(".")


def test_where_it_cannot_be_written_queries_do_without(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(kg, tmp_path / "g")
    shutil.rmtree(tmp_path / "g.store")
    with locked(tmp_path / "g.store"):
        found: list[int] = []
        other = threading.Thread(target=lambda: found.append(papers(open_engine(tmp_path / "g"))))
        other.start()
        other.join()
    assert found == [4]
    (tmp_path / "g.store").write_text("")  # a file where the folder should be
    assert papers(open_engine(tmp_path / "g")) == 4
    save(kg, tmp_path / "g")


def test_a_small_graph_has_none(kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(kg, tmp_path / "g")
    monkeypatch.setattr(engine, "MIN_STORED", 1_000_000)
    save(kg, tmp_path / "g")
    assert not (tmp_path / "g.store").exists()
    assert papers(open_engine(tmp_path / "g")) == 4
    assert sorted(file.name for file in tmp_path.iterdir()) == ["g.manifest.json", "g.papers.jsonl", "g.trig"]


def test_it_holds_what_the_graph_holds(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    (home,) = homes(tmp_path)
    sizes = json.loads((home / "sealed.json").read_text())
    assert sizes == {f.name: f.stat().st_size for f in home.iterdir() if f.name != "sealed.json"}
    assert paperkg.load(tmp_path / "g").query(COUNT).format("json") == kg.query(COUNT).format("json")
    assert len(paperkg.load(tmp_path / "g").to_rdflib()) == len({q.triple for q in kg._engine.store})


def test_a_store_that_was_changed_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    folder = tmp_path / "g.store"
    one, two, three = (ox.Quad(ox.NamedNode(f"urn:{n}"), ox.NamedNode("urn:p"), ox.Literal(n)) for n in "123")
    with pytest.raises(GraphError, match="has no store to begin with"):
        store.change_store(folder, b"first", b"second", [], [one])
    store.write_store(folder, b"first", [one, two])
    store.change_store(folder, b"first", b"second", [one], [three])
    assert len(homes(tmp_path)) == 1, "the earlier one is gone"
    opened = store.open_store(folder, b"second")
    assert opened is not None
    assert set(opened.store) == {two, three}
    assert store.open_store(folder, b"first") is None
