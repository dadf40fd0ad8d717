"""What bare libraries do in the tests of what is read and written: each in a process under limits."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import pairwise

from torture.frame import Case, Run, megabytes, run_python

_ADDRESSES = """
import json, sys, warnings
import logging
import pyoxigraph as ox, rdflib
logging.disable()
given = json.load(sys.stdin)
broken = refused = 0
for address in given:
    try:
        graph = rdflib.Graph()
        graph.add((rdflib.URIRef(address), rdflib.URIRef("http://e/p"), rdflib.Literal("x")))
        content = graph.serialize(format="nt", encoding="utf-8")
    except Exception:
        continue
    try:
        list(ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
    except SyntaxError:
        broken += 1
for address in given:
    try:
        ox.NamedNode(address)
    except ValueError:
        refused += 1
print(json.dumps([broken, refused]))
"""


def addresses(given: Sequence[str]) -> dict[str, str]:
    """Odd addresses as subjects of N-Triples."""
    run = run_python(_ADDRESSES, stdin=json.dumps(given).encode())
    broken, refused = json.loads(run.stdout)
    return {
        "rdflib": f"writes {broken} of {len(given)} odd addresses into N-Triples that cannot be read",
        "pyoxigraph": f"refuses {refused} of {len(given)} odd addresses with ValueError",
    }


_SURROGATE = {
    "rdflib": 'import rdflib; g = rdflib.Graph(); n = rdflib.URIRef("http://e/a"); g.add((n, n, rdflib.Literal("x\\ud800y")));'
    'print(g.serialize(format="nt", encoding="utf-8"))',
    "pyoxigraph": 'import pyoxigraph as ox; print(ox.Literal("x\\ud800y"))',
}
_LOCALE = """
import os, sys
from pyvis.network import Network
network = Network(cdn_resources="in_line")
network.add_node(1, label="na\\u00efve \\u4e2d")
try:
    network.write_html("page.html")
except Exception as error:
    print(type(error).__name__, end=", ")
print(os.path.getsize("page.html"))
"""


def encodings(case: Case) -> dict[str, str]:
    """Half a surrogate in a literal, and a page written in the C locale."""
    others = {
        name: f"half a surrogate in a literal: {_last(run_python(code))}" for name, code in _SURROGATE.items()
    }
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    page = run_python(_LOCALE, environment=plain, folder=case.scratch)
    return {**others, "pyvis": f"a page written in the C locale: {_last(page)} bytes"}


_XML = """
import io, sys
name, content = sys.argv[1], sys.stdin.buffer.read()
if name == "rdflib":
    import rdflib
    rdflib.Graph().parse(data=content, format="xml")
else:
    import pyoxigraph as ox
    list(ox.parse(content, format=ox.RdfFormat.RDF_XML))
"""


def xml_bombs(case: Case) -> dict[str, str]:
    """An entity of entities as the text of a literal; the plan's larger ones take minutes and gigabytes."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    names = "abcdefghi" if case.share >= 1 else "abcdefg"
    levels = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    bomb = (
        f'<!DOCTYPE r [<!ENTITY a "0123456789">{levels}]><r:RDF xmlns:r="{rdf}" xmlns:p="http://e/">'
        f'<r:Description r:about="http://e/a"><p:b>&{names[-1]};</p:b></r:Description></r:RDF>'
    ).encode()
    others = {}
    for name in ("rdflib", "pyoxigraph"):
        limit = 60 if case.share >= 1 else 5
        run = run_python(_XML, name, stdin=bomb, seconds=limit, memory=6 << 30)
        others[name] = f"{len(bomb)} bytes of RDF/XML: {_what(run, limit)}, {megabytes(run.peak)}"
    return others


_NESTED = {
    "json": 'import json, sys; json.loads("[" * int(sys.argv[1]) + "]" * int(sys.argv[1]))',
    "rdflib": "import rdflib, sys; n = int(sys.argv[1]); rdflib.Graph().parse("
    'data="@prefix : <http://e/> . :a :b " + "[ :c " * n + "]" * n + " .", format="turtle")',
    "pyoxigraph": "import pyoxigraph as ox, sys; n = int(sys.argv[1]);"
    'list(ox.parse("<http://e/a> <http://e/b> " + "<<( <http://e/a> <http://e/b> " * n + "<http://e/c>" + " )>>" * n + " .",'
    "format=ox.RdfFormat.N_TRIPLES))",
}


def nesting() -> dict[str, str]:
    """The depth at which each gives up: arrays of JSON, blank nodes of Turtle, triple terms of N-Triples."""
    others = {}
    for name, code in _NESTED.items():
        for depth in (100, 1_000, 10_000, 100_000):
            run = run_python(code, str(depth), seconds=20, memory=4 << 30)
            if run.status:
                others[name] = f"nested {depth:,}: {_what(run, 20)}"
                break
        else:
            others[name] = "nested 100,000: reads it"
    return others


_FORMATS = ("nt", "turtle", "xml", "json-ld", "trig")
_SEEDED = """
import hashlib, sys
import rdflib
from pyvis.network import Network
graph = rdflib.Dataset()
blank = rdflib.BNode("b")
for n in range(20):
    for name in ("a", "b"):
        graph.add((rdflib.URIRef(f"http://e/{name}{n}"), rdflib.URIRef("http://e/p"), rdflib.Literal(str(n)), rdflib.URIRef("http://e/g")))
flat = rdflib.Graph()
for s, p, o, _ in graph.quads():
    flat.add((s, p, o))
for form in sys.argv[1:]:
    content = (graph if form in ("trig", "json-ld") else flat).serialize(format=form, encoding="utf-8")
    print(form, hashlib.sha256(content).hexdigest())
network = Network(cdn_resources="in_line")
for name in {f"node {n}" for n in range(20)}:
    network.add_node(name)
print("pyvis", hashlib.sha256(network.generate_html().encode()).hexdigest())
"""


def hash_seeds(case: Case) -> dict[str, str]:
    """The same statements, written with other hash seeds."""
    digests: dict[str, set[str]] = {}
    for _ in range(3):
        seed = str(case.random.randrange(1 << 32))
        run = run_python(_SEEDED, *_FORMATS, environment={"PYTHONHASHSEED": seed})
        for line in run.stdout.decode().splitlines():
            form, digest = line.split()
            digests.setdefault(form, set()).add(digest)
    changing = [form for form in _FORMATS if len(digests[form]) > 1]
    page = "other" if len(digests["pyvis"]) > 1 else "the same"
    return {
        "rdflib": f"other bytes with another hash seed: {', '.join(changing) or 'none'}",
        "pyvis": f"{page} bytes with another hash seed, from a set of names",
    }


_WRITER = """
import sys, time
kind, mark, begin, rounds = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
size = 3_000 if mark == "a" else 2_000
if kind == "rdflib":
    import rdflib
    graph = rdflib.Graph()
    for n in range(size):
        graph.add((rdflib.URIRef(f"http://e/{n}"), rdflib.URIRef("http://e/p"), rdflib.Literal(mark)))
    write = lambda place: graph.serialize(place, format="nt", encoding="utf-8")
elif kind == "pyoxigraph":
    import pyoxigraph as ox
    quads = [ox.Triple(ox.NamedNode(f"http://e/{n}"), ox.NamedNode("http://e/p"), ox.Literal(mark)) for n in range(size)]
    write = lambda place: ox.serialize(quads, place, format=ox.RdfFormat.N_TRIPLES)
else:
    from pyvis.network import Network
    network = Network(cdn_resources="in_line")
    network.add_nodes(range(size), label=[mark] * size)
    write = lambda place: network.write_html(place, local=True)
write(f"alone.{kind}.{mark}.html")
for n in range(rounds):
    time.sleep(max(0, begin + n / 4 - time.time()))
    write(f"{n}.{kind}.html")
"""


def two_writers(case: Case) -> dict[str, str]:
    """Two processes write one file at the same moment."""
    others, rounds = {}, case.count(40, least=2)
    for kind in ("rdflib", "pyoxigraph", "pyvis"):
        begin = time.time() + 3
        both = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, kind, mark, str(begin), str(rounds)], cwd=case.scratch
            )
            for mark in "ab"
        ]
        for process in both:
            process.wait()
        alone = {(case.scratch / f"alone.{kind}.{mark}.html").read_bytes() for mark in "ab"}
        mixed = sum((case.scratch / f"{n}.{kind}.html").read_bytes() not in alone for n in range(rounds))
        others[kind] = f"{mixed} of {rounds} files are of neither writer"
    return others


def _what(run: Run, limit: float) -> str:
    if run.late:
        return f"still running after {limit:g} s, killed"
    if run.status < 0:
        return f"the process ends with status {run.status}"
    return _last(run) if run.status else f"read in {run.seconds:.1f} s"


def _last(run: Run) -> str:
    """The error with which it ended, else the last line that it printed."""
    lines = (run.stderr if run.status else run.stdout).decode(errors="replace").strip().splitlines()
    errors = [line for line in lines if run.status and re.match(r"[A-Za-z_][\w.]{0,100}: ", line)]
    return [*lines, *errors][-1][:80] if lines else f"status {run.status}"
