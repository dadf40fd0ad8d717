"""What the tests of commands share."""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple, Protocol

GOOD = {
    "id": "2312.04350",
    "title": "CLadder: A Benchmark for Causal Reasoning",
    "abstract": "We introduce CLadder, a benchmark for causal reasoning. We evaluate GPT-4 on it.",
}
HOSTILE = {
    "id": "evil\x1b]0;owned\x07",
    "title": "\x1b[2JWe \u202eintroduce <script>alert(1)</script>",
    "abstract": "We introduce EvilNet\x9b31m, a model for image classification on ImageNet.",
}
"""A record of a paper, and one of somebody who means harm."""


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
