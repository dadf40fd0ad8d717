"""The server under load: many clients, slow ones, strangers, rebuilds, and a long time."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from paperkg.serve.answers import MOST_BYTES
from torture.clients import Client, Server, alive, own, part, running, seeds, zombies
from torture.frame import Case, Measured, megabytes, row
from torture.queries import TIMELESS, works

RUNAWAY = tuple(TIMELESS[name] for name in ("products", "subqueries", "VALUES", "UNION"))
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
        if isinstance(answer, ox.QuerySolutions):
            found[query] = rows(answer.serialize(format=ox.QueryResultsFormat.JSON) or b"")
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


@row(
    "34",
    "50 rebuilds of the set under load: a server that runs, servers that start, readers of the files",
    passes="each answer from one build",
    minutes=40,
)
def rebuilds(case: Case) -> Measured:
    """Two builds in turn, of all papers and of half of them; an answer that fits neither is mixed."""
    from paperkg import api
    from paperkg.errors import PaperkgError
    from paperkg.graph import KnowledgeGraph

    count = case.count(50, 2)
    whole = api.load(seeds(case.scratch))
    if case.share < 1:
        whole = KnowledgeGraph.from_extractions(whole.extractions[:12], whole.provenance, base=whole.base)
    half = KnowledgeGraph.from_extractions(
        whole.extractions[: len(whole.papers) // 2], whole.provenance, base=whole.base
    )
    place = case.scratch / "living" / "graph"
    place.parent.mkdir()
    half.save(place)
    papers = "SELECT (COUNT(*) AS ?n) { ?s a pkg:Paper }"
    sums = {
        (len(kg.papers), len(kg.entities), int(next(iter(kg.query(papers)))[0])): name
        for name, kg in (("half", half), ("whole", whole))
    }
    seen: Counter[str] = Counter()
    failures: list[str] = []
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            try:
                kg = api.load(place)
                found = len(kg.papers), len(kg.entities), int(next(iter(kg.query(papers)))[0])
                seen[f"read {sums.get(found, 'mixed')}"] += 1
                if found not in sums:
                    failures.append(f"a mixed graph was read: {found}, neither of {list(sums)}")
            except PaperkgError as error:
                seen[f"refused: {type(error).__name__}"] += 1

    def start() -> None:
        while not over.is_set():
            try:
                with running(place) as other:
                    got = other.post(papers).text
                    title = other.request("GET", "/find?q=a").status
                seen["server started"] += 1
                if not any(f'"{numbers[0]}"' in got for numbers in sums) or title != 200:
                    failures.append(f"a server that started answers {got[:200]}")
            except ValueError:  # it printed no port: it refused to start
                seen["server refused"] += 1

    with running(place) as server:
        first = server.post(papers).text
        threads = [threading.Thread(target=work) for work in (read, read, start)]
        for thread in threads:
            thread.start()
        for number in range(count):
            (whole, half)[number % 2].save(place)
            for _ in range(5):
                got = server.post(f"{papers} # {next(_numbers)}")
                seen["asked"] += 1
                if got.text != first:
                    failures.append(
                        f"another answer after {number + 1} builds: {got.status} {got.text[:100]}"
                    )
        over.set()
        for thread in threads:
            thread.join()
    if not seen["read half"] + seen["read whole"]:
        failures.append("nothing could be read meanwhile")
    return Measured({"rebuilds": count, **dict(sorted(seen.items()))}, failures)


@row(
    "35",
    "a soak of ten minutes: pages, trivial, malformed, runaway and large queries, clients that leave",
    passes="memory drift <= 5 %, no zombies, no descriptor left",
    minutes=16,
)
def soak(case: Case) -> Measured:
    """The first tenth, and until the answers that are kept fill their room, is to warm up."""
    seconds = 600 * case.share if case.share >= 0.1 else 5.0
    graph = seeds(case.scratch)
    known = known_answers(graph, 200)
    load = Load()
    large = "CONSTRUCT { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } LIMIT 4000 }"
    counts: Counter[str] = Counter()

    async def go(number: int, server: Server, until: float) -> None:
        client, chance = Client(server.port), random.Random(case.seed * 1_000 + number)
        while time.monotonic() < until:
            kind = chance.choices(
                ("trivial", "malformed", "runaway", "large", "all", "leave", "page"), (60, 10, 1, 5, 1, 2, 10)
            )[0]
            counts[kind] += 1
            unique = f"# {next(_numbers)}"
            if kind == "trivial":
                query = chance.choice(tuple(known))
                await load.ask(client, query, known[query])
            elif kind == "page":
                await asyncio.to_thread(
                    server.request,
                    "GET",
                    chance.choice(("/", "/find?q=a", "/ontology", "/query", "/nothing")),
                )
            elif kind == "leave":
                task = asyncio.create_task(client.ask(f"{chance.choice(RUNAWAY)} {unique}"))
                await asyncio.sleep(chance.random() / 2)
                client.close()
                await asyncio.gather(task, return_exceptions=True)
            else:
                query = {
                    "malformed": "SELECT * { ?s ?p " + chance.choice(("", "'", "{" * 200, "}} x")),
                    "runaway": chance.choice(RUNAWAY),
                    "large": large,
                    "all": "SELECT * { ?s ?p ?o }",
                }[kind]
                status, _, _ = await client.ask(f"{query} {unique}")
                load.runaway[status] += 1
        client.close()

    async def all_of_them(server: Server, seconds: float) -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(go(number, server, until) for number in range(8)))

    def descriptors() -> int:
        return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))

    def fill() -> None:
        for number in range(60 if case.share >= 1 else 5):
            server.post(f"{large} # fill {number}", accept="text/turtle")

    with running(graph, query_time=2) as server:
        asyncio.run(all_of_them(server, seconds / 10))
        fill()
        asyncio.run(all_of_them(server, seconds / 10))
        time.sleep(min(3, seconds / 5))
        before = [own(server.process.pid), own(server.keeper), descriptors(), len(server.workers)]
        asyncio.run(all_of_them(server, seconds))
        time.sleep(min(3, seconds / 5))
        after = [own(server.process.pid), own(server.keeper), descriptors(), len(server.workers)]
        left = zombies(server.process.pid)
        if not works(server)[0]:
            load.failures.append("the server does not answer afterwards")
    drift = (after[0] + after[1]) / (before[0] + before[1]) - 1
    room = 0 if case.share >= 0.1 else MOST_BYTES  # seconds do not fill the room of the answers that are kept
    if after[0] + after[1] - room > 1.05 * (before[0] + before[1]):
        load.failures.append(f"memory of server and keeper drifts by {drift:.1%}")
    if left:
        load.failures.append(f"{left} zombies")
    if after[2] > before[2] or after[3] > before[3]:
        load.failures.append(f"descriptors and workers were {before[2:]} and are {after[2:]}")
    return Measured(
        {
            "minutes": round(seconds / 60, 1),
            "requests": ", ".join(f"{kind} {count:,}" for kind, count in sorted(counts.items())),
            "trivial": ", ".join(f"{status}: {count:,}" for status, count in sorted(load.statuses.items())),
            "server": f"{megabytes(before[0])} to {megabytes(after[0])}",
            "keeper": f"{megabytes(before[1])} to {megabytes(after[1])}",
            "drift": f"{drift:.1%}",
            "descriptors": f"{before[2]} to {after[2]}",
        },
        load.failures,
    )


@row(
    "27b",
    "100 clients that load pages without a pause, beside four that ask trivial queries",
    passes="every page comes, p99 of trivial queries <= 2 s",
)
def page_flood(case: Case) -> Measured:
    """Pages are made in threads of the server itself."""
    clients, seconds = (100, 60.0) if case.share >= 1 else (20, 5.0)
    graph = seeds(case.scratch)
    known = known_answers(graph, 50)
    paths = ["/", "/find?q=causal", "/find?q=e", "/nothing", "/sparql", "/query", "/ontology"]
    paths += [query.partition("/id/")[2].partition(">")[0] for query in known]
    load = Load()
    counts: Counter[int] = Counter()

    async def read(number: int, port: int, until: float) -> None:
        chance = random.Random(case.seed * 1_000 + number)
        while time.monotonic() < until:
            path = chance.choice(paths)
            target = path if path.startswith("/") else f"/id/{path}"
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read(-1)
            writer.close()
            counts[int(answer[9:12] or 0)] += 1

    async def ask(number: int, port: int, until: float) -> None:
        client, chance = Client(port), random.Random(number)
        while time.monotonic() < until:
            query = chance.choice(tuple(known))
            await load.ask(client, query, known[query])
            await asyncio.sleep(0.02)
        client.close()

    async def all_of_them(port: int) -> None:
        until = time.monotonic() + seconds
        readers = (read(number, port, until) for number in range(clients))
        await asyncio.gather(*readers, *(ask(number, port, until) for number in range(4)))

    with running(graph) as server:
        asyncio.run(all_of_them(server.port))
    if odd := set(counts) - {200, 303, 404}:
        load.failures.append(f"pages with status {sorted(odd)}")
    p99 = part(load.taken, 0.99)
    if p99 > 2 * case.slack:
        load.failures.append(f"p99 of trivial queries is {p99:.2f} s")
    return Measured(
        {
            "pages": ", ".join(f"{status}: {count:,}" for status, count in sorted(counts.items())),
            "trivial queries": f"{len(load.taken):,}, p50 {part(load.taken, 0.5):.3f}, p99 {p99:.2f} s",
        },
        load.failures,
    )
