"""What the tests of commands share."""

from __future__ import annotations

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
