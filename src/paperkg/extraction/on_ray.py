"""Many machines that read papers, by Ray. What they find, and its order, are those of one machine.

Each worker is an actor that holds a reader. It gets portions of papers as lines and gives lines back, by the pure
function of `lines`. A portion whose worker dies, alone or with its whole machine, goes to another one: it does not
matter who reads it, nor how often.

Ray's own part of this process runs in another one: it prints, takes over signals, and may end the process it is in.
"""

from __future__ import annotations

import os
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from typing import Any, ClassVar

from paperkg.errors import MissingExtra, PaperkgError
from paperkg.extraction.lines import extraction_of, paper_line, read_lines
from paperkg.extraction.portions import Portion
from paperkg.extraction.side_by_side import Reader
from paperkg.model import Extraction

_AHEAD = 4
"""Portions a worker that are under way or wait for an earlier one: enough that none waits, few enough for memory."""
_AT_A_WORKER = 2
"""Portions that a worker has: it begins the second while what it found in the first travels."""
_TRIES = 4
"""Workers that may die over one portion, or while they begin: one more would too."""
_SILENCE_S = 600
"""After so long without a word from any worker, those that read are taken for dead."""
_SAME = "install the same paperkg, with the same libraries, on all machines of the cluster"

Lines = list[bytes]


def read_on_ray(
    portions: Iterable[Portion],
    address: str,
    workers: int | None,
    make: Callable[[], Reader],
    identify: Callable[[], str],
) -> Iterator[list[Extraction]]:
    """The extractions of each portion, in their order.

    Args:
        portions: any number; they are read as a stream.
        address: of the cluster; `auto` is the one that this machine belongs to.
        workers: how many read, a processor each; as many as the cluster has processors if None.
        make: makes the reader of a worker.
        identify: the identity of what `make` makes, on the machine that calls it; it must be the same on all.

    Raises:
        MissingExtra: the extra `ray` is not installed.
        PaperkgError: there is no cluster, its workers have another version, or die whenever they read some portion.
    """
    if find_spec("ray") is None:
        raise MissingExtra("reading on a cluster needs Ray", hint="pip install 'paperkg[ray]'")
    from loky.process_executor import ProcessPoolExecutor, TerminatedWorkerError

    stream = iter(portions)
    waiting, unsent, found = deque[Portion](), deque[Portion](), deque[Lines]()
    most = 0  # portions under way; how many is known when there is a cluster
    executor = ProcessPoolExecutor(1)
    try:
        while True:
            for portion in islice(stream, max(1, most) - len(waiting)):
                waiting.append(portion)
                if portion:
                    unsent.append(portion)
            if not waiting:
                return
            if not waiting[0]:
                waiting.popleft()
                yield []
                continue
            if not most:
                most = executor.submit(_Driver.connect, address, workers, make, identify).result()
                continue
            if unsent or not found:
                lines = [[paper_line(paper) for paper in portion] for portion in unsent]
                unsent.clear()
                found.extend(executor.submit(_Driver.exchange, lines, wait=not found).result())
            if found:
                pairs = zip(waiting.popleft(), found.popleft(), strict=True)
                yield [replace(extraction_of(line), paper=paper) for paper, line in pairs]
    except TerminatedWorkerError as error:
        raise PaperkgError("the connection to the cluster was lost", hint="run it again") from error
    finally:
        executor.shutdown(wait=True, kill_workers=True)


class _Worker:
    """An actor: a reader on some machine of the cluster."""

    def __init__(self, make: Callable[[], Reader], identify: Callable[[], str]) -> None:
        self._identity = identify()
        self._reader = make()

    def identity(self) -> str:
        """Of this reader."""
        return self._identity

    def read(self, lines: Lines) -> bytes:
        """Read a portion; small answers are with the driver at once, large ones would stay here until they are fetched."""
        return zlib.compress(b"".join(read_lines(lines, self._reader)), 1)


class _Driver:
    """The process that talks to the cluster."""

    cluster: ClassVar[_Cluster | None] = None

    @classmethod
    def connect(
        cls, address: str, workers: int | None, make: Callable[[], Reader], identify: Callable[[], str]
    ) -> int:
        """Connect to the cluster; how many portions are to be under way."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for output in (1, 2):  # what Ray says there, it also raises
            os.dup2(nowhere, output)
        os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")  # each try at an address takes half a minute
        cls.cluster = _Cluster(address, workers, make, identify)
        return cls.cluster.workers * _AHEAD

    @classmethod
    def exchange(cls, portions: Sequence[Lines], *, wait: bool) -> list[Lines]:
        """Take more portions, and give what was found in those that are next, one at least if asked to wait."""
        if cls.cluster is None:
            raise RuntimeError("not connected")
        return cls.cluster.exchange(portions, wait=wait)


class _Cluster:
    """The workers, and who reads which portion."""

    def __init__(
        self, address: str, workers: int | None, make: Callable[[], Reader], identify: Callable[[], str]
    ) -> None:
        import ray

        self._ray = ray
        try:
            ray.init(address=address, log_to_driver=False, configure_logging=False)
        except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            hint = f"{_first_line(error)}; `ray start --head` begins one"
            raise PaperkgError(f"no cluster at {address}", hint=hint) from None
        self.workers = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        self._identity = identify()
        self._parts = (ray.put(make), ray.put(identify))
        self._portions: dict[int, Lines] = {}
        self._found: dict[int, Lines] = {}
        self._deaths: dict[int, int] = {}
        self._todo = deque[int]()
        self._next = self._taken = self._stillborn = 0
        self._beginning: dict[
            Any, Any
        ] = {}  # workers by what they are asked, which Ray calls an object reference
        self._reading: dict[Any, tuple[Any, int]] = {}
        self._load: dict[Any, int] = {}
        for _ in range(self.workers):
            self._begin()

    def exchange(self, portions: Sequence[Lines], *, wait: bool) -> list[Lines]:
        """See `_Driver`."""
        for portion in portions:
            self._portions[self._taken] = portion
            self._todo.append(self._taken)
            self._taken += 1
        self._assign()
        while wait and self._next < self._taken and self._next not in self._found:
            self._go_on()
        done = []
        while self._next in self._found:
            done.append(self._found.pop(self._next))
            self._next += 1
        return done

    def _begin(self) -> None:
        actor = self._ray.remote(_Worker).options(num_cpus=1, scheduling_strategy="SPREAD")
        worker = actor.remote(*self._parts)
        self._beginning[worker.identity.remote()] = worker

    def _assign(self) -> None:
        """Give each worker that has few portions the next one."""
        while self._todo and self._load:
            worker = min(self._load, key=lambda worker: self._load[worker])
            if self._load[worker] >= _AT_A_WORKER:
                return
            number = self._todo.popleft()
            self._load[worker] += 1
            self._reading[worker.read.remote(self._portions[number])] = (worker, number)

    def _go_on(self) -> None:
        """Wait until something happens, and see to it."""
        done, _ = self._ray.wait([*self._beginning, *self._reading], timeout=_SILENCE_S, fetch_local=False)
        if not (done or self._load):
            hint = "are all processors of the cluster taken?"
            raise PaperkgError(f"no worker began in {_SILENCE_S} seconds", hint=hint)
        for reference in done:
            self._take(reference)
        if not done:
            for worker in {worker for worker, _ in self._reading.values()}:
                self._lose(worker)
        self._assign()

    def _take(self, reference: Any) -> None:
        errors = self._ray.exceptions
        worker, number = self._reading.get(reference) or (self._beginning[reference], None)
        try:
            value = self._ray.get(reference, timeout=_SILENCE_S)
        except errors.RayTaskError as error:
            raise PaperkgError(f"a worker failed: {_first_line(error.cause)}", hint=_SAME) from None
        except errors.RayError as error:
            if getattr(error, "actor_init_failed", False):
                raise PaperkgError("a worker cannot begin", hint=_SAME) from None
            self._lose(worker)
            return
        if number is not None:
            del self._reading[reference], self._portions[number]
            self._load[worker] -= 1
            self._found[number] = zlib.decompress(value).splitlines(keepends=True)
        elif value == self._identity:
            del self._beginning[reference]
            self._load[worker] = self._stillborn = 0
        else:
            raise PaperkgError("a worker would find other things than this machine", hint=_SAME)

    def _lose(self, worker: Any) -> None:
        """A worker is dead, or out of reach: another one gets its portions."""
        with suppress(self._ray.exceptions.RayError):
            self._ray.kill(worker)
        for reference in [reference for reference, other in self._beginning.items() if other == worker]:
            del self._beginning[reference]
            self._stillborn += 1
        self._load.pop(worker, None)
        lost = [
            (number, reference) for reference, (other, number) in self._reading.items() if other == worker
        ]
        for number, reference in sorted(lost, key=lambda pair: pair[0], reverse=True):
            del self._reading[reference]
            self._deaths[number] = self._deaths.get(number, 0) + 1
            self._todo.appendleft(number)
        if max(self._stillborn, *(self._deaths[number] for number, _ in lost), 0) > _TRIES:
            raise PaperkgError("workers of the cluster die again and again", hint="is their memory short?")
        self._begin()


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]
