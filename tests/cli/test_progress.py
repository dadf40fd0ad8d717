"""What is shown of a long run: stages, rates and times on a terminal, next to nothing elsewhere."""

from __future__ import annotations

import re
import sys
import time

import pytest
from running import Terminal

from paperkg.cli import progress
from paperkg.cli.bar import figures


def to_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Let standard error be a terminal, 120 wide; not in a fixture, since pytest sets it anew after those."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_a_pipe_gets_nothing_of_a_short_run(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress() as stages:
        stages("reading", 0, 0)
        stages("extracting", 4, 4)
    assert capsys.readouterr().err == ""


def test_a_pipe_gets_a_line_for_each_stage_that_took_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "LINE_AFTER_S", 0.05)
    with progress.progress() as stages:
        stages("reading", 0, 0)
        time.sleep(0.1)
        stages("extracting", 1, 4)
        time.sleep(0.1)
        stages("extracting", 4, 4)
        stages("writing", 0, 4)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "paperkg: reading: 0 s"
    assert re.fullmatch(r"paperkg: extracting: 4 papers in 0 s, \d+ a second", lines[1])
    assert len(lines) == 2


def test_a_bar_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = to_terminal(monkeypatch)
    monkeypatch.setattr(progress, "BAR_AFTER_S", 0.01)
    with progress.progress() as stages:
        stages("reading", 0, 0)
        time.sleep(0.3)
        stages("extracting", 10, 4000)
        time.sleep(0.3)
        stages("extracting", 2000, 4000)
        time.sleep(0.3)
        stages("writing", 0, 4000)
        time.sleep(0.3)
    shown = terminal.getvalue()
    assert shown.index("reading") < shown.index("extracting") < shown.index("writing")
    assert "2,000 of 4,000 papers" in shown
    assert "of" not in shown[shown.rindex("writing") :]
    assert re.search(r"papers, [\d,]+/s, 0:00:0\d left", shown)


def test_no_bar_in_a_short_run(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = to_terminal(monkeypatch)
    with progress.progress() as stages:
        stages("reading", 0, 0)
        stages("extracting", 4, 4)
    assert terminal.getvalue().strip() == ""


def test_no_bar_where_it_is_in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = to_terminal(monkeypatch)
    monkeypatch.setattr(progress, "BAR_AFTER_S", 0.0)
    monkeypatch.setattr(progress, "LINE_AFTER_S", 0.0)
    with progress.progress(shown=False) as stages:
        stages("extracting", 1, 4)
        time.sleep(0.1)
    assert terminal.getvalue() == ""


def test_the_bar_goes_when_the_run_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = to_terminal(monkeypatch)
    monkeypatch.setattr(progress, "BAR_AFTER_S", 0.01)
    with pytest.raises(KeyboardInterrupt), progress.progress() as stages:
        stages("extracting", 1, 4)
        time.sleep(0.2)
        raise KeyboardInterrupt
    length = len(terminal.getvalue())
    time.sleep(0.2)
    assert len(terminal.getvalue()) == length


def test_each_stage_is_timed() -> None:
    with progress.progress() as stages:
        stages("reading", 0, 0)
        time.sleep(0.05)
        stages("extracting", 0, 4)
        stages("reading", 0, 0)
        time.sleep(0.05)
    assert list(stages.seconds) == ["reading", "extracting"]
    assert stages.seconds["reading"] >= 0.1 > stages.seconds["extracting"]


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ((0, 0, None, None), ""),
        ((1234, 0, 40.2, None), "1,234 papers, 40/s"),
        ((1200, 5000, 40.0, 95.0), "1,200 of 5,000 papers, 40/s, 0:01:35 left"),
        ((1, 130_624, 0.5, 261_246.0), "1 of 130,624 papers, 0.5/s, 3 days, 0:34:06 left"),
    ],
)
def test_figures(told: tuple[int, int, float | None, float | None], text: str) -> None:
    assert figures(*told) == text
