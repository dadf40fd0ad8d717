"""The process that holds the graph and makes workers from itself: `python -m paperkg.serve.keeper FD PARENT`.

It has one thread and runs no query, so that it can fork at any time; each worker shares its memory. It talks with
the server in short messages, each of which begins with a letter:

| from | message | means |
| --- | --- | --- |
| server | JSON | first: what to load, and the limits |
| keeper | `r` | the graph is loaded |
| keeper | `!` and text | it cannot be; the keeper ends |
| server | `f` | make a worker |
| keeper | `w`, a number, and a descriptor | here is one, and the connection to it |
| server | `n` and its number | let it give way to others |
| server | `k` and its number | kill it |
| keeper | `e`, its number and status | it has ended |

The keeper ends when the connection does, and its workers with it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from paperkg.query.engine import Engine
from paperkg.serve.worker import Limits, end_with_parent, work

MESSAGE_SIZE = 1 << 16
GIVE_WAY = 5
"""By how much a worker with a long question is nicer than others: it gets a third of what they get where all want a processor."""
FORMATS = {"trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS}


def main() -> None:
    """Serve the connection whose descriptor is the first argument of the process; the second is its parent."""
    end_with_parent(int(sys.argv[2]))
    control = socket.socket(fileno=int(sys.argv[1]))
    order = json.loads(control.recv(MESSAGE_SIZE))
    limits = Limits(*order["limits"])
    try:
        engine = load(**order["data"])
    except (OSError, ValueError, SyntaxError) as error:
        control.send(f"!{error}".encode()[:MESSAGE_SIZE])
        return
    gc.collect()
    gc.freeze()  # the workers' collector need not touch, and so copy, what is here
    control.send(b"r")
    Keeper(control, lambda connection: work(engine, connection, limits)).run()


def load(file: int, format: str, folder: str) -> Engine:
    """The quads that an open file holds, or those of the build whose manifest it is.

    Args:
        file: its descriptor, which is closed.
        format: that of the quads; `store` for a manifest.
        folder: where the stores are, for a manifest.
    """
    path = Path(f"/proc/self/fd/{file}")
    if format == "store":
        from paperkg.export.store import open_store

        engine = open_store(Path(folder), path.read_bytes())  # starts no thread, as it is opened to read
        if engine is None:
            raise OSError(f"{folder}: the store of this build is gone")
    else:
        store = ox.Store()
        store.bulk_load(path=str(path), format=FORMATS[format])
        engine = Engine.over(store)
    os.close(file)
    return engine


class Keeper:
    """The loop in which a process makes workers and sees them end."""

    def __init__(self, control: socket.socket, worker: Callable[[socket.socket], None]) -> None:
        """Talk over `control`; `worker` is what a new process does with its connection."""
        self._control = control
        self._worker = worker
        self._alive: set[int] = set()
        self._wake, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Do what the server says until it is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        try:
            while self._step({ready for ready, _ in poll.poll()}):
                pass
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            for pid in self._alive:
                os.kill(pid, signal.SIGKILL)
            for pid in self._alive:
                os.waitpid(pid, 0)

    def _step(self, ready: set[int]) -> bool:
        if self._wake in ready:
            with suppress(BlockingIOError):
                os.read(self._wake, 512)
            self._reap()
        if self._control.fileno() in ready:
            message = self._control.recv(64)
            if message == b"f":
                self._fork()
            elif message[:1] in (b"k", b"n") and (pid := int(message[1:])) in self._alive:
                if message[:1] == b"k":
                    os.kill(pid, signal.SIGKILL)
                else:
                    os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, 0) + GIVE_WAY)
            return bool(message)
        return True

    def _reap(self) -> None:
        while self._alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._alive.discard(pid)
            self._control.send(b"e%d %d" % (pid, os.waitstatus_to_exitcode(status)))

    def _fork(self) -> None:
        here, there = socket.socketpair()
        keeper = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                end_with_parent(keeper)
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for descriptor in (self._wake, self._waker, here.detach(), self._control.detach()):
                    os.close(descriptor)
                self._worker(there)
            finally:
                os._exit(0)
        there.close()
        self._alive.add(pid)
        socket.send_fds(self._control, [b"w%d" % pid], [here.fileno()])
        here.close()


if __name__ == "__main__":
    main()
