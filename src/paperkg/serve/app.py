"""The application: the endpoint, the pages, and what lies before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from paperkg.query import Answer
from paperkg.serve import pages, sparql
from paperkg.serve.answers import Answers
from paperkg.serve.graphs import Opened, open_graph
from paperkg.serve.guard import Guard
from paperkg.serve.messages import Problem
from paperkg.serve.pool import Pool, Refused
from paperkg.serve.security import SecurityHeaders
from paperkg.serve.settings import Served, Settings

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

PAGES = 2
"""Pages that are made at one time: more threads would only take turns with the one that passes on answers."""
BUSY = 503
STATUS = {
    "query": 400,
    "format": 406,
    "size": 422,
    "memory": 422,
    "time": 422,
    "depth": 422,
    "busy": BUSY,
    "broken": BUSY,
}
"""By the reason why a query has no answer."""
RETRY = {"retry_after": "1"}


def routes() -> list[BaseRoute]:
    """All routes, the first that fits counts."""
    return [Route("/sparql", sparql.endpoint, methods=list(sparql.METHODS)), *pages.routes()]


def create_app(graph: KnowledgeGraph | str | Path, settings: Settings) -> Starlette:
    """A server's application. While it runs, it keeps the processes in which queries run.

    Args:
        graph: a graph, or the path of a built one, which is opened now.
        settings: what it allows.

    Raises:
        GraphError: there is no graph, or a file of it was changed, cut or removed.
    """
    return assemble(open_graph(graph), settings)


def assemble(opened: Opened, settings: Settings) -> Starlette:
    """The same for a graph that is open."""
    pool = Pool(opened.data, settings)

    async def ask(query: str) -> Answer:
        reply = await pool.ask(query, rows="json", graph="nt")
        return Answer(reply.form, b"".join(reply.pieces()))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await pool.start()
        current_default_thread_limiter().total_tokens = PAGES
        try:
            yield
        finally:
            await pool.close()

    app = Starlette(
        routes=routes(),
        middleware=[Middleware(SecurityHeaders), Middleware(Guard, settings=settings)],
        exception_handlers={Problem: _say, Refused: _say, HTTPException: _say},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.pool = pool
    app.state.answers = Answers()
    app.state.served = Served(opened.kg, opened.title, opened.build, settings, ask)
    return app


async def _say(request: Request, error: Exception) -> Response:
    """The answer to a request that is refused."""
    if isinstance(error, Refused):
        status = STATUS[error.reason]
        error = Problem(status, str(error), **(RETRY if status == BUSY else {}))
    if isinstance(error, HTTPException):
        error = Problem(error.status_code, error.detail, **dict(error.headers or {}))
    if isinstance(error, Problem):
        return error.response()
    raise error
