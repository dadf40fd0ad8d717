"""The set of files: written whole, opened again, refused when it is not as it was written."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from paperkg.errors import GraphError
from paperkg.export import files, graph_set, load, papers_bytes, save, write_file, writing
from paperkg.export.manifest import FileState, read_manifest, render_manifest
from paperkg.graph import KnowledgeGraph
from strategies import graphs

ENDINGS = ("papers.jsonl", "trig", "ttl", "jsonld", "json", "graphml", "html", "manifest.json")


@pytest.fixture(scope="module")
def kg(small_graph: Any) -> KnowledgeGraph:
    return KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out what other rooms render: these tests are about files."""
    monkeypatch.setattr(graph_set, "RENDERED", ("json", "graphml"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_set(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "deep" / "my.graph")
    assert names(tmp_path / "deep") == sorted(f"my.graph.{ending}" for ending in ENDINGS)
    manifest = json.loads((tmp_path / "deep" / "my.graph.manifest.json").read_bytes())
    for ending, state in manifest["files"].items():
        content = (tmp_path / "deep" / f"my.graph.{ending}").read_bytes()
        assert FileState(**state) == FileState.of(content)
    assert manifest["counts"]["papers"] == 4
    for ending in ENDINGS:
        assert load(tmp_path / "deep" / f"my.graph.{ending}") == kg
    opened = load(str(tmp_path / "deep" / "my.graph"))
    assert opened == kg
    assert opened.entities == kg.entities
    before = contents(tmp_path / "deep")
    opened.save(tmp_path / "deep" / "my.graph")
    assert contents(tmp_path / "deep") == before


@pytest.mark.usefixtures("light")
def test_the_rights_of_files_are_the_usual_ones(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    plain = tmp_path / "plain"
    plain.write_text("")
    assert {path.stat().st_mode for path in tmp_path.iterdir()} == {plain.stat().st_mode}


@pytest.mark.parametrize("path", ["nothing", "g.pdf", "g", ".", "..", "g.papers.jsonl"])
def test_no_set(tmp_path: Path, path: str) -> None:
    with pytest.raises(GraphError, match=r"no built graph here \(paperkg build makes one\)"):
        load(tmp_path / path)


@pytest.mark.usefixtures("light")
def test_a_wrong_name_is_answered_with_the_right_ones(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "seeds")
    with pytest.raises(GraphError, match=r"there is .*/seeds\)"):
        load(tmp_path / "sedes")
    with pytest.raises(GraphError, match=r"there is .*/seeds\)"):
        load(tmp_path)


@pytest.mark.usefixtures("light")
def test_every_cut_is_detected(kg: KnowledgeGraph, tmp_path: Path) -> None:
    save(kg, tmp_path / "g")
    for name in ("g.papers.jsonl", "g.manifest.json"):
        file = tmp_path / name
        whole = file.read_bytes()
        for length in (*range(0, len(whole), max(1, len(whole) // 100)), len(whole) - 1):
            file.write_bytes(whole[:length])
            with pytest.raises(GraphError, match="build the graph again"):
                load(tmp_path / "g")
        file.write_bytes(whole)
    (tmp_path / "g.papers.jsonl").write_bytes(
        (tmp_path / "g.papers.jsonl").read_bytes().replace(b"GPT", b"GTP")
    )
    with pytest.raises(GraphError, match="is not as it was written"):
        load(tmp_path / "g")
    (tmp_path / "g.papers.jsonl").unlink()
    with pytest.raises(GraphError, match="is missing"):
        load(tmp_path / "g")


@pytest.mark.parametrize("line", [b"[]", b"{}", b"null", b'{"id": 1}', b"\xff", b"[" * 100_000, b"{"])
def test_a_line_that_is_no_paper(kg: KnowledgeGraph, tmp_path: Path, line: bytes) -> None:
    content = papers_bytes(kg.extractions[:1]) + line + b"\n"
    (tmp_path / "g.papers.jsonl").write_bytes(content)
    manifest = render_manifest(kg, {"papers.jsonl": FileState.of(content)})
    (tmp_path / "g.manifest.json").write_bytes(manifest)
    with pytest.raises(GraphError, match=r"g\.papers\.jsonl:2: is no extraction"):
        load(tmp_path / "g")


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("paper", {"id": ["x"]}),
        ("paper", {"title": None}),
        ("paper", {"url": "javascript:alert(1)"}),
        ("paper", {"author_count": True}),
        ("entities", {"iri": "http://x/> <a> <b"}),
        ("entities", {"iri": "javascript:alert(1)"}),
        ("entities", {"type": "Person"}),
        ("entities", {"relation": "cites"}),
        ("entities", {"confidence": "high"}),
        ("entities", {"confidence": 1.5}),
        ("entities", {"confidence": float("nan")}),
        ("entities", {"evidence": {"field": "title", "start": 0, "end": 3, "text": "not so"}}),
        ("entities", {"evidence": {"field": "abstract", "start": -3, "end": 9, "text": ""}}),
        ("entities", {"evidence": {"field": "abstract", "start": "0", "end": 9, "text": ""}}),
        ("entities", {"evidence": {"field": "body", "start": 0, "end": 0, "text": ""}}),
        ("results", {"number": float("inf")}),
        ("links", {"normalized": "javascript:alert(1)"}),
    ],
)
def test_a_paper_that_no_build_writes(
    kg: KnowledgeGraph, tmp_path: Path, part: str, changed: dict[str, Any]
) -> None:
    records = [json.loads(line) for line in papers_bytes(kg.extractions).splitlines()]
    record = next(record for record in records if part == "paper" or record.get(part))
    (record if part == "paper" else record[part][0]).update(changed)
    content = (json.dumps(record) + "\n").encode()
    (tmp_path / "g.papers.jsonl").write_bytes(content)
    manifest = render_manifest(kg, {"papers.jsonl": FileState.of(content)})
    (tmp_path / "g.manifest.json").write_bytes(manifest)
    with pytest.raises(GraphError, match=r"g\.papers\.jsonl:1: is no extraction"):
        load(tmp_path / "g")


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"{}", b'{"layout": 1}', b"\xff\xfe", b"[" * 100_000]
)
def test_what_is_no_manifest(content: bytes) -> None:
    with pytest.raises(GraphError, match="is no manifest"):
        read_manifest(content, file="g.manifest.json")


def test_a_later_layout_is_refused() -> None:
    with pytest.raises(GraphError, match="layout 2 is not known"):
        read_manifest(b'{"layout": 2}', file="g.manifest.json")


@settings(max_examples=60, deadline=None)
@given(kg=graphs())
def test_any_text_comes_back(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("set")
    content = papers_bytes(kg.extractions)
    (folder / "g.papers.jsonl").write_bytes(content)
    (folder / "g.manifest.json").write_bytes(render_manifest(kg, {"papers.jsonl": FileState.of(content)}))
    assert load(folder / "g") == kg


@pytest.mark.usefixtures("light")
def test_a_second_writer_is_refused_at_once(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with writing(tmp_path / "g"):
        with pytest.raises(GraphError, match="is being written by another process"):
            save(kg, tmp_path / "g")
        save(kg, tmp_path / "other")
    save(kg, tmp_path / "g")
    assert not [name for name in names(tmp_path) if name.startswith(".")]


HOLD = """
import sys, time
from paperkg.export import writing
with writing(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.usefixtures("light")
def test_the_lock_of_a_killed_writer_is_free(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "g")], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(GraphError, match="is being written"):
            save(kg, tmp_path / "g")
        holder.kill()
    for name in (".g.staged", ".gg.staged"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "trig").write_bytes(b"half")
    save(kg, tmp_path / "g")
    assert [name for name in names(tmp_path) if name.startswith(".")] == [".gg.staged"]


def test_many_writers_take_turns(tmp_path: Path) -> None:
    inside, most, refused = [0], [0], [0]

    def work() -> None:
        for _ in range(50):
            try:
                with files.locked(tmp_path / "g"):
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    inside[0] -= 1
            except GraphError:
                refused[0] += 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert names(tmp_path) == []


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("step", range(11))
def test_a_full_disk_leaves_the_old_set_or_the_new_one(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    save(kg, tmp_path / "g")
    before = contents(tmp_path)
    smaller = KnowledgeGraph.from_extractions(kg.extractions[:1], kg.provenance)
    calls = [0]

    def full(handle: int, real: Any = os.fsync) -> None:
        calls[0] += 1
        if calls[0] > step:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        if step < 10:
            with pytest.raises(OSError, match="No space"):
                save(smaller, tmp_path / "g")
        else:
            save(smaller, tmp_path / "g")
    if step < 8:  # four files, their folder and its own, the journal, and the folder again
        assert contents(tmp_path) == before
    else:
        assert load(tmp_path / "g") == smaller
        assert not [name for name in names(tmp_path) if name.startswith(".")]


def test_one_file(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"1")
    write_file(tmp_path / "a", b"2")
    assert contents(tmp_path) == {"a": b"2"}
    write_file(Path(os.devnull), b"3")
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "no" / "a", b"1")
