"""Writing that is killed, and two who write at once."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from torture import bare
from torture.bench import NAME, Bench, Contents, mixed, shown, visible, write_papers
from torture.children import (
    Calls,
    Child,
    Ended,
)
from torture.frame import Case, Measured, row


@row(
    "16",
    "kill -9 at 100 random points of a build, of `add` and of a decision; then the same command again",
    passes="the old set or the new one, whole; the resumed run gives the same bytes; nothing hidden is left",
    minutes=25,
)
def killed(case: Case) -> Measured:
    """Half of the points are moments of the whole run, half calls on files; sets in memory and sets too large for it."""
    failures, found = [], Counter[str]()
    for large in (True, False):
        bench = Bench(case, large=large)
        for name, words in bench.changes().items():
            new, seconds, calls = bench.outcome(words)
            for number in range(case.count(50 if name.endswith("build") else 25, least=2)):
                folder = bench.folder(bench.old_folder)
                if number % 2:
                    at = case.random.randrange(calls)
                    ended = Child(words(folder), first=Calls(folder, at).watch).wait()
                    point = f"call {at} of {calls}"
                else:
                    after = case.random.uniform(0, 1.1 * seconds)
                    child = Child(words(folder))
                    time.sleep(after)
                    child.kill()
                    ended = child.wait()
                    point = f"{after:.3f} s of {seconds:.3f} s"
                found["ended before"] += ended.status != -signal.SIGKILL
                failures += _after_a_kill(name, words, folder, bench.old, new, point, found)
                shutil.rmtree(folder)
    failures += _killed_programs(bench, case, found)
    return Measured(
        {
            "killed": sum(found.values()) - found["ended before"] - found["resumed"],
            "found the old set": found["old"],
            "found the new set": found["new"],
            "ended before the kill": found["ended before"],
            "resumed to the same bytes": found["resumed"],
        },
        failures,
        _bare_kills(case),
    )


def _after_a_kill(
    name: str,
    words: Callable[[Path], list[str]],
    folder: Path,
    old: Contents,
    new: Contents,
    point: str,
    found: Counter[str],
) -> list[str]:
    if why := mixed(folder, old, new):
        return [f"{name} killed at {point}: {why}"]
    is_new = shown(visible(folder)) == shown(new)
    found["new" if is_new else "old"] += 1
    applied = name.endswith("merge") and is_new  # it cannot be done twice
    ended = Child(["decisions", f"{folder}/{NAME}", "--apply"] if applied else words(folder)).wait()
    if ended.status:
        return [f"{name} killed at {point}: run again it ends with {ended.status}: {ended.stderr}"]
    left, new = shown(visible(folder)), shown(new)
    if name.startswith("large "):
        left, new = _papers_of(left), _papers_of(new)
    if left != new:
        other = sorted(file for file in {*left, *new} if left.get(file) != new.get(file))
        return [f"{name} killed at {point}: run again it differs in {other}"]
    if hidden := [path.name for path in folder.rglob(".*")]:
        return [f"{name} killed at {point}: left {hidden}"]
    found["resumed"] += 1
    return []


def _papers_of(found: Contents) -> Contents:
    """What a large graph holds: its other files depend on whether the tables in its store outlived the kill."""
    return {name: content for name, content in found.items() if name.endswith((".jsonl", ".tsv"))}


def _killed_programs(bench: Bench, case: Case, found: Counter[str]) -> list[str]:
    """The same with the installed program, from its first instruction on."""
    new, _, _ = bench.outcome(bench.changes()["build"])
    words = partial(bench.building, bench.more)
    failures = []
    for _ in range(case.count(10)):
        folder = bench.folder(bench.old_folder)
        process = subprocess.Popen(
            [sys.executable, "-m", "paperkg", *words(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        after = case.random.uniform(0, 3)
        time.sleep(after)
        process.kill()
        found["ended before"] += process.wait() == 0
        failures += _after_a_kill(
            "build", words, folder, bench.old, new, f"{after:.3f} s of the program", found
        )
        shutil.rmtree(folder)
    return failures


_BARE_KILL = """
import os, sys
kind, place, source = sys.argv[1:]
import rdflib, pyoxigraph as ox
from pyvis.network import Network
store = ox.Store()
store.bulk_load(path=source, format=ox.RdfFormat.TURTLE)
graph = rdflib.Graph().parse(source)
network = Network(cdn_resources="in_line")
network.add_nodes(range(200))
def write():
    if kind == "rdflib":
        graph.serialize(place, format="nt", encoding="utf-8")
    elif kind == "pyoxigraph":
        store.dump(place, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    else:
        network.write_html(place, local=True)
write()
print(os.path.getsize(place), flush=True)
while True:
    write()
"""


def _bare_kills(case: Case) -> dict[str, str]:
    """Files that bare libraries leave when they are killed while they write one again and again."""
    source = case.scratch / "bare.ttl"
    with source.open("w", encoding="utf-8") as out:
        out.writelines(f'<http://e/{n}> <http://e/p> "{n}" .\n' for n in range(3000))
    others = {}
    for kind in ("rdflib", "pyoxigraph", "pyvis"):
        torn, number = 0, case.count(20)
        for _ in range(number):
            place = case.scratch / f"bare.{kind}.html"
            command = [sys.executable, "-W", "ignore", "-c", _BARE_KILL, kind, place, source]
            with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=case.scratch) as process:
                size = int(process.stdout.readline()) if process.stdout else 0
                time.sleep(case.random.uniform(0, 0.3))
                process.kill()
            torn += place.stat().st_size != size
        others[kind] = f"{torn} of {number} files torn or empty when killed at a random moment of writing"
    return others


@row(
    "18",
    "kill -9 before each call on a file while the set is written: between two files, and between any two steps",
    passes="never a mixed set, whoever reads it; the next writer leaves nothing behind",
    minutes=45,
)
def killed_between(case: Case) -> Measured:
    """Every call of each command that changes a set; the first set of a folder, too."""
    failures, found = [], Counter[str]()
    for large in (True, False):
        bench = Bench(case, large=large)
        nothing = bench.folder()
        changes = [(name, words, bench.old_folder) for name, words in bench.changes().items()]
        changes.append((f"{bench.kind}first build", partial(bench.building, bench.more), nothing))
        for name, words, begin in changes:
            new, _, calls = bench.outcome(words, begin)
            points = sorted(case.random.sample(range(calls), case.count(calls)))
            for at in points:
                folder = bench.folder(begin)
                Child(words(folder), first=Calls(folder, at).watch).wait()
                where = f"call {at} of {calls}"
                failures += _after_a_kill(name, words, folder, visible(begin), new, where, found)
                shutil.rmtree(folder)
            found["calls"] += len(points)
    return Measured(
        {
            "points": found["calls"],
            "found the old set": found["old"],
            "found the new set": found["new"],
            "then made whole by the next writer": found["resumed"],
        },
        failures,
    )


@row(
    "19",
    "two builds of one set at once, 40 pairs",
    passes="one is done, the second ends within 1 s with a message; the set is that of one",
)
def two_at_once(case: Case) -> Measured:
    """30 pairs of warm processes that begin up to half a build apart, and 10 of the program from its start."""
    bench = Bench(case)
    bench.one = write_papers(case.scratch / "others.jsonl", 40, 12)
    first, second = (partial(bench.building, source) for source in (bench.one, bench.more))
    sets = [bench.outcome(words) for words in (first, second)]
    failures, found, slowest = [], Counter[str](), {"warm": 0.0, "program": 0.0}
    pairs = ["warm"] * case.count(30, least=2) + ["program"] * case.count(10)
    for kind in pairs:
        folder = bench.folder(bench.old_folder)
        if kind == "warm":
            children = [Child(first(folder))]
            time.sleep(case.random.uniform(0, 0.5 * sets[0][1]))
            children.append(Child(second(folder)))
            ended = [child.wait() for child in children]
        else:
            ended = _two_programs(first(folder), second(folder))
        lost = [one for one in ended if one.status]
        found["one refused" if lost else "one after the other"] += 1
        for one in lost:
            slowest[kind] = max(slowest[kind], one.seconds)
            if one.seconds > case.slack or not one.refused_in_one_line:
                failures.append(f"{kind}: the second ends after {one.seconds:.2f} s with {one.stderr!r}")
        if len(lost) == 2:
            failures.append(f"{kind}: both were refused")
        left = visible(folder)
        if shown(left) not in [shown(new) for new, _, _ in sets] or [n for n in left if n.startswith(".")]:
            failures.append(f"{kind}: the set is of neither: {sorted(left)}")
        shutil.rmtree(folder)
    return Measured(
        {
            "pairs": len(pairs),
            "the second was refused": found["one refused"],
            "the second came later and was done": found["one after the other"],
            "slowest refusal of a warm process": f"{slowest['warm']:.2f} s",
            "slowest refusal of the program, its start included": f"{slowest['program']:.2f} s",
        },
        failures,
        bare.two_writers(case),
    )


def _two_programs(*words: Sequence[str]) -> list[Ended]:
    begun = time.monotonic()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "paperkg", *one],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in words
    ]
    ended: dict[int, Ended] = {}
    while len(ended) < len(running):
        for number, process in enumerate(running):
            if number not in ended and process.poll() is not None and process.stderr:
                with process.stderr as error:
                    ended[number] = Ended(process.returncode, "", error.read(), time.monotonic() - begun)
        time.sleep(0.002)
    return list(ended.values())
