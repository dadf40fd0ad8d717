"""The W3C's own tests, by what answers queries and writes RDF here and by bare pyoxigraph, in the same run.

The tests are those in the source distribution of rdflib, which `make` fetches into `.venv/w3c`; none is kept in the repository.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox

from torture.frame import ROOT, Case, Measured, row

FETCHED = ROOT / ".venv" / "w3c"
"""Where `make` puts the distribution."""
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDFT = "http://www.w3.org/ns/rdftest#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPARQL = ("sparql11", "dawg-data-r2")
NOT_QUERIES = ("entailment", "service", "syntax-fed", "http-rdf-update", "protocol", "service-description")
"""Groups that are of no query part: inference, federation, updates over HTTP; the protocol has a row of its own."""
FORMATS = {
    "turtle": (ox.RdfFormat.TURTLE, "http://www.w3.org/2013/TurtleTests/"),
    "ntriples": (ox.RdfFormat.N_TRIPLES, "http://www.w3.org/2013/N-TriplesTests/"),
    "trig": (ox.RdfFormat.TRIG, "http://www.w3.org/2013/TriGTests/"),
}
"""Folders of tests of formats, each with the base of its documents."""
RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
Answered = bytes | bool | list[ox.Triple] | None
"""Rows in JSON, a truth, or triples."""
Ask = Callable[[ox.Store, str, str], Answered]
Parse = Callable[[bytes, ox.RdfFormat, str], ox.Dataset]


@dataclass(frozen=True)
class Test:
    """A test: the group that it is of, its name, and whether a way to do things passes it."""

    group: str
    name: str
    passes: Callable[[str], bool]


@row(
    "26",
    "W3C tests: SPARQL 1.0 and 1.1 query, protocol (query part), Turtle, N-Triples, TriG, JSON-LD to RDF",
    passes="no fewer passes than bare pyoxigraph",
)
def conformance(case: Case) -> Measured:
    """A test of a format passes here if the quads that were read are equal after our writers and a second reading."""
    archives = sorted(FETCHED.glob("rdflib-*.tar.gz"))
    if not archives:
        return Measured({}, [f"the tests are not in {FETCHED.relative_to(ROOT)}: run make w3c"])
    with tarfile.open(archives[-1]) as archive:
        archive.extractall(case.scratch, filter="data")
    suites = next(case.scratch.glob("rdflib-*/test"))
    tests = [*queries(suites / "data" / "suites" / "w3c"), *documents(suites)]
    tests = case.random.sample(tests, case.count(len(tests), 100))
    passed: dict[str, Counter[str]] = {"ours": Counter(), "bare": Counter()}
    total: Counter[str] = Counter()
    failures: list[str] = []
    for test in tests:
        try:
            ours, bare = test.passes("ours"), test.passes("bare")
        except FileNotFoundError:
            total["missing"] += 1
            continue
        total[test.group] += 1
        passed["ours"][test.group] += ours
        passed["bare"][test.group] += bare
        if bare and not ours:
            failures.append(f"only pyoxigraph passes {test.group} {test.name}")
    missing = total.pop("missing", 0)
    figures = {
        group: f"{passed['ours'][group]:,} of {count:,} (pyoxigraph {passed['bare'][group]:,})"
        for group, count in sorted(total.items())
    }
    protocol = _protocol()
    if "failed" in protocol or "error" in protocol:
        failures.append(f"protocol: {protocol}")
    said = ", ".join(
        f"{group} {passed['bare'][group]:,} of {count:,}" for group, count in sorted(total.items())
    )
    return Measured(
        figures | {"protocol": protocol, "left out, as a file of theirs is missing": missing},
        failures,
        {"pyoxigraph": said},
    )


def _protocol() -> str:
    """What the tests of the protocol, which are requests, say of a server; pyoxigraph has none."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/serve/test_protocol.py"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = re.findall(r"\d+ (?:passed|failed|errors?)", run.stdout)
    return ", ".join(found) or (
        f"{run.stdout.count('.')} passed" if run.returncode == 0 else f"failed: {run.stdout[-200:]}"
    )


# --- queries ------------------------------------------------------------------------------------------------------


def queries(suites: Path) -> Iterator[Test]:
    """The tests of queries: their syntax and their answers."""
    for suite in SPARQL:
        for manifest in sorted((suites / suite).glob("*/manifest.ttl")):
            if manifest.parent.name in NOT_QUERIES:
                continue
            graph = _graph(manifest)
            for test, kind in _entries(graph):
                action = _object(graph, test, MF + "action")
                result = _object(graph, test, MF + "result")
                name = f"{manifest.parent.name}/{_name(test)}"
                if "SyntaxTest" in kind and "Update" not in kind:
                    yield Test(suite, name, partial(_is_read, query=action, bad="Negative" in kind))
                elif kind in ("QueryEvaluationTest", "CSVResultFormatTest") and result is not None:
                    query = _object(graph, action, QT + "query")
                    data = [_file(one) for one in _objects(graph, action, QT + "data")]
                    named = list(_objects(graph, action, QT + "graphData"))
                    is_right = partial(_is_right, query=query, data=data, named=named, result=_file(result))
                    yield Test(suite, name, is_right)


def _is_read(way: str, query: ox.NamedNode, bad: bool) -> bool:
    try:
        WAYS[way](ox.Store(), _file(query).read_text("utf-8"), query.value)
    except SyntaxError:
        return bad
    return not bad


def _is_right(
    way: str, query: ox.NamedNode, data: list[Path], named: list[ox.NamedNode], result: Path
) -> bool:
    store = ox.Store()
    text = _file(query).read_text("utf-8")
    for file in data:
        _load(store, file, ox.DefaultGraph())
    for graph in named:
        _load(store, _file(graph), graph)
    base = re.search(r"BASE\s*<([^>]*)>", text)
    for iri in re.findall(r"(?i)\bFROM\s+(?:NAMED\s+)?<([^>]*)>", text):
        graph = ox.NamedNode(urljoin(urljoin(query.value, base[1]) if base else query.value, iri))
        _load(store, _file(graph), graph)
    try:
        answer = WAYS[way](store, text, query.value)
    except SyntaxError:
        return False
    return _is_expected(answer, result)


def _load(store: ox.Store, file: Path, graph: ox.NamedNode | ox.DefaultGraph) -> None:
    format_ = ox.RdfFormat.from_extension(file.suffix[1:]) or ox.RdfFormat.TURTLE
    store.load(path=str(file), format=format_, base_iri=file.as_uri(), to_graph=graph)


def ask_bare(store: ox.Store, query: str, base: str) -> Answered:
    """By pyoxigraph alone."""
    try:
        answer = store.query(query, base_iri=base)
        if isinstance(answer, ox.QueryTriples):
            return list(answer)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        return answer.serialize(format=ox.QueryResultsFormat.JSON)
    except (ValueError, RuntimeError, OSError) as error:
        raise SyntaxError(str(error)) from None


class _Anything:
    """Contains every graph: where only the syntax counts, the graphs after FROM are not there."""

    def __contains__(self, iri: object) -> bool:
        return True


def ask_ours(store: ox.Store, query: str, base: str) -> Answered:
    """As a worker of the server does."""
    from paperkg.errors import PaperkgError
    from paperkg.query.engine import evaluate
    from paperkg.query.scan import scan

    try:
        known = frozenset(graph.value for graph in store.named_graphs()) if len(store) else _Anything()
        found = scan(query, known, base=base)
        content = evaluate(store, query, union=False, base=base)
    except PaperkgError as error:
        raise SyntaxError(str(error)) from None
    if found.form in ("construct", "describe"):
        return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]
    if found.form == "ask":
        return bool(json.loads(content)["boolean"])
    return content


WAYS: dict[str, Ask] = {"ours": ask_ours, "bare": ask_bare}


def _is_expected(answer: Answered, file: Path) -> bool:
    if file.suffix in (".ttl", ".rdf", ".nt"):
        graph = ox.Dataset(ox.parse(path=str(file), base_iri=file.as_uri()))
        if not any(graph.quads_for_object(ox.NamedNode(RS + "ResultSet"))):
            return isinstance(answer, list) and _same(map(_quad, answer), graph)
        for quad in graph:
            if quad.predicate.value == RS + "boolean":
                return answer is (str(quad.object) == str(ox.Literal(True)))
        return isinstance(answer, bytes) and _same(_rows_of(answer), ox.Dataset(_rows_of_set(graph)))
    if file.suffix == ".csv":
        return isinstance(answer, bytes) and _in_csv(answer) == sorted(file.read_text("utf-8").split())
    expected = ox.parse_query_results(path=str(file), format=RESULTS[file.suffix])
    if isinstance(expected, ox.QueryBoolean):
        return answer is bool(expected)
    if not isinstance(expected, ox.QuerySolutions) or not isinstance(answer, bytes):
        return False
    wanted = expected.serialize(format=ox.QueryResultsFormat.JSON) or b""
    return _same(_rows_of(answer), ox.Dataset(_rows_of(wanted)))


def _in_csv(answer: bytes) -> list[str]:
    from paperkg.query import Answer

    return sorted(Answer("select", answer).format("csv").split())


def _rows_of(answer: bytes) -> Iterator[ox.Quad]:
    """The rows of an answer as a graph: equal where the rows are, whatever their order and the names of blank nodes."""
    solutions = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    assert isinstance(solutions, ox.QuerySolutions)
    yield ox.Quad(ox.BlankNode(), ox.NamedNode("urn:rows"), ox.Literal(""))
    for solution in solutions:
        here = ox.BlankNode()
        yield ox.Quad(here, ox.NamedNode("urn:row"), ox.Literal(""))
        for variable in solutions.variables:
            if (value := solution[variable]) is not None:
                yield ox.Quad(here, ox.NamedNode(f"urn:{variable.value}"), value)


def _rows_of_set(graph: ox.Dataset) -> Iterator[ox.Quad]:
    """The same of a result set that is written as RDF."""
    yield ox.Quad(ox.BlankNode(), ox.NamedNode("urn:rows"), ox.Literal(""))
    for solution in (quad.object for quad in graph if quad.predicate.value == RS + "solution"):
        here = ox.BlankNode()
        yield ox.Quad(here, ox.NamedNode("urn:row"), ox.Literal(""))
        for binding in _objects(graph, solution, RS + "binding"):
            variable = _object(graph, binding, RS + "variable")
            value = _object(graph, binding, RS + "value")
            yield ox.Quad(here, ox.NamedNode(f"urn:{variable.value}"), value)


# --- documents ----------------------------------------------------------------------------------------------------


def documents(suites: Path) -> Iterator[Test]:
    """The tests of formats: their syntax and what they say."""
    for folder, (format_, base) in FORMATS.items():
        graph = _graph(suites / "data" / "suites" / "w3c" / folder / "manifest.ttl")
        for test, kind in _entries(graph):
            file = _file(_object(graph, test, MF + "action"))
            found = _object(graph, test, MF + "result")
            result = None if found is None else _file(found)
            bad = "Negative" in kind
            passes = partial(
                _document, file=file, format_=format_, base=base + file.name, bad=bad, result=result
            )
            yield Test(folder, _name(test), passes)
    place = suites / "jsonld" / "1.1"
    manifest = json.loads((place / "toRdf-manifest.jsonld").read_text("utf-8"))
    for entry in manifest["sequence"]:
        options = entry.get("option", {})
        if (
            options.get("specVersion") == "json-ld-1.0"
            or "contentType" in options
            or "jld:HtmlTest" in entry["@type"]
        ):
            continue
        base = options.get("base", manifest["baseIri"] + entry["input"])
        expected = entry.get("expect")
        result = place / expected if expected else None
        bad = "jld:NegativeEvaluationTest" in entry["@type"]
        file = place / entry["input"]
        passes = partial(
            _document, file=file, format_=ox.RdfFormat.JSON_LD, base=base, bad=bad, result=result
        )
        yield Test("jsonld", entry["@id"], passes)


def _document(way: str, file: Path, format_: ox.RdfFormat, base: str, bad: bool, result: Path | None) -> bool:
    try:
        quads = ox.Dataset(ox.parse(path=str(file), format=format_, base_iri=base))
    except (SyntaxError, ValueError, OSError):
        return bad
    if bad:
        return False
    if way == "ours" and not _survives(quads):
        return False
    if result is None:
        return True
    try:
        return _same(quads, ox.Dataset(ox.parse(path=str(result), format=ox.RdfFormat.N_QUADS, lenient=True)))
    except SyntaxError:  # RDF of a wider kind
        return False


def _survives(quads: ox.Dataset) -> bool:
    """Whether each graph is the same after each of our writers and a second reading."""
    from paperkg.errors import FormatError
    from paperkg.rdf.writers import GRAPH_WRITERS, sorted_triples

    graphs: dict[object, list[ox.Triple]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(quad.triple)
    kinds = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
    for triples in graphs.values():
        for name, format_ in kinds.items():
            try:
                written = GRAPH_WRITERS[name](sorted_triples(triples))
            except FormatError:
                if name == "jsonld":  # which has no form for some terms, and says so
                    continue
                raise
            if not _says(written, format_, triples):
                # some IRIs pyoxigraph takes as short names and refuses in full, also those that it wrote itself
                bare = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
                return not _says(bare or b"", ox.RdfFormat.N_TRIPLES, triples)
    return True


def _says(written: bytes, format_: ox.RdfFormat, triples: list[ox.Triple]) -> bool:
    try:
        return _same(map(_quad, triples), ox.Dataset(ox.parse(written, format=format_)))
    except (SyntaxError, ValueError):
        return False


# --- both ---------------------------------------------------------------------------------------------------------


def _quad(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object)


def _same(quads: Iterable[ox.Quad], expected: ox.Dataset) -> bool:
    found = ox.Dataset(quads)
    for one in (found, expected):
        one.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return found == expected


def _graph(manifest: Path) -> ox.Dataset:
    found = ox.parse(path=str(manifest), format=ox.RdfFormat.TURTLE, base_iri=manifest.as_uri(), lenient=True)
    return ox.Dataset(found)


def _entries(graph: ox.Dataset) -> Iterator[tuple[ox.NamedNode, str]]:
    """Each test with its kind."""
    for quad in sorted(graph, key=str):
        kind = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
        if quad.predicate.value == RDF + "type" and kind.startswith((MF, RDFT)) and "Test" in kind:
            assert isinstance(quad.subject, ox.NamedNode)
            yield quad.subject, kind.rpartition("#")[2]


def _objects(graph: ox.Dataset, subject: Any, predicate: str) -> Iterator[Any]:
    for quad in graph.quads_for_subject(subject):
        if quad.predicate.value == predicate:
            yield quad.object


def _object(graph: ox.Dataset, subject: Any, predicate: str) -> Any:
    return next(_objects(graph, subject, predicate), None)


def _file(iri: ox.NamedNode) -> Path:
    return Path(unquote(urlsplit(iri.value).path))


def _name(test: ox.NamedNode) -> str:
    return test.value.rpartition("#")[2] or test.value
