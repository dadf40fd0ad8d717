"""A process in which queries from outside run, one after another, within limits that the kernel keeps.

It can open no file and no connection, its memory and its time are limited, and it goes when its parent goes. A
query that reaches a limit ends the process, whatever the engine is doing; the parent makes a new one.
"""

from __future__ import annotations

import ctypes
import math
import os
import resource
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paperkg.errors import AnswerTooLarge, FormatError, QueryError
from paperkg.query.answer import Answer
from paperkg.query.engine import Dataset, Engine, evaluate
from paperkg.query.formats import TRIPLE_FORMS
from paperkg.query.scan import scan
from paperkg.serve.frames import HEAD, pack, unpack

MOST_QUESTIONS = 10_000
"""After so many answers a worker makes room for a fresh one."""

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What a query may take.

    Attributes:
        seconds: of time, on the clock.
        memory: bytes beside those of the graph.
        answer: bytes of its answer.
    """

    seconds: float
    memory: int
    answer: int


def work(engine: Engine, connection: socket.socket, limits: Limits) -> None:
    """Answer the questions that come over a connection until it ends or this process should.

    Args:
        engine: holds the graph.
        connection: to the server. A question has `query`; `base`, for its relative IRIs; `dataset` (default
            and named graphs, or None); `rows` and `graph`, the formats in which the two kinds of answers can be
            given, or None. The reply has `form`, `format`, `size` and `last`, and that many bytes follow; or it
            has `error` and a `reason`.
        limits: those of each question.
    """
    with Path("/proc/self/statm").open("rb", buffering=0) as statm:

        def held() -> int:
            return int(os.pread(statm.fileno(), 64, 0).split()[0]) * resource.getpagesize()

        at_first = held()
        confine(at_first + limits.memory)
        for number in range(1, MOST_QUESTIONS + 1):
            question = _receive(connection)
            if question is None:
                return
            _set_time(limits.seconds)
            reply, body = answer(engine, question, limits.answer)
            signal.setitimer(signal.ITIMER_REAL, 0)
            full = reply.get("reason") == "memory" or held() - at_first > limits.memory // 4
            reply["last"] = full or number == MOST_QUESTIONS
            connection.sendall(pack(reply) + body)
            if reply["last"]:
                return


def answer(engine: Engine, question: dict[str, Any], room: int) -> tuple[dict[str, Any], bytes]:
    """The reply to a question, and the bytes behind it."""
    try:
        chosen = question["dataset"]
        dataset = None if chosen is None else Dataset(tuple(chosen[0]), tuple(chosen[1]))
        for iri in (*dataset.default, *dataset.named) if dataset else ():
            if iri not in engine.graphs:
                raise QueryError(
                    f"<{iri[:200]}> is no part of this graph", hint="leave it out to ask all of it"
                )
        found = scan(question["query"], engine.graphs, base=question["base"])
        form = found.form
        name = question["graph" if form in TRIPLE_FORMS else "rows"]
        if name is None:
            return {
                "error": f"no format that is asked for can hold the answer of {form.upper()}",
                "reason": "format",
            }, b""
        payload = evaluate(
            engine.store,
            question["query"],
            union=not found.graphs,
            dataset=dataset,
            base=question["base"],
            room=room,
        )
        body = payload if name in ("json", "nt") else Answer(form, payload).format(name).encode()
        if len(body) > room:
            raise AnswerTooLarge(
                f"the answer has {len(body):,} bytes", hint="ask for less, or use LIMIT and OFFSET"
            )
    except AnswerTooLarge as error:
        return {"error": str(error), "reason": "size"}, b""
    except FormatError as error:
        return {"error": str(error), "reason": "format"}, b""
    except QueryError as error:
        return {"error": str(error), "reason": "query"}, b""
    except MemoryError:
        return {"error": "", "reason": "memory"}, b""
    return {"form": form, "format": name, "size": len(body)}, body


def confine(memory: int) -> None:
    """Take from this process what it does not need.

    Args:
        memory: the most bytes of address space.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # where the engine would write why it died
        os.dup2(null, stream)
    os.close(null)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # what is open stays so; nothing more can be


def end_with_parent(parent: int) -> None:
    """Let the kernel kill this process as soon as the one that made it, with that number, is gone."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(1)


def _set_time(seconds: float) -> None:
    """Let the kernel kill this process after a time, by the clock and, should that fail, by the processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _receive(connection: socket.socket) -> dict[str, Any] | None:
    head = _read(connection, HEAD.size)
    content = _read(connection, HEAD.unpack(head)[0]) if head else b""
    return unpack(content) if content else None


def _read(connection: socket.socket, size: int) -> bytes:
    """So many bytes; none if the connection ends before."""
    content = bytearray()
    while len(content) < size:
        piece = connection.recv(size - len(content))
        if not piece:
            return b""
        content += piece
    return bytes(content)
