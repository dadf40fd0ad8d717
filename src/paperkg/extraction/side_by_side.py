"""Several processes that read papers side by side. What they find, and its order, do not depend on their number."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from itertools import islice
from typing import Any, TypeVar

from paperkg.errors import PaperkgError
from paperkg.extraction.accurate import AccurateReader
from paperkg.extraction.fast.extract import FastReader
from paperkg.extraction.neural.recognizer import THREADS
from paperkg.extraction.portions import Portion
from paperkg.lexicon import Lexicon
from paperkg.model import Extraction, Paper

_AHEAD = 3
"""Portions a process that are under way: enough that none waits, few enough for memory."""
_WORTH = {True: 2_000, False: 100}
"""Papers for which one more process pays its start, the fast way and the usual one."""

Reader = Callable[[Iterable[Paper]], Iterator[Extraction]]
_In = TypeVar("_In")
_Out = TypeVar("_Out")


def useful_processes(papers: int, *, fast: bool) -> int:
    """How many processes read so many papers soonest on this machine."""
    return max(1, min(cores(), papers // _WORTH[fast]))


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # not Linux


def make_reader(*, fast: bool, lexicon: Lexicon | None, threads: int = THREADS) -> Reader:
    """What reads papers in this process."""
    return FastReader(lexicon) if fast else AccurateReader(lexicon, threads=threads)


class _Worker:
    """What a process keeps from one portion to the next: its reader."""

    reader: Callable[[Iterable[Any]], Iterator[Any]] | None = None

    @classmethod
    def start(cls, make: Callable[[], Callable[[Iterable[Any]], Iterator[Any]]]) -> None:
        """Load what reads papers."""
        cls.reader = make()

    @classmethod
    def read(cls, papers: Sequence[Any]) -> list[Any]:
        """Read a portion."""
        if cls.reader is None:
            raise RuntimeError("the process was not started as a worker")
        return list(cls.reader(papers))


def read_here(portions: Iterable[Portion], make: Callable[[], Reader]) -> Iterator[list[Extraction]]:
    """The extractions of each portion, in their order, read by this process.

    Args:
        portions: any number; they are read as a stream.
        make: makes the reader, when there is a paper to read.
    """
    reader: Reader | None = None
    for portion in portions:
        if portion and reader is None:
            reader = make()
        yield list(reader(portion)) if reader else []


def read_side_by_side(
    portions: Iterable[Sequence[_In]],
    processes: int,
    make: Callable[[], Callable[[Iterable[_In]], Iterator[_Out]]],
) -> Iterator[list[_Out]]:
    """What each portion gives, of papers their extractions, in their order.

    Args:
        portions: any number; they are read as a stream.
        processes: how many read; they are started when there is a paper to read.
        make: makes the reader of a process.

    Raises:
        PaperkgError: a process was killed, by a lack of memory most likely.
    """
    from loky.process_executor import ProcessPoolExecutor, TerminatedWorkerError

    stream = iter(portions)
    waiting = deque[Future[list[_Out]] | None]()
    executor: ProcessPoolExecutor | None = None
    try:
        while True:
            for portion in islice(stream, processes * _AHEAD - len(waiting)):
                if portion and executor is None:
                    executor = ProcessPoolExecutor(processes, initializer=_Worker.start, initargs=(make,))
                waiting.append(executor.submit(_Worker.read, portion) if portion and executor else None)
            if not waiting:
                return
            found = waiting.popleft()
            yield found.result() if found else []
    except TerminatedWorkerError as error:
        hint = "was memory short? run it again with fewer --processes"
        raise PaperkgError("a process that read papers was killed", hint=hint) from error
    finally:
        if executor is not None:
            executor.shutdown(wait=True, kill_workers=True)
