"""What a query, a client or a stranger may not do to a server; each time the next query is answered."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import event_loop
import pytest
from client import PATIENCE_S, Got, Server, alive, children, eventually, running
from starlette.requests import Request
from starlette.types import Message

from paperkg.serve.messages import Problem
from paperkg.serve.settings import Settings
from paperkg.serve.sparql import read_body

GROWING = "".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 10)}) AS ?x{n + 1}) " for n in range(9))
TIME = {
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "distinct": "SELECT DISTINCT ?c { ?a <http://e/q> ?b . ?d <http://e/q> ?e . ?g <http://e/q> ?h BIND(?b * ?e - ?h AS ?i) FILTER(?i = -1) BIND(1 AS ?c) }",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (<http://e/p>|!<http://e/p>)* ?b . ?c (<http://e/p>|!<http://e/p>)* ?d }",
    "values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(6))
    + " }",
    "subqueries": "SELECT (COUNT(*) AS ?n) { { SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } } { SELECT ?g { ?g ?h ?i } } }",
    "filter": "SELECT * { ?a <http://e/q> ?b . ?d <http://e/q> ?e . ?g <http://e/q> ?h FILTER(?b * ?e + ?h = -1) }",
}
MEMORY = {
    "group by": "SELECT ?a ?d ?c ?f (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?b ?c ?d ?e ?f",
    "order by": "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
    "concat": f'SELECT (STRLEN(?x9) AS ?n) {{ BIND("0123456789" AS ?x0) {GROWING} }}',
    "group_concat": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?c), STR(?d), STR(?f))) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
}


@pytest.mark.parametrize("query", TIME.values(), ids=TIME)
def test_a_query_that_never_ends(strict: Server, query: str) -> None:
    got = strict.post(query)
    assert got.status == 422 and "took longer than 1 s" in got.text
    assert strict.works()


@pytest.mark.parametrize("query", MEMORY.values(), ids=MEMORY)
def test_a_query_that_needs_too_much(strict: Server, query: str) -> None:
    got = strict.post(query)
    assert got.status == 422
    assert "took longer than 1 s" in got.text or "needs more than 256 MB of memory" in got.text
    assert strict.works()


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT * { ?s ?p ?o }", "application/sparql-results+json"),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }", "text/csv"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "text/turtle"),
        ("CONSTRUCT { ?s ?p ?f } { ?s ?p ?o . ?d ?e ?f }", "application/rdf+xml"),
        ("SELECT (1 AS ?x) { ?s ?p ?o } LIMIT 2000", "application/sparql-results+xml"),
    ],
)
def test_an_answer_that_is_too_large_is_not_cut(strict: Server, query: str, accept: str) -> None:
    got = strict.post(query, accept=accept)
    assert got.status == 422 and "bytes" in got.text
    assert strict.works()


@pytest.mark.parametrize("depth", [100, 1_000, 3_000])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("{", "}"),
        ("(", ")"),
        ("[", "]"),
        ("!", ""),
        ("+", ""),
        ("{} UNION ", "{}"),
        ("OPTIONAL {", "}"),
        ("-", ""),
    ],
)
def test_deep_nesting(strict: Server, opening: str, closing: str, depth: int) -> None:
    for query in (
        f"SELECT * {{ {opening * depth} ?s ?p ?o {closing * depth} }}",
        f"SELECT * {{ ?s ?p ?o FILTER({opening * depth} ?o {closing * depth}) }}",
        f"SELECT * {{ ?s {opening * depth} <http://e/p> {closing * depth} ?o }}",
        f"SELECT * {{ ?s ?p {opening * depth}",
    ):
        assert strict.post(query).status in (200, 400, 413, 422)
    assert strict.works()


def test_too_long_a_url(strict: Server) -> None:
    assert strict.ask("ASK {}" + " " * 3_000).status == 414
    assert strict.request("GET", "/" + "x" * 3_000).status == 414
    assert (
        b" 400 "
        in strict.raw(b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", wait=5)[:20]
    )


def test_too_large_a_body(strict: Server) -> None:
    assert strict.post("ASK {}" + " " * 30_000).status == 413
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    declared = strict.raw(head + b"Content-Length: 200000000\r\n\r\n")
    assert declared.startswith(b"HTTP/1.1 413 ")
    chunks = b"".join(b"%x\r\n%s\r\n" % (5_000, b" " * 5_000) for _ in range(6))
    assert strict.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks).startswith(b"HTTP/1.1 413 ")
    assert strict.works()


def test_a_body_in_pieces(strict: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n"
    answer = strict.raw(head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ") and b'"boolean":true' in answer
    assert strict.raw(head + b"\r\n").startswith(b"HTTP/1.1 411 ")
    packed = head + b"Content-Encoding: gzip\r\nContent-Length: 6\r\n\r\nASK {}"
    assert strict.raw(packed).startswith(b"HTTP/1.1 415 ")


@pytest.mark.parametrize(
    "head",
    [
        b"Host: localhost\r\nHost: localhost\r\n",
        b"Host: localhost\r\nHost: example.org\r\n",
        b"Content-Length: 6\r\n",
        b"Host: localhost\r\nContent-Length: 6\r\nContent-Length: 7\r\n",
        b"Host: localhost\r\nContent-Length: 6, 7\r\n",
        b"Host: localhost\r\nContent-Length: -6\r\n",
        b"Host: localhost\r\nContent-Length: +6\r\n",
        b"Host: localhost\r\nContent-Length: 0x6\r\n",
        b"Host: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        b"Host: localhost\r\nTransfer-Encoding: xchunked\r\n",
        b"Host: localhost\r\nTransfer-Encoding: chunked, identity\r\n",
        b"Host: localhost\r\nTransfer-Encoding : chunked\r\n",
        b"Host: localhost\r\nX: a\r\n b\x00\r\n",
        b"Host: localhost\r\nX\x00: a\r\n",
    ],
)
def test_requests_that_could_be_read_in_two_ways(strict: Server, head: bytes) -> None:
    hidden = b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n"
    content = (
        b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\n" + head + b"\r\nASK {}" + hidden
    )
    answer = strict.raw(content)
    assert answer[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 501")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_broken_requests_leave_no_word_on_the_terminal(
    quads: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(quads, receive_time=1, idle_time=1) as server:
        whole = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        posted = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        for request in (
            whole + b"\x00 broken\r\n\r\n",
            whole.replace(b"Connection: close\r\n", b"") + b"\x00\r\n\r\n",
            posted + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}",
            posted + b"Content-Length: 6\r\n\r\nASK {}\x00 /\r\n\r\n",
        ):
            assert server.raw(request).startswith(b"HTTP/1.1 ")
        assert server.works()
    assert capfd.readouterr().err == ""


def test_absolute_and_odd_targets(strict: Server) -> None:
    for target in (b"http://example.org/sparql", b"*", b"sparql", b"localhost:1"):
        answer = strict.raw(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert answer[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 404")


def test_clients_that_take_their_time(strict: Server) -> None:
    assert strict.raw(b"GET /sparql HTT").startswith(b"HTTP/1.1 408 ")
    assert strict.raw(b"").startswith(b"HTTP/1.1 408 ")
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\n"
    assert strict.raw(head + b"AS").startswith(b"HTTP/1.1 408 ")


def test_a_client_that_leaves_in_mid_body() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    headers = [(b"content-length", b"6")]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    with pytest.raises(
        Problem, match="left"
    ):  # anything else would be written to the terminal, with its trace
        event_loop.run(read_body(request, Settings()))


def test_more_clients_than_there_is_room_for(strict: Server) -> None:
    slow = [socket.create_connection(("127.0.0.1", strict.port)) for _ in range(60)]
    try:
        for client in slow:
            client.send(b"GET /")
        assert strict.works()
    finally:
        for client in slow:
            client.close()


def test_more_queries_than_there_is_room_for(strict: Server) -> None:
    got: list[Got] = []
    threads = [
        threading.Thread(target=lambda: got.append(strict.post(TIME["cartesian product"]))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert {one.status for one in got} == {422, 503}
    assert all(one.headers["retry-after"] == "1" for one in got if one.status == 503)
    assert strict.works()


def test_a_client_that_leaves_takes_its_query_along(quads: Path) -> None:
    with running(quads, query_time=600, workers=1) as server:
        (worker,) = server.workers
        client = socket.create_connection(("127.0.0.1", server.port))
        body = TIME["cartesian product"].encode()
        client.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        assert eventually(lambda: _processor_time(worker) > 5)
        client.close()
        assert eventually(lambda: not alive(worker))
        assert server.works()


def test_clients_that_do_not_take_their_answers(quads: Path) -> None:
    with running(quads, send_time=2, idle_time=1, workers=1, aside=1, spool=50_000_000) as server:
        before = _open_files(server.process.pid)
        query = "SELECT * { ?s ?p ?o . ?x ?y ?z } LIMIT 100000"  # an answer of more than 25 MB
        clients = [_idle_client(server, query) for _ in range(2)]
        assert eventually(lambda: _open_files(server.process.pid) > before + 1)
        assert server.works()
        # one answer waits on the disk; there was no room for the other; then the client's time is over
        assert eventually(lambda: _open_files(server.process.pid) == before)
        assert len(server.post(query + "# again").body) > 25_000_000
        for client in clients:
            client.close()


def _idle_client(server: Server, query: str) -> socket.socket:
    """One that asks and takes nothing."""
    client = socket.create_connection(("127.0.0.1", server.port))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    body = query.encode()
    client.sendall(
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )
    return client


def _open_files(pid: int) -> int:
    """The connections and files that a process has open, beside those to its workers."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()) - len(children(children(pid)[0]))


def test_short_queries_do_not_wait_for_long_ones(quads: Path) -> None:
    with running(quads, query_time=600, queue_time=600, workers=1, aside=1) as server:
        clients = [_idle_client(server, TIME["cartesian product"] + f"# {n}") for n in range(5)]
        for _ in range(50):
            assert server.works()
        # one runs, the others wait for its place; no more processes than one aside and one at rest
        assert eventually(lambda: len(server.workers) == 2)
        for client in clients:
            client.close()
        assert eventually(lambda: len(server.workers) == 1)
        assert server.works()


def test_a_query_that_waited_for_its_place_is_answered(quads: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?s <http://e/q> ?o . ?x <http://e/q> ?y FILTER(?o * ?y = -1) }"
    with running(quads, workers=1, aside=1, query_time=60) as server:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda n: server.post(f"{slow} # {n}"), range(4)))
        assert {answer.status for answer in answers} == {200}
        assert all('"value":"0"' in answer.text for answer in answers)


def _processor_time(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_processes_that_are_killed_are_replaced(quads: Path) -> None:
    with running(quads, workers=2) as server:
        for worker in server.workers:
            os.kill(worker, signal.SIGKILL)
        assert eventually(server.works)
        first = server.keeper
        family = server.workers
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: not any(alive(pid) for pid in family))
        assert eventually(server.works)
        assert server.keeper != first


def test_a_server_that_is_killed_leaves_nothing(quads: Path) -> None:
    script = Path(__file__).with_name("serving.py")
    command = [sys.executable, str(script), str(quads), json.dumps({"query_time": 600})]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            server = Server(process, int(process.stdout.readline()))
            assert eventually(lambda: len(server.workers) > 0)
            threading.Thread(target=lambda: _forgiving(server), daemon=True).start()
            assert eventually(lambda: any(_processor_time(pid) > 20 for pid in children(server.keeper)))
            family = [server.keeper, *children(server.keeper)]
        finally:
            process.kill()
    assert eventually(lambda: not any(alive(pid) for pid in family))


def _forgiving(server: Server) -> None:
    try:
        server.post(TIME["cartesian product"])
    except OSError:
        return


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_orderly_end_in_mid_query(quads: Path, number: int) -> None:
    script = Path(__file__).with_name("serving.py")
    command = [sys.executable, str(script), str(quads), json.dumps({"query_time": 600})]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        server = Server(process, int(process.stdout.readline()))
        assert eventually(lambda: len(server.workers) > 0)
        family = [server.keeper, *server.workers]
        threading.Thread(target=lambda: _forgiving(server), daemon=True).start()
        assert eventually(lambda: any(_processor_time(pid) > 20 for pid in family[1:]))
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 0
    assert not any(alive(pid) for pid in family)
