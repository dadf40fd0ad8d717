"""What the commands that write a graph have in common: the stages of the run, and at its end what it did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paperkg.cli.console import one_line, write_output
from paperkg.cli.decide import note_outcomes
from paperkg.cli.progress import Stages, progress
from paperkg.cli.summary import note_left_out, note_skips, print_counts

if TYPE_CHECKING:
    from paperkg.export.manifest import Manifest


@contextmanager
def writing_run(
    command: str, path: Path, report: str | None, before: Manifest | None = None
) -> Iterator[Stages]:
    """Show the stages of a run that writes a graph; then say what was read, left out, found and joined.

    Args:
        command: its name.
        path: that of the graph's files without ending.
        report: a file that gets the same as JSON, if any.
        before: what the graph was, if the run changes one.
    """
    from paperkg.export import manifest_of
    from paperkg.report import left_out, new_skips, run_report

    if report and not Path(report).resolve().parent.is_dir():
        raise click.BadParameter(f"{report}: no such folder", param_hint="--report")
    with progress() as stages:
        yield stages
    after = manifest_of(path)
    skipped = new_skips(before, after)
    note_skips(skipped)
    made = after.provenance
    note_left_out(left_out(made), float(dict(made.settings).get("min_confidence", 0)))
    if made.outcomes:
        note_outcomes(made.outcomes)
    print_counts(after, skipped, before)
    shown = one_line(str(path))
    if "html" in after.files:
        click.echo(f"open {shown}.html in a browser, or ask: paperkg query {shown} --examples")
    else:
        click.echo(f"look at it: paperkg serve {shown}, or ask: paperkg query {shown} --examples")
    if report:
        told = run_report(command, str(path), before, after, stages.seconds)
        write_output(
            f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode("utf-8", "backslashreplace"), report
        )
