"""The server under load: many clients, slow ones, strangers, rebuilds, and a long time."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from torture.clients import Client, Server, alive, own, part, running, seeds, zombies
from torture.frame import Case, Measured, megabytes, row
from torture.queries import TIMELESS, works

RUNAWAY = tuple(TIMELESS[name] for name in ("products", "subqueries", "VALUES", "OPTIONAL", "MINUS", "UNION"))
_numbers = itertools.count()


def known_answers(graph: Path, count: int) -> dict[str, list[str]]:
    """Trivial queries of a graph with what pyoxigraph answers: rows in no order."""
    store = ox.Store()
    store.bulk_load(path=f"{graph}.trig", format=ox.RdfFormat.TRIG)
    found = {}
    subjects = sorted({str(quad.subject) for quad in store if isinstance(quad.subject, ox.NamedNode)})
    for subject in subjects[:: max(1, len(subjects) // count)][:count]:
        query = f"SELECT ?p ?o {{ {subject} ?p ?o }}"
        answer = store.query(query, use_default_graph_as_union=True)
        found[query] = rows(answer.serialize(format=ox.QueryResultsFormat.JSON) or b"")  # type: ignore[union-attr]
    return found


def rows(answer: bytes) -> list[str]:
    """The rows of an answer in JSON, sorted."""
    return sorted(json.dumps(row, sort_keys=True) for row in json.loads(answer)["results"]["bindings"])


@dataclass
class Load:
    """What clients saw."""

    taken: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    runaway: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    async def ask(self, client: Client, query: str, expected: list[str]) -> bool:
        """Ask a trivial query; whether there was an answer."""
        begun = time.perf_counter()
        status, head, body = await client.ask(f"{query} # {next(_numbers)}")
        self.statuses[status] += 1
        if status == 200:
            self.taken.append(time.perf_counter() - begun)
            if rows(body) != expected:
                self.failures.append(f"a wrong answer: {query}")
        elif status != 503 or b"retry-after:" not in head:
            self.failures.append(f"{status} to a trivial query: {body[:100]!r}")
        return status == 200


@row(
    "27",
    "200 clients x 50 queries on the seeds, 5 % of them runaway, limit 10 s (2 s in the tests)",
    passes="no wrong answer, over the limit 503 + Retry-After, p99 of trivial ones <= 2 s",
    minutes=20,
)
def many_clients(case: Case) -> Measured:
    """Who is sent away comes again after the second that Retry-After names."""
    clients, each = (200, 50) if case.share >= 1 else (20, 10)
    limit = 10.0 if case.share >= 1 else 2.0
    graph = seeds(case.scratch)
    known = known_answers(graph, 500)
    load = Load()

    async def go(number: int, port: int) -> None:
        client, chance = Client(port), random.Random(case.seed * 1_000 + number)
        for _ in range(each):
            if chance.random() < 0.05:
                status, head, _ = await client.ask(f"{chance.choice(RUNAWAY)} # {next(_numbers)}")
                load.runaway[status] += 1
                if status not in (422, 503) or (status == 503 and b"retry-after:" not in head):
                    load.failures.append(f"{status} to a runaway query")
            else:
                query = chance.choice(tuple(known))
                while not await load.ask(client, query, known[query]):
                    await asyncio.sleep(1)
        client.close()

    async def all_of_them(port: int) -> None:
        async with asyncio.timeout(900), asyncio.TaskGroup() as group:
            for number in range(clients):
                group.create_task(go(number, port))

    with running(graph, query_time=limit) as server:
        before = own(server.process.pid)
        asyncio.run(all_of_them(server.port))
        after = own(server.process.pid)
        if not works(server)[0]:
            load.failures.append("the server does not answer afterwards")
        left = zombies(server.process.pid)
    p99 = part(load.taken, 0.99)
    if p99 > 2 * case.slack:
        load.failures.append(f"p99 of trivial queries is {p99:.2f} s")
    if left:
        load.failures.append(f"{left} zombies")
    return Measured(
        {
            "trivial": ", ".join(f"{status}: {count:,}" for status, count in sorted(load.statuses.items())),
            "p50, p99, longest": f"{part(load.taken, 0.5):.3f}, {p99:.2f}, {max(load.taken):.2f} s",
            "runaway": ", ".join(f"{status}: {count:,}" for status, count in sorted(load.runaway.items())),
            "server": f"{megabytes(before)} to {megabytes(after)}",
        },
        load.failures,
    )


@row(
    "28",
    "100 clients leave in mid-query, some before, some in the middle of a large answer",
    passes="children gone <= 2 s, the next query is answered",
)
def leaving(case: Case) -> Measured:
    """A worker that is asked by a client that left must go, for it would run to its limit."""
    count = case.count(100, 10)
    graph = seeds(case.scratch)
    failures: list[str] = []
    with running(graph, query_time=30) as server:

        async def leave(number: int) -> None:
            client = Client(server.port)
            query = RUNAWAY[number % len(RUNAWAY)] if number % 3 else "SELECT * { ?s ?p ?o }"
            task = asyncio.create_task(client.ask(f"{query} # {next(_numbers)}"))
            await asyncio.sleep(0.05 + (number % 20) / 10)
            client.close()
            await asyncio.gather(task, return_exceptions=True)

        async def all_of_them() -> None:
            await asyncio.gather(*(leave(number) for number in range(count)))

        asyncio.run(all_of_them())
        left = time.monotonic()
        busy = busy_workers(server)
        while busy and time.monotonic() - left < 10:
            time.sleep(0.02)
            busy = busy_workers(server)
        gone = time.monotonic() - left
        if gone > 2 * case.slack:
            failures.append(f"{len(busy)} workers run {gone:.1f} s after the last client left")
        lives, took = works(server)
        if not lives:
            failures.append("the next query is not answered")
        if zombies(server.process.pid):
            failures.append("there are zombies")
    return Measured(
        {"clients": count, "workers at rest": f"{gone:.2f} s later", "next query": f"{took:.3f} s"}, failures
    )


def busy_workers(server: Server) -> list[int]:
    """The workers that run: those that have used processor time in the last moment."""

    def used(pid: int) -> int:
        try:
            return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            return 0

    before = {pid: used(pid) for pid in server.workers}
    time.sleep(0.1)
    return [pid for pid in before if alive(pid) and used(pid) - before[pid] > 5_000_000]
