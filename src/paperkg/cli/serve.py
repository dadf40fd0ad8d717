"""`paperkg serve`: a built graph as a SPARQL endpoint, with pages."""

from __future__ import annotations

import os
import re
import sys

import click

from paperkg.cli.console import one_line
from paperkg.cli.options import examples, graph_argument
from paperkg.errors import MissingExtra, PaperkgError

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")


def _check_origin(_: click.Context, __: click.Parameter, origin: str | None) -> str | None:
    if origin is None:
        return None
    origin = origin.lower().removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise click.BadParameter(f"{origin!r} is no origin; write it like https://example.org")
    return origin


@click.command(
    epilog=examples(
        "paperkg serve graphs/seeds",
        "curl -G http://127.0.0.1:8000/sparql --data-urlencode 'query=SELECT ?t { ?p a pkg:Paper ; dct:title ?t }'",
    )
)
@graph_argument
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    metavar="PORT",
    help="Port to listen on; 0 is any free one.",
)
@click.option(
    "--cors",
    metavar="ORIGIN",
    callback=_check_origin,
    help="Let the pages of this origin (https://example.org) read the answers.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, 3600, min_open=True),
    default=10.0,
    metavar="S",
    help="Seconds after which a query is ended.",
)
def serve(graph: str, host: str, port: int, cors: str | None, time_limit: float) -> None:
    """Serve a built graph on this computer: pages, and SPARQL.

    The explorer, a query editor, a page for each paper and entity, and SPARQL 1.1 at /sparql. Nothing can be
    changed through it. Queries run in processes with limits on time and memory. Ctrl-C ends the server. It
    needs the extra `serve`.
    """
    if sys.platform != "linux":
        raise PaperkgError(
            "paperkg serve needs Linux, which alone can limit what a query takes",
            hint="load the graph's files into another server",
        )
    try:
        from paperkg.serve.app import create_app
        from paperkg.serve.http import listen, run
        from paperkg.serve.settings import Settings
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("h11", "starlette", "uvicorn"):
            raise
        raise MissingExtra(f"serving needs {error.name}", hint="pip install 'paperkg[serve]'") from None
    settings = Settings(host=host, port=port, cors=cors, query_time=time_limit)
    try:
        bound = listen(settings)
    except OSError as error:
        # asyncio writes the address behind the system's own words; errors of names have negative numbers
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        cause = f"cannot listen on {host}, port {port}: {why}"
        raise PaperkgError(
            cause, hint="choose another --port, or an address of this computer as --host"
        ) from None
    with bound:
        app = create_app(graph, settings)
        address = f"http://{f'[{host}]' if ':' in host else host}:{bound.getsockname()[1]}/"
        line = f"serving {one_line(graph)} at {address} (Ctrl-C ends it)"
        run(app, bound, settings, ready=lambda: click.echo(line))
