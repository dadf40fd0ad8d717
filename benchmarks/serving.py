"""Measures the server: latency, many clients at once, queries that never end. One command prints the tables.

    python benchmarks/serving.py [GRAPH] [--clients 64] [--seconds 60] [--think 0] [--time-limit 2]

GRAPH is graphs/seeds if none is given. The server is started by `paperkg serve`; clients and server share this
computer's processors. Every query has a number in a comment, so that the server cannot answer from its memory, but
for the rounds that are marked as repeated. Times are in milliseconds: on the clock, and of the processor (`cpu`), which
other programs on the computer disturb less.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox

from paperkg.export import find_set
from paperkg.query import examples
from paperkg.rdf.namespaces import PREFIXES

ROUNDS = 5
SLOW = "methods-in-common"
"""All pairs of papers: measured, but not asked by many clients at once."""
RUNAWAY = {
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "any path": "SELECT (COUNT(*) AS ?n) { ?a (pkg:uses|!pkg:uses)* ?b . ?b (pkg:uses|!pkg:uses)* ?c }",
    "GROUP BY": "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d ?c ?f",
    "ORDER BY": "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "nested CONCAT": 'SELECT (STRLEN(?x9) AS ?n) { BIND("0123456789" AS ?x0) '
    + " ".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 10)}) AS ?x{n + 1})" for n in range(9))
    + " }",
    "giant answer": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
}
_numbers = count()


class Client:
    """One connection to the server, used again and again."""

    def __init__(self, host: str, port: int) -> None:
        """To a host and a port."""
        self._address = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, query: str, *, again: bool = False) -> tuple[int, int, float]:
        """Status, bytes and milliseconds of an answer; `again` asks for the same as before."""
        text = query if again else f"{query}\n# {next(_numbers)}"
        body = urlencode({"query": text}).encode()
        begun = time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        head = f"POST /sparql HTTP/1.1\r\nHost: {self._address[0]}\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(answer.partition(b"content-length:")[2].partition(b"\r")[0])
        await reader.readexactly(size)
        if b"connection: close" in answer:
            self.close()
        return int(answer.split()[1]), size, (time.perf_counter() - begun) * 1000

    def close(self) -> None:
        """End the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


def share(values: list[float], part: float) -> float:
    """The value below which that part of them lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def family(pid: int) -> list[int]:
    """A process and all that come from it."""
    try:
        made = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(one for child in made for one in family(int(child)))]


def megabytes(pids: list[int]) -> float:
    """What some processes hold of the memory, shared pages counted once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def processor_ms(pids: list[int]) -> float:
    """Milliseconds for which some processes have run."""
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e6


async def single(client: Client, pid: int, graph: str) -> dict[str, float]:
    """Each query alone, beside bare pyoxigraph in this process, in memory; the median of each on the clock is returned."""
    engine = ox.Store()
    engine.bulk_load(path=f"{find_set(graph)}.trig", format=ox.RdfFormat.TRIG)
    print(f"One client ({ROUNDS} rounds)")
    print(f"{'query':24}{'bytes':>10}{'server':>9}{'engine':>9}{'cpu':>9}{'engine':>9}{'ratio':>7}")
    medians, sums = {}, [0.0, 0.0]
    for example in examples():
        served, engined, size = list[float](), list[float](), 0
        before = processor_ms(family(pid))
        for _ in range(ROUNDS):
            status, size, took = await client.ask(example.query)
            if status != 200:
                raise SystemExit(f"{example.name}: {status}")
            served.append(took)
        cpu = (processor_ms(family(pid)) - before) / ROUNDS
        before = time.process_time()
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            found = engine.query(example.query, prefixes=PREFIXES, use_default_graph_as_union=True)
            found.serialize(format=ox.QueryResultsFormat.JSON)
            engined.append((time.perf_counter() - begun) * 1000)
        alone = (time.process_time() - before) / ROUNDS * 1000
        sums = [sums[0] + cpu, sums[1] + alone]
        here, there = statistics.median(served), statistics.median(engined)
        medians[example.name] = here
        print(f"{example.name:24}{size:10,}{here:9.1f}{there:9.1f}{cpu:9.1f}{alone:9.1f}{cpu / alone:7.2f}")
    print(f"{'sum':52}{sums[0]:9.1f}{sums[1]:9.1f}{sums[0] / sums[1]:7.2f}")
    before = processor_ms(family(pid))
    times = [(await client.ask("ASK {}"))[2] for _ in range(200)]
    cpu = (processor_ms(family(pid)) - before) / len(times)
    print(f"{'ASK {}':34}{statistics.median(times):9.2f}{'':9}{cpu:9.2f}\n")
    return medians


async def many(
    address: tuple[str, int], pid: int, options: argparse.Namespace, alone: dict[str, float], *, again: bool
) -> None:
    """Many clients at once, each with the queries in an order of its own."""
    queries = [example for example in examples() if example.name != SLOW]
    statuses: dict[int, int] = {}
    taken = list[float]()
    factors = list[float]()
    end = time.monotonic() + options.seconds

    async def go(number: int) -> None:
        client, chance = Client(*address), random.Random(number)
        while time.monotonic() < end:
            example = chance.choice(queries)
            status, _, took = await client.ask(example.query, again=again)
            statuses[status] = statuses.get(status, 0) + 1
            if status == 200:
                taken.append(took)
                factors.append(took / alone[example.name])
            if options.think:
                await asyncio.sleep(chance.expovariate(1 / options.think))
        client.close()

    before = megabytes(family(pid))
    await asyncio.gather(*(go(number) for number in range(options.clients)))
    after = megabytes(family(pid))
    mean = statistics.mean(alone[example.name] for example in queries)
    print(
        f"{options.clients} clients for {options.seconds} s, {'repeated' if again else 'new'} queries, "
        f"{options.think:g} s between two: {sum(statuses.values()):,} answers {statuses}"
    )
    print(
        f"  p50 {share(taken, 0.5):.1f}, p99 {share(taken, 0.99):.1f} ms; mean of one client {mean:.1f} ms, "
        f"p99 / mean {share(taken, 0.99) / mean:.1f}; memory {before:.0f} -> {after:.0f} MB\n"
    )


async def runaway(client: Client, limit: float) -> None:
    """Queries that never end, and the next one after each."""
    print(
        f"Queries that never end, limit {limit:g} s\n{'query':24}{'status':>8}{'ms':>9}{'over':>9}{'next':>9}"
    )
    for name, query in RUNAWAY.items():
        status, _, took = await client.ask(query)
        _, _, then = await client.ask("ASK {}")
        over = f"{took - limit * 1000:9.0f}" if took > limit * 1000 else f"{'':9}"
        print(f"{name:24}{status:8}{took:9.0f}{over}{then:9.1f}")


async def measure(address: tuple[str, int], pid: int, options: argparse.Namespace) -> None:
    """All measurements."""
    client = Client(*address)
    alone = await single(client, pid, options.graph)
    client.close()
    await many(address, pid, options, alone, again=False)
    await many(address, pid, options, alone, again=True)
    await runaway(client, options.time_limit)
    client.close()


def main() -> None:
    """Starts a server, measures it, ends it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("graph", nargs="?", default="graphs/seeds")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--think", type=float, default=0, help="mean pause of a client between two queries, seconds"
    )
    parser.add_argument("--time-limit", type=float, default=2)
    options = parser.parse_args()
    command = [
        sys.executable,
        "-m",
        "paperkg",
        "serve",
        options.graph,
        "--port",
        "0",
        "--time-limit",
        str(options.time_limit),
    ]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        address = urlsplit(next(word for word in line.split() if word.startswith("http://")))
        print(
            f"{options.graph}: ready after {time.perf_counter() - begun:.1f} s, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n"
        )
        try:
            asyncio.run(measure((str(address.hostname), int(address.port or 0)), server.pid, options))
        finally:
            server.send_signal(signal.SIGTERM)
    print(f"\nended with status {server.returncode}")


if __name__ == "__main__":
    main()
