"""Writing under faults: killed, out of disk, without rights, two at once, cut afterwards; and the same bytes each time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from torture.children import (
    Calls,
    Child,
    Ended,
    can_mount,
    give_up_rights,
    limit_files,
    mount_read_only,
    mount_small,
    own_mounts,
    warm,
)
from torture.frame import ROOT, Case, Measured, row, run_program, run_python

NAME = "g"
_MODELS = "GPT-4 BERT LLaMA T5 RoBERTa Qwen3 CLIP ResNet Mistral DeBERTa".split()
_SETS = "ImageNet SQuAD GLUE MMLU GSM8K HumanEval COCO CIFAR-10 HotpotQA TruthfulQA".split()

Contents = dict[str, bytes]
"""What the visible files of a folder hold, by name."""


def write_papers(path: Path, first: int, number: int) -> Path:
    """Made-up papers, as JSON Lines."""
    lines = []
    for n in range(first, first + number):
        own, model, data = f"Torture{n}Net", _MODELS[n % 10], _SETS[n // 10 % 10]
        abstract = (
            f"We propose {own}, a method for question answering. It is based on {model}. "
            f"On {data} it reaches an accuracy of {50 + n % 50}.{n % 10}%, and it outperforms "
            f"{_MODELS[(n + 3) % 10]} by {n % 7}.5 points. We also evaluate on {_SETS[(n + 1) % 10]}."
        )
        lines.append(json.dumps({"id": f"t{n}", "title": f"{own}: Learning to Fall", "abstract": abstract}))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def visible(folder: Path) -> Contents:
    """The files of the set as they stand; the store, a cache whose bytes differ each time, by its entries' names."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for store in folder.glob("*.store"):
        found |= {f"{store.name}/{home.name}": b"" for home in store.iterdir()}
    return found


def shown(found: Contents) -> Contents:
    """Without hidden files and the store."""
    return {
        name: content for name, content in found.items() if not name.startswith(".") and ".store/" not in name
    }


class Bench:
    """Two sets of files, old and new, and the command lines that make one of the other, each in a child."""

    def __init__(self, case: Case, *, stored: bool = True, large: bool = False) -> None:
        """Build the sets.

        Args:
            case: the row's.
            stored: they are to have a store, as sets of some size do. This process itself must write none: RocksDB
                would start threads, which its children lack.
            large: they are to be made as those that do not fit into memory.
        """
        import paperkg.building.build
        import paperkg.export.engine

        self.case = case
        self.kind = "large " if large else ""
        self.one = write_papers(case.scratch / "one.jsonl", 0, 12)
        self.more = write_papers(case.scratch / "more.jsonl", 12, 4)
        self.old_folder = self.folder()
        paperkg.export.engine.MIN_STORED = paperkg.building.build.LARGE = 1 << 60
        for _ in range(2):  # the second time it loads what a build finds beside itself
            warm(self.building(self.one, self.old_folder))
        if stored:
            paperkg.export.engine.MIN_STORED = 0
            paperkg.building.build.LARGE = 0 if large else 1 << 60
            if (ended := Child(self.building(self.one, self.old_folder)).wait()).status:
                raise RuntimeError(ended.stderr)
        self.old = visible(self.old_folder)

    def folder(self, like: Path | None = None) -> Path:
        """A new folder with the files of another."""
        number = len(list(self.case.scratch.iterdir()))
        folder = self.case.scratch / f"{number}-{self.case.random.randrange(1 << 30)}"
        if like is None:
            folder.mkdir()
        else:
            shutil.copytree(like, folder)
        return folder

    @staticmethod
    def building(source: Path, folder: Path) -> list[str]:
        """The words that build the set in a folder."""
        return ["build", str(source), "--fast", "--processes", "1", "--out", str(folder), "--name", NAME]

    def changes(self) -> dict[str, Callable[[Path], list[str]]]:
        """The commands that change the old set, as words for a folder."""
        return {
            f"{self.kind}build": lambda folder: self.building(self.more, folder),
            f"{self.kind}merge": lambda folder: ["merge", f"{folder}/{NAME}", "BERT", "GPT-4"],
            f"{self.kind}add": lambda folder: ["add", f"{folder}/{NAME}", str(self.more)],
        }

    def outcome(
        self, words: Callable[[Path], list[str]], begin: Path | None = None
    ) -> tuple[Contents, float, int]:
        """What a command makes of a folder, the old set if None; how long it takes; its calls on files."""
        folder = self.folder(begin or self.old_folder)
        calls, counted = Calls(folder), self.case.scratch / "calls"
        ended = Child(words(folder), first=calls.watch, last=lambda: _note(counted, calls.number)).wait()
        if ended.status:
            raise RuntimeError(f"{words(folder)}: {ended}")
        new = visible(folder)
        shutil.rmtree(folder)
        return new, ended.seconds, int(counted.read_text())


def _note(file: Path, number: int) -> None:
    file.write_text(str(number))


def mixed(folder: Path, old: Contents, new: Contents) -> str:
    """Why a folder holds neither the old set nor the new one whole, once it was opened; nothing if it holds one."""
    from paperkg.export import load
    from paperkg.export.files import locked
    from paperkg.export.graph_set import MANIFEST
    from paperkg.export.staged import has_file

    if not old and not shown(visible(folder)) and not has_file(folder / NAME, MANIFEST):
        return ""
    try:
        with locked(folder / NAME):  # as one who may not write reads it
            before = load(folder / NAME)
        after = load(folder / NAME)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if before != after:
        return "it is read as another graph by those who may not write"
    found = shown(visible(folder))
    if found in (shown(old), shown(new)):
        return ""
    both = {name for name in found if found[name] == old.get(name) != new.get(name)}
    return f"of the old set {sorted(both)}, of {sorted(found)}"


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
    "17",
    "a full disk of 50 sizes, a limit on the size of files at 50 sizes, a folder and a disk that nobody may write",
    passes="the old set intact, exit != 0, one line",
    minutes=15,
)
def no_room(case: Case) -> Measured:
    """The full disk and the read-only one are mounted for one process alone, where the machine lets a process do so."""
    mounts = can_mount()
    failures, found = [], Counter[str]()
    for large in (True, False):
        bench = Bench(case, large=large)
        failures += _without_room(case, bench, mounts, found)
    return Measured(
        {
            "runs under a limit on the size of files": found["limits"],
            "runs on a small disk": found["disks"] or "none: this machine lets nobody mount one",
            "runs without rights (capabilities dropped where it is root)": found["without rights"],
            "runs on a read-only disk": found["read-only disks"] or "none",
            "ended with an error, the old set intact": found["refused"],
            "had room enough, the new set whole": found["done"],
        },
        failures,
        _bare_no_room(case),
    )


def _without_room(case: Case, bench: Bench, mounts: bool, found: Counter[str]) -> list[str]:
    changes = list(bench.changes().items())
    new = {name: bench.outcome(words)[0] for name, words in changes}
    held = sum(4096 * (path.stat().st_size // 4096 + 2) for path in bench.old_folder.rglob("*"))
    most = max(map(len, bench.old.values()))
    failures = []
    for number in range(case.count(50, least=6) // 2):
        name, words = changes[number % len(changes)]
        size = case.random.randrange(int(1.1 * most)) if number % 10 else 0
        folder = bench.folder(bench.old_folder)
        ended = Child(words(folder), first=partial(limit_files, size)).wait()
        found["limits"] += 1
        what = f"{name} with files of {size} bytes"
        failures += _after_no_room(what, ended, folder, bench.old, new[name], found)
        shutil.rmtree(folder)
        if mounts:
            size = held + case.random.randrange(int(1.3 * held)) if number % 10 else held + 65_536
            disk, folder = bench.folder(), bench.folder()
            folder.rmdir()
            ended = Child(
                words(disk),
                first=partial(_full_disk, disk, size, bench.old_folder),
                last=partial(shutil.copytree, disk, folder),
            ).wait()
            found["disks"] += 1
            what = f"{name} on a disk of {size}"
            failures += _after_no_room(what, ended, folder, bench.old, new[name], found)
            shutil.rmtree(folder, ignore_errors=True)
    for name, words in changes:
        folder = bench.folder(bench.old_folder)
        folder.chmod(0o555)
        ended = Child(words(folder), first=give_up_rights).wait()
        found["without rights"] += 1
        failures += _after_no_room(f"{name} without rights", ended, folder, bench.old, {}, found)
        folder.chmod(0o755)
        if mounts:
            ended = Child(words(folder), first=partial(_read_only_disk, folder)).wait()
            found["read-only disks"] += 1
            failures += _after_no_room(f"{name} on a read-only disk", ended, folder, bench.old, {}, found)
    return failures


def _full_disk(folder: Path, size: int, like: Path) -> None:
    own_mounts()
    mount_small(folder, size)
    shutil.copytree(like, folder, dirs_exist_ok=True)


def _read_only_disk(folder: Path) -> None:
    own_mounts()
    mount_read_only(folder)


def _after_no_room(
    what: str, ended: Ended, folder: Path, old: Contents, new: Contents, found: Counter[str]
) -> list[str]:
    if not folder.is_dir():
        return [f"{what}: ended with {ended.status}: {ended.stderr!r}"]
    left = visible(folder)
    if hidden := [path.name for path in folder.rglob(".*")]:
        return [f"{what}: left {hidden}"]
    if ended.status == 0:
        found["done"] += 1
        return (
            []
            if shown(left) == shown(new)
            else [f"{what}: it says that it is done, but the set is not whole"]
        )
    found["refused"] += 1
    if shown(left) != shown(old):
        changed = sorted(name for name in {*left, *old} if left.get(name) != old.get(name))
        return [f"{what}: the old set has changed in {changed}"]
    return [] if ended.refused_in_one_line else [f"{what}: ended with {ended.status}: {ended.stderr!r}"]


_BARE_NO_ROOM = """
import resource, sys
place, source = sys.argv[1:]
import rdflib, pyoxigraph as ox
from pyvis.network import Network
store = ox.Store()
store.bulk_load(path=source, format=ox.RdfFormat.TURTLE)
graph = rdflib.Graph().parse(source)
network = Network(cdn_resources="in_line")
network.add_nodes(range(20))
writers = {
    "rdflib": lambda to: graph.serialize(to, format="nt", encoding="utf-8"),
    "pyoxigraph": lambda to: store.dump(to, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()),
    "pyvis": lambda to: network.write_html(to, local=True),
}
whole = {}
for kind, write in writers.items():
    write(f"{place}/{kind}.html")
    whole[kind] = open(f"{place}/{kind}.html", "rb").read()
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
for kind, write in writers.items():
    try:
        write(f"{place}/{kind}.html")
        said = "says nothing"
    except Exception as error:
        said = f"raises {type(error).__name__}"
    kept = open(f"{place}/{kind}.html", "rb").read() == whole[kind]
    print(kind, said, "and the file that was there is", "kept" if kept else "lost", sep="\t")
"""


def _bare_no_room(case: Case) -> dict[str, str]:
    """What bare libraries leave of a file when there is no room for the new one."""
    source = case.scratch / "bare.ttl"
    with source.open("w", encoding="utf-8") as out:
        out.writelines(f'<http://e/{n}> <http://e/p> "{n}" .\n' for n in range(3000))
    run = run_python(_BARE_NO_ROOM, str(case.scratch), str(source), folder=case.scratch)
    return {line.split("\t")[0]: " ".join(line.split("\t")[1:]) for line in run.stdout.decode().splitlines()}


@row(
    "18",
    "kill -9 before each call on a file while the set is written: between two files, and between any two steps",
    passes="never a mixed set, whoever reads it; the next writer leaves nothing behind",
    minutes=15,
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


@row(
    "20",
    "each file of the set cut at 200 points, then used by `load`, `query`, `serve`, `validate`",
    passes="`validate` names the file 200 of 200 times; the others refuse it, or answer just as with the whole set",
    minutes=30,
)
def cut(case: Case) -> Measured:
    """A file that a use does not need may be cut for that use; what is cut in the store, a cache, is made anew."""
    import paperkg.export.engine

    bench = Bench(case, stored=False)
    folder = bench.folder(bench.old_folder)
    if (ended := Child(bench.changes()["merge"](folder)).wait()).status:  # so that there are decisions
        raise RuntimeError(ended.stderr)
    uses = _uses(folder / NAME)
    right = {use: run() for use, run in uses.items()}
    figures, failures = dict[str, object](), list[str]()
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        found = Counter[str]()
        content = file.read_bytes()
        for size in [
            len(content) - 1,
            *(case.random.randrange(len(content)) for _ in range(case.count(200) - 1)),
        ]:
            file.write_bytes(content[:size])
            where = f"{file.name} cut at {size} of {len(content)}"
            failures += _used(where, uses, right, found)
            ended = Child(["validate", str(folder / NAME)]).wait()
            named = ended.status in (1, 3) and str(file) in ended.stdout + ended.stderr
            found["validate names it"] += named
            if not named or "Traceback" in ended.stderr:
                failures.append(f"{where}: validate ends with {ended.status}: {ended.stdout}{ended.stderr}")
        file.write_bytes(content)
        figures[file.name] = _counts(found)
    paperkg.export.engine.MIN_STORED = 0
    uses["query"]()  # makes the store
    found = Counter[str]()
    for _ in range(case.count(200)):
        file = case.random.choice(
            [path for path in folder.glob("*.store/*/*") if path.is_file() and path.stat().st_size]
        )
        size = case.random.randrange(file.stat().st_size)
        os.truncate(file, size)
        failures += _used(f"{file.name} of the store cut at {size}", uses, right, found)
    figures["the store"] = _counts(found)
    return Measured(figures, failures, _bare_cuts(case))


def _uses(stem: Path) -> dict[str, Callable[[], object]]:
    """What is done with a set: each gives something that is equal for the same graph."""
    from paperkg.export import load, open_engine
    from paperkg.serve.graphs import open_graph
    from paperkg.serve.keeper import load as keep

    query = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o"

    def serve() -> object:
        opened = open_graph(stem)
        engine = keep(opened.data.file, opened.data.format, opened.data.folder)
        return opened.kg, [tuple(map(str, found)) for found in engine.run(query).rows]

    return {
        "load": lambda: load(stem),
        "query": lambda: [tuple(map(str, found)) for found in open_engine(stem).run(query).rows],
        "serve": serve,
    }


def _used(
    where: str, uses: dict[str, Callable[[], object]], right: dict[str, object], found: Counter[str]
) -> list[str]:
    """What is wrong with what the uses do with a cut file: each is to refuse it, or to give what is right."""
    from paperkg.errors import GraphError

    failures = []
    for use, run in uses.items():
        try:
            same = run() == right[use]
        except GraphError:
            found[f"{use} refuses"] += 1
            continue
        except Exception as error:
            failures.append(f"{where}: {use} raises {type(error).__name__}: {error}")
            continue
        found[f"{use} answers rightly"] += same
        if not same:
            failures.append(f"{where}: {use} gives something else than of the whole set")
    return failures


def _counts(found: Counter[str]) -> str:
    return ", ".join(f"{what} {number}" for what, number in sorted(found.items()) if number)


def _bare_cuts(case: Case) -> dict[str, str]:
    """How often bare libraries read a cut file without a word."""
    import pyoxigraph as ox
    import rdflib

    whole = b"".join(b'<http://e/%d> <http://e/p> "%d" .\n' % (n, n) for n in range(100))
    points = [case.random.randrange(len(whole)) for _ in range(case.count(200))]
    silent = Counter[str]()
    for size in points:
        for kind, read in {
            "rdflib": lambda content: rdflib.Graph().parse(data=content, format="nt"),
            "pyoxigraph": lambda content: list(ox.parse(content, format=ox.RdfFormat.N_TRIPLES)),
        }.items():
            try:
                read(whole[:size])
                silent[kind] += 1
            except Exception as error:
                silent[type(error).__name__] += 1
    return {
        kind: f"reads {silent[kind]} of {len(points)} cut N-Triples files without a word"
        for kind in ("rdflib", "pyoxigraph")
    }


@row(
    "15",
    "20 builds: hash seeds, the files in any order, 1, 2 or 4 processes, 2 locales",
    passes="byte-identical, HTML included",
    minutes=40,
)
def same_bytes(case: Case) -> Measured:
    """Every other build is a fast one; at full counts the sources are the seeds, else made-up papers."""
    if case.share >= 1:
        sources = sorted((ROOT / "seeds").glob("*.txt"))
    else:
        sources = [write_papers(case.scratch / f"{n}.jsonl", 3 * n, 3) for n in range(4)]
    failures = []
    reference: dict[bool, Contents] = {}
    made = case.count(20, least=3)
    for number in range(made):
        fast = number % 2 == 0
        order = list(sources)
        case.random.shuffle(order)
        folder = case.scratch / f"build{number}"
        seed = str(case.random.randrange(1 << 32))
        locale = ("C", "C.UTF-8")[case.random.randrange(2)]
        processes = str(case.random.choice((1, 2, 4)) if number else 1)
        words = ["build", *order, "--processes", processes, "--out", folder, "--name", NAME]
        run = run_program(
            [sys.executable, "-m", "paperkg", *words, *(["--fast"] if fast else [])],
            seconds=600,
            environment={"PYTHONHASHSEED": seed, "LC_ALL": locale, "LANG": locale, "PYTHONUTF8": "0"},
        )
        how = f"hash seed {seed}, {locale}, {processes} processes, order {[path.name for path in order]}"
        if run.status:
            failures.append(f"{how}: ended with {run.status}: {run.stderr.decode(errors='replace')}")
            continue
        found = visible(folder)
        first = reference.setdefault(fast, found)
        if found != first:
            other = sorted(name for name in {*found, *first} if found.get(name) != first.get(name))
            failures.append(f"{how}: other bytes in {other}")
        shutil.rmtree(folder)
    digests = {
        "fast" if fast else "usual": hashlib.sha256(
            b"".join(found[name] for name in sorted(found))
        ).hexdigest()[:12]
        for fast, found in reference.items()
    }
    return Measured(
        {"builds": made, "files of each": len(next(iter(reference.values()), {})), **digests}, failures
    )
