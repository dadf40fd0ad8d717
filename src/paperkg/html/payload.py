"""What the page knows of a graph, as plain JSON values in three parts that are read when they are needed.

`core` draws the picture and answers filters; `facts` holds spellings, families, results and relations between
entities; `details` hold abstracts, mentions and evidence, in blocks of papers. Papers and entities are
numbered; texts are in their clean form and offsets are UTF-16 code units into it, as JavaScript counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from paperkg.html.communities import Bipartite, Partition, partition, typical
from paperkg.html.layout import Layout, place, radius
from paperkg.html.order import drawing_order
from paperkg.model import ENTITY_PREDICATES, ENTITY_TYPES, RELATIONS, Extraction, PartialDate, Relation, Span
from paperkg.text.clean import clean

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

Json = dict[str, Any]
Row = list[tuple[int, int, int, int]]
"""A paper's links as (entity, relation, percent of confidence, place in the extraction), strongest first."""

BLOCK = 200
"""Papers in one block of details."""
SHORT = 34
"""Characters of a paper's short label."""
WEIGHT: dict[Relation, float] = {
    "introduces": 1.0,
    "evaluates_on": 1.0,
    "evaluates_with": 0.6,
    "addresses": 1.0,
    "compares_with": 0.8,
    "uses": 0.8,
    "mentions": 0.4,
}
"""How near a relation brings a paper and an entity in the picture."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The three parts, and the order in which nodes are drawn as long as there is room (`p3`, `e17`, ...)."""

    core: Json
    facts: Json
    details: list[list[Json]]
    order: list[str]


def short_title(title: str) -> str:
    """The name that a title begins with (`TabPFN: A Transformer ...`), else its first words."""
    head = title.split(":", 1)[0].strip()
    if ":" in title and 2 <= len(head) <= SHORT:
        return head
    if len(title) <= SHORT:
        return title
    cut = title[: SHORT - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:") + "…"


def date_text(date: PartialDate | None) -> str:
    """`2025-05-30`, `2025`, `--02-08`; with a concluded year `2026-02-08?`; the empty string if unknown."""
    if date is None:
        return ""
    if date.year is None and date.inferred_year is not None:
        return f"{date.inferred_year:04d}{date.lexical[1:]}?"
    return date.lexical


class ShownText:
    """A stored text as readers see it, with the way from stored offsets to JavaScript's."""

    def __init__(self, stored: str) -> None:
        self._clean = clean(stored)
        self.text = self._clean.text
        self._units: list[int] | None = None
        if max(self.text, default="") > "\uffff":
            units, total = [], 0
            for c in self.text:
                units.append(total)
                total += 2 if ord(c) > 0xFFFF else 1
            self._units = [*units, total]

    def offsets(self, start: int, end: int) -> tuple[int, int]:
        """The stored span `start:end` in UTF-16 code units of the shown text."""
        start, end = self._clean.to_clean(start, end)
        return (self._units[start], self._units[end]) if self._units else (start, end)


def _rows(extractions: Sequence[Extraction], number: dict[str, int]) -> list[Row]:
    rows = []
    for extraction in extractions:
        row: dict[int, tuple[int, int, int, int]] = {}
        for i, found in enumerate(extraction.entities):
            if found.iri is not None:
                link = (number[found.iri], RELATIONS.index(found.relation), round(found.confidence * 100), i)
                row.setdefault(link[0], link)
        rows.append(sorted(row.values(), key=lambda link: (link[1], -link[2], link[0])))
    return rows


def _span(span: Span, texts: dict[str, ShownText]) -> list[int]:
    return [int(span.field == "abstract"), *texts[span.field].offsets(span.start, span.end)]


def _detail(extraction: Extraction, texts: dict[str, ShownText], row: Row) -> Json:
    paper = extraction.paper
    found = [extraction.entities[link[3]] for link in row]
    detail: Json = {
        "abstract": texts["abstract"].text,
        "evidence": [_span(e.evidence, texts) for e in found],
        "mentions": [[_span(m, texts) for m in e.mentions] for e in found],
        "types": [ENTITY_TYPES.index(e.type) for e in found],
        "authors": list(paper.authors),
        "count": paper.author_count,
        "listings": [[x.page, x.position, x.comments] for x in paper.listings],
        "url": paper.url,
        "written": paper.date.written if paper.date else None,
        "reason": paper.date.reason if paper.date else None,
    }
    return {key: value for key, value in detail.items() if value not in (None, [], "")} | {
        "abstract": detail["abstract"]
    }


def _facts(kg: KnowledgeGraph, number: dict[str, int], texts: Sequence[dict[str, ShownText]]) -> Json:
    relations: list[list[Any]] = []
    results: list[list[Any]] = []
    for paper, extraction in enumerate(kg.extractions):
        named = {e.name: number[e.iri] for e in extraction.entities if e.iri is not None}
        for r in extraction.entity_relations:
            if r.subject in named and r.object in named:
                place_ = _span(r.evidence, texts[paper])
                confidence = round(r.confidence * 100)
                predicate = ENTITY_PREDICATES.index(r.predicate)
                relations.append([paper, named[r.subject], predicate, named[r.object], confidence, *place_])
        for x in extraction.results:
            of = [named.get(name) if name else None for name in (x.system, x.on, x.metric)]
            tail = [
                x.value,
                x.number,
                x.unit,
                x.kind,
                round(x.confidence * 100),
                *_span(x.mention, texts[paper]),
            ]
            results.append([paper, *of, *tail])
    links = {
        paper: [[x.normalized, x.kind, *_span(x.mention, texts[paper])] for x in extraction.links]
        for paper, extraction in enumerate(kg.extractions)
        if extraction.links
    }
    organisations = {
        paper: [organisation.name for organisation in extraction.paper.organisations]
        for paper, extraction in enumerate(kg.extractions)
        if extraction.paper.organisations
    }
    spellings, families, versions, long_forms = {}, {}, {}, {}
    for iri, n in number.items():
        entity = kg.entities[iri]
        if len(entity.spellings) > 1 or any(text != entity.name for text, _ in entity.spellings):
            spellings[n] = [[text, times] for text, times in entity.spellings]
        if entity.family:
            families[n] = entity.family
        if entity.variant_of:
            versions[n] = number[entity.variant_of]
        if entity.long_form:
            long_forms[n] = entity.long_form
    return {
        "relations": relations,
        "results": results,
        "links": links,
        "organisations": organisations,
        "spellings": spellings,
        "families": families,
        "versions": versions,
        "longForms": long_forms,
        "replaced": {
            old.removeprefix(kg.base): number[iri] for old, iri in kg.replaced.items() if iri in number
        },
    }


def _core(
    kg: KnowledgeGraph,
    iris: Sequence[str],
    rows: Sequence[Row],
    texts: Sequence[dict[str, ShownText]],
    parts: Partition,
    layout: Layout,
    names: Sequence[Sequence[int]],
    degrees: Sequence[int],
) -> Json:
    papers = [x.paper for x in kg.extractions]
    pages = sorted({listing.page for paper in papers for listing in paper.listings})
    page_number = {page: i for i, page in enumerate(pages)}
    entities = [kg.entities[iri] for iri in iris]
    titles = [text["title"].text for text in texts]
    return {
        "types": list(ENTITY_TYPES),
        "relations": list(RELATIONS),
        "predicates": list(ENTITY_PREDICATES),
        "pages": pages,
        "base": kg.base,
        "papers": {
            "id": [paper.id for paper in papers],
            "iri": [kg.paper_iri(paper.id).removeprefix(kg.base) for paper in papers],
            "title": titles,
            "label": [short_title(title) for title in titles],
            "date": [date_text(paper.date) for paper in papers],
            "pages": [sorted({page_number[x.page] for x in paper.listings}) for paper in papers],
            "region": list(parts.papers),
            "xy": [c for point in layout.papers for c in point],
            "rows": [[value for link in row for value in link[:3]] for row in rows],
        },
        "entities": {
            "id": [iri.removeprefix(kg.base) for iri in iris],
            "name": [entity.name for entity in entities],
            "type": [ENTITY_TYPES.index(entity.type) for entity in entities],
            "named": [int(entity.named) for entity in entities],
            "size": [round(radius(degree)) for degree in degrees],
            "region": list(parts.entities),
            "xy": [c for point in layout.entities for c in (point or (None, None))],
        },
        "alone": layout.alone and {"at": layout.alone, "count": parts.papers.count(-1)},
        "regions": [
            {"name": list(name), "x": x, "y": y, "r": r}
            for name, (x, y, r) in zip(names, layout.regions, strict=True)
        ],
    }


def payload(kg: KnowledgeGraph) -> Payload:
    """All that the page of a graph holds; the same for the same graph."""
    iris = sorted(kg.entities)
    number = {iri: n for n, iri in enumerate(iris)}
    rows = _rows(kg.extractions, number)
    texts = [
        {"title": ShownText(x.paper.title), "abstract": ShownText(x.paper.abstract)} for x in kg.extractions
    ]
    graph = Bipartite(
        len(iris),
        [{link[0]: WEIGHT[RELATIONS[link[1]]] * (0.5 + link[2] / 200) for link in row} for row in rows],
    )
    degrees = [len(papers) for papers in graph.papers_of()]
    parts = partition(graph)
    layout = place(graph, parts)
    details = [
        _detail(extraction, text, row)
        for extraction, text, row in zip(kg.extractions, texts, rows, strict=True)
    ]
    return Payload(
        core=_core(kg, iris, rows, texts, parts, layout, typical(graph, parts), degrees),
        facts=_facts(kg, number, texts),
        details=[details[i : i + BLOCK] for i in range(0, len(details), BLOCK)],
        order=drawing_order(graph, parts, layout),
    )
