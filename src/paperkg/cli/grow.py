"""`paperkg add` and `paperkg remove`: a built graph grows and shrinks in place."""

from __future__ import annotations

import click

from paperkg.cli.options import (
    cluster_options,
    examples,
    graph_argument,
    processes_option,
    report_option,
    sources_argument,
)
from paperkg.cli.runs import writing_run


@click.command(
    epilog=examples(
        "paperkg add graphs/seeds new.jsonl", "paperkg fetch daily 2025-05-30 | paperkg add graphs/seeds -"
    )
)
@graph_argument
@sources_argument
@processes_option
@cluster_options
@report_option
def add(
    graph: str, sources: tuple[str, ...], processes: int | None, cluster: str | None, report: str | None
) -> None:
    """Add papers to a built graph.

    A SOURCE is what it is for `paperkg build`. The graph is then what a build from all its sources gives, with
    the settings that it was built with; only papers that are new to it are read.
    """
    from paperkg.building import Running, add_papers
    from paperkg.export import find_set, manifest_of

    with writing_run("add", find_set(graph), report, manifest_of(graph)) as stages:
        add_papers(graph, sources, Running(processes, stages, cluster))


@click.command(
    epilog=examples(
        "paperkg remove graphs/seeds 2312.04350",
        "paperkg remove graphs/seeds crawdad 'TabPFN: A Transformer That' --report removed.json",
    )
)
@graph_argument
@click.argument("papers", nargs=-1, required=True, metavar="PAPER...")
@report_option
def remove(graph: str, papers: tuple[str, ...], report: str | None) -> None:
    """Remove papers from a built graph.

    A PAPER is an id, an IRI or a title (its beginning is enough). The graph is then what a build without these
    papers gives.
    """
    from paperkg.building import Running, remove_papers
    from paperkg.export import find_set, manifest_of

    with writing_run("remove", find_set(graph), report, manifest_of(graph)) as stages:
        remove_papers(graph, papers, Running(progress=stages))
