"""The SPARQL endpoint."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Coroutine, Iterable
from contextlib import closing, suppress
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from paperkg.query.formats import ANSWER_FORMATS, GRAPH_FORMATS
from paperkg.serve.answers import Answers, Known
from paperkg.serve.description import service_description
from paperkg.serve.messages import Problem
from paperkg.serve.negotiation import names_tag, negotiate
from paperkg.serve.pool import Pool
from paperkg.serve.request import FORM, QUERY, Asked, read_request
from paperkg.serve.settings import Settings, served

METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def _media_types(names: Iterable[str]) -> dict[str, str]:
    """The names of formats by media type: first the types of all of them, then what else stands for them."""
    known = {name: ANSWER_FORMATS[name] for name in names}
    own = {format_.media_type.partition(";")[0]: name for name, format_ in known.items()}
    return own | {
        kind: name for name, format_ in known.items() for kind in format_.accepted if kind not in own
    }


ROWS = _media_types(("json", "xml", "csv", "tsv"))
"""Names of the formats of SELECT and ASK by media type, the preferred first."""
GRAPHS = _media_types(GRAPH_FORMATS)
"""Names of the formats of CONSTRUCT and DESCRIBE by media type, the preferred first."""

_CHANGING = re.compile(r"now|rand|uuid|bnode", re.IGNORECASE)
"""What may make the answer of a query another one each time."""


async def endpoint(request: Request) -> Response:
    """GET, HEAD, POST and OPTIONS of /sparql."""
    if request.method == "OPTIONS":
        return Response(
            status_code=204, headers={"Allow": ", ".join(METHODS), "Accept-Post": f"{FORM}, {QUERY}"}
        )
    settings = served(request).settings
    body = await read_body(request, settings) if request.method == "POST" else None
    asked = read_request(request.url.query.encode(), request.headers.get("content-type"), body)
    accept = request.headers.getlist("accept")
    if asked is None:
        return await _describe(request, negotiate(accept, tuple(GRAPHS)))
    rows, graph = negotiate(accept, tuple(ROWS)), negotiate(accept, tuple(GRAPHS))
    if rows is None and graph is None:
        raise Problem(406, f"no answer can be given as asked for; there are {', '.join((*ROWS, *GRAPHS))}")
    tag = _tag(served(request).build, asked, _address(request), rows, graph)
    headers = {"Cache-Control": "no-cache", "Vary": "Accept"} | ({"ETag": tag} if tag else {})
    if tag and names_tag(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    answers: Answers = request.app.state.answers
    if tag and (known := answers.get(tag)):
        return Response(known.content, headers=headers | {"Content-Type": known.media_type})
    question = {
        "query": asked.query,
        "rows": ROWS[rows] if rows else None,
        "graph": GRAPHS[graph] if graph else None,
        "dataset": asked.dataset,
        "base": _address(request),
    }
    return _Answer(request.app.state.pool, question, rows, graph, headers, answers, tag, settings.send_time)


def _address(request: Request) -> str:
    """That of the endpoint, as the client knows it."""
    return str(request.url.replace(query="", fragment=""))


async def _describe(request: Request, kind: str | None) -> Response:
    if kind is None:
        raise Problem(
            406, f"the description of the service cannot be given as asked for; there are {', '.join(GRAPHS)}"
        )
    answers: Answers = request.app.state.answers
    address = _address(request)
    key = f"description of {address} as {kind}"
    known = answers.get(key)
    if known is None:
        known = Known(_with_charset(kind), await service_description(served(request), address, GRAPHS[kind]))
        answers.keep(key, known)
    headers = {"Content-Type": known.media_type, "Cache-Control": "no-cache", "Vary": "Accept"}
    return Response(known.content, headers=headers)


async def read_body(request: Request, settings: Settings) -> bytes:
    """The body of a request, if it is not too large and comes in time."""
    if "content-encoding" in request.headers:
        raise Problem(415, "the body is compressed: send it as it is")
    if "content-length" not in request.headers and "transfer-encoding" not in request.headers:
        raise Problem(411, "the request does not say how long its body is")
    too_large = Problem(413, f"the body has more than {settings.body_size:,} bytes")
    if int(request.headers.get("content-length", "0")) > settings.body_size:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(settings.receive_time):
            async for piece in request.stream():
                body += piece
                if len(body) > settings.body_size:
                    raise too_large
    except TimeoutError:
        raise Problem(
            408, f"the body did not come within {settings.receive_time:g} s", connection="close"
        ) from None
    except ClientDisconnect:
        raise Problem(400, "the client left before the end of the body") from None
    return bytes(body)


class _Answer(Response):
    """Runs the query when the response is wanted, and ends it when the client leaves."""

    def __init__(
        self,
        pool: Pool,
        question: dict[str, Any],
        rows: str | None,
        graph: str | None,
        headers: dict[str, str],
        answers: Answers,
        tag: str | None,
        send_time: float,
    ) -> None:
        self._pool = pool
        self._question = question
        self._rows = rows
        self._graph = graph
        self._about = headers
        self._answers = answers
        self._tag = tag
        self._send_time = send_time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await until_left(self._run(send), receive)

    async def _run(self, send: Send) -> None:
        reply = await self._pool.ask(**self._question)
        kind = _with_charset(str(self._graph if reply.is_graph else self._rows))
        headers = {**self._about, "Content-Type": kind, "Content-Length": str(reply.size)}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        if self._tag and isinstance(reply.content, bytes):
            self._answers.keep(self._tag, Known(kind, reply.content))
        with closing(reply.pieces()) as pieces:
            async with asyncio.timeout(self._send_time):
                await send({"type": "http.response.start", "status": 200, "headers": raw})
                for piece in pieces:  # as fast as the client takes them
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                await send({"type": "http.response.body", "body": b""})


async def until_left(work: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Do something for a client; cancel it when the client leaves."""

    async def leaves() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.create_task(work), asyncio.create_task(leaves())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            with suppress(TimeoutError):  # the client does not take what it was sent: the connection ends
                tasks[0].result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def _tag(build: str, asked: Asked, base: str, rows: str | None, graph: str | None) -> str | None:
    """What stands for an answer: the same for the same bytes; None if a query may have another each time."""
    if _CHANGING.search(asked.query):
        return None
    key = repr((build, asked, base, rows, graph)).encode()
    return f'W/"{hashlib.sha256(key).hexdigest()[:32]}"'
