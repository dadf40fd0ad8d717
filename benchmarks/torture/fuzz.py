"""Queries by chance, sent to the server: made from the grammar, and the W3C's own with errors in them."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator

from torture.clients import Client, made_quads, own, running, zombies
from torture.conformance import FETCHED
from torture.frame import ROOT, Case, Measured, megabytes, row, run_program, run_python
from torture.grammar import mutated, random_query
from torture.queries import works


def w3c_queries() -> list[str]:
    """The queries of the W3C's tests."""
    with tarfile.open(sorted(FETCHED.glob("rdflib-*.tar.gz"))[-1]) as archive:
        members = [one for one in archive.getmembers() if one.name.endswith(".rq") and "/w3c/" in one.name]
        texts = [(archive.extractfile(one) or open("/dev/null", "rb")).read() for one in members]  # noqa: SIM115, PTH123
    return sorted({text.decode("utf-8", "replace") for text in texts})


def bombard(case: Case, queries: Iterator[str], seconds: float) -> Measured:
    """Send queries until there are no more, or time is over; everything but an answer or a refusal is a failure."""
    failures: list[str] = []
    statuses: Counter[str] = Counter()
    longest, limit = 0.0, 1.0

    async def go(port: int, until: float) -> None:
        nonlocal longest
        client = Client(port)
        for query in queries:
            if time.monotonic() > until:
                break
            begun = time.monotonic()
            try:
                status, _, body = await client.ask(query)
            except (OSError, asyncio.IncompleteReadError) as error:
                failures.append(f"{type(error).__name__}: {query[:300]!r}")
                client.close()
                continue
            longest = max(longest, time.monotonic() - begun)
            said = body.decode("utf-8", "replace")
            reason = ""
            if status == 422:
                reason = next(
                    (word for word in ("longer", "memory", "too deep", "bytes") if word in said), said[:40]
                )
            if reason == "too deep" or status >= 500:
                failures.append(f"{status} {said.strip()[:80]}: {query[:300]!r}")
            elif status not in (200, 400, 413, 414, 422):
                failures.append(f"{status}: {query[:300]!r}")
            statuses[f"{status} {reason}".strip()] += 1
        client.close()

    async def all_of_them(port: int) -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(go(port, until) for _ in range(4)))

    quads = made_quads(case.scratch, 300)
    settings = {"query_time": limit, "query_memory": 512 << 20, "queue_time": 60}
    with running(quads, **settings) as server:
        keeper = server.keeper
        for number in range(100):
            server.post(f"SELECT * {{ ?s ?p ?o }} # {number}")
        before = own(server.process.pid)
        begun = time.monotonic()
        asyncio.run(all_of_them(server.port))
        took = time.monotonic() - begun
        time.sleep(1)
        after = own(server.process.pid)
        if server.keeper != keeper:
            failures.append("the keeper ended")
        if zombies(server.process.pid):
            failures.append("there are zombies")
        if not works(server)[0]:
            failures.append("the server does not answer afterwards")
    # answers that are kept may take 32 MB
    if after - before > 60e6:
        failures.append(f"the server grew from {megabytes(before)} to {megabytes(after)}")
    return Measured(
        {
            "queries": f"{sum(statuses.values()):,} in {took:,.0f} s",
            **{f"answered {status}": count for status, count in sorted(statuses.items())},
            "longest": f"{longest:.2f} s, limit {limit:g} s",
            "server": f"{megabytes(before)} to {megabytes(after)}",
        },
        failures,
    )


BARE = """
import json, signal, sys, pyoxigraph as ox
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
done = open(sys.argv[2], "w")
for number, query in enumerate(json.load(sys.stdin)):
    done.seek(0); done.write(f"{number:9}"); done.flush()
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        for row in store.query(query, use_default_graph_as_union=True) or (): pass
    except Exception: pass
done.close()
"""


def bare(case: Case, queries: list[str]) -> str:
    """How often a process that embeds pyoxigraph ends, on the same kind of queries; its alarm ends what takes a second."""
    quads, place = made_quads(case.scratch, 300), case.scratch / "done"
    ends: Counter[str] = Counter()
    left = queries
    while left:
        run = run_python(
            BARE, str(quads), str(place), stdin=json.dumps(left).encode(), seconds=300, memory=4 << 30
        )
        if run.status == 0:
            break
        ends[{-14: "by its alarm", -11: "by SIGSEGV", -6: "by SIGABRT"}.get(run.status, str(run.status))] += 1
        left = left[int(place.read_text()) + 1 :]
    said = ", ".join(f"{count} {how}" for how, count in sorted(ends.items())) or "none"
    return f"of {len(queries):,} such queries these ended the process: {said}"


SMUGGLED = """
import json, signal, sys, pyoxigraph as ox
from paperkg.errors import QueryError
from paperkg.query.engine import evaluate
from paperkg.query.scan import scan
from paperkg.serve.worker import confine
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
done, out = open(sys.argv[2], "w"), open(sys.argv[3], "a")
queries = json.load(sys.stdin)
confine(4 << 30)
for number, query in enumerate(queries):
    done.seek(0); done.write(f"{number:9}"); done.flush()
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        scan(query, frozenset())
        said = "passed", json.dumps(query)
    except QueryError:
        said = "refused", "held"
    print(said[0], file=out, flush=True)
    try:
        evaluate(store, query, union=True)
    except QueryError as error:
        if any(word in str(error) for word in ("lookup", "not allowed", "invalid format", "open files", "HTTP")):
            print(said[1], file=out, flush=True)
"""
HIDING = (
    "SERVICE <file:///x> {}",
    "SERVICE<file:///x>{?s ?p ?o}",
    "service <file:///x> { SELECT * {} }",
    "SERVICE e:a {}",
    "\\u0053ERVICE <file:///x> {}",
    "SERVICE # <\n <file:///x> {}",
    "SERVICE ?s {}",
)
BEFORE = (
    *(
        "",
        "'",
        '"',
        "<",
        ">",
        "#",
        "\n",
        "\\",
        "<'",
        "'>",
        "#'\n",
        "'#",
        "1",
        "1.",
        "e:",
        "e:.",
        "e:a\\'",
        "?x<",
    ),
    *(
        "<<",
        "@en",
        "_:b",
        "%",
        "''",
        '"""',
        "'''",
        "\u00b7",
        "-",
        "true",
        ")",
        "}",
        "{",
        "?x<e:a",
        "<a>",
        "^^",
    ),
)
"""What stands around SERVICE, so that a reader of tokens may take it for a part of something else."""


@row(
    "21b",
    "50,000 queries in which SERVICE is hidden by chance between quotes, brackets, comments and names",
    passes="what the check of tokens lets through holds no SERVICE for the engine",
)
def hidden(case: Case) -> Measured:
    """Run where nothing can be opened; the engine's error tells that it tried."""
    chance, known = case.random, w3c_queries()

    def make() -> str:
        query = chance.choice(known) if chance.random() < 0.3 else random_query(chance)
        if chance.random() < 0.3:
            query = "SELECT * { ?s ?p ?o . }"
        service = "".join(chance.choices(BEFORE, k=chance.randint(0, 3)))
        service += chance.choice(HIDING) + "".join(chance.choices(BEFORE, k=chance.randint(0, 3)))
        places = [at for at, letter in enumerate(query) if letter in "{}.;()"] or [0]
        at = chance.choice(places) + chance.randint(0, 1)
        return query[:at] + service + query[at:]

    left = list(many(make, case.count(50_000)))
    count = len(left)
    quads, place, out = made_quads(case.scratch, 30), case.scratch / "done", case.scratch / "out"
    out.touch()
    ended = 0
    while left:
        arguments = str(quads), str(place), str(out)
        run = run_python(SMUGGLED, *arguments, stdin=json.dumps(left).encode(), seconds=600)
        if run.status == 0:
            break
        if not place.read_text():
            return Measured({}, [run.stderr.decode()[-300:]])
        ended += 1
        left = left[int(place.read_text()) + 1 :]
    lines = out.read_text("utf-8").splitlines()
    found = [line for line in lines if line not in ("passed", "refused", "held")]
    if not lines.count("held"):
        found.append("none: the test shows nothing, for the engine never found it")
    return Measured(
        {
            "queries": count,
            "passed the check": lines.count("passed"),
            "refused": f"{lines.count('refused'):,}, of which the engine would have asked in {lines.count('held'):,}",
            "ended by the alarm or a crash": ended,
        },
        [f"the engine found SERVICE in {line[:300]}" for line in found],
    )


def many(make: Callable[[], str], most: int) -> Iterator[str]:
    """So many queries."""
    return (make() for _ in range(most))


@row(
    "25",
    "100,000 random queries from the grammar, a fifth with errors",
    passes="no exit, no hang over the limit, no leak, no worker that crashes",
    minutes=25,
)
def random_queries(case: Case) -> Measured:
    """A worker that crashes is survived, and is still a failure."""
    chance = case.random
    measured = bombard(case, many(lambda: random_query(chance), case.count(100_000)), 20 * 60)
    others = {"pyoxigraph": bare(case, list(many(lambda: random_query(chance), case.count(5_000))))}
    return Measured(measured.figures, measured.failures, others)


@row(
    "25b",
    "mutated W3C queries for an hour",
    passes="no exit, no hang over the limit, no leak, no worker that crashes",
    minutes=90,
)
def mutated_queries(case: Case) -> Measured:
    """The W3C's queries with letters and words taken away, put in, repeated, and taken from others."""
    known, chance = w3c_queries(), case.random

    def make() -> str:
        return mutated(chance, chance.choice(known), chance.choice(known))

    seconds = min(3_600 * case.share, 3_600) if case.share >= 0.05 else 20
    measured = bombard(case, many(make, 10_000_000), seconds)
    others = {"pyoxigraph": bare(case, list(many(make, case.count(5_000))))}
    return Measured(measured.figures, measured.failures, others)


@row(
    "25c",
    "fuzzing guided by coverage (atheris) of what reads queries, requests, headers and texts, two minutes each",
    passes="only the named errors, <= 5 s, <= 2 GB",
    slow="atheris is installed by make torture alone",
)
def guided(case: Case) -> Measured:
    """Each target runs in a process of its own."""
    seconds = case.count(120, 5)
    failures: list[str] = []
    figures = {}
    for target in ("queries", "requests", "headers", "texts"):
        run = run_program(
            [sys.executable, ROOT / "benchmarks" / "torture" / "guided.py", target, str(seconds)],
            seconds=seconds + 60,
            folder=case.scratch,
        )
        said = run.stderr.decode("utf-8", "replace")
        done = re.search(r"Done (\d+) runs", said)
        figures[target] = f"{int(done[1]) if done else 0:,} runs"
        if run.status != 0 or not done:
            last = [line for line in said.splitlines() if "Error" in line or "ERROR" in line]
            failures.append(f"{target}: status {run.status}: {' '.join(last)[:300] or said[-300:]}")
    return Measured(figures | {"seconds each": seconds}, failures)
