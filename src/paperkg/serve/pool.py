"""The server's side of the keeper and its workers: who asks waits for a worker, in turn, and not for ever."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from paperkg.errors import GraphError
from paperkg.query.formats import TRIPLE_FORMS
from paperkg.serve.frames import HEAD, pack, unpack
from paperkg.serve.keeper import MESSAGE_SIZE
from paperkg.serve.worker import Limits

PIECE = 1 << 16
AFTER_LIMIT_S = 1.0
"""How long after its limit a worker has to be gone before the server ends it itself."""
NEW_KEEPER_S = 1.0
"""The pause before a keeper that ended is replaced."""
BROKEN = "the process of the query was ended from outside; ask again"


class Refused(Exception):
    """A question that got no answer.

    Attributes:
        reason: `query`, `format`, `size`, `memory`, `time`, `depth` (the fault of the query), `busy`, `broken`.
    """

    def __init__(self, reason: str, message: str) -> None:
        """For the pool."""
        self.reason = reason
        super().__init__(message)


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
    """

    number: int
    connection: socket.socket
    ended: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    asked: bool = False

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


class Reply:
    """An answer: its form and format, the number of its bytes, and how to get them.

    Attributes:
        form: `select`, `ask`, `construct` or `describe`.
        format: one of `paperkg.query.FORMATS`.
        size: the number of bytes.
        left: how many of them have not been read.
    """

    def __init__(self, form: str, format: str, size: int, worker: Worker) -> None:
        """For the pool."""
        self.form = form
        self.format = format
        self.size = self.left = size
        self._worker = worker

    @property
    def is_graph(self) -> bool:
        """Whether it consists of triples."""
        return self.form in TRIPLE_FORMS

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of the answer, once.

        Raises:
            Refused: its process ended.
        """
        while self.left:
            try:
                piece = await self._worker.read(min(self.left, PIECE))
            except (EOFError, OSError):
                raise Refused("broken", BROKEN) from None
            self.left -= len(piece)
            yield piece

    async def content(self) -> bytes:
        """All bytes of the answer."""
        return b"".join([piece async for piece in self.pieces()])


class Turn:
    """A worker for one question.

    Attributes:
        worker: that worker.
    """

    def __init__(self, pool: Pool, worker: Worker) -> None:
        """For the pool."""
        self.worker = worker
        self._pool = pool
        self._reply: Reply | None = None
        self._asked = False
        self._last = False

    @property
    def is_over(self) -> bool:
        """Whether the worker can take another question."""
        left = self._reply.left if self._reply else self._asked
        return not left and not self._last

    async def ask(
        self,
        query: str,
        *,
        rows: str | None,
        graph: str | None,
        dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
        base: str | None = None,
    ) -> Reply:
        """Run a query.

        Args:
            query: its text.
            rows: the format of the answer of SELECT and ASK (`paperkg.query.FORMATS`), if one fits.
            graph: the format of the answer of CONSTRUCT and DESCRIBE, if one fits.
            dataset: IRIs of the default and of the named graphs, if these are chosen.
            base: what relative IRIs in the query are relative to.

        Raises:
            Refused: there is no answer.
        """
        self._asked = True
        question = {"query": query, "dataset": dataset, "base": base, "rows": rows, "graph": graph}
        message = await self._pool.exchange(self.worker, question)
        self._last = message["last"]
        if "error" in message:
            self._asked = False
            raise Refused(message["reason"], message["error"] or self._pool.too_much())
        self._reply = Reply(message["form"], message["format"], message["size"], self.worker)
        return self._reply


class Pool:
    """Workers that hold one graph. It is started and closed in the event loop that uses it."""

    def __init__(self, data: Data, limits: Limits, *, workers: int, queue: int, queue_time: float) -> None:
        """Limits of a question; how many workers, how many questions may wait, and for how many seconds."""
        self._data = data
        self._limits = limits
        self._workers = workers
        self._queue = queue
        self._queue_time = queue_time
        self._idle: list[Worker] = []
        self._alive: dict[int, Worker] = {}
        self._waiting: deque[asyncio.Future[Worker]] = deque()
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
        for waiter in self._waiting:
            waiter.cancel()
        if self._replacing:
            self._replacing.cancel()
            await asyncio.wait([self._replacing])
        await self._end_keeper()
        for worker in self._alive.values():
            worker.connection.close()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Wait for a worker, to ask one question; whoever leaves before all bytes are read ends the query.

        Raises:
            Refused: there was none in time.
        """
        turn = Turn(self, await self._take())
        try:
            yield turn
        finally:
            if turn.is_over:
                self._give(turn.worker)
            else:
                self._order(b"k%d" % turn.worker.number)

    async def exchange(self, worker: Worker, question: dict[str, Any]) -> dict[str, Any]:
        """Send a question to a worker, receive its reply.

        Raises:
            Refused: the worker ended, or did not reply.
        """
        try:
            async with asyncio.timeout(self._limits.seconds + AFTER_LIMIT_S):
                return await worker.exchange(question)
        except TimeoutError:
            raise Refused("time", self._too_long()) from None
        except (EOFError, OSError):
            raise await self._why(worker) from None

    async def _why(self, worker: Worker) -> Refused:
        """Why a worker ended."""
        with suppress(TimeoutError):
            async with asyncio.timeout(AFTER_LIMIT_S):
                status = await asyncio.shield(worker.ended)
                if status in (-signal.SIGALRM, -signal.SIGXCPU):
                    return Refused("time", self._too_long())
                if status == -signal.SIGABRT:
                    return Refused("memory", self.too_much())
                if status in (-signal.SIGSEGV, -signal.SIGBUS):
                    return Refused("depth", "the query is nested too deep (write it flatter)")
        return Refused("broken", BROKEN)

    def _too_long(self) -> str:
        return f"the query took longer than {self._limits.seconds:g} s (name more of what you look for, or use LIMIT)"

    def too_much(self) -> str:
        """What to say of a query that needs too much memory."""
        return f"the query needs more than {self._limits.memory >> 20:,} MB of memory (ask for less)"

    async def _take(self) -> Worker:
        if self._closed:
            raise Refused("busy", "the server is closing")
        if self._idle:
            return self._idle.pop()
        if len(self._waiting) >= self._queue:
            raise Refused("busy", "too many queries are waiting")
        waiter: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(self._queue_time):
                return await waiter
        except BaseException as error:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            if waiter.done() and not waiter.cancelled():
                self._give(waiter.result())
            if isinstance(error, TimeoutError):
                raise Refused("busy", f"no query ended within {self._queue_time:g} s") from None
            raise

    def _give(self, worker: Worker) -> None:
        if worker.ended.done():
            return
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(worker)
                return
        self._idle.append(worker)

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
            for _ in range(self._workers):
                self._order(b"f")
        elif kind == b"!":
            self._loaded.set_exception(
                GraphError(f"the graph cannot be loaded: {rest.decode('utf-8', 'replace')}")
            )
        elif kind == b"w":
            connection = socket.socket(fileno=descriptors[0])
            connection.setblocking(False)
            worker = self._alive[int(rest)] = Worker(int(rest), connection)
            self._give(worker)
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
        if worker in self._idle:
            self._idle.remove(worker)
        # one that cannot even start should not be made all the time
        pause = 0 if worker.asked else NEW_KEEPER_S
        asyncio.get_running_loop().call_later(pause, self._order, b"f")

    async def _replace_keeper(self) -> None:
        await self._end_keeper()
        for worker in self._alive.values():
            worker.connection.close()
            worker.ended.set_result(0)
        self._alive.clear()
        self._idle.clear()
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
