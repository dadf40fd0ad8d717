"""What a user sees of a long run: a bar on a terminal, in a file or a pipe a line for each stage that took long."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from paperkg.cli.console import note
from paperkg.text.plural import count

if TYPE_CHECKING:
    from paperkg.cli.bar import Bar

BAR_AFTER_S = 1.0
LINE_AFTER_S = 60.0
_EVERY_S = 0.05


class Stages:
    """Is told of the stages of a run (`paperkg.api.Progress`), shows them, and measures how long each takes."""

    def __init__(self, bar: Bar | None, lines: bool) -> None:
        """For `progress`."""
        self._bar, self._lines = bar, lines
        self._stage, self._begin, self._drawn, self._done = "", monotonic(), 0.0, 0
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: str, done: int, of: int) -> None:
        """A stage begins or goes on: so many papers are done, of so many, or of 0 if nobody knows."""
        now = monotonic()
        if stage != self._stage:
            self.finish()
            self._stage, self._begin, self._drawn = stage, now, 0.0
            if self._bar:
                self._bar.stage(stage)
        self._done = done
        if self._bar and (now - self._drawn >= _EVERY_S or done == of):
            self._drawn = now
            self._bar.update(done, of)

    def finish(self) -> None:
        """The stage that went on has ended."""
        if not self._stage:
            return
        took = monotonic() - self._begin
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + took
        if self._lines and took >= LINE_AFTER_S:
            note(f"{self._stage}: {_told(self._done, took)}")
        self._stage = ""


def _told(done: int, seconds: float) -> str:
    if not done:
        return f"{seconds:,.0f} s"
    rate = done / seconds
    each = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
    return f"{count(done, 'paper')} in {seconds:,.0f} s, {each} a second"


@contextmanager
def progress(*, shown: bool = True) -> Iterator[Stages]:
    """Show the stages of the block on standard error, if it runs for longer than a second.

    Args:
        shown: False where a bar would be in the way of what is printed.

    Yields:
        What is to be told of the stages; its `seconds` are whole when the block has ended.
    """
    terminal = sys.stderr.isatty()
    bar = None
    if shown and terminal:
        from paperkg.cli.bar import Bar

        bar = Bar(BAR_AFTER_S)
    stages = Stages(bar, lines=not terminal)
    try:
        yield stages
        stages.finish()
    finally:
        if bar:
            bar.close()
