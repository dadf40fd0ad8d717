"""`paperkg export`: a built graph in one format."""

from __future__ import annotations

import click

from paperkg.cli.console import write_output
from paperkg.cli.options import examples, graph_argument, output_option

FORMATS = (
    "ttl", "nt", "trig", "nq", "jsonld", "rdfxml", "graphml", "gexf", "csv", "json", "html", "pyvis", "merges", "gold",
)  # fmt: skip


@click.command(epilog=examples("paperkg export graphs/seeds --format gexf -o seeds.gexf"))
@graph_argument
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="The format to write.")
@output_option
def export(graph: str, format_: str, output: str) -> None:
    """Write a built graph in a format.

    merges is a table of what was taken for one entity, why, and how sure that is; gold has the papers whose
    edges were corrected by hand, as paperkg evaluate reads them.
    """
    from paperkg import api
    from paperkg.export import render

    write_output(render(api.load(graph), format_), output)
