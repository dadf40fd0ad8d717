"""The HTTP server: uvicorn, with limits on how long a client may take and how many may be there."""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import h11
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from paperkg.serve.settings import Settings

GRACE_S = 2
"""How long requests may go on when the server is told to end."""
SWITCH_S = 0.001
"""After which a thread that makes a page lets the one go on that passes on answers."""
OTHER_FILES = 64
"""Descriptors that are not those of clients."""
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
_SLOW = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Connection(H11Protocol):
    """A client's connection, which must bring the head of a request in time and may not idle where others wait."""

    settings: Settings
    most: int
    _timer: asyncio.TimerHandle | None = None
    since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Make room for a client, or send it away."""
        super().connection_made(transport)
        self.since = time.monotonic()
        if len(self.connections) > self.most and not self._make_room():
            transport.write(_BUSY)
            transport.close()
            return
        self._start()
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting for it."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; those of a head may not come for too long."""
        if not self.is_busy and self._timer is None:
            self._start()
        super().data_received(data)
        if self.is_busy:
            self._stop()

    def on_response_complete(self) -> None:
        """Begin to idle."""
        self.since = time.monotonic()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, unless an answer is on its way; the application is told that the client left."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.drop()
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def timeout_keep_alive_handler(self) -> None:
        """End what has idled too long, also if it does not take what it was sent."""
        self.drop()

    @property
    def is_busy(self) -> bool:
        """Whether a request has come and is not yet answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def drop(self) -> None:
        """End the connection now."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            self.transport.close()

    def _start(self) -> None:
        self._timer = self.loop.call_later(self.settings.receive_time, self._too_slow)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        if self.is_busy or self.transport.is_closing():
            return
        # else what does not end is the body of a request that was refused
        if self.conn.their_state is h11.IDLE:
            self.transport.write(_SLOW)
        self.drop()

    def _look_again(self, was_closing: bool = False) -> None:
        """End a connection that is closing and for too long has not been able to, as nobody takes the rest."""
        if was_closing:
            self.transport.abort()
        elif self in self.connections:
            self.loop.call_later(self.settings.idle_time, self._look_again, self.transport.is_closing())

    def _make_room(self) -> bool:
        idle = [c for c in self.connections if isinstance(c, Connection) and c is not self and not c.is_busy]
        if idle:
            min(idle, key=lambda connection: connection.since).drop()
        return bool(idle)


class _Server(uvicorn.Server):
    """Ends in order, and with success, when it is told to."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        known = {
            number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            yield
        finally:
            for number, handler in known.items():
                signal.signal(number, handler)


def listen(settings: Settings) -> socket.socket:
    """A socket that is bound where the settings say.

    Raises:
        OSError: the address is not there, or is in use.
    """
    if not settings.host:  # which would be every address
        raise OSError(errno.EADDRNOTAVAIL, "no address is given")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    bound = socket.create_server((settings.host, settings.port), family=family, backlog=settings.connections)
    # a body need not wait until the head has arrived
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def run(app: Starlette, bound: socket.socket, settings: Settings, *, ready: Callable[[], None]) -> None:
    """Serve an application until a signal ends it.

    Args:
        app: from `paperkg.serve.app.create_app`.
        bound: from `listen`.
        settings: the same as the application's.
        ready: is called when requests are answered.
    """
    sys.setswitchinterval(SWITCH_S)
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]

    class Limited(Connection):
        most = max(1, min(settings.connections, files - OTHER_FILES))

    Limited.settings = settings
    config = uvicorn.Config(
        app,
        http=Limited,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=max(1, round(settings.idle_time)),
        timeout_graceful_shutdown=GRACE_S,
        h11_max_incomplete_event_size=2 * settings.url_size + (64 << 10),
    )
    server = _Server(config)
    # who does not take an answer in time is an everyday matter, and could fill the terminal
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "without completing" not in record.getMessage()
    )

    async def serve() -> None:
        task = asyncio.create_task(server.serve(sockets=[bound]))
        while not (server.started or task.done()):
            await asyncio.sleep(0.01)
        if server.started:
            ready()
        await task

    asyncio.run(serve())
