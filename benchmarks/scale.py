"""Builds the graph of some papers and works out what a larger number costs: docs/scale.md.

Usage: python benchmarks/scale.py SOURCE [--fast] [--papers N] [--processes N] [--price P]

Measured is one build of the papers in SOURCE, with the files of a large graph, in a process of its own, into a temporary folder: the seconds of each stage, by the clock
and of the processor with all processes; the peak of the memory, of all processes together (what they share is counted once); the bytes
of each file. The second table multiplies them: what a paper costs is taken to be the same for every paper. The price is that of a processor
for an hour; put in that of your own machines.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

PROGRAM = """
import json, os, sys, time
from pathlib import Path
from paperkg.building import Running, Settings, build, build_files
from paperkg.resolution import DEFAULT_BASE
build.LARGE = 0  # the files of a large graph, whatever the number
stages = []
def tell(stage, done, of):
    if not stages or stages[-1][0] != stage:
        stages.append((stage, time.perf_counter(), sum(os.times()[:4])))
    if done:
        stages[-1] = (*stages[-1][:3], done)
processes = int(sys.argv[4]) or None
settings = Settings(DEFAULT_BASE, fast=sys.argv[3] == "fast")
build_files(Path(sys.argv[2], "graph"), [sys.argv[1]], settings, Running(processes, tell))
stages.append(("end", time.perf_counter(), sum(os.times()[:4])))
print(json.dumps(stages))
"""


def family(pid: int) -> list[int]:
    """A process and all that it began."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split() if int(child) not in found]
    return found


def memory(pid: int) -> int:
    """Bytes that a process and all that it began hold; what some share is divided between them."""
    total = 0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


def built(source: str, folder: Path, *, fast: bool, processes: int) -> tuple[list[Any], int]:
    """The stages of a build, and the peak of its memory in bytes."""
    way = "fast" if fast else "usual"
    command = [sys.executable, "-c", PROGRAM, source, str(folder), way, str(processes)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        with suppress(OSError, ValueError):  # one ended in between
            peak = max(peak, memory(process.pid))
        time.sleep(0.5)
    if process.returncode:
        sys.exit("the build failed")
    if process.stdout is None:
        raise RuntimeError("no pipe")
    stages: list[Any] = json.loads(process.stdout.read())
    return stages, peak


def sizes(folder: Path) -> dict[str, int]:
    """Bytes of the files of the set, and of the caches beside it."""
    found: dict[str, int] = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            inside = file.relative_to(folder)
            name = (
                inside.name if len(inside.parts) == 1 else "/".join([inside.parts[0], inside.parts[1][:12]])
            )
            name = "graph.store/(store)" if len(inside.parts) > 2 else name
            found[name] = found.get(name, 0) + file.stat().st_size
    return found


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--papers", type=int, default=3_000_000, metavar="N")
    parser.add_argument("--processes", type=int, default=0, metavar="N")
    parser.add_argument("--price", type=float, default=0.05, metavar="P")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        stages, peak = built(args.source, Path(temporary), fast=args.fast, processes=args.processes)
        found = sizes(Path(temporary))
        with (Path(temporary) / "graph.papers.jsonl").open("rb") as lines:
            papers = sum(1 for _ in lines)
    print(f"measured, {papers:,} papers:\n")
    print(f"{'stage':24} {'clock, s':>10} {'processor, s':>13} {'ms a paper':>11}")
    costs: dict[str, float] = {}
    for (name, clock, processor, *_), (_, clock_after, after, *_) in pairwise(stages):
        costs[name] = costs.get(name, 0.0) + (after - processor) / papers
        print(f"{name:24} {clock_after - clock:10.1f} {after - processor:13.1f} {1000 * costs[name]:11.2f}")
    print(f"\npeak of the memory: {peak / 1e6:,.0f} MB\n")
    print(f"{'file':30} {'bytes a paper':>14}")
    for name, size in found.items():
        print(f"{name:30} {size / papers:14,.0f}")
    print(f"{'all':30} {sum(found.values()) / papers:14,.0f}")
    print(f"\nmultiplied, {args.papers:,} papers:\n")
    for name, cost in costs.items():
        hours = cost * args.papers / 3600
        print(f"{name:24} {hours:10.1f} hours of a processor, {hours * args.price:8.2f} at {args.price} each")
    print(f"{'disk':24} {sum(found.values()) / papers * args.papers / 1e9:10.1f} GB")


if __name__ == "__main__":
    main()
