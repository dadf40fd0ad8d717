"""What can be set about a server, and what its parts share."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.query import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where a server listens and what it allows; times in seconds, sizes in bytes.

    Attributes:
        host: address on which it listens.
        port: its port; 0 takes any that is free.
        cors: origin (`https://example.org`) whose pages may read the answers; none if None.
        query_time: of one query.
        query_memory: of one query, beside the graph.
        answer_size: of one answer.
        spool: of all answers that wait on the disk for slow clients.
        workers: short queries that run at one time.
        aside: long queries that run at one time beside them.
        queue: queries that wait; a further one is sent away.
        queue_time: after which a query that waits is sent away.
        url_size: of the path and the query of a request.
        body_size: of the body of a request.
        receive_time: in which a client must send its head, and then its body.
        send_time: in which a client must take its answer.
        idle_time: for which a connection may stay open without a request.
        connections: open at one time; a further one replaces the one that has idled longest.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    cors: str | None = None
    query_time: float = 10.0
    query_memory: int = 1 << 30
    answer_size: int = 64 << 20
    spool: int = 1 << 30
    workers: int = max(2, os.cpu_count() or 1)
    aside: int = max(2, os.cpu_count() or 1)
    queue: int = 128
    queue_time: float = 30.0
    url_size: int = 32 << 10
    body_size: int = 1 << 20
    receive_time: float = 10.0
    send_time: float = 60.0
    idle_time: float = 15.0
    connections: int = 512


@dataclass(frozen=True, slots=True)
class Served:
    """What the endpoints of a server share; `served(request)` gives it.

    Attributes:
        kg: the graph.
        title: its name.
        build: hexadecimal digits that are others in every other build.
        settings: those of the server.
        ask: runs a query within the limits, in another process. Raises `paperkg.serve.pool.Refused`.
    """

    kg: KnowledgeGraph
    title: str
    build: str
    settings: Settings
    ask: Callable[[str], Awaitable[Answer]]

    @property
    def base(self) -> str:
        """The IRI below which all resources of the graph stand."""
        return self.kg.base


def served(request: Request) -> Served:
    """What the server that got a request serves."""
    found: Served = request.app.state.served
    return found
