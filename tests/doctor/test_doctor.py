"""What is wrong is said, with what to do; what is well is not called wrong."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shipped_files import shipped

import paperkg
from paperkg.doctor import Finding, examine_graph, examine_installation, installation, set_of_files
from paperkg.errors import GraphError
from paperkg.export import writing
from paperkg.graph import KnowledgeGraph

ROOT = Path(__file__).parent.parent.parent


def of(findings: Iterator[Finding], about: str) -> Finding:
    """The one finding about something; each is one line."""
    found = list(findings)
    assert all("\n" not in finding.what + finding.to_do for finding in found)
    assert all(finding.to_do for finding in found if finding.level == "wrong")
    (one,) = [finding for finding in found if finding.about == about]
    return one


@pytest.fixture
def graph(small_graph: Any, tmp_path: Path) -> Path:
    path = tmp_path / "mine"
    KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance).save(path)
    paperkg.apply_decisions(path)
    return path


# --- the installation


def test_this_installation() -> None:
    found = list(examine_installation())
    assert [finding for finding in found if finding.level == "wrong"] == []
    assert {"python", "packages", "weights and tables", "reading a paper"} <= {f.about for f in found}


def test_the_table_of_what_is_shipped() -> None:
    assert installation.SHIPPED.read_text("utf-8") == shipped(), "make docs"


def test_the_packages_that_are_tried_are_those_that_are_needed() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {line.split(">")[0].split("=")[0].strip() for line in asked}
    assert names == set(installation.MODULES)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package's weights and tables, in a place where they can be harmed."""
    for name, file in installation.shipped_files():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, tmp_path / name)
    monkeypatch.setattr(installation, "PACKAGE", tmp_path)
    return tmp_path


@pytest.mark.parametrize(("damage", "said"), [("cut", "is not as it was shipped"), ("gone", "is missing")])
def test_harmed_weights(copied: Path, damage: str, said: str) -> None:
    file = copied / "extraction/weights/roles.npz"
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1])
    finding = of(iter([installation._shipped()]), "weights and tables")
    assert (finding.level, finding.what) == ("wrong", f"extraction/weights/roles.npz {said}")
    assert "install paperkg again" in finding.to_do


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("raise ImportError('built for another numpy')", "built for another numpy"),
        ("import os; os.abort()", "status -6"),
    ],
)
def test_a_package_that_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, cause: str
) -> None:
    (tmp_path / "onnxruntime.py").write_text(code, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    finding = of(iter([installation._imports()]), "reading a paper")
    assert finding.level == "wrong"
    assert finding.what.startswith("fails at onnxruntime: ")
    assert cause in finding.what
    assert finding.to_do == "pip install --force-reinstall onnxruntime"


def test_a_machine_that_is_too_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "packaging.py").write_text("import time; time.sleep(600)", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(installation, "_TRY_S", 5)
    finding = of(iter([installation._imports()]), "reading a paper")
    assert finding.level == "note"
    assert finding.what.startswith("took more than 5 s and was stopped, at p")


def test_packages_that_are_missing_or_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [
        "spacy>=99",
        "nosuchpackage>=1",
        "click>=8",
        "nosuchextra>=1; extra == 'serve'",
        "x; python_version < '3'",
    ]
    monkeypatch.setattr(installation.importlib.metadata, "requires", lambda name: asked)
    found = list(installation._packages())
    packages = of(iter(found), "packages")
    assert packages.level == "wrong"
    assert packages.what.startswith("spacy is 3.")
    assert packages.what.endswith(", not >=99; nosuchpackage is missing")
    extra = of(iter(found), "extra serve")
    assert (extra.level, extra.what) == ("note", "nosuchextra is missing")


def test_no_room_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "LEAST_ROOM", 10**18)
    assert installation._temporary().level == "wrong"

    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "/tmp")

    monkeypatch.setattr(installation.tempfile, "TemporaryFile", refused)
    assert "cannot be written" in installation._temporary().what


def test_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "OLDEST", (99, 0))
    assert installation._python().level == "wrong"
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert installation._python().level == "note"


# --- a graph


def test_a_graph_that_is_well(graph: Path) -> None:
    found = list(examine_graph(graph))
    assert {finding.level for finding in found} <= {"good", "note"}
    assert of(iter(found), "graph").what == f"{graph}: 4 papers and 19 entities"
    assert of(iter(found), "files").level == of(iter(found), "decisions").level == "good"
    assert list(examine_graph(f"{graph}.ttl"))[1:] == found[1:]


def test_no_graph(tmp_path: Path) -> None:
    finding = of(examine_graph(tmp_path / "none"), "graph")
    assert finding == Finding(
        "wrong", "graph", f"{tmp_path / 'none'}: no built graph here", "paperkg build makes one"
    )


def test_a_manifest_that_was_cut(graph: Path) -> None:
    file = graph.with_name("mine.manifest.json")
    file.write_bytes(file.read_bytes()[:100])
    finding = of(examine_graph(graph), "graph")
    assert finding.level == "wrong"
    assert finding.what == f"{file}: is no manifest of paperkg, or was cut"


def test_changed_files(graph: Path) -> None:
    graph.with_name("mine.ttl").unlink()
    file = graph.with_name("mine.papers.jsonl")
    file.write_bytes(file.read_bytes()[:-1])
    finding = of(examine_graph(graph), "files")
    assert finding.level == "wrong"
    assert {"mine.papers.jsonl", "mine.ttl"} == set(finding.what.split(": ")[1].split(", "))


def test_a_graph_of_another_version(graph: Path) -> None:
    file = graph.with_name("mine.manifest.json")
    manifest = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(manifest | {"paperkg": "0.0.1", "extractor": "old"}) + "\n", "utf-8")
    found = list(examine_graph(graph))
    assert of(iter(found), "version").what == f"made by paperkg 0.0.1, this is {paperkg.__version__}"
    assert of(iter(found), "extractor").level == "note"


def test_decisions(graph: Path) -> None:
    paperkg.merge(graph, "GPT-4o", "DiT")
    assert of(examine_graph(graph), "decisions").what == "1, all in effect"
    file = graph.with_name("mine.decisions.tsv")
    file.write_text(file.read_text("utf-8") + "merge\tnone\tsuch\n", "utf-8")
    finding = of(examine_graph(graph), "decisions")
    assert finding.to_do == f"to apply it: paperkg decisions {graph} --apply"
    paperkg.apply_decisions(graph)
    assert of(examine_graph(graph), "decisions").what == "2, 1 of them without effect"
    file.write_text("join\ta\tb\n", "utf-8")
    finding = of(examine_graph(graph), "decisions")
    assert finding.level == "wrong"
    assert finding.what.startswith(f"{file}:1: an unknown verb 'join'")


def test_a_writer(graph: Path) -> None:
    with writing(graph):
        assert of(examine_graph(graph), "writer").what == "another process is writing the graph now"
    assert of(examine_graph(graph), "writer").level == "good"


def test_what_a_killed_writer_left(graph: Path) -> None:
    (graph.parent / ".mine.staged").mkdir()
    (graph.parent / "mine.store" / ".tmp-0123").mkdir(parents=True)
    finding = of(examine_graph(graph), "writer")
    assert finding.level == "note"
    assert ".mine.staged, mine.store/.tmp-0123" in finding.what


def test_a_store(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert of(examine_graph(graph), "store").level == "good"
    monkeypatch.setattr("paperkg.export.engine.MIN_STORED", 1)
    assert of(examine_graph(graph), "store").what == "mine.store is not there"
    paperkg.load(graph).query("ASK {}")
    assert of(examine_graph(graph), "store").what == "mine.store is that of this graph"
    for file in graph.with_name("mine.store").rglob("*.sst"):
        file.write_bytes(b"")
    assert of(examine_graph(graph), "store").level == "note"


def test_a_folder_that_cannot_be_written_or_is_full(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(graph.parent)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    finding = of(examine_graph(graph), "folder")
    assert finding.level == "wrong"
    assert "has 1 kB free" in finding.what
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert of(examine_graph(graph), "folder").to_do == "the graph can be read, not changed"


def test_errors_of_the_system_are_findings(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "mine.ttl")

    monkeypatch.setattr("paperkg.export.changed_files", refused)
    assert of(examine_graph(graph), "files").what == "mine.ttl: Permission denied"
    assert set_of_files._cause(GraphError("is odd", file="a", line=3), "x") == ("a:3: is odd", "x")
