"""`paperkg query`: SPARQL on a built graph."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from paperkg.cli.console import note, print_table, write_data
from paperkg.cli.options import examples, graph_argument
from paperkg.errors import QueryError

FORMATS = ("table", "json", "csv", "tsv", "xml", "ttl", "nt", "jsonld", "rdfxml")


def _list_examples(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from paperkg.query import examples as shipped

    print_table(["name", "answers"], [[example.name, example.title] for example in shipped()])
    ctx.exit()


@click.command(
    epilog=examples(
        "paperkg query --examples",
        "paperkg query graphs/seeds --example benchmark-coverage",
        "paperkg query graphs/seeds 'SELECT ?title { ?p a pkg:Paper ; dct:title ?title }'",
        "paperkg query graphs/seeds -f question.rq --format csv > answer.csv",
        "paperkg query graphs/seeds --example code --format html > code.html",
    )
)
@graph_argument
@click.argument("query", required=False, metavar="[QUERY]")
@click.option("-f", "--file", metavar="FILE.rq", help="Read the query from a file; - is standard input.")
@click.option("--example", metavar="NAME", help="Run a query that ships with paperkg.")
@click.option(
    "--examples",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_examples,
    help="List the queries that ship with paperkg.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice((*FORMATS, "html")),
    default="table",
    help="ttl, nt, jsonld, rdfxml are for CONSTRUCT; html is the viewer, opened on what is found.",
)
def query(graph: str, query: str | None, file: str | None, example: str | None, format_: str) -> None:
    """Ask a built graph in SPARQL.

    The usual prefixes (pkg, schema, dct, skos, oa, prov, ...) are declared. Nothing can be changed, and
    nothing outside the graph can be reached.
    """
    if sum(given is not None for given in (query, file, example)) != 1:
        raise click.UsageError(
            "give one of QUERY, --file and --example (paperkg query --examples lists them)"
        )
    from paperkg import query as queries
    from paperkg.export import open_engine

    if example is not None:
        query = queries.example(example).query
    elif file is not None:
        query = _read(file)
    engine = open_engine(graph)
    try:
        answer = engine.run(query or "")
    except QueryError as error:
        raise QueryError(error.cause, file=file, line=error.line if file else None, hint=error.hint) from None
    for name, close in queries.unknown_terms(query or "").items():
        meant = f" (did you mean {', '.join(close)}?)" if close else ""
        note(f"{name} is not in the ontology, so nothing has it{meant}")
    if format_ == "html":
        from paperkg.export import load
        from paperkg.html import render_answer

        write_data(render_answer(load(graph), answer, title=example or "Answer of a query"))
    elif format_ == "table" and answer.form == "select":
        print_table(answer.variables, answer.cells())
    else:
        write_data(answer.format(format_))


def _read(file: str) -> str:
    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise QueryError("not UTF-8", file=file, line=line, hint="save the query as UTF-8") from None
