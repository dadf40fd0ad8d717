"""`paperkg doctor`: what is wrong with the installation or a graph, and what to do."""

from __future__ import annotations

from itertools import chain

import click

from paperkg.cli.console import CHECK_FAILED, note, one_line
from paperkg.cli.options import examples
from paperkg.text.plural import count


@click.command(epilog=examples("paperkg doctor", "paperkg doctor graphs/seeds"))
@click.argument("graph", metavar="[GRAPH]", required=False)
def doctor(graph: str | None) -> int:
    """Say what is wrong with the installation, and with a graph.

    Prints a line for each check: what was found and, where it is not as it should be, what to do. Ends with status 3
    if something is wrong. Nothing is changed, but what a killed writer of the graph had begun is finished.
    """
    from paperkg.doctor import examine_graph, examine_installation

    found = []
    for finding in chain(examine_installation(), examine_graph(graph) if graph else ()):
        found.append(finding.level)
        to_do = f" ({finding.to_do})" if finding.to_do else ""
        click.echo(f"{finding.level:5}  " + one_line(f"{finding.about}: {finding.what}{to_do}"))
    bad = found.count("wrong")
    note(f"{count(len(found), 'check')}, {bad or 'nothing'} wrong")
    return CHECK_FAILED if bad else 0
