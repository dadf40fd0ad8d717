"""`paperkg stats`: what a built graph holds, in numbers."""

from __future__ import annotations

import json

import click

from paperkg.cli.console import note, print_table, write_data
from paperkg.cli.options import examples, graph_argument
from paperkg.cli.summary import print_counts


@click.command(epilog=examples("paperkg stats graphs/seeds", "paperkg stats graphs/seeds --format json"))
@graph_argument
@click.option(
    "--format", "format_", type=click.Choice(("table", "json")), default="table", help="How to print them."
)
def stats(graph: str, format_: str) -> None:
    """Show what a built graph holds, in numbers.

    They stand in its manifest, so that a large graph takes no longer than a small one.
    """
    from paperkg.export import find_set, manifest_of
    from paperkg.report import held

    manifest = manifest_of(graph)
    told = held(manifest)
    if format_ == "json":
        write_data(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n")
        return
    settings = [f"{name} {value}" for name, value in told["settings"].items() if name != "base"]
    note(f"{find_set(graph)}: {', '.join((told['extractor'], *settings))}, by paperkg {told['paperkg']}")
    print_counts(manifest, manifest.provenance.skipped)
    print_table(
        ["inputs", "files", "records"],
        [[name, str(of["files"]), str(of["records"])] for name, of in told["inputs"].items()],
        right=[1, 2],
    )
    click.echo()
    if told["decisions"]["made"]:
        by_hand = {
            "decisions": told["decisions"]["made"],
            "without effect": told["decisions"]["without_effect"],
            "IRIs that gave way": told["replaced"],
        }
        print_table(
            ["by hand", "number"], [[name, str(number)] for name, number in by_hand.items()], right=[1]
        )
        click.echo()
    print_table(["file", "bytes"], [[name, f"{size:,}"] for name, size in told["files"].items()], right=[1])
