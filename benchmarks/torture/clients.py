"""Servers to attack, the ways to talk with them, and what their processes hold."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

from torture.frame import ROOT

sys.path.insert(0, str(ROOT / "tests" / "serve"))

from client import Got, Server, alive, children, running
from serving_graph import serving

__all__ = ["Got", "Server", "alive", "children", "running", "serving"]


def seeds(scratch: Path) -> Path:
    """A copy of the graph of the seeds; its path without ending."""
    for file in (ROOT / "graphs").glob("seeds.*"):
        if file.is_file():  # the folder beside them holds caches
            shutil.copy(file, scratch)
    return scratch / "seeds"


def made_quads(scratch: Path, count: int) -> Path:
    """A file of quads: things with a name, a number and a link to another."""
    file = scratch / "made.nq"
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    with file.open("w", encoding="utf-8") as quads:
        for n in range(count // 3):
            quads.write(
                f"<http://e/{n}> <http://e/p> <http://e/{(n * 7 + 1) % (count // 3)}> <http://e/g> .\n"
            )
            quads.write(f'<http://e/{n}> <http://e/name> "name \\"{n}\\" é <b>" <http://e/g> .\n')
            quads.write(f'<http://e/{n}> <http://e/q> "{n}"^^<{integer}> <http://e/g> .\n')
    return file


def resident(pid: int) -> int:
    """Bytes of memory that a process has, 0 if it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0
    return pages * 4096


def own(pid: int) -> int:
    """Bytes of memory that no other process shares with it, 0 if it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def family(pid: int) -> list[int]:
    """A process and all that come from it."""
    return [pid, *(one for child in children(pid) for one in family(child))]


def zombies(pid: int) -> int:
    """The processes that one has made, that have ended, and for which it has not asked."""
    return sum(not alive(one) for one in family(pid)[1:] if Path(f"/proc/{one}").exists())


def worked(server: Server) -> float:
    """Seconds of the processor that the workers, those that are gone included, have used."""
    fields = Path(f"/proc/{server.keeper}/stat").read_text().rpartition(")")[2].split()
    gone = (int(fields[13]) + int(fields[14])) / 100
    now = 0.0
    for pid in server.workers:
        try:
            now += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
        except FileNotFoundError:
            continue
    return gone + now


@contextmanager
def overheard(scratch: Path, failures: list[str]) -> Iterator[None]:
    """Take it as a failure if a program that is started in the block complains on the terminal."""
    file, kept = scratch / "stderr", os.dup(2)
    with file.open("wb") as there:
        os.dup2(there.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
    if said := file.read_text("utf-8", "replace").strip():
        failures.append(f"the terminal says {said[-300:]!r}")


@contextmanager
def watched(look: Callable[[], float], pause: float = 0.02) -> Iterator[list[float]]:
    """The largest of what a look gives while the block runs, as the one item of a list."""
    largest, over = [look()], threading.Event()

    def watch() -> None:
        while not over.wait(pause):
            largest[0] = max(largest[0], look())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield largest
    finally:
        over.set()
        thread.join()


def timed(ask: Callable[[], Got]) -> tuple[Got, float]:
    """An answer, and the seconds that it took."""
    begun = time.perf_counter()
    got = ask()
    return got, time.perf_counter() - begun


def part(values: list[float], below: float) -> float:
    """The value below which that part of them lies; 0 if there are none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(below * len(ranked)))] if ranked else 0.0


_EMPTY = b'{"head":{"vars":[]},"results":{"bindings":[]}}'
EMPTY_RESULT = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n"
EMPTY_RESULT += b"Content-Length: %d\r\n\r\n%s" % (len(_EMPTY), _EMPTY)


@contextmanager
def listener(answer: bytes = EMPTY_RESULT) -> Iterator[tuple[int, list[bytes]]]:
    """A port of this computer, and what was sent to it; it answers everything with the same bytes."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as port:

        def serve() -> None:
            while True:
                try:
                    client, _ = port.accept()
                except OSError:
                    return
                with client, suppress(OSError):
                    client.settimeout(1)
                    heard.append(client.recv(500))
                    client.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield port.getsockname()[1], heard
        port.shutdown(socket.SHUT_RDWR)
        thread.join(2)


class Client:
    """One connection to a server that is used again and again, beside others in one event loop."""

    def __init__(self, port: int) -> None:
        """To a port of this computer."""
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, query: str) -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer to a query."""
        body = urlencode({"query": query}).encode()
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = int(answer.partition(b"content-length:")[2].partition(b"\r")[0])
        content = await reader.readexactly(size)
        if b"connection: close" in answer:
            self.close()
        return int(answer.split()[1]), answer, content

    def close(self) -> None:
        """End the connection, whether an answer is on its way or not."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None
