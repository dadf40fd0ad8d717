"""How long something takes, however busy the machine is."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable


def seconds(work: Callable[[], object]) -> float:
    """The seconds of processor that `work` takes: the least of three runs, without the collector of garbage,
    which has all that the tests before it left to look through."""
    return min(timeit.repeat(work, timer=time.process_time, number=1, repeat=3))
