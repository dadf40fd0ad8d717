"""Row 14: texts of strangers that try to become statements."""

from __future__ import annotations

import csv
import io
import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torture.frame import Case, Measured, row, run_program
from torture.hostile_graphs import full_graph, injections
from torture.inputs import trouble_of
from torture.reading_back import DATASETS, by_oxigraph, compare, meant

if TYPE_CHECKING:
    import pyoxigraph as ox

    from paperkg.graph import KnowledgeGraph

Shape = Counter[tuple[str, ...]]
Told = Callable[[str], None]

HARMLESS = "harmless"
CLI = (sys.executable, "-m", "paperkg")
_TEXTUAL = ("json", "graphml", "gexf", "csv", "merges", "gold", "html", "pyvis")
_LABELS = ("altLabel", "hiddenLabel")
"""A spelling is one of these, by how it folds: they count as one property."""
_ADDRESSES = ("url", "codeRepository", "landingPage")
"""Properties that a text has only if it makes an address."""


def _end(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _shape(all_quads: Iterable[ox.Quad], base: str) -> Shape:
    """How many statements of each kind there are in each named graph: all but texts and resources' names."""
    import pyoxigraph as ox

    found: Shape = Counter()
    for subject, predicate, object_, graph in all_quads:
        graph_name, name = _end(str(graph)[1:-1]), _end(predicate.value)
        kind = "a resource"
        if not isinstance(subject, ox.NamedNode) or not subject.value.startswith((base, "urn:x:")):
            kind = str(subject)
        if isinstance(object_, ox.Literal):
            what = object_.datatype.value + (object_.language or "")
        elif str(object_)[1:-1].startswith((base, "urn:x:")):
            what = "a resource"
        else:
            what = "an address" if name in (*_ADDRESSES, "uriSpace") else str(object_)
        name = "label" if name in _LABELS else predicate.value
        found[graph_name, kind, name, what] += 1
    return found


def _compared(found: Shape, harmless: Shape, told: Told) -> None:
    """Say what a graph has that its harmless twin has not, and what it lacks beyond what a text may cost."""
    for key, number in found.items():
        graph, _, name, _ = key
        # a name has one key to be found by or two; the description counts the properties of each
        free = _end(name) == "folded_label" or (graph == "description" and harmless[key])
        if number > harmless[key] and not free:
            told(f"{number - harmless[key]} statements more: {key}")
    for key, number in harmless.items():
        graph, _, name, what = key
        about_address = _end(name) in _ADDRESSES or _end(what.strip("<>")) in (
            "SoftwareSourceCode",
            "Dataset",
        )
        if found[key] < number and not (
            graph == "description" or about_address or _end(name) == "folded_label"
        ):
            told(f"{number - found[key]} statements fewer: {key}")


class _Tags(HTMLParser):
    """Counts the elements of a page with the names of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[f"<{tag} {' '.join(name for name, _ in attrs)}>"] += 1


def outline(name: str, data: bytes) -> Counter[str]:
    """What an output that is no RDF consists of, as a reader of its format sees it: nodes, edges, rows, elements."""
    import networkx as nx

    text = data.decode("utf-8", "surrogatepass")
    if name == "html" or name == "pyvis":
        tags = _Tags()
        tags.feed(text)
        return tags.found
    if name in ("csv", "merges"):
        return Counter(f"a row of {len(one)}" for one in csv.reader(io.StringIO(text, newline="")))
    if name == "gold":
        return Counter(" ".join(json.loads(line)) for line in text.splitlines())
    graph: Any
    if name == "json":
        graph = nx.node_link_graph(json.loads(text), edges="edges")
    elif name == "graphml":
        graph = nx.read_graphml(io.BytesIO(data))
    else:
        graph = nx.read_gexf(io.BytesIO(data))
    found = Counter(f"a node with {' '.join(sorted(one))}" for _, one in graph.nodes(data=True))
    found.update(f"an edge {one.get('relation')}" for *_, one in graph.edges(data=True))
    return found


def _by_hand(text: str, twin: KnowledgeGraph, shapes: dict[str, Any], told: Told) -> None:
    """A graph with the text in each field, in every format, against its twin."""
    from paperkg.export import render
    from paperkg.rdf import FORMATS, quads, serialize_quads

    kg = full_graph(text)
    all_quads = quads(kg)
    _compared(_shape(all_quads, kg.base), shapes["quads"], told)
    for name in FORMATS:
        data = serialize_quads(all_quads, name, base=kg.base)
        compare(data, name, meant(name, _in(name, all_quads)), told)
    for name in _TEXTUAL:
        if name not in shapes:
            shapes[name] = outline(name, render(twin, name))
        found = outline(name, render(kg, name))
        if found != shapes[name]:
            told(f"{name}: {found - shapes[name]} more, {shapes[name] - found} fewer")


def _in(name: str, all_quads: list[ox.Quad]) -> list[ox.Quad]:
    """The quads that a format holds: all, or the knowledge."""
    return [q for q in all_quads if name in DATASETS or str(q.graph_name).endswith("/graph/knowledge>")]


def _through_the_gate(text: str, told: Told) -> int:
    """The text as IRI, language and datatype: refused, or written so that it is read back; how many were accepted."""
    import pyoxigraph as ox

    from paperkg.rdf import terms, writers

    made: list[Any] = []
    for make in (
        terms.iri,
        terms.web_iri,
        lambda one: terms.iri(f"urn:x:{one}"),
        lambda one: terms.web_iri(f"https://example.org/{one}"),
        lambda one: ox.Literal("x", language=one),
        lambda one: ox.Literal("x", language=f"en-{one}"),
        lambda one: ox.Literal("x", datatype=ox.NamedNode(one)),
        lambda one: ox.Literal("x", datatype=ox.NamedNode(f"http://e/{one}")),
    ):
        try:
            term = make(text)
        except (ValueError, UnicodeEncodeError):
            continue
        made += [term] if term is not None else []
    subject, graph = terms.iri("http://e/s"), terms.iri("http://e/graph/knowledge")
    items = [
        ox.Quad(subject, terms.iri("http://e/p"), term, graph)
        for term in sorted(dict.fromkeys(made), key=str)
    ]
    for name, write in {**writers.GRAPH_WRITERS, **writers.DATASET_WRITERS}.items():
        data = write(items if name in DATASETS else [quad.triple for quad in items])
        compare(data, name, meant(name, items), told)
    return len(made)


def _papers(texts: list[str]) -> list[dict[str, object]]:
    """A paper for each text, which has it in every field."""
    return [
        {
            "id": f"{number}{text}",
            "title": f"{text} Paper {number} {text}",
            "abstract": f"We introduce XBERT{number}, a model for question answering. {text} We evaluate XBERT{number} on GLUE{text} and "
            f"reach an accuracy of 95.{number % 10}{text}%. Code: https://github.com/a/b{text} and https://example.org/{text}",
            "authors": [text, f"A {text} B"],
            "url": f"https://example.org/{number}{text}",
            "date": "2025-02-08",
            "upvotes": text,
            "organization": {"name": f"o{text}", "fullname": text},
            text: text,
        }
        for number, text in enumerate(texts)
    ]


def _through_the_pipeline(texts: list[str], folder: Path, fast: bool, told: Told) -> Counter[str]:
    """Papers with the texts from JSON Lines to a set of files, then decisions, then every format."""
    from paperkg.decisions import HEAD, render_decision
    from paperkg.model import Decision

    folder.mkdir()
    source, out = folder / "a' b\u202e\"><x>\n.jsonl", folder / "out"
    source.write_text("".join(f"{json.dumps(one)}\n" for one in _papers(texts)), "utf-8")
    names = [line.replace("\r", " ") for line in texts if line.isprintable() and line.strip()]
    decided = [
        Decision("rename", f"XBERT{number}", f"N{number} {name}"[:200], (), f"why {name}")
        for number, name in enumerate(names)
    ]
    out.mkdir()
    (out / "g.decisions.tsv").write_text(
        HEAD + "".join(f"{render_decision(one)}\n" for one in decided), "utf-8", newline=""
    )
    ways = ["--fast"] if fast else []
    run = run_program([*CLI, "build", source, "--out", out, "--name", "g", *ways], seconds=900)
    if trouble := trouble_of(run) or (run.status and f"status {run.status}: {run.stderr[-300:]!r}"):
        told(f"build: {trouble}")
        return Counter()
    lines = (out / "g.papers.jsonl").read_bytes().decode("utf-8", "surrogatepass").split("\n")
    papers = [json.loads(line) for line in lines if line]
    usable = [text for text in texts if "\0" not in text and text == text.encode("utf-8", "ignore").decode()]
    if len(papers) != len(usable):
        told(f"build: {len(papers)} of {len(usable)} papers")
    return _whole_set(out / "g", papers, told)


def _whole_set(path: Path, papers: list[Any], told: Told) -> Counter[str]:
    """Hold each format of a set against what its papers say, read by json alone."""
    import paperkg
    from paperkg.export import render
    from paperkg.rdf import FORMATS
    from paperkg.rdf.namespaces import PREFIXES

    def texts(name: str) -> Counter[str]:
        return Counter(
            q.object.value for q in read if _end(q.predicate.value) == name and _is_paper(q.subject)
        )

    def _is_paper(node: Any) -> bool:
        return node.value.startswith(kg.base + "paper/") and node.value.count("/") == kg.base.count("/") + 1

    kg = paperkg.load(path)
    read = list(by_oxigraph(path.with_suffix(".trig").read_bytes(), "trig"))
    allowed = (kg.base, *PREFIXES.values())
    for quad in read:
        for term in quad:
            text = str(term)
            address = _end(quad.predicate.value) in (*_ADDRESSES, "uriSpace", "format", "closeMatch")
            if text.startswith("_:") or (text[0] == "<" and not text[1:].startswith(allowed) and not address):
                told(f"a term of its own: {quad!s:.200}")
            if text[0] == '"' and (
                term.language or not term.datatype.value.startswith("http://www.w3.org/2001/XMLSchema#")
            ):
                told(f"a literal of another type: {quad!s:.200}")
    counted = Counter(_end(q.predicate.value) for q in read)
    typed = Counter(_end(str(q.object)[1:-1]) for q in read if _end(q.predicate.value) == "type")
    sums = {key: sum(len(one.get(key, ())) for one in papers) for key in ("entities", "results", "links")}
    for what, number, expected in (
        ("titles", texts("title"), Counter(one["title"] for one in papers)),
        ("abstracts", texts("abstract"), Counter(one["abstract"] for one in papers)),
        ("ids", texts("identifier"), Counter(one["id"] for one in papers)),
        ("authors", counted["author"], sum(len(one.get("authors", ())) for one in papers)),
        ("results", counted["reports"], sums["results"]),
        ("links", counted["link"], sums["links"]),
        ("mentions", counted["mention"], sum(len(e["mentions"]) for p in papers for e in p["entities"])),
        (
            "statements",
            typed["Statement"],
            sums["entities"] + len({*map(str, _related(papers))}),
        ),
        ("papers", typed["Paper"], len(papers)),
    ):
        if number != expected:
            told(f"{what}: not what the papers say")
    for name in FORMATS:
        data = render(kg, name)
        compare(data, name, meant(name, _in(name, read)), told)
    nodes = len(papers) + len(kg.entities) + sums["results"]
    for name in _TEXTUAL:
        found = outline(name, render(kg, name))
        if (
            name in ("json", "graphml", "gexf")
            and sum(n for what, n in found.items() if what[:6] == "a node") != nodes
        ):
            told(f"{name}: not {nodes} nodes")
        if name == "csv" and found.total() != 1 + sums["entities"]:
            told(f"csv: {found.total()} rows")
        if "alert(1)" in "".join(found):
            told(f"{name}: an element of the text's own")
    return Counter(papers=len(papers), statements=len(read))


def _related(papers: list[Any]) -> Iterable[tuple[str, ...]]:
    return (
        (paper["id"], one["subject"], one["predicate"], one["object"])
        for paper in papers
        for one in paper.get("entity_relations", ())
    )


def _bare(texts: list[str]) -> dict[str, str]:
    """What the bare libraries write of the texts as objects: literals, IRIs, datatypes."""
    import pyoxigraph as ox
    import rdflib

    found: dict[str, Counter[str]] = {
        "rdflib": Counter(),
        "pyoxigraph": Counter(),
    }
    for text in texts:
        for role in ("text", "IRI", "datatype"):
            graph = rdflib.Graph()
            try:
                subject, predicate = rdflib.URIRef("http://e/s"), rdflib.URIRef("http://e/p")
                node: Any = (
                    rdflib.Literal(text)
                    if role == "text"
                    else rdflib.URIRef(f"http://e/{text}")
                    if role == "IRI"
                    else rdflib.Literal("x", datatype=rdflib.URIRef(f"http://e/{text}"))
                )
                graph.add((subject, predicate, node))
                data = graph.serialize(format="nt").encode()
            except Exception:
                continue
            try:
                number = sum(1 for _ in ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
                found["rdflib"][f"{role}: more than one triple"] += number > 1
            except SyntaxError:
                found["rdflib"][f"{role}: unreadable N-Triples"] += 1
            try:
                ox.NamedNode(f"http://e/{text}")
            except (ValueError, UnicodeEncodeError):
                found["pyoxigraph"]["IRIs refused, as here"] += role == "IRI"
    return {
        name: ", ".join(f"{what} {number} of {len(texts)}" for what, number in sorted(some.items()) if number)
        or "nothing"
        for name, some in found.items()
    }


@row(
    "14",
    "627 injection strings in title, abstract, id, URL, author, organisation, name, long form, family, spelling, value, unit, file, setting, "
    "reason, decision and note of a graph; as language and datatype; through a build from JSON Lines with decisions: 14 formats",
    passes="no statement, node, row or element more than in the graph's harmless twin, all read back by rdflib and pyoxigraph",
    minutes=120,
)
def no_text_becomes_a_statement(case: Case) -> Measured:
    """The twin has a harmless word wherever the graph has the string."""
    from paperkg.rdf import quads

    logging.disable(logging.WARNING)  # rdflib tells what it reads
    texts = injections()
    some = case.random.sample(texts, case.count(len(texts), 8))
    failures: list[str] = []
    twin = full_graph(HARMLESS)
    shapes: dict[str, Any] = {"quads": _shape(quads(twin), twin.base)}
    accepted = 0
    for text in some:

        def told(what: str, text: str = text) -> None:
            failures.append(f"{text!r:.60}: {what}")

        try:
            _by_hand(text, twin, shapes, told)
            accepted += _through_the_gate(text, told)
        except Exception as error:  # whatever it is, it is what the row looks for
            told(f"{type(error).__name__}: {error}")
    built = _through_the_pipeline(some, case.scratch / "fast", True, failures.append)
    few = case.random.sample(some, min(len(some), case.count(len(texts) // 5, 8)))
    usual = _through_the_pipeline(few, case.scratch / "usual", False, failures.append)
    return Measured(
        {
            "strings": len(some),
            "graphs, each in 14 formats": len(some) + 2,
            "statements of a graph": shapes["quads"].total(),
            "accepted as IRI, language or datatype": f"{accepted} of {8 * len(some)}",
            "built papers": built["papers"] + usual["papers"],
            "their statements": built["statements"] + usual["statements"],
        },
        failures[:20] + ([f"and {len(failures) - 20} more"] if len(failures) > 20 else []),
        others=_bare(some),
    )
