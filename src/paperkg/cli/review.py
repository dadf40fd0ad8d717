"""`paperkg review`: what a person should look at in a built graph."""

from __future__ import annotations

import shlex
from itertools import groupby

import click

from paperkg.cli.console import note, one_line
from paperkg.cli.options import examples, graph_argument

_HEADINGS = {
    "joins": "joined on little evidence: one thing or two?",
    "abbreviations": "abbreviations that stand alone: which of their meanings?",
    "types": "one name, several entities: one thing or several?",
    "duplicates": "nearly one name: one thing or two?",
    "edges": "edges that are more likely wrong than right",
}


@click.command(
    epilog=examples("paperkg review graphs/seeds", "paperkg review graphs/seeds --about edges --most 50")
)
@graph_argument
@click.option("--about", type=click.Choice(tuple(_HEADINGS)), help="Show one kind of doubt alone.")
@click.option("--most", type=click.IntRange(min=1), default=10, metavar="NUMBER", help="Lines of each kind.")
def review(graph: str, about: str | None, most: int) -> None:
    """List what is doubtful in a built graph, and what settles it.

    Each doubt stands above the command that settles it, the most doubtful first. What a decision settled is
    not listed again.
    """
    from paperkg import api
    from paperkg.doubts import review as doubts

    found = [doubt for doubt in doubts(api.load(graph)) if about in (None, doubt.about)]
    for kind, group in groupby(found, key=lambda doubt: doubt.about):
        some = list(group)
        click.echo(f"{_HEADINGS[kind]} ({len(some)})")
        for doubt in some[:most]:
            verb, *words = doubt.settle
            verb, _, other = verb.partition("|")
            command = shlex.join(("paperkg", verb, *(graph if word == "GRAPH" else word for word in words)))
            tail = f" # or {other}" if other else ""
            click.echo(f"  {one_line(doubt.what)}\n    {one_line(command + tail)}")
        if len(some) > most:
            click.echo(f"  and {len(some) - most} more (--about {kind} --most {len(some)})")
        click.echo()
    if not found:
        note(f"{graph}: nothing doubtful")
