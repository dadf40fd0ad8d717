"""Clients that are slow, leave their bytes out, or send what is no request."""

from __future__ import annotations

import asyncio
import itertools
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from torture.clients import Client, Server, overheard, own, part, running, seeds, watched
from torture.frame import Case, Measured, megabytes, row
from torture.queries import works

HEAD = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
LENGTHS = {
    b"Content-Length: -1": (400,),
    b"Content-Length: +6": (400,),
    b"Content-Length: 0x6": (400,),
    b"Content-Length: 6, 7": (400,),
    b"Content-Length: 6\r\nContent-Length: 7": (400,),
    b"Content-Length: 99999999999999999999999": (400, 413),
    b"Content-Length: 6\r\nTransfer-Encoding: chunked": (400,),
    b"Transfer-Encoding: gzip, chunked": (400, 501),
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked": (400, 501),
    b"Transfer-Encoding : chunked": (400,),
    b"Content-Length: 6\r\nContent-Encoding: gzip": (415,),
    b"X: y": (411,),
    b"Content-Length: 5000000": (413,),
}
"""What a head can say of the length of a body, and the statuses that refuse it."""
CHUNKS = {
    b"zz\r\nASK {}\r\n0\r\n\r\n": (400,),
    b"-6\r\nASK {}\r\n0\r\n\r\n": (400,),
    b"ffffffffffffffffffff\r\nASK {}": (400, 408, 413),
    b"6" + b";x=" + b"y" * 500_000 + b"\r\nASK {}\r\n0\r\n\r\n": (400, 413, 431),
    b"6\r\nASK {}XX0\r\n\r\n": (400,),
    b"1\r\nA\r\n" * 300_000: (400, 408, 413),
}
"""Bodies in pieces that are none, or too many."""


@row(
    "29",
    "1,000 clients that send a byte a second, 100 that take nothing; bad lengths and pieces, a URL of 70 kB, a POST of 200 MB",
    passes="others p99 <= 1 s, 408/411/413/414, server +<= 50 MB",
)
def slow_clients(case: Case) -> Measured:
    """Trivial queries are asked the whole time."""
    slow, takers = case.count(1_000, 50), case.count(100, 5)
    seconds = 60.0 if case.share >= 1 else 8.0
    failures: list[str] = []
    taken: list[float] = []
    seen: Counter[str] = Counter()
    graph = seeds(case.scratch)

    async def drip(port: int, number: int, until: float) -> None:
        while time.monotonic() < until:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                head = (
                    b"GET /sparql HTTP/1.1\r\nHost: localhost\r\n"
                    if number % 2
                    else HEAD + b"Content-Length: 90\r\n\r\n"
                )
                for at in itertools.count():
                    if time.monotonic() > until:
                        break
                    writer.write(head[:-20] if not at else b"x")
                    await writer.drain()
                    with suppress(TimeoutError):
                        answer = await asyncio.wait_for(reader.read(12), 1)
                        seen[answer[9:12].decode() or "closed"] += 1
                        break
                writer.transport.abort()
            await asyncio.sleep(0.2)

    async def take_nothing(port: int, until: float) -> None:
        while time.monotonic() < until:
            with suppress(OSError):
                client = socket.socket()
                client.setblocking(False)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
                query = b"SELECT * { ?s ?p ?o }"
                await asyncio.get_running_loop().sock_sendall(
                    client, HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(query), query)
                )
                await asyncio.sleep(until - time.monotonic())
                client.close()

    async def ask(port: int, until: float) -> None:
        client = Client(port)
        while time.monotonic() < until:
            begun = time.perf_counter()
            try:
                status, _, _ = await client.ask(f"ASK {{}} # {begun}")
                taken.append(time.perf_counter() - begun)
                if status not in (200, 503):
                    failures.append(f"{status} to a trivial query")
            except (OSError, asyncio.IncompleteReadError):
                seen["closed to a trivial query"] += 1
                client.close()
            await asyncio.sleep(0.05)

    async def all_of_them(port: int) -> None:
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for number in range(slow):
                group.create_task(drip(port, number, until))
            for _ in range(takers):
                group.create_task(take_nothing(port, until))
            for _ in range(4):
                group.create_task(ask(port, until))

    with (
        overheard(case.scratch, failures),
        running(graph, **({} if case.share >= 1 else {"receive_time": 1, "idle_time": 1})) as server,
    ):
        unharmed = max(works(server)[1] for _ in range(50))
        before = own(server.process.pid)
        with watched(lambda: own(server.process.pid), 0.2) as most:
            asyncio.run(all_of_them(server.port))
            shapes(server, failures, seen)
        grown = most[0] - before
        if not works(server)[0]:
            failures.append("the server does not answer afterwards")
    p99 = part(taken, 0.99)
    if p99 > 1 * case.slack:
        failures.append(f"p99 of trivial queries is {p99:.2f} s")
    if grown > 50e6:
        failures.append(f"the server grew by {megabytes(grown)}")
    return Measured(
        {
            "slow clients": f"{slow:,} and {takers}",
            "others": f"{len(taken):,} queries, p50 {part(taken, 0.5) * 1000:.0f} ms, p99 {p99:.2f} s",
            "slowest of 50 queries before": f"{unharmed:.3f} s",
            "server": f"+{megabytes(grown)}",
            "statuses": ", ".join(f"{status}: {count:,}" for status, count in sorted(seen.items())),
        },
        failures,
    )


def shapes(server: Server, failures: list[str], seen: Counter[str]) -> None:
    """Requests of wrong and of great length."""

    def check(what: object, answer: bytes, statuses: tuple[int, ...]) -> None:
        status = answer[9:12].decode()
        seen[status or "closed"] += 1
        if status not in map(str, statuses):
            failures.append(f"{answer[:60]!r} to {what!r:.60}")
        if answer.count(b"HTTP/1.1 ") - answer.count(b"HTTP/1.1 408 ", 1) > 1:
            failures.append(f"two answers to {what!r:.60}")

    hidden = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for lengths, statuses in LENGTHS.items():
        body = b"" if statuses == (411,) else b"ASK {}" if statuses == (415,) else b"ASK {}" + hidden
        check(lengths, server.raw(HEAD + lengths + b"\r\n\r\n" + body, wait=15), statuses)
    for body, statuses in CHUNKS.items():
        check(body, _pour(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", [body]), statuses)
    for size, statuses in ((40_000, (414,)), (70_000, (414,)), (2_000_000, (400, 414, 431))):
        target = b"/sparql?query=" + b"a" * size
        check(size, _pour(server, b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", []), statuses)
    check("many headers", _pour(server, HEAD + b"X: y\r\n" * 500_000 + b"\r\n", []), (400, 413, 431))
    megabyte = b" " * (1 << 20)
    check("200 MB", _pour(server, HEAD + b"Content-Length: 209715200\r\n\r\n", [megabyte] * 200), (413,))
    chunk = b"100000\r\n" + megabyte + b"\r\n"
    check(
        "200 MB in pieces", _pour(server, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", [chunk] * 200), (413,)
    )


def _pour(server: Server, head: bytes, pieces: list[bytes]) -> bytes:
    """The answer to a request, which is sent for as long as the server takes it."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        with suppress(OSError):
            for piece in (head, *pieces):
                client.sendall(piece)
        with suppress(OSError):
            while piece := client.recv(1 << 16):
                answer += piece
                if len(answer) > 1 << 20:
                    break
                client.settimeout(2)
    return answer


REQUESTS = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv;q=0.5, */*\r\nConnection: close\r\n\r\n",
    b'GET /find?q=cladder HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: W/"a", "b"\r\nConnection: close\r\n\r\n',
    b"GET /id/benchmark/cladder.ttl HTTP/1.1\r\nHost: localhost\r\nAccept: text/turtle\r\nConnection: close\r\n\r\n",
    b"HEAD /query?example=a&view=graph HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"OPTIONS /sparql HTTP/1.1\r\nHost: localhost\r\nOrigin: http://e\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n",
    HEAD + b"Connection: close\r\nContent-Length: 6\r\n\r\nASK {}",
    HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 18\r\n\r\nquery=ASK%20%7B%7D",
)
BITS = (
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b"\xe2\x80\xae",
        b" ",
        b"\t",
        b":",
        b";",
        b",",
        b"%",
        b"%00",
        b"%ff",
        b"&",
        b"=",
        b"?",
    ),
    *(
        b"#",
        b"/",
        b"..",
        b"*/*",
        b"q=nan",
        b"q=1e999",
        b"-1",
        b"99999999999999999999",
        b"HTTP/1.0",
        b"HTTP/2.0",
        b"PRI * HTTP/2.0",
    ),
    *(
        b"Upgrade: websocket\r\n",
        b"Expect: 100-continue\r\n",
        b"Range: bytes=0-0,-1\r\n",
        b"Transfer-Encoding: chunked\r\n",
    ),
    *(
        b"Content-Length: 5\r\n",
        b"Host: localhost\r\n",
        b"query=",
        b"default-graph-uri=a",
        b"'",
        b'"',
        b"<",
        b"{" * 200,
        b"a" * 5_000,
    ),
)
"""What is put into a request by chance."""


EXPECTED = frozenset(
    ["", *map(str, (100, 200, 204, 303, 304, *range(400, 432), 501, 503))],
)
"""Statuses that a broken request may get; nothing where it is no HTTP at all."""


@row(
    "29b",
    "20,000 requests with errors by chance",
    passes="no 500, no word on the terminal, no connection that is not answered or closed",
)
def broken_requests(case: Case) -> Measured:
    """Bytes are taken away, put in and repeated; each on a connection of its own."""
    failures: list[str] = []
    seen: Counter[str] = Counter()
    chance = case.random
    graph = seeds(case.scratch)

    def make() -> bytes:
        request = chance.choice(REQUESTS)
        for _ in range(chance.choice((1, 1, 2, 4))):
            start = chance.randrange(len(request))
            end = start + chance.choice((0, 1, 3, 12))
            piece = (
                b"",
                request[start:end] * chance.choice((2, 40)),
                chance.choice(BITS),
                request[start:end] + chance.choice(BITS),
            )
            request = request[:start] + chance.choice(piece) + request[end:]
        return request

    async def go(port: int, requests: Iterator[bytes]) -> None:
        for request in requests:
            answer = b""
            try:
                async with asyncio.timeout(20):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    with suppress(OSError):
                        writer.write(request)
                        answer = await reader.read(-1)
                    writer.transport.abort()
            except TimeoutError:
                failures.append(f"no end to {request[:300]!r}")
            status = (
                answer[9:12].decode("latin-1")
                if answer.startswith(b"HTTP/1.1 ")
                else answer[:20].decode("latin-1")
            )
            seen[status or "closed"] += 1
            if status not in EXPECTED:
                failures.append(f"{status} to {request[:300]!r}")

    async def all_of_them(port: int) -> None:
        requests = (make() for _ in range(case.count(20_000)))
        await asyncio.gather(*(go(port, requests) for _ in range(64)))

    settings = {"receive_time": 1, "idle_time": 1, "query_time": 2}
    with overheard(case.scratch, failures), running(graph, **settings) as server:
        asyncio.run(all_of_them(server.port))
        if not works(server)[0]:
            failures.append("the server does not answer afterwards")
    return Measured(
        {
            "requests": sum(seen.values()),
            **{f"answered {status}": count for status, count in sorted(seen.items())},
        },
        failures,
    )
