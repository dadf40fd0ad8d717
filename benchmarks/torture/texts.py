"""Texts that hurt: bombs, regular expressions, new words, and what a build reaches out for."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from torture.bombs import SIZES, changing_bombs, list_bombs, mixed_bombs, pair_bombs, plain_bombs
from torture.frame import ROOT, Case, Measured, megabytes, row, run_program, run_python
from torture.regexes import Regex, attacks, longer, own_regexes

if TYPE_CHECKING:
    from paperkg.lexicon import Lexicon
    from paperkg.model import Extraction

_SLOWEST_RECORD = 1.0
_MOST_MORE = 100_000_000
_SLOWEST_REGEX = 0.1
_MOST_DOUBLED = 2.5
_SHOWN = 5
"""Failures that are named; of the others there is a number."""

Named = tuple[str, Callable[[], str | dict[str, object]]]
"""A bomb's name, and what makes its text, or fields beside an ordinary one."""


def _resident(field: str = "VmRSS") -> int:
    """Bytes of memory of this process: `VmRSS` now, `VmHWM` at most since the last `_forget_peak`."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field}")


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _bombs(case: Case) -> dict[bool, list[Named]]:
    """The bombs for the fast way (True) and for the usual one, which takes twenty times as long: of pairs and mixtures it gets a tenth."""
    from paperkg.lexicon import load_lexicon

    names = [entry.name for entry in load_lexicon()]
    plain = [bomb for size in SIZES for bomb in plain_bombs(size)]
    chains = [*pair_bombs(SIZES[0]), *mixed_bombs(SIZES[0], 1_000, case.random)]
    changing = [(name, text) for size in SIZES[:2] for name, text in changing_bombs(size, names)]
    first: list[Named] = [(f"{bomb.name}, {bomb.size:,}", bomb.__str__) for bomb in plain]
    first += [_named(name, text) for name, text in changing]
    second: list[Named] = [(bomb.name, bomb.__str__) for bomb in chains]
    few = case.random.sample(second, len(second) // 10)
    chosen = {True: [*first, *second], False: [*first, *few]}
    taken = {fast: case.random.sample(some, case.count(len(some), least=12)) for fast, some in chosen.items()}
    lists = [_named(name, fields) for name, fields in list_bombs(SIZES[2])]
    return {fast: [*some, *lists] for fast, some in taken.items()}


def _named(name: str, made: str | dict[str, object]) -> Named:
    return name, lambda: made


@dataclass
class _Cost:
    """What one bomb cost: seconds of processor for reading and for all that follows, bytes more than before."""

    name: str
    read: float
    after: float
    more: int

    @property
    def seconds(self) -> float:
        return self.read + self.after


def _graph_of(extraction: Extraction, lexicon: Lexicon) -> None:
    """What is made of an extraction: the entities of a graph, its quads, and what its page holds."""
    from paperkg.graph import KnowledgeGraph
    from paperkg.html.payload import payload
    from paperkg.model import Provenance
    from paperkg.rdf import quads
    from paperkg.resolution import resolve

    resolved = resolve([extraction], lexicon=lexicon)
    kg = KnowledgeGraph.from_extractions(resolved, Provenance(version="0", extractor="bombs"))
    quads(kg)
    payload(kg)


def _read_bombs(bombs: Iterable[Named], fast: bool, folder: Path) -> list[_Cost]:
    from paperkg.extraction.side_by_side import make_reader
    from paperkg.lexicon import load_lexicon
    from paperkg.sources import read_papers

    read, lexicon = make_reader(fast=fast, lexicon=None, threads=1), load_lexicon()  # once in a build too

    def one(name: str, made: str | dict[str, object]) -> tuple[float, float]:
        file = folder / "bomb.jsonl"
        fields = {"abstract": made} if isinstance(made, str) else {"abstract": "We propose BERT.", **made}
        record = {"id": "bomb", "title": f"Bomb {name}"[:200], **fields}
        file.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        begun = time.process_time()
        papers, _ = read_papers([file])
        extractions = list(read(papers))
        middle = time.process_time()
        for extraction in extractions:
            _graph_of(extraction, lexicon)
        return middle - begun, time.process_time() - middle

    # What is loaded once, and the room that the network takes for the longest text that it reads.
    ordinary = "We propose BERT, a model for question answering with an accuracy of 95.3%. "
    one("of ordinary words", ordinary * 150)
    one("of names", "WORD " * 2_000)
    costs = []
    for name, make in bombs:
        made = make()
        before = _resident()
        _forget_peak()
        costs.append(_Cost(name, *one(name, made), max(0, _resident("VmHWM") - before)))
    return costs


_SPACY = """
import spacy, sys, time
nlp = spacy.blank("en")
begun = time.process_time()
nlp.make_doc(sys.argv[1] * 20_000)
print(f"{time.process_time() - begun:.1f}")
"""


def _bare_spacy() -> str:
    said = []
    for mark in '"(':
        run = run_python(_SPACY, mark, seconds=60)
        said.append(f"20,000 of {mark} take {'more than 60' if run.late else run.stdout.decode().strip()} s")
    return ", ".join(said)


@row(
    "4",
    "text bombs: 20k, 100k, 1M of each punctuation mark in eight ways, of runs of addresses, words, names, short forms, numbers, "
    "LaTeX, combining marks; pairs and mixtures; 1 MB of authors, organisations, listings, sources; both readers, then resolution, quads and page",
    passes="<= 1 s of processor a record, <= 100 MB more",
    minutes=60,
)
def text_bombs(case: Case) -> Measured:
    """Each bomb is a record of its own, from its file to the graph."""
    figures: dict[str, object] = {}
    failures: list[str] = []
    for fast, bombs in _bombs(case).items():
        way = "fast way" if fast else "usual way"
        begun = _resident()
        costs = _read_bombs(bombs, fast, case.scratch)
        worst = max(costs, key=lambda cost: cost.seconds)
        most = max(costs, key=lambda cost: cost.more)
        figures[f"{way}, bombs"] = len(costs)
        figures[f"{way}, slowest"] = f"{worst.seconds:.2f} s ({worst.name})"
        figures[f"{way}, median"] = f"{statistics.median(cost.seconds for cost in costs):.3f} s"
        figures[f"{way}, most memory"] = f"{megabytes(most.more)} ({most.name})"
        figures[f"{way}, memory at the end"] = f"{megabytes(_resident() - begun)} more than before loading"
        bad = [
            f"{way}, {cost.name}: {cost.read:.2f} s to read, {cost.after:.2f} s after, {megabytes(cost.more)}"
            for cost in costs
            if cost.seconds > _SLOWEST_RECORD or cost.more > _MOST_MORE
        ]
        failures += bad[:_SHOWN] + ([f"{way}: {len(bad)} in all"] if len(bad) > _SHOWN else [])
    through = _through_the_api(case)
    figures["in one file through paperkg.extract"] = through
    return Measured(figures, failures, {"spaCy": _bare_spacy()} if case.share >= 0.1 else {})


def _through_the_api(case: Case) -> str:
    """Bombs between ordinary papers in one file: none is lost."""
    import paperkg

    bombs = case.random.sample(plain_bombs(SIZES[1]), case.count(100, least=4))
    file = case.scratch / "bombs.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for number, bomb in enumerate(bombs):
            for kind, text in (("bomb", str(bomb)), ("plain", "We propose BERT, a language model.")):
                record = {"id": f"{kind}-{number}", "title": f"{kind} {number} of a row", "abstract": text}
                out.write(json.dumps(record) + "\n")
    extractions, report = paperkg.extract(file, processes=1)
    whole = sum(any(e.name == "BERT" for e in found.entities) for found in list(extractions)[1::2])
    noted = sum(skip.kind == "field" for skip in report.skipped)
    if whole < len(bombs):
        raise RuntimeError(f"{len(bombs) - whole} ordinary papers between bombs were lost")
    return f"{2 * len(bombs)} records, none lost, {noted} noted as cut"


def _seconds(regex: Regex, way: str, text: str) -> float:
    begun = time.process_time()
    if way == "finditer":
        for _ in regex.pattern.finditer(text):
            pass
    else:
        getattr(regex.pattern, way)(text)
    return time.process_time() - begun


@row(
    "5",
    "every own regular expression, in the ways in which it is used, on at least 10 strings of 100 kB made of its own parts",
    passes="<= 0.1 s each, twice the length <= 2.5 times as long",
    minutes=10,
)
def regular_expressions(case: Case) -> Measured:
    """All expressions at any share; the share decides how many strings beyond ten are tried."""
    regexes, missing = own_regexes()
    failures, tried, worst, steepest = [], 0, (0.0, ""), (0.0, "")
    for regex in regexes:
        strings = attacks(regex.pattern)
        chosen = strings[:10] + strings[10 : 10 + round(case.share * len(strings))]
        for way in sorted(regex.uses):
            for text in chosen:
                tried += 1
                took = _seconds(regex, way, text[: len(text) // 10])
                if (
                    took < 10 * _SLOWEST_REGEX
                ):  # one that is not linear shows it already, and shall not take an hour
                    took = _seconds(regex, way, text)
                if took > _SLOWEST_REGEX:  # the machine may have been busy
                    took = min(took, *(_seconds(regex, way, text) for _ in range(2 if took < 5 else 0)), took)
                worst = max(worst, (took, regex.place))
                grown = 1.0
                if 0.02 < took < 1:
                    for runs in (3, 12):  # more of them if the machine may have been busy
                        once = min(_seconds(regex, way, text) for _ in range(runs))
                        twice = min(_seconds(regex, way, longer(text)) for _ in range(runs))
                        grown = twice / max(once, 1e-3)
                        if grown <= _MOST_DOUBLED:
                            break
                    steepest = max(steepest, (grown, regex.place))
                if took > _SLOWEST_REGEX or grown > _MOST_DOUBLED:
                    failures.append(
                        f"{regex.place}, {way}: {took:.2f} s, doubled {grown:.1f} times, {text[:40]!r}"
                    )
                    break
    figures = {
        "expressions": len(regexes),
        "strings": tried,
        "slowest": f"{worst[0]:.3f} s ({worst[1]})",
        "steepest, of those above 0.02 s": f"{steepest[0]:.2f} ({steepest[1]})",
        "modules that need what is not installed": len(missing),
    }
    return Measured(figures, failures)


_WORDS = """
import random, string, sys
from paperkg.extraction.side_by_side import make_reader
from paperkg.model import Paper

fast, most = sys.argv[1] == "fast", int(sys.argv[2])
chance = random.Random(1)

def word():
    letters = "".join(chance.choices(string.ascii_lowercase, k=chance.randint(5, 11)))
    return letters.capitalize() if chance.random() < 0.2 else letters

def papers():
    for number in range(most):
        yield Paper(str(number), f"Words {number}", " ".join(word() for _ in range(15)) + ".")

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096

early = 0
for number, _ in enumerate(make_reader(fast=fast, lexicon=None, threads=1)(papers()), 1):
    if number <= max(1, most // 10):
        early = max(early, resident()) if number > most // 20 else early
print(early, resident())
"""


@row(
    "6",
    "100,000 texts of 15 new words each, both readers",
    passes="memory at the end <= 1.2 times that at 10,000",
    minutes=90,
)
def new_words(case: Case) -> Measured:
    """A process for each reader; spaCy's pipeline as it is beside them."""
    figures: dict[str, object] = {}
    failures = []
    texts = case.count(100_000, least=1_000)
    for way in ("fast", "usual"):
        run = run_python(_WORDS, way, str(texts), seconds=80 * 60)
        if run.status:
            failures.append(f"{way} way: ended with {run.status}: {run.stderr.decode()[-200:]}")
            continue
        early, late = map(int, run.stdout.split())
        figures[f"{way} way"] = (
            f"{megabytes(early)} at {texts // 10:,}, {megabytes(late)} at {texts:,}: {late / early:.2f}"
        )
        if late > 1.2 * early:
            failures.append(f"{way} way: {late / early:.2f} times")
    return Measured(figures, failures, {"spaCy": _bare_words(texts)})


_BARE_WORDS = """
import random, string, sys
import spacy
nlp = spacy.blank("en")
chance = random.Random(1)
most = int(sys.argv[1])
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
for number in range(1, most + 1):
    nlp.make_doc(" ".join("".join(chance.choices(string.ascii_lowercase, k=8)) for _ in range(15)))
    if number == most // 10:
        early = resident()
print(early, resident())
"""


def _bare_words(texts: int) -> str:
    early, late = map(int, run_python(_BARE_WORDS, str(texts), seconds=600).stdout.split())
    return (
        f"tokeniser {megabytes(early)} at {texts // 10:,}, {megabytes(late)} at {texts:,}: {late / early:.2f}"
    )


_OPENED = re.compile(r'\b(?:open|openat|openat2|creat)\((?:[^",]{0,200}, )?"([^"]{0,4000})"')
_SENT = re.compile(r"\b(?:connect|sendto|sendmsg|sendmmsg)\(")
_FAILED = re.compile(r"= -1 E\w{1,20}")
_TRACED = ("-f", "--seccomp-bpf", "-qq", "-s", "4000", "-e", "trace=%network,open,openat,openat2,creat")
_SYSTEM = (
    "/lib",
    "/usr/lib",
    "/usr/local/lib",
    "/usr/share/locale",
    "/usr/share/zoneinfo",
    "/proc",
    "/sys",
    "/dev",
)
_CONFIGURATION = ("/etc/ld.so.cache", "/etc/localtime", "/etc/os-release")
"""What the C library and Python read of a system's settings at their start."""

_HOOK = """
import os, sys
log = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def hook(event, given):
    if event == "open" and isinstance(given[0], (str, bytes)):
        os.write(log, ("open(" + '"' + os.path.abspath(os.fsdecode(given[0])) + '")\\n').encode())
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        os.write(log, f"connect({given[1:]!r})\\n".encode())
sys.addaudithook(hook)
from paperkg.cli import main
sys.argv[0] = "paperkg"
main()
"""


@row(
    "8",
    "a build of the seeds, both ways, in one process and in two, its system calls read with strace (without it: Python's audit events)",
    passes="no connect(), no file opened outside input, output, package and system libraries",
    minutes=10,
)
def no_reaching_out(case: Case) -> Measured:
    """In a home folder of its own, to see what is left there."""
    tracer = shutil.which("strace")
    failures: list[str] = []
    files = 0
    home = case.scratch / "home"
    home.mkdir()
    pages = sorted((ROOT / "seeds").iterdir())[: case.count(5)]
    settings = [["--fast"], ["--processes", "2"], []][: case.count(3, least=2)]
    for number, options in enumerate(settings):
        out, log = case.scratch / f"out{number}", case.scratch / f"calls{number}"
        build = ["build", *pages, "--out", out, "--name", "seeds", *options]
        program = [sys.executable, "-P", "-c"]
        if tracer:
            command = [tracer, *_TRACED, "-o", log, *program, "from paperkg.cli import main; main()"]
        else:
            command = [*program, _HOOK, log]
        environment = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "TMPDIR": str(out)}
        out.mkdir()
        run = run_program([*command, *build], seconds=300, environment=environment, folder=out)
        if run.status:
            failures.append(f"{' '.join(options)}: ended with {run.status}: {run.stderr.decode()[-200:]}")
            continue
        opened, sent = _reached(log.read_text("utf-8", "replace"))
        files += len(opened)
        allowed = _allowed(out)
        strange = sorted(name for name in opened if not _within(name, allowed))
        failures += [f"{' '.join(options) or 'usual way'}: {call}" for call in sent[:_SHOWN]]
        failures += [f"{' '.join(options) or 'usual way'}: opened {name}" for name in strange[:_SHOWN]]
    left = sorted(str(file.relative_to(home)) for file in home.rglob("*") if file.is_file())
    failures += [f"left in the home folder: {name}" for name in left[:_SHOWN]]
    watched = "system calls (strace)" if tracer else "audit events of Python"
    return Measured({"builds": len(settings), "watched": watched, "files opened": files}, failures)


def _reached(log: str) -> tuple[set[str], list[str]]:
    """The files that were opened, and the calls that reach out."""
    opened, sent = set[str](), list[str]()
    for line in log.splitlines():
        if _SENT.search(line) and "AF_UNIX" not in line:  # also where it failed
            sent.append(line[:120])
        elif (found := _OPENED.search(line)) and not _FAILED.search(line):
            opened.add(found[1])
    return opened, sent


def _allowed(out: Path) -> Sequence[Path]:
    import paperkg

    own = Path(paperkg.__file__).parent
    pythons = (Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent)
    return (ROOT / "seeds", out, own, own.parent, *pythons, *map(Path, (*_SYSTEM, *_CONFIGURATION)))


def _within(name: str, allowed: Sequence[Path]) -> bool:
    place = Path(os.path.normpath(Path("/nowhere") / name))
    return any(place == one or one in place.parents for one in allowed)
