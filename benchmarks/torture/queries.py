"""Queries that reach out, change, never end, take all memory, or nest too deep."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from torture.clients import Server, alive, listener, made_quads, resident, running, timed, watched
from torture.frame import Case, Measured, megabytes, row, run_python

SERVICES = (
    "SERVICE <{u}> {{ ?s ?p ?o }}",
    "service silent <{u}> {{ ?s ?p ?o }}",
    "SeRvIcE<{u}>{{?s ?p ?o}}",
    "SERVICE ?x {{ ?s ?p ?o }}",
    "SERVICE e:a {{ ?s ?p ?o }}",
    "SERVICEe:a{{?s ?p ?o}}",
    "\\u0053ERVICE <{u}> {{ ?s ?p ?o }}",
    "S\\U00000045RVICE SILENT <{u}> {{ ?s ?p ?o }}",
    "SERVICE # a comment\n <{u}> # another\n {{ ?s ?p ?o }}",
    "SERVICE\t\r\nSILENT\t<{u}>\t{{ ?s ?p ?o }}",
    "SERVICE <\\u0068ttp:{r}> {{ ?s ?p ?o }}",
    "SERVICE <{u}> {{ SELECT * {{ ?s ?p ?o }} }}",
    "SERVICE <{u}> {{ SERVICE <{u}> {{ }} }}",
)
"""SERVICE as it can be written; u is an address, r what follows its scheme."""
PLACES = (
    "SELECT * {{ {0} }}",
    "ASK {{ ?s ?p ?o . {0} }}",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ {0} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER NOT EXISTS {{ {0} }} }}",
    "SELECT * {{ ?s ?p ?o OPTIONAL {{ {0} }} }}",
    "SELECT * {{ ?s ?p ?o MINUS {{ {0} }} }}",
    "SELECT * {{ {{ ?s ?p 1 }} UNION {{ {0} }} }}",
    "SELECT * {{ {{ SELECT * {{ {0} }} }} }}",
    "SELECT * {{ GRAPH ?g {{ {0} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {0} }}",
    "DESCRIBE ?s {{ {0} }}",
    "SELECT (EXISTS {{ {0} }} AS ?b) {{ }}",
    "SELECT * {{ ?s ?p ?o BIND(IF(EXISTS {{ {0} }}, 1, 2) AS ?b) }}",
    "SELECT * {{ ?s ?p '''a'b''' , 1.{0} }}",
    "SELECT * {{ ?s ?p ?o FILTER(?o<1){0} }}",
    "SELECT * {{ ?s e:p\\' ?o . {0} #'\n }}",
)
UPDATES = (
    "LOAD <{u}>",
    "LOAD SILENT <{u}> INTO GRAPH <http://e/g>",
    "LOAD <file:///etc/passwd>",
    "INSERT DATA {{ <http://e/new> <http://e/p> 1 }}",
    "PREFIX e: <http://e/> INSERT {{ ?s e:new ?o }} WHERE {{ ?s ?p ?o }}",
    "BASE <http://e/> DELETE WHERE {{ ?s ?p ?o }}",
    "WITH <http://e/g> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    "DROP ALL",
    "drop silent graph <http://e/g>",
    "CLEAR DEFAULT",
    "CREATE GRAPH <http://e/h>",
    "COPY <http://e/g> TO <http://e/h>",
    "MOVE <http://e/g> TO <http://e/h>",
    "ADD <http://e/g> TO DEFAULT",
    "SELECT * {{ ?s ?p ?o }} ; DROP ALL",
    "ASK {{}} ; INSERT DATA {{ <http://e/new> <http://e/p> 1 }}",
    "\\u0049NSERT DATA {{ <http://e/new> <http://e/p> 1 }}",
    "SELECT * FROM <{u}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{u}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "DESCRIBE <http://e/1> FROM <{u}>",
)
HARMLESS = (
    "SELECT * { ?s ?p 'SERVICE <http://e/> { }' }",
    'SELECT * { ?s ?p """LOAD INSERT DATA { } " SERVICE""" }',
    "ASK { ?s ?p ?o } # SERVICE <http://e/>",
    "SELECT * { <http://e/SERVICE> ?p ?o }",
    "SELECT ?service { ?service <http://e/load> ?insert }",
)
TIMELESS = {
    "products": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "DISTINCT": "SELECT DISTINCT ?c { ?a <http://e/q> ?b . ?d <http://e/q> ?e . ?g <http://e/q> ?h "
    "BIND(?b * ?e - ?h AS ?i) FILTER(?i = -1) BIND(1 AS ?c) }",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (<http://e/p>|!<http://e/p>)* ?b . ?c (<http://e/p>|!<http://e/p>)* ?d }",
    "VALUES": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(6))
    + " }",
    "subqueries": "SELECT (COUNT(*) AS ?n) { { SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } } { SELECT ?g { ?g ?h ?i } } }",
    "FILTER": "SELECT * { ?a <http://e/q> ?b . ?d <http://e/q> ?e . ?g <http://e/q> ?h FILTER(?b * ?e + ?h = -1) }",
    "EXISTS": "SELECT (COUNT(*) AS ?n) { ?a <http://e/q> ?b . ?d <http://e/q> ?e . ?g <http://e/q> ?h "
    "FILTER NOT EXISTS { ?a <http://e/p> ?d . ?d <http://e/p> ?a } }",
    "sums": "SELECT (SUM(?b * ?e - ?h) AS ?n) { ?a <http://e/q> ?b . ?d <http://e/q> ?e . ?g <http://e/q> ?h }",
    "ASK": "ASK { ?a <http://e/q> ?b . ?d <http://e/q> ?e . ?g <http://e/q> ?h FILTER(?b + ?e + ?h < 0) }",
    "REGEX": "SELECT (COUNT(*) AS ?n) { ?a <http://e/name> ?b . ?c <http://e/name> ?d . ?e <http://e/name> ?f "
    'FILTER REGEX(CONCAT(?b, ?d, ?f), "^(a+)+$") }',
    "UNION": "SELECT (COUNT(*) AS ?n) { " + " ".join(["{ ?s ?p ?o } UNION { ?x ?y ?z }"] * 8) + " }",
    "strings": "SELECT (MAX(STRLEN(?x)) AS ?n) { ?a <http://e/name> ?b . ?c <http://e/name> ?d . ?e <http://e/name> ?f "
    'BIND(REPLACE(UCASE(CONCAT(?b, ?d, ?f)), "N", "nn") AS ?x) }',
}
"""Queries that never end and need little memory."""
GROWING = "".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 10)}) AS ?x{n + 1}) " for n in range(9))
HUNGRY = {
    "GROUP BY": "SELECT ?a ?d ?c ?f (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?b ?c ?d ?e ?f",
    "ORDER BY": "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "DISTINCT": "SELECT DISTINCT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a",
    "CONCAT": f'SELECT (STRLEN(?x9) AS ?n) {{ BIND("0123456789" AS ?x0) {GROWING} }}',
    "REPLACE": 'SELECT (STRLEN(?x6) AS ?n) { BIND("aaaaaaaaaa" AS ?x0) '
    + " ".join(f'BIND(REPLACE(?x{n}, "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") AS ?x{n + 1})' for n in range(6))
    + " }",
    "GROUP_CONCAT": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f))) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
    "subquery": "SELECT * { { SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d } ?a ?x ?y }",
    "MINUS": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c MINUS { ?a ?e ?f . ?g ?h ?i . ?j ?k ?l } }",
    "SAMPLE": "SELECT ?a ?c ?d (SAMPLE(?f) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?c ?d",
    "all": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT": "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }",
    "DESCRIBE": "DESCRIBE ?a ?d { ?a ?b ?c . ?d ?e ?f }",
}
"""Queries that need or give more than there is room for."""
NESTED = {
    "{": ("SELECT * {{ {0} ?s ?p ?o {1} }}", "{", "}"),
    "(": ("SELECT * {{ ?s ?p ?o FILTER({0} ?o {1}) }}", "(", ")"),
    "[": ("SELECT * {{ ?s ?p {0} {1} }}", "[ ?p ", "]"),
    "!": ("SELECT * {{ ?s ?p ?o FILTER({0} ?o) }}", "!", ""),
    "+": ("SELECT * {{ ?s ?p ?o FILTER(1 {0}) }}", "+1", ""),
    "-": ("SELECT * {{ ?s ?p ?o FILTER({0} 1) }}", "- ", ""),
    "path": ("SELECT * {{ ?s {0} <http://e/p> {1} ?o }}", "(", ")*"),
    "path /": ("SELECT * {{ ?s <http://e/p>{0} ?o }}", "/<http://e/p>", ""),
    "path |": ("SELECT * {{ ?s <http://e/p>{0} ?o }}", "|<http://e/p>", ""),
    "path ^": ("SELECT * {{ ?s {0}<http://e/p> ?o }}", "^", ""),
    "UNION": ("SELECT * {{ {{}} {0} }}", "UNION {}", ""),
    "OPTIONAL": ("SELECT * {{ {0} {1} }}", "OPTIONAL {", "}"),
    "MINUS": ("SELECT * {{ ?s ?p ?o {0} }}", "MINUS { ?s ?p 1 } ", ""),
    "BIND": ("SELECT * {{ {0} }}", "BIND(1 AS ?x) ", ""),
    "collection": ("SELECT * {{ ?s ?p {0} {1} }}", "( 1 ", ")"),
    "items": ("SELECT * {{ ?s ?p ( {0}) }}", "1 ", ""),
    "DESCRIBE": ("DESCRIBE {0}", "<x:> ", ""),
    "SELECT": ("SELECT * {{ {0} {1} }}", "{ SELECT * { ", "} }"),
    "&&": ("SELECT * {{ ?s ?p ?o FILTER(true{0}) }}", " && true", ""),
    "IF": ("SELECT (({0} 1 {1}) AS ?x) {{}}", "IF(true, 1, ", ")"),
    "<< >>": ("SELECT * {{ {0} ?s {1} ?p ?o }}", "<<( ", " ?p ?o )>>"),
    "open": ("SELECT * {{ {0}", "{", ""),
    "; ;": ("SELECT * {{ ?s ?p ?o {0} }}", "; ?p ?o ", ""),
    ", ,": ("SELECT * {{ ?s ?p ?o {0} }}", ", ?o ", ""),
    ". .": ("SELECT * {{ ?s ?p ?o {0} }}", ". ?s ?p ?o ", ""),
    "ORDER BY": ("SELECT * {{ ?s ?p ?o }} ORDER BY {0}", "?s ", ""),
}
"""What nests or chains, by its name: a query with a place for the openings and one for the closings."""
BARE = """
import sys, pyoxigraph as ox
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
list(store.query(sys.stdin.read(), use_default_graph_as_union=True))
"""
BARE_RDFLIB = """
import sys, rdflib
list(rdflib.Graph().query(sys.stdin.read()))
"""
_numbers = itertools.count()


def works(server: Server) -> tuple[bool, float]:
    """Whether a server answers a query that it has not seen, and in how many seconds."""
    got, took = timed(lambda: server.post(f"ASK {{}} # {next(_numbers)}"))
    return got.body == b'{"head":{},"boolean":true}', took


@row(
    "21",
    "SERVICE in all spellings and places, LOAD, INSERT, DROP, FROM, sent to the server, the command line's engine and rdflib's view",
    passes="refused, no request, nothing changed; the words in a literal still work",
)
def reaching_out(case: Case) -> Measured:
    """Also what gets past the check of tokens, by running it without that check where workers run."""
    from paperkg.errors import PaperkgError
    from paperkg.query import Engine
    from paperkg.query.dataset import to_rdflib

    failures: list[str] = []
    refused = 0
    quads = made_quads(case.scratch, 300)
    with listener() as (port, heard), running(quads, query_time=5) as server:
        address = f"http://127.0.0.1:{port}/"

        def filled(pattern: str) -> str:
            return pattern.format(u=address, r=address.partition(":")[2])

        queries = [
            f"PREFIX e: <{address}> {place.format(filled(service))}"
            for service, place in itertools.product(SERVICES, PLACES)
        ]
        queries = case.random.sample(queries, case.count(len(queries), 30))
        queries += map(filled, UPDATES)
        engine = Engine(_quads(quads))
        view = to_rdflib(engine)
        for query in queries:
            got = server.post(query)
            if not 400 <= got.status < 500:
                failures.append(f"the server answers {got.status}: {query}")
            for name, ask in (("the engine", engine.run), ("rdflib's view", view.query)):
                try:
                    ask(query)
                    failures.append(f"{name} answers: {query}")
                except PaperkgError:
                    refused += 1
            refused += 400 <= got.status < 500
        for name, kind in (("update", "application/sparql-update"), ("query", "application/sparql-query")):
            for update in map(filled, UPDATES[:-4]):
                if server.post(update, content_type=kind).status not in (400, 403):
                    failures.append(f"the server takes as {name}: {update}")
        for query in HARMLESS:
            if server.post(query).status != 200:
                failures.append(f"the server refuses {query}")
        count = server.post("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body
        if b'"300"' not in count or len(engine) != 300:
            failures.append("the graph was changed")
        unchecked = _unchecked(case, [place.format(filled(SERVICES[0])) for place in PLACES[:13]])
        requests = len(heard)
        if requests:
            failures.append(f"{requests} requests left: {heard[0][:100]!r}")
        others = {}
        simple = PLACES[0].format(filled(SERVICES[0]))
        for name, code in (("pyoxigraph", BARE), ("rdflib", BARE_RDFLIB)):
            before = len(heard)
            run_python(code, str(quads), stdin=simple.encode(), seconds=20)
            others[name] = f"SERVICE: {len(heard) - before} request sent"
    figures = {"queries": len(queries), "refusals": refused, "requests": requests}
    return Measured(figures | {"past the check, in a worker": unchecked}, failures, others)


def _quads(file: Path) -> list[ox.Quad]:

    return list(ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS))


def _unchecked(case: Case, queries: list[str]) -> str:
    """Run queries as a worker would that has no check of tokens; the caller's listener hears what leaves."""
    code = """
import json, sys, pyoxigraph as ox
from paperkg.serve.worker import confine
from paperkg.query.engine import evaluate
store = ox.Store()
store.add(ox.Quad(*[ox.NamedNode("http://e/s")] * 3))
queries = json.load(sys.stdin)
confine(4 << 30)
for query in queries:
    try:
        evaluate(store, query, union=True)
    except Exception:
        pass
"""

    run = run_python(code, stdin=json.dumps(queries).encode(), seconds=60)
    return f"{len(queries)} queries run, status {run.status}"


@row(
    "22",
    "12 runaway queries x 20, limit 30 s (2 s in the tests), 12 at one time",
    passes="answered in 30-31 s, child gone <= 1 s later",
    minutes=20,
)
def runaway(case: Case) -> Measured:
    """All twelve at one time, so that the twenty rounds take ten minutes."""
    limit = 30.0 if case.share > 0.1 else 2.0
    rounds = case.count(20)
    failures: list[str] = []
    taken: list[float] = []
    gone: list[float] = []
    quads = made_quads(case.scratch, 100_000)
    settings = {"query_time": limit, "workers": 2, "aside": len(TIMELESS), "query_memory": 512 << 20}
    with running(quads, **settings) as server, ThreadPoolExecutor(len(TIMELESS)) as threads:
        for number in range(rounds):

            def ask(name: str, number: int = number) -> tuple[str, int, str, float, float]:
                got, took = timed(lambda: server.post(f"{TIMELESS[name]} # {number}"))
                return name, got.status, got.text, took, time.monotonic()

            answers = list(threads.map(ask, TIMELESS))
            last = max(end for *_, end in answers)
            while len([pid for pid in server.workers if alive(pid)]) > 2 and time.monotonic() - last < 10:
                time.sleep(0.01)
            gone.append(time.monotonic() - last)
            for name, status, text, took, _ in answers:
                taken.append(took)
                if status != 422 or "took longer" not in text:
                    failures.append(f"{name}: {status} {text.strip()[:100]}")
                if not limit <= took <= limit + case.slack:
                    failures.append(f"{name}: answered after {took:.2f} s")
            if gone[-1] > case.slack:
                failures.append(f"round {number}: workers are there {gone[-1]:.1f} s after the answers")
            if not works(server)[0]:
                failures.append(f"round {number}: the next query is not answered")
    bare = run_python(BARE, str(quads), stdin=TIMELESS["products"].encode(), seconds=limit + 5)
    return Measured(
        {
            "queries": len(taken),
            "limit": f"{limit:g} s",
            "answered in": f"{min(taken):.2f} to {max(taken):.2f} s",
            "workers gone": f"{max(gone):.2f} s after the last answer",
        },
        failures,
        {
            "pyoxigraph": f"still running {limit + 5:g} s later, killed"
            if bare.late
            else f"status {bare.status}"
        },
    )


@row(
    "23",
    "12 queries that need more memory or give more than there is room for, three times",
    passes="child <= 1 GB, server +<= 50 MB, a clear error, never a silent cut",
    minutes=20,
)
def memory(case: Case) -> Measured:
    """With the server's usual limits; the time limit is what some of them reach first."""
    quads = made_quads(case.scratch, 100_000 if case.share >= 1 else 10_000)
    settings = {} if case.share >= 1 else {"query_memory": 128 << 20, "answer_size": 8 << 20, "query_time": 5}
    failures: list[str] = []
    said: Counter[str] = Counter()
    rounds = 3 if case.share >= 1 else 1
    with running(quads, **settings) as server:
        works(server)
        base = resident(server.process.pid)
        graph = resident(server.keeper)

        def largest_worker() -> float:
            return max((resident(pid) for pid in server.workers), default=0)

        with watched(largest_worker) as child, watched(lambda: resident(server.process.pid)) as whole:
            for number, (name, query) in itertools.product(range(rounds), HUNGRY.items()):
                got = server.post(f"{query} # {number}")
                said[got.text.partition(" (")[0].strip() if got.status != 200 else "whole"] += 1
                if got.status == 200:
                    failures.append(f"{name}: answered with {len(got.body):,} bytes")
                elif got.status != 422 or not got.text.strip():
                    failures.append(f"{name}: {got.status} {got.text[:100]}")
                if not works(server)[0]:
                    failures.append(f"{name}: the next query is not answered")
    used, grown = child[0] - graph, whole[0] - base
    if used > (1 << 30 if case.share >= 1 else 128 << 20) + 32e6:
        failures.append(f"a worker took {megabytes(used)}")
    if grown > 50e6:
        failures.append(f"the server grew by {megabytes(grown)}")
    bare = run_python(BARE, str(quads), stdin=HUNGRY["ORDER BY"].encode(), seconds=60, memory=2 << 30)
    return Measured(
        {
            "queries": rounds * len(HUNGRY),
            "largest worker": f"{megabytes(used)} beside the graph",
            "server": f"+{megabytes(grown)}",
            **{f"said {text!r}": count for text, count in said.most_common()},
        },
        failures,
        {
            "pyoxigraph": f"ORDER BY with 2 GiB of memory: the process ends with status {bare.status} after {bare.seconds:.0f} s"
        },
    )


@row(
    "24",
    f"nesting and chains of 100 to 50,000 of {len(NESTED)} kinds",
    passes="4xx, server lives, next query <= 0.2 s; no worker crashes",
)
def nesting(case: Case) -> Measured:
    """A worker that crashes is survived, and is still a failure: the same query in a user's own process would end that."""
    depths = [100, 101, 500, 1_000, 1_900, 2_197, 5_000, 20_000, 50_000]
    if case.share < 1:
        depths = [100, 1_900, 50_000]
    failures: list[str] = []
    statuses: Counter[int] = Counter()
    slowest = 0.0
    quads = made_quads(case.scratch, 300)
    with running(quads, query_time=10 if case.share >= 1 else 2) as server:
        unharmed = max(works(server)[1] for _ in range(50))
        for name, (pattern, opening, closing) in NESTED.items():
            for depth in depths:
                query = pattern.format(opening * depth, closing * depth)
                got = server.post(query)
                statuses[got.status] += 1
                if got.status not in (200, 400, 413, 422):
                    failures.append(f"{depth:,} of {name}: {got.status} {got.text[:100]}")
                if "nested too deep" in got.text or "memory" in got.text:
                    failures.append(f"{depth:,} of {name}: a worker crashed")
                lives, took = works(server)
                slowest = max(slowest, took)
                if not lives or took > 0.2 * case.slack:
                    failures.append(f"the query after {depth:,} of {name}: {lives}, {took:.2f} s")
    bare = run_python(BARE, str(quads), stdin=("SELECT * " + "{" * 2_197).encode())
    rdflib = run_python(BARE_RDFLIB, stdin=("SELECT * " + "{" * 100 + "}" * 100).encode())
    return Measured(
        {
            "queries": sum(statuses.values()),
            **{f"status {status}": count for status, count in sorted(statuses.items())},
            "slowest next query": f"{slowest:.3f} s",
            "slowest of 50 queries before": f"{unharmed:.3f} s",
        },
        failures,
        {
            "pyoxigraph": f"2,197 of {{: the process ends with status {bare.status}",
            "rdflib": "100 of {: " + (rdflib.stderr.decode().strip().splitlines() or ["answered"])[-1][:60],
        },
    )
