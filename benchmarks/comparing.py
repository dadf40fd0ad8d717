"""Measures `paperkg stats` and `paperkg diff` on graphs of many papers.

Usage: python benchmarks/comparing.py [GRAPH] [--papers N] [--added N]

The papers of GRAPH (the seeds, if none is given) are repeated under new ids until there are N, and once more with some added and
some changed. Only the files that both commands read are written, into a temporary folder. The table gives for each command, each in a process of
its own, seconds by the clock and of the processor, and the peak of its memory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from paperkg.export import find_set
from paperkg.export.manifest import FileState
from paperkg.export.staged import reserved, staged

ROOT = Path(__file__).parent.parent


def lines(source: Path, number: int, changed_each: int = 0) -> Iterator[bytes]:
    """So many lines of papers; of each so many papers one has lost an entity."""
    records = [json.loads(line) for line in source.read_bytes().splitlines()]
    for place, record in enumerate(islice(cycle(records), number)):
        made = record | {"id": f"{record['id']}-{place}"}
        if changed_each and place % changed_each == 0:
            made |= {"entities": record["entities"][1:], "entity_relations": [], "results": []}
        yield json.dumps(made, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def write(graph: Path, path: Path, papers: Iterator[bytes]) -> Path:
    """A set of files with these lines and, but for their hash, the manifest of a graph."""
    manifest = json.loads(graph.with_name(f"{graph.name}.manifest.json").read_bytes())
    with reserved(path), staged(path) as stage:
        with stage.open("papers.jsonl") as file:
            for line in papers:
                file.write(line)
        state: FileState = stage.states["papers.jsonl"]
        manifest["files"] = {"papers.jsonl": {"size": state.size, "sha256": state.sha256}}
        stage.write("manifest.json", json.dumps(manifest).encode() + b"\n")
    return path


def measured(*command: str | Path) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and the peak of the memory in bytes."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "paperkg", *map(str, command)], stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        raise RuntimeError(f"{command} failed")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("graph", nargs="?", default=ROOT / "graphs" / "seeds")
    parser.add_argument("--papers", type=int, default=130_624)
    parser.add_argument("--added", type=int, default=100)
    parser.add_argument("--changed-each", type=int, default=1000, help="one of so many papers is changed")
    args = parser.parse_args()
    graph = find_set(args.graph)
    source = graph.with_name(f"{graph.name}.papers.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        old = write(graph, Path(folder) / "old", lines(source, args.papers))
        grown = lines(source, args.papers + args.added, args.changed_each)
        new = write(graph, Path(folder) / "new", grown)
        size = (Path(folder) / "old.papers.jsonl").stat().st_size
        print(
            f"{args.papers:,} papers, papers.jsonl of {size / 1e6:,.0f} MB; {args.added} added, one of {args.changed_each} changed\n"
        )
        print("| command | seconds | of the processor | peak of memory |\n| --- | --: | --: | --: |")
        for name, command in (
            ("stats", ("stats", old)),
            ("diff, equal graphs", ("diff", old, old)),
            ("diff", ("diff", old, new)),
        ):
            seconds, busy, memory = measured(*command)
            print(f"| {name} | {seconds:.1f} | {busy:.1f} | {memory / 1e6:,.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
