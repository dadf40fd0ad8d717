"""What the tests of the server use to talk with it, and to look at its processes."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
"""The graphs of the W3C tests of the protocol."""
PATIENCE_S = 60
"""Longest wait for what must happen; the machine may be busy."""
_numbers = count()


@dataclass(frozen=True)
class Got:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def truth(self) -> bool:
        truth: bool = json.loads(self.body)["boolean"]
        return truth


class Server:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Got:
        """`content_type="a/b"` sends `content-type: a/b`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, {n.replace("_", "-"): v for n, v in headers.items()})
            response = connection.getresponse()
            known = {name.lower(): value for name, value in response.getheaders()}
            return Got(response.status, known, response.read())
        finally:
            connection.close()

    def ask(self, query: str, *more: tuple[str, str], **headers: str) -> Got:
        """A query by GET."""
        return self.request("GET", f"/sparql?{urlencode([('query', query), *more])}", **headers)

    def post(self, query: str, **headers: str) -> Got:
        return self.request(
            "POST", "/sparql", query.encode(), **{"content_type": "application/sparql-query"} | headers
        )

    def raw(self, content: bytes, *, wait: float = PATIENCE_S) -> bytes:
        """What comes back for these bytes until the server closes the connection, or for some seconds."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as client:
            client.sendall(content)
            answer = b""
            with suppress(TimeoutError, ConnectionResetError):
                while piece := client.recv(1 << 16):
                    answer += piece
            return answer

    def works(self) -> bool:
        """Whether it answers a query that it has not seen before."""
        return self.ask(f"ASK {{}} # {next(_numbers)}").body == b'{"head":{},"boolean":true}'

    @property
    def keeper(self) -> int:
        return children(self.process.pid)[0]

    @property
    def workers(self) -> list[int]:
        return children(self.keeper)


def children(pid: int) -> list[int]:
    """The processes that one has made."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def eventually(happens: Any) -> bool:
    """Whether something is true now or soon."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def running(graph: Path, **settings: Any) -> Iterator[Server]:
    """A server of quads or of a set, which ends in order and leaves no process."""
    script = Path(__file__).with_name("serving.py")
    command = [sys.executable, str(script), str(graph), json.dumps(settings)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            server = Server(process, int(process.stdout.readline()))
            assert eventually(lambda: len(server.workers) > 0)
            yield server
            family = [process.pid, server.keeper, *server.workers]
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
            assert [pid for pid in family if alive(pid)] == []
        finally:
            process.kill()
