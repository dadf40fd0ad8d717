"""Writing without room or rights, and files cut afterwards; and the same bytes each time."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from torture import bare
from torture.bench import NAME, Bench, Contents, shown, visible, write_papers
from torture.children import (
    Child,
    Ended,
    can_mount,
    give_up_rights,
    limit_files,
    mount_read_only,
    mount_small,
    own_mounts,
)
from torture.frame import ROOT, Case, Measured, row, run_program, run_python


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
        {"builds": made, "files of each": len(next(iter(reference.values()), {})), **digests},
        failures,
        bare.hash_seeds(case),
    )
