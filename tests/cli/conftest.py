"""A small saved graph, and a way to run a command on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Ran, RunCommand

from paperkg.cli import app, progress
from paperkg.graph import KnowledgeGraph


@pytest.fixture
def paperkg(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RunCommand:
    """Runs a command in this process; however slow the machine is, no stage is said to take long."""
    monkeypatch.setattr(progress, "LINE_AFTER_S", float("inf"))

    def run(*args: str | Path) -> Ran:
        capfd.readouterr()
        status = app.run([str(arg) for arg in args])
        return Ran(status, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def small(small_graph, tmp_path_factory: pytest.TempPathFactory) -> Path:  # type: ignore[no-untyped-def]
    """The path of the saved small graph."""
    path = tmp_path_factory.mktemp("graphs") / "small"
    KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance).save(path)
    return path
