"""Responses with a tag, so that a browser asks again without being sent the same bytes."""

from __future__ import annotations

import hashlib

from starlette.requests import Request
from starlette.responses import Response

from paperkg.serve.negotiation import names_tag
from paperkg.serve.security import PAGE_POLICY


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
    return Response(content, status, headers, media_type)


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
