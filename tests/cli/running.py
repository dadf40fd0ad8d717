"""What the tests of commands share."""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple, Protocol


class Ran(NamedTuple):
    """What a command gave."""

    status: int
    out: str
    err: str


class RunCommand(Protocol):
    """Runs `paperkg ARGS`."""

    def __call__(self, *args: str | Path) -> Ran: ...


class Terminal(io.StringIO):
    """A standard stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True
