"""The bar that shows how far a stage is. It is imported when one is shown: rich takes its time."""

from __future__ import annotations

import threading
from datetime import timedelta

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text


class _Figures(ProgressColumn):
    """Papers that are done and of all, how many a second, and the time that is left."""

    def render(self, task: Task) -> Text:
        return Text(figures(int(task.completed), int(task.total or 0), task.speed, task.time_remaining))


def figures(done: int, of: int, speed: float | None, left_s: float | None) -> str:
    """`1,200 of 5,000 papers, 40/s, 0:01:35 left`, as far as it is known."""
    parts = [f"{done:,} of {of:,} papers"] if of else [f"{done:,} papers"] if done else []
    if speed:
        parts.append(f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s")
    if left_s is not None and of:
        parts.append(f"{timedelta(seconds=round(left_s))} left")
    return ", ".join(parts)


class Bar:
    """A bar on standard error that appears some time after it was made."""

    def __init__(self, after_s: float) -> None:
        """Start waiting."""
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            _Figures(),
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("", total=None)
        self._timer = threading.Timer(after_s, self._bar.start)
        self._timer.daemon = True
        self._timer.start()

    def stage(self, name: str) -> None:
        """Begin a stage."""
        self._bar.remove_task(self._task)
        self._task = self._bar.add_task(name, total=None)

    def update(self, done: int, of: int) -> None:
        """Show how far the stage is; of 0 papers means that nobody knows of how many."""
        self._bar.update(self._task, completed=done, total=of if done and of else None)

    def close(self) -> None:
        """Take the bar away."""
        self._timer.cancel()
        self._timer.join()
        self._bar.stop()
