"""What every request must pass before anything else looks at it, and which answers others may read.

A page of a stranger, open in the user's browser, can send requests to this server. It may not pass as this server
itself (its name is not among the allowed hosts), may not send forms (its origin is another), may read no
answer (CORS is off, but for one origin), and cannot have queries run by loading their addresses.
"""

from __future__ import annotations

import re
import socket
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from paperkg.serve.messages import Problem
from paperkg.serve.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::[0-9]{0,5})?", re.ASCII)


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Before `app`."""
        self._app = app
        self._settings = settings
        self._names = {*_LOOPBACK, settings.host.lower()}
        self._anywhere = _is_wildcard(settings.host)
        if self._anywhere:
            self._names.add(socket.gethostname().lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on and say in the answer who may read it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        shared = origin is not None and origin == self._settings.cors

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                if self._settings.cors:
                    answer.add_vary_header("Origin")
                if shared:
                    answer["Access-Control-Allow-Origin"] = str(origin)
                    answer["Access-Control-Expose-Headers"] = "ETag, Retry-After"
                else:
                    answer["Cross-Origin-Resource-Policy"] = "same-origin"
            await send(message)

        try:
            self._check(scope, headers, origin, shared)
        except Problem as problem:
            await problem.response()(scope, receive, complete)
            return
        if shared and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            allowed = {
                "Access-Control-Allow-Methods": "GET, HEAD, POST",
                "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
            }
            await Response(status_code=204, headers=allowed)(scope, receive, complete)
            return
        await self._app(scope, receive, complete)

    def _check(self, scope: Scope, headers: Headers, origin: str | None, shared: bool) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            raise Problem(400, f"a request with {len(hosts)} Host headers", connection="close")
        if not self._is_known(hosts[0]):
            raise Problem(403, f"this server does not answer for the host {hosts[0][:100]!r}")
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._settings.url_size:
            raise Problem(
                414, f"the URL has more than {self._settings.url_size:,} bytes: send the query by POST"
            )
        if "content-length" in headers and "transfer-encoding" in headers:
            raise Problem(400, "a request with two lengths", connection="close")
        # also to GET: the opening of a WebSocket is one, and says nothing else of where it comes from
        if origin is not None and not shared and not _is_same(origin, hosts[0]):
            raise Problem(403, "a page of another origin may not send this")
        if not shared and _is_part_of_another(headers):
            raise Problem(403, "a page of another origin may link to this, and not load it")

    def _is_known(self, host: str) -> bool:
        name = _host_name(host)
        if name in self._names:
            return True
        # no page can make a browser believe that a bare address belongs to its own name
        return self._anywhere and name is not None and _is_address(name)


def _host_name(host: str) -> str | None:
    """The name in a Host header, without port and brackets; None if it is none."""
    found = _HOST.fullmatch(host)
    return (found[1] or found[2]).lower() if found else None


def _is_part_of_another(headers: Headers) -> bool:
    """Whether a page of another origin wants it as a picture, frame, script, data: a browser would show it none of these.

    https://www.w3.org/TR/fetch-metadata/
    """
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return False
    return headers.get("sec-fetch-mode") != "navigate" or headers.get("sec-fetch-dest") != "document"


def _is_same(origin: str, host: str) -> bool:
    scheme, _, rest = origin.partition("://")
    return scheme in ("http", "https") and rest.lower() == host.lower()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_wildcard(host: str) -> bool:
    return _is_address(host) and ip_address(host).is_unspecified
