"""Measures what it costs that papers come to a built graph and go from it.

    python benchmarks/living.py GRAPH SOURCE...

GRAPH is a built one, which is changed and not brought back byte by byte (inputs, pointers): take a copy. Each SOURCE is added, one after the other, with one process; then
the papers that came are removed. Printed are seconds by the clock, of the processor, and the peak of the memory so far.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

from paperkg.building import Running, add_papers, remove_papers
from paperkg.export import manifest_of
from paperkg.sources import read_papers


def measured(what: str, work: Callable[[Running], object]) -> None:
    """Do some work and print what it took, by stage."""
    stages: list[tuple[str, float]] = []

    def tell(stage: str, done: int, of: int) -> None:
        if not stages or stages[-1][0] != stage:
            stages.append((stage, time.perf_counter()))

    begin, used = time.perf_counter(), sum(os.times()[:4])
    work(Running(1, progress=tell))
    end, cpu = time.perf_counter(), sum(os.times()[:4]) - used
    times = [*(at for _, at in stages[1:]), end]
    parts = ", ".join(f"{stage} {until - at:.1f}" for (stage, at), until in zip(stages, times, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{what}: {end - begin:.1f} s ({parts}), {cpu:.1f} s of the processor, {peak} MB", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("graph", type=Path)
    parser.add_argument("sources", type=Path, nargs="+")
    given = parser.parse_args()
    print(f"{manifest_of(given.graph).counts.papers:,} papers")
    came: list[str] = []
    for source in given.sources:
        papers, _ = read_papers([source])
        came += [paper.id for paper in papers]
        measured(
            f"add {len(papers)} papers",
            lambda running, source=source: add_papers(given.graph, [source], running),
        )  # type: ignore[misc]
    ids = list(dict.fromkeys(came))
    measured(f"remove {len(ids)} papers", lambda running: remove_papers(given.graph, ids, running))


if __name__ == "__main__":
    main()
