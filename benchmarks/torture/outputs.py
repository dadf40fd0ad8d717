"""What is written and read back by others: rows 12 and 13."""

from __future__ import annotations

import csv
import io
import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from torture.frame import ROOT, Case, Measured, row
from torture.hostile_graphs import odd_graph, odd_quads
from torture.reading_back import (
    DATASETS,
    RDFLIB,
    READERS,
    by_oxigraph,
    by_rdflib,
    canonical,
    compare,
    meant,
    xml_text,
)

if TYPE_CHECKING:
    import pyoxigraph as ox

    from paperkg.graph import KnowledgeGraph

Told = Callable[[str], None]

_SHOWN = 15
"""Failures that are named; of the others there is a number."""
_SCALARS = 0x110000 - 0x800


def _few(failures: list[str]) -> list[str]:
    return failures[:_SHOWN] + ([f"and {len(failures) - _SHOWN} more"] if len(failures) > _SHOWN else [])


def _knowledge(all_quads: Sequence[ox.Quad]) -> list[ox.Quad]:
    return [quad for quad in all_quads if str(quad.graph_name).endswith("/graph/knowledge>")]


def _rdf(kg: KnowledgeGraph, told: Told) -> int:
    """Every RDF format of a graph; how many there are."""
    from paperkg.rdf import FORMATS, quads, serialize_quads

    all_quads = quads(kg)
    for name in FORMATS:
        data = serialize_quads(all_quads, name, base=kg.base)
        held = all_quads if name in DATASETS else _knowledge(all_quads)
        compare(data, name, meant(name, held), told)
    return len(FORMATS)


def _utf8(text: str) -> str:
    """What UTF-8 keeps of a text."""
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def _others(kg: KnowledgeGraph, told: Told) -> int:
    """The formats that are no RDF, by json, networkx and csv; how many there are."""
    import networkx as nx

    from paperkg.export import papers_bytes, render

    network = kg.to_networkx()
    read = nx.node_link_graph(json.loads(render(kg, "json")), edges="edges")
    if (list(read.nodes(data=True)), list(read.edges(data=True, keys=True))) != (
        list(network.nodes(data=True)),
        list(network.edges(data=True, keys=True)),
    ):
        told("networkx reads json otherwise")
    lines = papers_bytes(kg.extractions).decode("utf-8", "surrogatepass").split("\n")[:-1]
    for line, extraction in zip(lines, kg.extractions, strict=True):
        record, paper = json.loads(line), extraction.paper
        names = [[m["text"] for m in e["mentions"]] for e in record.get("entities", ())]
        if (record["id"], record["title"], record["abstract"], tuple(record.get("authors", ()))) != (
            paper.id,
            paper.title,
            paper.abstract,
            paper.authors,
        ) or names != [[m.text for m in e.mentions] for e in extraction.entities]:
            told(f"json reads the line of {paper.id[:40]!r} otherwise")
    for name, reader in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        found = reader(io.BytesIO(render(kg, name)))
        labels = Counter(xml_text(str(data["label"])) for _, data in network.nodes(data=True))
        abstracts = Counter(xml_text(paper.abstract) for paper in kg.papers.values())
        evidence = Counter(xml_text(edge.evidence.text) for edge in (*kg.edges(), *kg.entity_edges()))
        for what, some, expected in (
            ("labels", (data["label"] for _, data in found.nodes(data=True)), labels),
            ("abstracts", _values(found.nodes(data=True), "abstract"), abstracts),
            ("evidence", (d["evidence"] for *_, d in found.edges(data=True) if "evidence" in d), evidence),
        ):
            if Counter(some) != expected:
                told(f"networkx reads other {what} in {name}")
        if found.number_of_edges() != network.number_of_edges():
            told(f"networkx reads {found.number_of_edges()} edges in {name}")
    rows = list(csv.DictReader(io.StringIO(render(kg, "csv").decode(), newline="")))
    wanted = [
        (
            _utf8(edge.paper),
            _utf8(kg.papers[edge.paper].title),
            _utf8(kg.entities[edge.entity].name),
            _utf8(edge.evidence.text),
        )
        for edge in kg.edges()
    ]
    if [(one["paper"], one["title"], one["entity"], one["evidence"]) for one in rows] != wanted:
        told("csv reads other rows")
    return 5


def _values(nodes: Iterable[tuple[Any, dict[str, Any]]], name: str) -> Iterator[str]:
    return (data[name] for _, data in nodes if name in data)


def _some_seeds(case: Case) -> KnowledgeGraph:
    """The graph that stands in the repository, or a part of it."""
    import paperkg
    from paperkg.graph import KnowledgeGraph

    kg = paperkg.load(ROOT / "graphs" / "seeds")
    some = kg.extractions[: case.count(len(kg.extractions), 12)]
    return KnowledgeGraph.from_extractions(some, kg.provenance, base=kg.base)


def _terms(chance: random.Random, count: int, base: str, told: Told) -> tuple[Counter[str], dict[str, str]]:
    """Odd quads by the writers of answers and by the bare libraries, each read by both readers."""
    import pyoxigraph as ox

    from paperkg.errors import FormatError
    from paperkg.rdf import writers

    found: Counter[str] = Counter()
    bare: dict[str, Counter[str]] = {"rdflib": Counter(), "pyoxigraph": Counter()}
    for _ in range(count):
        everything = odd_quads(chance, base)
        for name, write in {**writers.GRAPH_WRITERS, **writers.DATASET_WRITERS}.items():
            held = everything if name in DATASETS else _knowledge(everything)
            items: list[Any] = held if name in DATASETS else [quad.triple for quad in held]
            expected = meant(name, held)
            try:
                data = write(items, base=base) if name in ("ttl", "trig") else write(items)
                found["read back twice"] += compare(data, name, expected, told) == 0
            except FormatError:
                found[f"refused as {name}"] += 1
            plain = [
                ox.Quad(quad.subject, quad.predicate, quad.object, quad.graph_name)
                if name in DATASETS
                else ox.Quad(quad.subject, quad.predicate, quad.object)
                for quad in held
            ]
            for library, wrote in (("pyoxigraph", _by_oxigraph), ("rdflib", _by_rdflib)):
                try:
                    there = wrote(plain, name)
                    good = canonical(READERS["pyoxigraph" if library == "rdflib" else "rdflib"](there, name))
                    bare[library]["lost or changed"] += good != canonical(plain)
                except Exception:
                    bare[library]["not written or not readable by the other"] += 1
                bare[library]["of"] += 1
    return found, {
        library: ", ".join(f"{what} {number:,}" for what, number in some.items())
        for library, some in bare.items()
    }


def _by_oxigraph(items: list[ox.Quad], name: str) -> bytes:
    import pyoxigraph as ox

    format_ = {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdfxml": ox.RdfFormat.RDF_XML,
        "trig": ox.RdfFormat.TRIG,
        "nq": ox.RdfFormat.N_QUADS,
    }[name]
    some: Any = items if name in DATASETS else [quad.triple for quad in items]
    return ox.serialize(some, format=format_) or b""


def _by_rdflib(items: list[ox.Quad], name: str) -> bytes:
    import rdflib

    def node(term: Any) -> Any:
        kind = type(term).__name__
        if kind == "NamedNode":
            return rdflib.URIRef(term.value)
        if kind == "BlankNode":
            return rdflib.BNode(term.value)
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)

    dataset = rdflib.Dataset()
    for quad in items:
        graph = (
            dataset.graph(rdflib.URIRef(str(quad.graph_name)[1:-1]))
            if name in DATASETS
            else dataset.default_graph
        )
        graph.add((node(quad.subject), node(quad.predicate), node(quad.object)))
    target = dataset if name in DATASETS else dataset.default_graph
    return target.serialize(format=RDFLIB[name], encoding="utf-8")


@row(
    "12",
    "the graph of the seeds, 300 odd graphs, 3,000 odd sets of statements as answers have them (every sort of IRI, datatype, language, blank "
    "nodes): 6 formats of RDF, each read by rdflib and by Oxigraph; 5 other formats, read by json, networkx and csv",
    passes="equal graphs in canonical form (RDFC-1.0); equal texts",
    minutes=120,
)
def read_back_by_others(case: Case) -> Measured:
    """What RDF/XML, GraphML and GEXF cannot hold is replaced as docs/formats.md says."""
    logging.disable(logging.WARNING)  # rdflib tells what it reads
    failures: list[str] = []
    seeds = _some_seeds(case)
    files = _rdf(seeds, failures.append) + _others(seeds, failures.append)
    figures: dict[str, object] = {"papers of the seeds": len(seeds.papers)}
    if case.share >= 1:
        from paperkg.rdf import quads

        all_quads = quads(seeds)
        for name in ("trig", "ttl", "jsonld"):
            data = (ROOT / "graphs" / f"seeds.{name}").read_bytes()
            held = all_quads if name in DATASETS else _knowledge(all_quads)
            compare(data, name, meant(name, held), lambda what: failures.append(f"graphs/seeds: {what}"))
    graphs = case.count(300, 6)
    for number in range(graphs):
        kg = odd_graph(case.random)

        def told(what: str, number: int = number) -> None:
            failures.append(f"odd graph {number}: {what}")

        try:
            files += _rdf(kg, told) + _others(kg, told)
        except Exception as error:  # whatever it is, it is what the row looks for
            told(f"{type(error).__name__}: {error}")
    sets = case.count(3_000, 60)
    found, bare = _terms(case.random, sets, seeds.base, failures.append)
    figures |= {"odd graphs": graphs, "files of graphs": files, "odd sets of statements": sets}
    return Measured(
        figures | {f"of their files {what}": n for what, n in found.items()}, _few(failures), bare
    )


def _blocks(case: Case) -> list[list[str]]:
    """The characters of Unicode, in the order of their planes, or a part of them by chance with all odd ones."""
    everything = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    if case.share < 1:
        odd = [
            c for c in everything if c < "\u0180" or "\u2000" <= c <= "\u206f" or ord(c) & 0xFFFE == 0xFFFE
        ]
        everything = sorted({*odd, *case.random.sample(everything, case.count(_SCALARS))})
    return [everything[start : start + 16_384] for start in range(0, len(everything), 16_384)]


def _characters(block: list[str], told: Told) -> int:
    """Each character as a literal of its own, and all in a row in one, in each format by each reader."""
    import pyoxigraph as ox

    from paperkg.rdf import terms, writers

    graph, whole = terms.iri("http://e/graph/knowledge"), "".join(block)
    predicate = terms.iri("http://e/p")
    items = [
        ox.Quad(terms.iri(f"http://e/{number // 1024}"), predicate, terms.text(character), graph)
        for number, character in enumerate(block)
    ]
    items.append(ox.Quad(terms.iri("http://e/all"), predicate, terms.text(whole), graph))
    reads = 0
    for name, write in {**writers.GRAPH_WRITERS, **writers.DATASET_WRITERS}.items():
        data = write(items if name in DATASETS else [quad.triple for quad in items])
        expected = meant(name, items)
        for reader, read in READERS.items():
            reads += 1
            try:
                found = canonical(read(data, name))
            except Exception as error:
                told(f"{reader} cannot read {name}: {type(error).__name__}: {str(error)[:100]}")
                continue
            if found != expected:
                lost = sorted({*expected} - {*found})
                told(f"{reader} reads {len(lost)} otherwise in {name}: {lost[:1]!r:.120}")
    return reads


def _characters_elsewhere(block: list[str], told: Told) -> None:
    """Papers whose texts are the characters, in the formats that are no RDF."""
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import ExtractedEntity, Extraction, Paper, Provenance, Span

    extractions = []
    for start in range(0, len(block), 1_024):
        text = "".join(block[start : start + 1_024])
        paper = Paper(f"p{start}", text, text, authors=(text,))
        span = Span("title", 0, len(text), text)
        entity = ExtractedEntity(f"k{start}", text, "Task", True, "uses", 0.5, span, (span,), iri=f"urn:x:task/{start}")  # fmt: skip
        extractions.append(Extraction(paper, (entity,)))
    _others(KnowledgeGraph.from_extractions(extractions, Provenance("0", "e")), told)


def _bare_characters(blocks: list[list[str]]) -> dict[str, str]:
    """What the bare libraries write of the same characters in files of 64, read by the other one."""
    import pyoxigraph as ox

    node, predicate = ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p")
    lost: dict[tuple[str, str], int] = {}
    said: dict[tuple[str, str], int] = {}
    why: dict[tuple[str, str], str] = {}
    everything = [character for block in blocks for character in block]
    for start in range(0, len(everything), 64):
        items = [ox.Quad(node, predicate, ox.Literal(one)) for one in everything[start : start + 64]]
        for name in ("nt", "rdfxml"):
            for library, write, read in (
                ("rdflib", _by_rdflib, by_oxigraph),
                ("pyoxigraph", _by_oxigraph, by_rdflib),
            ):
                key = (library, name)
                try:
                    found = {quad.object for quad in read(write(items, name), name)}
                    lost[key] = lost.get(key, 0) + len({quad.object for quad in items} - found)
                except Exception as error:
                    said[key] = said.get(key, 0) + 1
                    lost.setdefault(key, 0)
                    why[key] = type(error).__name__
    files = -(-len(everything) // 64)

    def told(key: tuple[str, str]) -> str:
        broken = f", {said[key]:,} of {files:,} files unreadable ({why[key]})" if key in said else ""
        return f"{key[1]}: {lost[key]:,} lost{broken}"

    return {
        library: "; ".join(told(key) for key in lost if key[0] == library)
        for library in ("rdflib", "pyoxigraph")
    }


@row(
    "13",
    "all 1,112,064 Unicode scalar values as literals, each alone and all in a row, in 6 formats of RDF by two readers; in 5 other formats",
    passes="no difference; RDF/XML, GraphML and GEXF have U+FFFD for what XML cannot hold",
    minutes=120,
)
def every_character(case: Case) -> Measured:
    """The gate for texts, the writers, the readers."""
    logging.disable(logging.WARNING)  # rdflib tells what it reads
    failures: list[str] = []
    blocks = _blocks(case)
    reads = 0
    for block in blocks:
        reads += _characters(block, failures.append)
        _characters_elsewhere(block, failures.append)
    characters = [character for block in blocks for character in block]
    return Measured(
        {
            "characters": len(characters),
            "files of RDF read": reads,
            "not in XML": sum(xml_text(character) != character for character in characters),
        },
        _few(failures),
        _bare_characters(blocks),
    )
