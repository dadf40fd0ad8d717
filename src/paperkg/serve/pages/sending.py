"""Responses with a tag, so that a browser asks again without being sent the same bytes."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from paperkg.serve.negotiation import names_tag
from paperkg.serve.pool import PIECE
from paperkg.serve.security import PAGE_POLICY
from paperkg.serve.settings import served
from paperkg.serve.sparql import until_left


class InPieces(Response):
    """Passed on as fast as the client takes it, and not for ever: nothing is held for each client."""

    def __init__(self, content: bytes, *args: Any, send_time: float) -> None:
        """As for any response; the seconds in which it must be taken."""
        super().__init__(content, *args)
        self._send_time = send_time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await until_left(self._run(send), receive)

    async def _run(self, send: Send) -> None:
        async with asyncio.timeout(self._send_time):
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            for at in range(0, len(self.body), PIECE):
                piece = self.body[at : at + PIECE]
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


def send(
    content: bytes,
    request: Request,
    media_type: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Some bytes, or none of them where the client has them."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag} | (headers or {})
    known = request.headers.get("if-none-match", "")
    if status == 200 and (known.strip() == "*" or names_tag(known, tag)):
        return Response(status_code=304, headers=headers)
    return InPieces(content, status, headers, media_type, send_time=served(request).settings.send_time)


def send_page(
    content: bytes,
    request: Request,
    *,
    status: int = 200,
    policy: str = PAGE_POLICY,
    headers: dict[str, str] | None = None,
) -> Response:
    """A page under a Content Security Policy."""
    headers = {"Content-Security-Policy": policy} | (headers or {})
    return send(content, request, "text/html; charset=utf-8", status=status, headers=headers)
