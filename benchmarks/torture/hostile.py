"""Files that are made to hurt a reader: XML attacks, odd folders, great sizes, deep nesting."""

from __future__ import annotations

import gzip
import json
import os
import random
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from torture import bare
from torture.clients import listener
from torture.frame import Case, Measured, megabytes, peak_memory, row, run_program, run_python
from torture.inputs import CLI, trouble_of
from torture.pages import texts

_OPEN = """
import sys
from paperkg.sources import open_papers
with open_papers(sys.argv[1:]) as papers:
    number = sum(1 for _ in papers)
    print(number, len(papers.report.skipped), *(f"{s.line}: {s.reason}" for s in papers.report.skipped[:3]), sep="|")
"""
_FEED = '<feed xmlns="http://www.w3.org/2005/Atom">'
_ENTRY = "<entry><title>T %s</title><summary>x</summary></entry>"


def _bombs(port: int, secret: Path) -> dict[str, bytes]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    out = f"http://127.0.0.1:{port}/x"
    kinds = {
        "billion laughs": f'<!DOCTYPE feed [<!ENTITY l0 "lol">{laughs}]>{_FEED}{_ENTRY % "&l9;"}</feed>',
        "quadratic": f'<!DOCTYPE feed [<!ENTITY a "{"a" * 100_000}">]>{_FEED}{_ENTRY % ("&a;" * 10_000)}</feed>',
        "file": f'<!DOCTYPE feed [<!ENTITY x SYSTEM "file://{secret}">]>{_FEED}{_ENTRY % "&x;"}</feed>',
        "request": f'<!DOCTYPE feed [<!ENTITY x SYSTEM "{out}">]>{_FEED}{_ENTRY % "&x;"}</feed>',
        "external DTD": f'<!DOCTYPE feed SYSTEM "{out}">{_FEED}{_ENTRY % "x"}</feed>',
        "public DTD": f'<!DOCTYPE feed PUBLIC "-//x" "{out}">{_FEED}{_ENTRY % "x"}</feed>',
        "parameter entity": f'<!DOCTYPE feed [<!ENTITY % x SYSTEM "{out}"> %x;]>' + _FEED + _ENTRY % "x" + "</feed>",
        "lower case": f'<!doctype feed [<!entity x SYSTEM "{out}">]>{_FEED}{_ENTRY % "&x;"}</feed>',
        "late": f'<!-- {"x" * 2_000_000} --><!DOCTYPE feed [<!ENTITY x SYSTEM "{out}">]>{_FEED}{_ENTRY % "&x;"}</feed>',
        "inside": f'{_FEED}<!DOCTYPE feed [<!ENTITY x SYSTEM "{out}">]>{_ENTRY % "&x;"}</feed>',
        "in an entry": f'{_FEED}<entry><!DOCTYPE x [<!ENTITY x SYSTEM "{out}">]><title>&x;</title></entry></feed>',
        "entity alone": f'{_FEED}<!ENTITY x SYSTEM "{out}">{_ENTRY % "&x;"}</feed>',
        "entity unknown": f'{_FEED}{_ENTRY % "&l9;"}</feed>',
        "include": f'{_FEED}<entry><title><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/></title></entry></feed>',
        "style sheet": f'<?xml-stylesheet href="{out}"?>{_FEED}<entry><title/></entry></feed>',
        "schema": f'{_FEED}<entry x:schemaLocation="{out} {out}" xmlns:x="http://www.w3.org/2001/XMLSchema-instance"/></feed>',
        "base": f'{_FEED}<entry xml:base="{out}"><title/></entry></feed>',
        "nested": f'{_FEED}<entry><title>{"<a>" * 500_000}{"</a>" * 500_000}</title></entry></feed>',
        "attributes": _FEED + "<entry " + " ".join(map("a{}='x'".format, range(100_000))) + "><title/></entry></feed>",
        "namespaces": _FEED + "<entry " + " ".join(map("xmlns:a{}='x'".format, range(100_000))) + "><title/></entry></feed>",
        "open entries": _FEED + "<entry>" * 100_000,
        "open comment": _FEED + "<entry><title><!--" + "<!--" * 300_000,
        "open CDATA": _FEED + "<entry><title><![CDATA[" * 100_000,
        "open tags": _FEED + "<feed" * 300_000 + "<entry>",
    }  # fmt: skip
    made = {name: b'<?xml version="1.0"?>' + text.encode() for name, text in kinds.items()}
    made["UTF-16"] = kinds["request"].encode("utf-16")
    made["UTF-16 in the name of UTF-8"] = (
        b'<?xml version="1.0" encoding="utf-16"?>' + kinds["request"].encode()
    )
    made["UTF-7"] = (
        b'<?xml version="1.0" encoding="utf-7"?>' + kinds["request"].replace("<", "+ADw-").encode()
    )
    made["gzip"] = gzip.compress(made["billion laughs"])
    return made


@row(
    "7",
    "XML bombs and external entities in 28 forms, through the two entries where XML comes in",
    passes="refused <= 0.5 s each, <= 100 MB more, no request, no file read",
)
def xml_attacks(case: Case) -> Measured:
    """Gives each to the reader of files, which reads the answers of arXiv too."""
    from paperkg.errors import SourceError
    from paperkg.sources import read_papers

    secret = case.scratch / "secret.txt"
    secret.write_text("a secret of the machine")
    read_papers(["-"], stdin=BytesIO((_FEED + _ENTRY % "warm" + "</feed>").encode()))
    failures, slowest, most = [], ("", 0.0), 0
    with listener(b"") as (port, calls):
        bombs = _bombs(port, secret)
        before = peak_memory()
        for name, content in bombs.items():
            begun, papers = time.process_time(), []  # in this process, whatever else the machine does
            with suppress(SourceError):
                papers, _ = read_papers(["-"], stdin=BytesIO(content))
            took = time.process_time() - begun
            slowest = max(slowest, (name, took), key=lambda x: x[1])
            if papers:
                failures.append(f"{name}: gave a paper: {papers[0].title[:60]!r}")
            if "secret" in repr(papers):
                failures.append(f"{name}: read a file")
            if took > 0.5:
                failures.append(f"{name}: {took:.1f} s")
        most = peak_memory() - before
        time.sleep(0.3)
        failures += [f"a request went out: {call[:60]!r}" for call in calls]
    if most > 100e6:
        failures.append(f"{megabytes(most)} more")
    return Measured(
        {
            "attacks": len(bombs),
            "slowest": f"{slowest[1]:.2f} s ({slowest[0]})",
            "more memory": megabytes(most),
            "requests": len(calls),
        },
        failures,
        others=bare.xml_bombs(case),
    )


@row(
    "9",
    "a folder with links out of it, loops, pipes, devices, sockets, odd names, bombs of gzip and Zstandard",
    passes="nothing outside is read, ends <= 5 s, each is reported once, the good files are read",
)
def odd_folder(case: Case) -> Measured:
    """Watches every file that is opened while such a folder is read."""
    import zstandard

    from paperkg.sources import read_papers

    def good(name: str) -> str:
        return json.dumps({"id": name, "title": f"Title {name}", "abstract": "x"})

    outside, inside = case.scratch / "outside", case.scratch / "inside"
    for folder in (outside, inside / "deep" / "deeper"):
        folder.mkdir(parents=True)
    (outside / "secret.jsonl").write_text(good("secret"))
    names = [
        "a.jsonl",
        "deep/b.jsonl",
        "deep/deeper/c.jsonl",
        " ",
        "x\ny.jsonl",
        "<b>&amp;.jsonl",
        "-rf",
        "%s%n.jsonl",
        "'; drop.jsonl",
    ]
    names += [
        "\u202egpj.jsonl",
        "e\u0301.jsonl",
        "\U0001f600",
        "x" * 200 + ".jsonl",
        "con",
        "~",
        "$HOME",
        "a\\b",
    ]
    for number, name in enumerate(names):
        (inside / name).write_text(good(str(number)))
    raw = os.fsencode(inside) + b"/\xff\xfe.jsonl"
    Path(os.fsdecode(raw)).write_text(good("raw"))
    links = {
        "link.jsonl": outside / "secret.jsonl",
        "linked": outside,
        "loop": inside,
        "up": Path(".."),
        "dead": Path("nowhere"),
    }
    links |= {
        "self": Path("self"),
        "passwd": Path("/etc/passwd"),
        "zero": Path("/dev/zero"),
        "fd": Path("/dev/fd/0"),
    }
    for name, target in links.items():
        (inside / name).symlink_to(target)
    os.mkfifo(inside / "pipe.jsonl")
    refused = {
        *links,
        "pipe.jsonl",
        "socket",
        ".hidden",
        "gzip",
        "zstd",
        "empty",
        "nested.gz",
        "secret-mode",
    } - {"secret-mode"}
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(
            str(inside / "socket")[-100:]
            if len(str(inside)) < 90
            else f"/proc/self/fd/{os.open(inside, os.O_PATH)}/socket"
        )
        if os.geteuid() == 0:
            with suppress(OSError):
                os.mknod(inside / "device", stat.S_IFCHR | 0o600, os.makedev(1, 5))
                refused.add("device")
        (inside / ".hidden").write_text(good("hidden"))
        (inside / "empty").write_text("")
        big = bytes(case.count(1 << 30, 100 << 20))
        (inside / "gzip").write_bytes(gzip.compress(big, 6))
        (inside / "zstd").write_bytes(zstandard.compress(big))
        (inside / "nested.gz").write_bytes(gzip.compress((inside / "gzip").read_bytes()))
        touched: list[str] = []
        watching = True

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            if watching and event in ("open", "os.scandir", "os.listdir", "socket.connect"):
                touched.append(os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else "")

        sys.addaudithook(watch)
        begun = time.perf_counter()
        papers, report = read_papers([inside])
        took = time.perf_counter() - begun
        watching = False
    failures = []
    wanted = {*map(str, range(len(names))), "raw"}
    if {p.id for p in papers} != wanted:
        failures.append(f"read {sorted({p.id for p in papers} ^ wanted)} wrongly")
    if beyond := [
        x
        for x in touched
        if x and not x.startswith((str(inside), sys.prefix, sys.base_prefix)) and "paperkg" not in x
    ]:
        failures.append(f"opened outside: {beyond[:3]}")
    reported = sorted(s.file for s in report.skipped)
    if reported != sorted(refused):
        failures.append(f"reported {sorted(set(reported) ^ refused)} wrongly, {len(reported)} in all")
    if took > 5:
        failures.append(f"{took:.1f} s")
    return Measured(
        {
            "good files": len(wanted),
            "others, each reported once": len(refused),
            "seconds": f"{took:.2f}",
            "bombs of": megabytes(len(big)),
        },
        failures,
    )


def _lines(
    path: Path, size: int, *, array: bool = False, opener: Callable[..., BinaryIO] | None = None
) -> int:
    """Writes that many bytes of JSON records and says how many records they are."""
    chance = random.Random(size)
    sentences = [f"{text}." for _, abstract in texts(chance, 500) for text in abstract.split(". ")]
    number, done = 0, 0
    with opener(path) if opener else path.open("wb") as out:
        out.write(b"[\n" if array else b"")
        while done < size:
            record = {
                "id": f"p{number}",
                "title": f"A study of the case with number {number}",
                "abstract": " ".join(chance.choices(sentences, k=12)),
            }
            line = (
                (b",\n" if array and number else b"")
                + json.dumps(record).encode()
                + (b"" if array else b"\n")
            )
            done += out.write(line)
            number += 1
        out.write(b"]\n" if array else b"")
    return number


@row(
    "10",
    "1 GB of JSON Lines, plain, gzip and Zstandard, and as one array; one line of 1 GB",
    passes="<= 300 MB; the long line refused, the next one kept",
    minutes=40,
)
def great_sizes(case: Case) -> Measured:
    """Reads each in a process of its own."""
    import zstandard

    size = case.count(1_000_000_000)
    failures, figures = [], {"bytes each": size}
    kinds: dict[str, Callable[[Path], int]] = {
        "JSON Lines": lambda p: _lines(p, size),
        "gzip": lambda p: _lines(p, size, opener=partial(gzip.open, mode="wb", compresslevel=1)),
        "Zstandard": lambda p: _lines(p, size, opener=partial(zstandard.open, mode="wb")),
        "JSON array": lambda p: _lines(p, size, array=True),
    }
    for name, write in kinds.items():
        path = case.scratch / "great"
        number = write(path)
        run = run_python(_OPEN, str(path), seconds=900)
        figures[name] = f"{number:,} papers in {run.seconds:.0f} s, {megabytes(run.peak)}"
        if run.stdout.split(b"|")[0] != str(number).encode():
            failures.append(
                f"{name}: {run.stdout[:100].decode()} of {number} papers, {run.stderr[-200:].decode()}"
            )
        if run.peak > 300e6:
            failures.append(f"{name}: {megabytes(run.peak)}")
        path.unlink()
    good = json.dumps({"id": "good", "title": "Good", "abstract": "x"}).encode()
    for name, begin, between, end in (
        ("one line", b"", b"\n", b""),
        ("one record of an array", b"[", b",\n", b"]"),
    ):
        path = case.scratch / ("long" if begin == b"" else "long array")
        with path.open("wb") as out:
            out.write(begin + good + between + b'{"id": "long", "title": "')
            for _ in range(max(size // 1_000_000, 10)):
                out.write(b"x" * 1_000_000)
            out.write(b'"}' + between + good.replace(b"good", b"next").replace(b"Good", b"Next") + end)
        run = run_python(_OPEN, str(path), seconds=600)
        figures[name] = f"{run.stdout.decode().strip()} in {run.seconds:.0f} s, {megabytes(run.peak)}"
        if not run.stdout.startswith(b"2|1|") or b"longer than" not in run.stdout:
            failures.append(f"{name}: {run.stdout[:200].decode()}{run.stderr[-200:].decode()}")
        if run.peak > 300e6:
            failures.append(f"{name}: {megabytes(run.peak)}")
    loads = run_python(
        "import json, sys; list(map(json.loads, open(sys.argv[1])))", str(case.scratch / "long"), seconds=300
    )
    others = {"json.loads of the lines": megabytes(loads.peak)}
    return Measured(figures, failures, others)


def _nested(depth: int) -> dict[str, bytes]:
    good = '{"id": "good", "title": "Good", "abstract": "x"}'
    return {
        "JSON brackets": f'{{"title": {"[" * depth}{"]" * depth}}}\n{good}'.encode(),
        "JSON objects": ('{"a":' * depth + "1" + "}" * depth + "\n" + good).encode(),
        "JSON brackets, open": b"[" * depth,
        "JSON objects, open": b'[{"a":' * depth,
        "JSON array": f"[{'[' * depth}{']' * depth}, {good}]".encode(),
        "answer": b'{"data": ' * depth + b"}" * depth,
        "JSON-LD": ('{"@graph": [' * depth + "]}" * depth).encode(),
        "XML": f"{_FEED}<entry><title>{'<a>' * depth}{'</a>' * depth}</title></entry>{_ENTRY % 'good'}</feed>".encode(),
        "XML entries": f"{_FEED}{'<entry>' * depth}{'</entry>' * depth}</feed>".encode(),
        "HTML": ("<!doctype html><html><body>" + "<div>" * depth + "</div>" * depth).encode(),
        "Turtle": ("@prefix : <http://e/> . :a :b " + "[ :c " * depth + "]" * depth + " .").encode(),
        "Turtle lists": (":a :b " + "( " * depth + ")" * depth + " .").encode(),
        "N-Triples": ("<http://e/a> <http://e/b> " + "<<( " * depth + " .").encode(),
        "BibTeX": f"@article{{a, title={'{' * depth}x{'}' * depth}, abstract={{y}}}}\n\n@article{{b, title={{Good}}, abstract={{x}}}}".encode(),
        "BibTeX, open": f"@article{{a, title={'{' * depth}\n\n@article{{b, title={{Good}}, abstract={{x}}}}".encode(),
        "CSV": f'title,abstract\n{chr(34) * depth}\nGood,x\n'.encode(),
        "RIS": f"TY  - X\nTI  - {'{' * depth}\nER  - \nTY  - X\nTI  - Good\nER  - ".encode(),
    }  # fmt: skip


@row(
    "11",
    "nesting of 100 to 1,000,000 in JSON, JSON-LD, XML, HTML, Turtle, BibTeX, CSV, as input and in the files of a graph",
    passes="a clean error, the process lives, the good records are kept",
    minutes=30,
)
def deep_nesting(case: Case) -> Measured:
    """Reads each in this process; gives some of them to the command line, and puts them into a built graph."""
    from paperkg.errors import SourceError
    from paperkg.sources import read_papers

    failures, slowest, tried = [], ("", 0.0), 0
    depths = [100, 1_000, 10_000, 100_000, 1_000_000]
    for depth in depths if case.share >= 1 else depths[:4]:
        for name, content in _nested(depth).items():
            begun, papers = time.perf_counter(), []
            try:
                papers, _ = read_papers(["-"], stdin=BytesIO(content))
            except SourceError:
                pass
            except Exception as error:  # whatever it is, it is what the row looks for
                failures.append(f"{name}, {depth:,}: {type(error).__name__}")
            took = time.perf_counter() - begun
            slowest = max(slowest, (f"{name}, {depth:,}", took), key=lambda x: x[1])
            tried += 1
            if b"ood" in content and not any("ood" in p.title for p in papers):
                failures.append(f"{name}, {depth:,}: the good record is lost")
    if slowest[1] > 10:
        failures.append(f"{slowest[0]} took {slowest[1]:.0f} s")
    failures += _nested_graph(case, 1_000_000 if case.share >= 1 else 10_000)
    return Measured(
        {"files": tried, "slowest": f"{slowest[1]:.2f} s ({slowest[0]})"}, failures, bare.nesting()
    )


def _nested_graph(case: Case, depth: int) -> Iterator[str]:
    source = case.scratch / "good.jsonl"
    source.write_text(json.dumps({"id": "good", "title": "Good", "abstract": "We use BERT on SQuAD."}))
    out = case.scratch / "graphs"
    run_program([*CLI, "build", source, "--fast", "--out", out, "--name", "g", "--processes", "1"])
    nested = _nested(depth)
    damage = {
        "g.papers.jsonl": nested["JSON objects"],
        "g.manifest.json": nested["JSON objects"].partition(b"\n")[0],
        "g.trig": nested["Turtle"],
        "g.ttl": nested["Turtle lists"],
        "g.jsonld": nested["JSON-LD"],
        "g.decisions.tsv": b"merge\t" + b"[" * depth,
    }
    for name, content in damage.items():
        path = out / name
        before = path.read_bytes() if path.exists() else None
        path.write_bytes(content)
        words_of = [
            ("validate", out / "g"),
            ("query", out / "g", "SELECT ?s { ?s ?p ?o } LIMIT 1"),
            ("show", path, "BERT"),
        ]
        for words in words_of if case.share >= 1 else words_of[:1]:
            run = run_program([*CLI, *words], seconds=120)
            if (trouble := trouble_of(run)) or run.late:
                yield f"{words[0]} with {name} nested {depth:,}: {trouble or 'took too long'}"
        path.unlink() if before is None else path.write_bytes(before)
    for name in ("JSON objects, open", "XML", "Turtle", "JSON-LD")[: 4 if case.share >= 1 else 1]:
        path = case.scratch / "nested"
        path.write_bytes(nested[name])
        run = run_program([*CLI, "extract", path, "--fast"], seconds=120)
        if trouble := trouble_of(run):
            yield f"extract of {name} nested {depth:,}: {trouble}"
