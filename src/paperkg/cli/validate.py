"""`paperkg validate`: a built graph held against its shapes."""

from __future__ import annotations

import click

from paperkg.cli.console import CHECK_FAILED, note, one_line
from paperkg.cli.options import examples, graph_argument


@click.command(epilog=examples("paperkg validate graphs/seeds"))
@graph_argument
def validate(graph: str) -> int:
    """Check a built graph against its SHACL shapes.

    Prints one line for each violation, and ends with status 3 if there is any.
    """
    from paperkg import api
    from paperkg.rdf import validate as violations

    kg = api.load(graph)
    found = violations(kg)
    for violation in found:
        click.echo(one_line(str(violation)))
    if found:
        note(f"{graph}: {len(found)} violation{'s' if len(found) > 1 else ''}")
        return CHECK_FAILED
    note(f"{graph}: {len(kg.papers)} papers and {len(kg.entities)} entities, no violation")
    return 0
