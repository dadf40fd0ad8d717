"""`paperkg serve`: a built graph as a SPARQL endpoint, with pages."""

from __future__ import annotations

import sys

import click

from paperkg.cli.options import examples, graph_argument
from paperkg.errors import MissingExtra, PaperkgError


@click.command(
    epilog=examples(
        "paperkg serve graphs/seeds",
        "curl 'http://127.0.0.1:8000/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D'",
    )
)
@graph_argument
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, help="Port to listen on; 0 is any free one."
)
@click.option(
    "--cors", metavar="ORIGIN", help="Let the pages of this origin (https://example.org) read the answers."
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, 3600, min_open=True),
    default=10.0,
    metavar="S",
    help="Seconds after which a query is ended.",
)
def serve(graph: str, host: str, port: int, cors: str | None, time_limit: float) -> None:
    """Serve a built graph on this computer: a SPARQL 1.1 endpoint at /sparql.

    Nothing can be changed through it. Each query runs in a process of its own, with limits on time and memory.
    Ctrl-C ends the server.
    """
    if sys.platform != "linux":
        raise PaperkgError(
            "paperkg serve needs Linux, which alone can limit a query",
            hint="load the graph's files into another server",
        )
    try:
        from paperkg.serve.app import create_app
        from paperkg.serve.http import listen, run
        from paperkg.serve.settings import Settings
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn"):
            raise
        raise MissingExtra(f"serving needs {error.name}", hint="pip install 'paperkg[serve]'") from None
    settings = Settings(host=host, port=port, cors=cors and cors.rstrip("/").lower(), query_time=time_limit)
    try:
        bound = listen(settings)
    except OSError as error:
        raise PaperkgError(
            f"cannot listen on {host}, port {port}: {error.strerror}", hint="choose another --port"
        ) from None
    with bound:
        app = create_app(graph, settings)
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{bound.getsockname()[1]}/"
        run(app, bound, settings, ready=lambda: click.echo(f"serving {graph} at {address} (Ctrl-C ends it)"))
