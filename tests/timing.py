"""How long something takes, whatever the tests before it left."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """The seconds that `work` takes once, of processor or by another clock.

    The collector of garbage does not run meanwhile: to look through what the tests before it left takes 0.4 s. One run is
    measured, as a second one would find its words in the caches.
    """
    return timeit.timeit(work, timer=clock, number=1)
