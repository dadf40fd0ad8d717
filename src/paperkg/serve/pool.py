"""Who asks waits for a worker, in turn and not for ever; a question that takes long does not hold up short ones.

Each question gets `QUICK_S` of one of a few workers. If it is not answered then, its worker is set aside, where it runs on with less
of the processors, and a new one takes its place. Only so many questions may run aside. One for which there
is no room is ended, and begins again when there is; in the meantime its worker's place is free for others.
"""

from __future__ import annotations

import asyncio
import signal
import tempfile
import weakref
from collections import deque
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, Generic, TypeVar

from paperkg.query.formats import TRIPLE_FORMS
from paperkg.serve.answers import LARGEST
from paperkg.serve.processes import Data, Processes, Worker
from paperkg.serve.settings import Settings
from paperkg.serve.worker import Limits

PIECE = 1 << 16
QUICK_S = 0.1
"""Seconds after which a question is a long one."""
AFTER_LIMIT_S = 1.0
"""How long after its limit a worker has to be gone before the server ends it itself."""
BROKEN = "the process of the query was ended from outside; ask again"

_Item = TypeVar("_Item")


class Refused(Exception):
    """A question that got no answer.

    Attributes:
        reason: `query`, `format`, `size`, `memory`, `time`, `depth` (the fault of the query), `busy`, `broken`.
    """

    def __init__(self, reason: str, message: str) -> None:
        """For the pool."""
        self.reason = reason
        super().__init__(message)


@dataclass(eq=False, slots=True, weakref_slot=True)
class Reply:
    """An answer. A large one waits in a file that has no name, so that a client that takes it slowly keeps no worker.

    Attributes:
        form: `select`, `ask`, `construct` or `describe`.
        format: one of `paperkg.query.FORMATS`.
        size: the number of bytes.
        content: these bytes, or the file of more than `LARGEST` of them.
    """

    form: str
    format: str
    size: int
    content: bytes | IO[bytes]

    @property
    def is_graph(self) -> bool:
        """Whether it consists of triples."""
        return self.form in TRIPLE_FORMS

    def pieces(self) -> Generator[bytes, None, None]:
        """The bytes of the answer, once."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        with self.content as file:
            while piece := file.read(PIECE):
                yield piece


class _Line(Generic[_Item]):
    """Things that are taken and given back; who finds none stands in line."""

    def __init__(self, things: list[_Item], most: int) -> None:
        """With some things at first, and so many places in the line."""
        self.free = things
        self._most = most
        self._waiting: deque[asyncio.Future[_Item]] = deque()

    async def take(self, until: float, *, first: bool = False) -> _Item:
        """Get one, or wait for it.

        Args:
            until: the time of the event loop at which waiting ends.
            first: stand before all others, even if the line is full.

        Raises:
            Refused: the line is full, or the time is over.
        """
        if self.free:
            return self.free.pop()
        if len(self._waiting) >= self._most and not first:
            raise Refused("busy", "too many queries are waiting")
        waiter: asyncio.Future[_Item] = asyncio.get_running_loop().create_future()
        (self._waiting.appendleft if first else self._waiting.append)(waiter)
        try:
            async with asyncio.timeout_at(until):
                return await waiter
        except BaseException as error:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            if waiter.done() and not waiter.cancelled():
                self.give(waiter.result())
            if isinstance(error, TimeoutError):
                raise Refused("busy", "no query ended in time") from None
            raise

    def give(self, thing: _Item) -> None:
        """Give one back, or add one."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(thing)
                return
        self.free.append(thing)

    def drop(self, thing: _Item) -> None:
        """Take one away if nobody has it."""
        if thing in self.free:
            self.free.remove(thing)

    def close(self) -> None:
        """Send everybody away."""
        for waiter in self._waiting:
            waiter.cancel()


def _heed(work: asyncio.Task[Reply]) -> None:
    """Let nobody complain of an error that comes when the client has just left."""
    if not work.cancelled():
        work.exception()


class Pool:
    """Workers that hold one graph. It is started and closed in the event loop that uses it."""

    def __init__(self, data: Data, settings: Settings) -> None:
        """For a graph, with the limits of a server."""
        self._settings = settings
        self._idle: _Line[Worker] = _Line([], settings.queue)
        self._aside = _Line(list(range(settings.aside)), settings.queue)
        limits = Limits(settings.query_time, settings.query_memory, settings.answer_size)
        self._processes = Processes(
            data, limits, settings.workers, came=self._idle.give, left=self._idle.drop
        )
        self._on_disk: weakref.WeakSet[Reply] = weakref.WeakSet()
        self._closed = False

    async def start(self) -> None:
        """Start the keeper and wait until it has loaded the graph.

        Raises:
            GraphError: it could not.
        """
        await self._processes.start()

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        self._idle.close()
        self._aside.close()
        await self._processes.close()

    async def ask(
        self,
        query: str,
        *,
        rows: str | None,
        graph: str | None,
        dataset: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
        base: str | None = None,
    ) -> Reply:
        """Run a query; cancelling this ends it.

        Args:
            query: its text.
            rows: the format of the answer of SELECT and ASK (`paperkg.query.FORMATS`), if one fits.
            graph: the format of the answer of CONSTRUCT and DESCRIBE, if one fits.
            dataset: IRIs of the default and of the named graphs, if these are chosen.
            base: what relative IRIs in the query are relative to.

        Raises:
            Refused: there is no answer.
        """
        if self._closed:
            raise Refused("busy", "the server is closing")
        question = {"query": query, "dataset": dataset, "base": base, "rows": rows, "graph": graph}
        until = asyncio.get_running_loop().time() + self._settings.queue_time
        worker = await self._idle.take(until)
        work = asyncio.create_task(self._answer(worker, question))
        work.add_done_callback(_heed)
        try:
            await asyncio.wait([work], timeout=QUICK_S)
            if work.done():
                return work.result()
            if self._aside.free:
                place = await self._aside.take(until)
                try:
                    self._processes.set_aside(worker)
                    return await work
                finally:
                    self._aside.give(place)
        finally:
            work.cancel()
        place = await self._aside.take(until)
        try:
            worker = await self._idle.take(until, first=True)
            self._processes.set_aside(worker)
            return await self._answer(worker, question)
        finally:
            self._aside.give(place)

    async def _answer(self, worker: Worker, question: dict[str, Any]) -> Reply:
        """The answer of a worker, which is then free, or ended if it cannot go on."""
        last = True
        try:
            message = await self._exchange(worker, question)
            if "error" in message:
                last = message["last"]
                raise Refused(message["reason"], message["error"] or self._too_much())
            reply = Reply(message["form"], message["format"], message["size"], b"")
            try:
                reply.content = await self._receive(worker, reply)
            except EOFError:
                raise Refused("broken", BROKEN) from None
            last = message["last"]
            return reply
        finally:
            if last or worker.aside:
                self._processes.end(worker)
            else:
                self._release(worker)

    def _release(self, worker: Worker) -> None:
        if not worker.ended.done():
            self._idle.give(worker)

    async def _receive(self, worker: Worker, reply: Reply) -> bytes | IO[bytes]:
        if reply.size <= LARGEST:
            return await worker.read_all(reply.size)
        waiting = sum(
            one.size for one in self._on_disk if not isinstance(one.content, bytes) and not one.content.closed
        )
        if waiting + reply.size > self._settings.spool:
            raise Refused("busy", "too many large answers are being taken")
        file: IO[bytes] | None = None
        try:
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it outlives this function
            reply.content = file
            self._on_disk.add(reply)
            left = reply.size
            while left:
                piece = await worker.read(min(left, PIECE))
                file.write(piece)
                left -= len(piece)
            file.seek(0)
            return file
        except BaseException as error:
            if file is not None:
                file.close()
            if isinstance(error, OSError):
                raise Refused("busy", f"there is no room for a large answer: {error.strerror}") from None
            raise

    async def _exchange(self, worker: Worker, question: dict[str, Any]) -> dict[str, Any]:
        """Send a question to a worker, receive its reply.

        Raises:
            Refused: the worker ended, or did not reply.
        """
        try:
            async with asyncio.timeout(self._settings.query_time + AFTER_LIMIT_S):
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
                    return Refused("memory", self._too_much())
                if status in (-signal.SIGSEGV, -signal.SIGBUS):
                    return Refused("depth", "the query is nested too deep (write it flatter)")
        return Refused("broken", BROKEN)

    def _too_long(self) -> str:
        limit = self._settings.query_time
        return f"the query took longer than {limit:g} s (name more of what you look for, or use LIMIT)"

    def _too_much(self) -> str:
        limit = self._settings.query_memory >> 20
        return f"the query needs more than {limit:,} MB of memory (ask for less)"
