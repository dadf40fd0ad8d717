"""The server's side of the keeper and its workers: how they are started, how messages reach them, how they end."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from paperkg.errors import GraphError
from paperkg.serve.frames import HEAD, pack, unpack
from paperkg.serve.keeper import MESSAGE_SIZE
from paperkg.serve.worker import Limits

NEW_KEEPER_S = 1.0
"""The pause before a keeper that ended is replaced."""


@dataclass(frozen=True, slots=True)
class Data:
    """Where the keeper finds the quads of a graph.

    Attributes:
        file: descriptor of an open file: the quads, or the manifest of the build whose store is to be opened.
        format: `trig` or `nq` of quads, which are loaded into memory; `store` of a manifest.
        folder: where the stores are, for a manifest.
    """

    file: int
    format: str
    folder: str = ""


@dataclass(eq=False, slots=True)
class Worker:
    """A process that answers one question at a time.

    Attributes:
        number: that of the process.
        connection: to it, not blocking.
        ended: gets its status when it has ended.
        asked: whether it has got a question.
        aside: whether it answers a long question, so that another has taken its place.
    """

    number: int
    connection: socket.socket
    ended: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    asked: bool = False
    aside: bool = False

    async def read(self, most: int) -> bytes:
        """Some bytes.

        Raises:
            EOFError: there will be none.
        """
        piece = await asyncio.get_running_loop().sock_recv(self.connection, most)
        if not piece:
            raise EOFError
        return piece

    async def read_all(self, size: int) -> bytes:
        """So many bytes."""
        content = bytearray()
        while len(content) < size:
            content += await self.read(size - len(content))
        return bytes(content)

    async def exchange(self, question: dict[str, Any]) -> dict[str, Any]:
        """Send a question, receive the reply."""
        self.asked = True
        await asyncio.get_running_loop().sock_sendall(self.connection, pack(question))
        return unpack(await self.read_all(HEAD.unpack(await self.read_all(HEAD.size))[0]))


class Processes:
    """A keeper and its workers. They are started and closed in the event loop that uses them.

    A worker that ends is replaced, unless it stands aside.
    """

    def __init__(
        self,
        data: Data,
        limits: Limits,
        count: int,
        *,
        came: Callable[[Worker], None],
        left: Callable[[Worker], None],
    ) -> None:
        """For a graph.

        Args:
            data: the graph.
            limits: those of a question.
            count: how many workers there are at first.
            came: is called with a new worker.
            left: is called with one that has ended.
        """
        self._data = data
        self._limits = limits
        self._count = count
        self._came = came
        self._left = left
        self._alive: dict[int, Worker] = {}
        self._closed = False
        self._replacing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the keeper and wait until it has loaded the graph.

        Raises:
            GraphError: it could not.
        """
        loop = asyncio.get_running_loop()
        self._loaded: asyncio.Future[None] = loop.create_future()
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-m", "paperkg.serve.keeper", str(there.fileno()), str(os.getpid())]
        self._process = subprocess.Popen(  # noqa: S603
            command,
            pass_fds=(there.fileno(), self._data.file),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt at the terminal is for the server alone
        )
        there.close()
        here.setblocking(False)
        self._control = here
        limits = [self._limits.seconds, self._limits.memory, self._limits.answer]
        order = {"data": asdict(self._data), "limits": limits}
        here.send(json.dumps(order).encode())
        loop.add_reader(here.fileno(), self._heard)
        try:
            await self._loaded
        except BaseException:
            await self._end_keeper()
            raise

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        if self._replacing:
            self._replacing.cancel()
            await asyncio.wait([self._replacing])
        await self._end_keeper()
        for worker in self._alive.values():
            worker.connection.close()

    def end(self, worker: Worker) -> None:
        """Kill a worker."""
        self._order(b"k%d" % worker.number)

    def set_aside(self, worker: Worker) -> None:
        """Let a worker give way to the others, and put a new one in its place."""
        if worker.ended.done():
            return
        worker.aside = True
        self._order(b"n%d" % worker.number)
        self._order(b"f")

    def _order(self, message: bytes) -> None:
        with suppress(OSError):  # a keeper that is gone is noticed where its messages are read
            self._control.send(message)

    def _heard(self) -> None:
        """Something came from the keeper, or it is gone."""
        try:
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE_SIZE, 1)
        except BlockingIOError:
            return
        except OSError:
            message, descriptors = b"", []
        kind, rest = message[:1], message[1:]
        if kind == b"r":
            self._loaded.set_result(None)
            for _ in range(self._count):
                self._order(b"f")
        elif kind == b"!":
            self._loaded.set_exception(
                GraphError(f"the graph cannot be loaded: {rest.decode('utf-8', 'replace')}")
            )
        elif kind == b"w":
            connection = socket.socket(fileno=descriptors[0])
            connection.setblocking(False)
            worker = self._alive[int(rest)] = Worker(int(rest), connection)
            self._came(worker)
        elif kind == b"e":
            number, status = map(int, rest.split())
            self._bury(self._alive.pop(number), status)
        elif not self._loaded.done():
            self._loaded.set_exception(
                GraphError("the graph cannot be loaded: the process that does it ended")
            )
        else:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._replacing = asyncio.create_task(self._replace_keeper())

    def _bury(self, worker: Worker, status: int) -> None:
        worker.connection.close()
        worker.ended.set_result(status)
        self._left(worker)
        if not worker.aside:
            # one that cannot even start should not be made all the time
            pause = 0 if worker.asked else NEW_KEEPER_S
            asyncio.get_running_loop().call_later(pause, self._order, b"f")

    async def _replace_keeper(self) -> None:
        await self._end_keeper()
        for worker in self._alive.values():
            worker.connection.close()
            worker.ended.set_result(0)
            self._left(worker)
        self._alive.clear()
        while not self._closed:
            await asyncio.sleep(NEW_KEEPER_S)
            with suppress(GraphError):
                await self.start()
                return

    async def _end_keeper(self) -> None:
        if self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
        await asyncio.to_thread(self._process.wait)
