"""Where a server listens, and which hosts and origins it answers, by its address."""

from __future__ import annotations

import socket

import event_loop
import pytest
from starlette.types import Message, Receive, Scope, Send

from paperkg.serve.guard import Guard
from paperkg.serve.http import listen
from paperkg.serve.settings import Settings


def status(
    settings: Settings, host: str, *, method: str = "GET", origin: str | None = None, fetch: str = ""
) -> int:
    """What the guard alone answers; 200 if it lets the request pass. `fetch` is site, mode and destination, as a browser says them."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    headers = [(b"host", host.encode()), *([(b"origin", origin.encode())] if origin is not None else [])]
    names = (b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest")
    headers += [(name, said.encode()) for name, said in zip(names, fetch.split(), strict=False)]
    scope = {"type": "http", "method": method, "raw_path": b"/", "query_string": b"", "headers": headers}
    event_loop.run(Guard(app, settings)(scope, receive, send))
    found: int = sent[0]["status"]
    return found


@pytest.mark.parametrize(
    ("address", "host", "passes"),
    [
        ("127.0.0.1", "localhost:8000", True),
        ("127.0.0.1", "192.0.2.1", False),
        ("192.0.2.1", "192.0.2.1:8000", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("kg.example.org", "KG.example.org", True),
        ("0.0.0.0", "192.0.2.1", True),
        ("0.0.0.0", "[2001:db8::1]:80", True),
        ("::", "192.0.2.1", True),
        ("0.0.0.0", "example.org", False),
        ("0.0.0.0", "192.0.2.1.example.org", False),
        ("127.0.0.1", "[::1]:8000", True),
        ("127.0.0.1", "[::1]example.org", False),
        ("127.0.0.1", "[::1].example.org:80", False),
        ("127.0.0.1", "example.org[::1]", False),
    ],
)
def test_hosts(address: str, host: str, passes: bool) -> None:
    assert status(Settings(host=address), host) == (200 if passes else 403)


def test_the_own_name_of_a_computer_that_listens_everywhere() -> None:
    assert status(Settings(host="0.0.0.0"), socket.gethostname()) == 200


@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        (None, True),
        ("http://localhost:8000", True),
        ("https://localhost:8000", True),
        ("https://kg.example.org", True),
        ("http://kg.example.org", False),
        ("http://localhost", False),
        ("ftp://localhost:8000", False),
        ("null", False),
    ],
)
def test_origins(origin: str | None, passes: bool) -> None:
    settings = Settings(cors="https://kg.example.org")
    assert status(settings, "localhost:8000", method="POST", origin=origin) == (200 if passes else 403)
    assert status(settings, "localhost:8000", origin=origin) == (200 if passes else 403)


def test_small_answers_leave_at_once() -> None:
    with listen(Settings(port=0)) as bound:
        assert bound.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_no_address_is_not_every_address() -> None:
    with pytest.raises(OSError, match="no address"):
        listen(Settings(host="", port=0))


@pytest.mark.parametrize(
    ("fetch", "passes"),
    [
        ("none navigate document", True),
        ("same-origin cors empty", True),
        ("same-origin navigate iframe", True),
        ("cross-site navigate document", True),
        ("same-site navigate document", True),
        ("cross-site navigate iframe", False),
        ("cross-site navigate object", False),
        ("cross-site no-cors image", False),
        ("cross-site no-cors script", False),
        ("cross-site cors empty", False),
        ("same-site no-cors empty", False),
        ("same-site websocket", False),
    ],
)
def test_other_pages_link_and_do_not_load(fetch: str, passes: bool) -> None:
    settings = Settings(cors="https://kg.example.org")
    assert status(settings, "localhost:8000", fetch=fetch) == (200 if passes else 403)
    assert status(settings, "localhost:8000", fetch=fetch, origin="https://kg.example.org") == 200
