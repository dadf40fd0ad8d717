"""`paperkg validate`: a built graph held against its shapes."""

from __future__ import annotations

import click

from paperkg.cli.console import CHECK_FAILED, note, one_line
from paperkg.cli.options import examples, graph_argument
from paperkg.text.plural import count


@click.command(epilog=examples("paperkg validate graphs/seeds"))
@graph_argument
def validate(graph: str) -> int:
    """Check a built graph: its files, and its SHACL shapes.

    Prints one line for each file that is not as it was written, decisions that were edited since among them,
    and for each violation of a shape, with the paper concerned, and ends with status 3 if there is any.
    """
    from paperkg import api
    from paperkg.export import changed_files, decisions_edited, find_set
    from paperkg.rdf import validate as violations

    if changed := changed_files(graph):
        found = [f"{file}: missing, or not as it was written" for file in changed]
        return _failed(graph, found, "build the graph again, or bring back the files")
    kg = api.load(graph)
    if decisions_edited(graph, kg.provenance):
        found = [f"{find_set(graph)}.decisions.tsv: not as it was when the graph was made"]
        return _failed(graph, found, f"bring it back, or apply it: paperkg decisions {graph} --apply")
    if broken := violations(kg):
        line = {paper: f"{find_set(graph)}.papers.jsonl, line {n}" for n, paper in enumerate(kg.papers, 1)}
        found = [f"{line.get(violation.paper, graph)}: {violation}" for violation in broken]
        return _failed(
            graph, found, "build the graph again; if they stay, report them to those who make paperkg"
        )
    held = f"{count(len(kg.papers), 'paper')} and {count(len(kg.entities), 'entity')}"
    note(f"{graph}: {held}, no violation")
    return 0


def _failed(graph: str, violations: list[str], hint: str) -> int:
    for violation in violations:
        click.echo(one_line(violation))
    note(f"{graph}: {count(len(violations), 'violation')} ({hint})")
    return CHECK_FAILED
