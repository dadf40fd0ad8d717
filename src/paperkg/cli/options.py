"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import click


def examples(*lines: str) -> str:
    """The block of examples at the end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


sources_argument = click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
graph_argument = click.argument("graph", metavar="GRAPH")
output_option = click.option(
    "-o", "--output", default="-", metavar="FILE", help="File to write; - is standard output."
)
fast_option = click.option(
    "--fast",
    is_flag=True,
    help="Read by rules and lexicon alone: many times as fast, and less is found.",
)
processes_option = click.option(
    "--processes",
    type=click.IntRange(1, 256),
    metavar="N",
    help="How many processes read papers; the result is the same.  [default: as many as are of use]",
)


def cluster_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options `--engine` and `--address`, which the command gets as `cluster`: an address, or None for this machine."""

    @click.option(
        "--engine",
        type=click.Choice(["local", "ray"]),
        default="local",
        show_default=True,
        help="Where papers are read: on this machine, or on a Ray cluster; the result is the same.",
    )
    @click.option(
        "--address",
        metavar="HOST:PORT",
        help="Address of the Ray cluster.  [default: the one that this machine belongs to]",
    )
    @wraps(command)
    def with_cluster(*args: Any, engine: str, address: str | None, **more: Any) -> None:
        if address is not None and engine != "ray":
            raise click.UsageError("--address is that of a Ray cluster: it needs --engine ray")
        return command(*args, cluster=(address or "auto") if engine == "ray" else None, **more)

    return with_cluster


lexicon_option = click.option(
    "--lexicon",
    metavar="FILE.tsv",
    help="Names of your own: name, type, family, guard, aliases, with tabs between.",
)
min_confidence_option = click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Leave out what is right with a smaller probability than this, 0 to 1.",
)
report_option = click.option(
    "--report",
    metavar="FILE.json",
    help="Write what was read, left out, found and joined as JSON, with the seconds that each stage took.",
)
