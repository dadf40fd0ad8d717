"""What a row is, and what helps it: counts, chance, programs under limits."""

from __future__ import annotations

import importlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MODULES = (
    "inputs",
    "hostile",
    "texts",
    "piles",
    "outputs",
    "injections",
    "dependencies",
    "killing",
    "writing",
    "queries",
    "server",
    "fuzz",
    "strangers",
    "foreign",
    "conformance",
    "browser",
    "offline",
    "taken_away",
    "visitors",
)
"""The groups of rows; one that is not there has no rows."""


@dataclass(frozen=True)
class Case:
    """What a row is run with.

    Attributes:
        share: the part of the full counts that runs.
        seed: of everything that chance decides.
        scratch: an empty folder.
    """

    share: float
    seed: int
    scratch: Path

    def count(self, full: int, least: int = 1) -> int:
        """How many of `full` are to run."""
        return max(min(least, full), round(full * self.share))

    @property
    def slack(self) -> float:
        """How many times as long as the table says something may take; more where the tests share the processors."""
        return 1 if self.share >= 1 else 5

    @cached_property
    def random(self) -> random.Random:
        """Chance, the same in each run with the same seed."""
        return random.Random(self.seed)


@dataclass(frozen=True)
class Measured:
    """What a row found.

    Attributes:
        figures: what was measured, by what it is.
        failures: sentences that say what did not pass; none if the row passes.
        others: the same of bare libraries, by their name.
    """

    figures: Mapping[str, object]
    failures: Sequence[str] = ()
    others: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row of the table: see the package's docstring."""

    key: str
    test: str
    passes: str
    function: Callable[[Case], Measured]
    minutes: float
    slow: str
    gap: str

    def seconds(self, share: float) -> float:
        """The time limit."""
        return max(300.0, 60 * self.minutes * min(1.0, share))


_ROWS: dict[str, Row] = {}


def row(
    key: str, test: str, *, passes: str, minutes: float = 15, slow: str = "", gap: str = ""
) -> Callable[[Callable[[Case], Measured]], Callable[[Case], Measured]]:
    """Make a function a row of the table.

    Args:
        key: its number in the table, such as `4`, or `4b` for a second one beside it.
        test: what is done.
        passes: when it passes.
        minutes: the time limit at share 1.0.
        slow: why the tests cannot run it even at a hundredth.
        gap: why it fails, if that is known and stands.
    """

    def register(function: Callable[[Case], Measured]) -> Callable[[Case], Measured]:
        if key in _ROWS:
            raise ValueError(f"two rows have the number {key}")
        _ROWS[key] = Row(key, test, passes, function, minutes, slow, gap)
        return function

    return register


def rows() -> list[Row]:
    """All rows in the order of their numbers."""
    for name in MODULES:
        if (Path(__file__).parent / f"{name}.py").exists():
            importlib.import_module(f"torture.{name}")
    return sorted(_ROWS.values(), key=lambda one: _order(one.key))


def _order(key: str) -> tuple[int, str]:
    digits = key.rstrip("abcdefghijklmnopqrstuvwxyz")
    return (int(digits), key) if digits.isdigit() else (1_000, key)


@dataclass(frozen=True)
class Run:
    """What a program did.

    Attributes:
        status: its exit status; minus the number of the signal that ended it, -9 if it ran out of time.
        stdout: its output.
        stderr: the same.
        seconds: on the clock.
        peak: bytes of memory at its largest; that of its largest process if it had children and waited for them.
        late: it was killed at the time limit.
    """

    status: int
    stdout: bytes
    stderr: bytes
    seconds: float
    peak: int
    late: bool


def run_program(
    command: Sequence[str | Path],
    *,
    seconds: float = 60,
    memory: int | None = None,
    file_size: int | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    folder: Path | None = None,
) -> Run:
    """Run a program to its end or to a limit; all that it started is killed then.

    Args:
        command: the program and its arguments; `sys.executable` for Python.
        seconds: on the clock.
        memory: bytes of address space.
        file_size: bytes of any file that it writes (RLIMIT_FSIZE).
        environment: beside the variables of this process.
        stdin: what it reads.
        folder: where it runs.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if memory is not None:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as error,
    ):
        given.write(stdin)
        given.seek(0)
        begun = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=given,
            stdout=out,
            stderr=error,
            cwd=folder,
            env=None if environment is None else {**os.environ, **environment},
            preexec_fn=limit,
            start_new_session=True,
        )
        late, peak = False, 0
        while True:
            peak = max(peak, peak_memory(process.pid))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if not late and time.monotonic() - begun > seconds:
                late = True
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(min(0.05, 0.005 + (time.monotonic() - begun) / 100))
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.monotonic() - begun
        if (
            usage.ru_maxrss * 1024 > peak_memory()
        ):  # less would be what it had of this process before it began
            peak = max(peak, usage.ru_maxrss * 1024)
        with suppress(ProcessLookupError):  # what it left behind
            os.killpg(process.pid, signal.SIGKILL)
        out.seek(0)
        error.seek(0)
        return Run(process.returncode, out.read(), error.read(), took, peak, late)


def peak_memory(pid: int | str = "self") -> int:
    """Bytes of memory of a process at its largest until now; 0 if it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def run_python(code: str, *arguments: str, **limits: object) -> Run:
    """Run a piece of Python under limits: `run_program` with this interpreter."""
    return run_program([sys.executable, "-c", code, *arguments], **limits)  # type: ignore[arg-type]


def megabytes(size: float) -> str:
    """A size for the table."""
    return f"{size / 1e6:,.0f} MB"
