"""Every end of a run is an exit status and at most one line of standard error."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest

from paperkg import __version__
from paperkg.cli import app
from paperkg.errors import PaperkgError, SourceError
from paperkg.text.controls import CONTROLS

Run = Callable[..., int]


@pytest.fixture
def run_raising(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `paperkg boom`, a command that raises what it is given or returns it."""

    def run(outcome: BaseException | int | None) -> int:
        @click.command()
        def boom() -> int | None:
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        module = ModuleType("boom_module")
        module.boom = boom  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "boom_module", module)
        monkeypatch.setitem(app._COMMANDS, "boom", "boom_module")
        return app.run(["boom"])

    return run


@pytest.mark.parametrize(("returned", "status"), [(None, 0), (0, 0), (3, 3)])
def test_the_status_of_a_command(run_raising: Run, returned: int | None, status: int) -> None:
    assert run_raising(returned) == status


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PaperkgError("no papers here"), "paperkg: no papers here"),
        (
            SourceError("bad JSON", file="a.jsonl", line=7, hint="mend or delete the line"),
            "paperkg: a.jsonl:7: bad JSON (mend or delete the line)",
        ),
        (
            SourceError("not a listing", file="a\x1b[2J\nb.txt"),
            r"paperkg: a\x1b[2J b.txt: not a listing",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "out/x.ttl"),
            "paperkg: out/x.ttl: No space left on device "
            "(free some space and run it again; files that were there are unchanged)",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "x"),
            "paperkg: x: Permission denied (check the permissions)",
        ),
        (OSError(errno.EIO, "Input/output error", "x"), "paperkg: x: Input/output error"),
        (OSError("odd"), "paperkg: odd"),
        (
            KeyboardInterrupt(),
            "paperkg: interrupted (run it again; files that were there are unchanged)",
        ),
        (MemoryError(), "paperkg: out of memory (give it fewer papers at a time)"),
        (
            sqlite3.OperationalError("database or disk is full"),
            "paperkg: a working file cannot be written: database or disk is full "
            "(make room on that disk, or let TMPDIR name a folder with room)",
        ),
        (
            ZeroDivisionError("division by zero"),
            "paperkg: an error in paperkg itself: ZeroDivisionError: division by zero "
            "(please report it; PYTHONDEVMODE=1 shows where)",
        ),
        (
            RecursionError("deep"),
            "paperkg: an error in paperkg itself: RecursionError: deep "
            "(please report it; PYTHONDEVMODE=1 shows where)",
        ),
    ],
)
def test_an_error_is_one_line(
    run_raising: Run, capsys: pytest.CaptureFixture[str], error: BaseException, line: str
) -> None:
    assert run_raising(error) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip() == line


@pytest.mark.parametrize("args", [["nonsense"], ["--nonsense"], ["query"], ["build"]])
def test_wrong_usage(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(args) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Usage: paperkg" in err


@pytest.mark.parametrize(
    "args",
    [
        ["build", "x.jsonl", "--report", "no/\u202e\x9b31m/x"],
        ["stats", "a", "\u202e\x9b31m"],
        ["--\u202e\x9b31m"],
    ],
)
def test_wrong_usage_shows_no_control_character(
    args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert app.run(args) == 2
    err = capsys.readouterr().err
    assert "\\u202e\\x9b31m" in err
    assert CONTROLS.search(err) is None


def test_a_command_misspelt(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["biuld", "seeds"]) == 2
    assert "no command 'biuld' (did you mean build?)" in capsys.readouterr().err


def test_no_sentence_in_the_list_of_commands_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["-h"]) == 0
    assert "..." not in capsys.readouterr().out.split("Commands:\n")[1]


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run([flag]) == 0
    out = capsys.readouterr().out
    assert "paperkg build seeds" in out
    assert [line.split()[0] for line in out.split("Commands:\n")[1].split("\n\n")[0].splitlines()] == list(
        app._COMMANDS
    )


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run(["--version"]) == 0
    assert capsys.readouterr().out == f"paperkg {__version__}\n"


@pytest.mark.parametrize("name", app._COMMANDS)
def test_every_command_has_a_sentence_and_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.run([name, "-h"]) == 0
    out = capsys.readouterr().out
    summary = out.split("\n\n")[1].split("\n\n")[0]
    assert summary.strip().endswith(".")
    assert f"paperkg {name} " in out.split("Examples:")[1]


def _paperkg(*args: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "paperkg", *args], capture_output=True, **options)  # type: ignore


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-m", "paperkg", "--help"], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert done.returncode == 1
    assert done.stderr == b""


def test_a_closed_standard_output_is_one_line() -> None:
    command = 'exec "$0" -m paperkg --help >&-'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True)
    assert done.returncode == 1
    assert done.stderr == b"paperkg: standard output is closed (open it, or send it to a file)\n"


@pytest.mark.skipif(os.name != "posix", reason="limits of processes are POSIX")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_part_of_the_output_is_no_success(tmp_path: Path, unbuffered: str) -> None:
    import resource

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "paperkg", "--help"],
            stdout=out,
            stderr=subprocess.PIPE,
            preexec_fn=limited,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 1
    assert b"File too large" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "paperkg", "--help"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        b"paperkg: No space left on device "
        b"(free some space and run it again; files that were there are unchanged)"
    ]
