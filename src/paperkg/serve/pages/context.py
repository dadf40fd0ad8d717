"""What the page of each kind of thing shows, in the order in which it shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

from paperkg.graph import Edge, EntityEdge, PaperView, ReportedResult
from paperkg.model import ENTITY_PREDICATES, RELATIONS, Relation, Span
from paperkg.rdf.ties import known_ties, linked_ties
from paperkg.serve.pages.texts import Mark, Piece, around, date_text, pieces, shown, whole
from paperkg.serve.pages.things import Thing, Things

Context = dict[str, Any]

DEEDS: dict[Relation, str] = {
    "introduces": "Introduces",
    "evaluates_on": "Evaluates on",
    "evaluates_with": "Evaluates with",
    "addresses": "Addresses",
    "compares_with": "Compares with",
    "uses": "Uses",
    "mentions": "Mentions",
}
ROLES: dict[Relation, str] = {
    "introduces": "Introduced by",
    "evaluates_on": "Evaluated on by",
    "evaluates_with": "Reported by",
    "addresses": "Addressed by",
    "compares_with": "Compared with by",
    "uses": "Used by",
    "mentions": "Mentioned by",
}
LINK_NAMES = {"code": "Code", "data": "Data", "project": "Project page", "demo": "Demo"}
COLUMNS = (("System", "system"), ("On", "on"), ("Metric", "metric"), ("Value", "value"), ("Paper", "paper"))
MOST_LINES = 100
"""Lines of one part of a page; the query editor shows them all."""
MOST_NEAR = 6
COMMON = 400
"""An entity that so many papers name says nothing about which papers are near each other."""


@dataclass(frozen=True, slots=True)
class Node:
    """A link to a page: its path, kind (`model`, `paper`, ...) and text."""

    href: str
    kind: str
    text: str
    type: str


@dataclass(frozen=True, slots=True)
class Line:
    """A node with what is said of it: percent of confidence, the words, a note, the relation."""

    node: Node
    sure: int
    words: list[Piece]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation between two entities, with the paper that states it."""

    subject: Node
    verb: str
    object: Node
    paper: Node
    sure: int
    words: list[Piece]


@dataclass(frozen=True, slots=True)
class Row:
    """A result in a table."""

    href: str
    system: Node | None
    on: Node | None
    metric: Node | None
    value: str
    paper: Node
    words: list[Piece]


class Contexts:
    """Makes the contexts of pages."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._kg = things.kg

    def of(self, thing: Thing) -> Context:
        """What the page of a thing shows."""
        make = {
            "paper": self._paper,
            "entity": self._entity,
            "family": self._family,
            "result": self._result,
            "organisation": self._organisation,
            "page": self._page,
        }[thing.kind]
        return make(thing) | {"kind": thing.kind, "iri": thing.iri}

    def entity_node(self, iri: str) -> Node:
        """A link to an entity."""
        entity = self._kg.entities[iri]
        return Node(self._things.path(iri), entity.type.lower(), entity.name, entity.type)

    def paper_node(self, paper_id: str) -> Node:
        """A link to a paper."""
        paper = self._kg.papers[paper_id]
        return Node(
            self._things.path(self._kg.paper_iri(paper_id)), "paper", shown(paper.title).text, "Paper"
        )

    def _paper(self, thing: Thing) -> Context:
        view = self._kg.paper(thing.key)
        paper, edges = view.paper, view.edges()
        marks = [self._mark(edge, span) for edge in edges for span in edge.mentions]
        marks += [Mark(link.mention, link.normalized, "out") for link in view.links]
        links = {link.normalized: LINK_NAMES.get(link.kind, "Link") for link in reversed(view.links)}
        by_relation = [
            (DEEDS[relation], [self._said(edge) for edge in edges if edge.relation == relation])
            for relation in RELATIONS
        ]
        return {
            "title": shown(paper.title).text,
            "paper": paper,
            "date": date_text(paper.date),
            "links": [(name, url) for url, name in reversed(links.items())],
            "organisations": [
                (one.name, self._things.path(self._things.mint.top("organisation", one.slug).value))
                for one in paper.organisations
            ],
            "pages": [
                (one.page, self._things.path(self._things.mint.top("page", one.page).value))
                for one in {listing.page: listing for listing in paper.listings}.values()
            ],
            "introduced": [self.entity_node(edge.entity) for edge in view.edges("introduces")],
            "abstract": pieces(paper, whole(paper, "abstract"), marks),
            **_table(self._rows(self._things.results_of(thing.iri)), self._things.path(thing.iri)),
            "by_relation": [(name, lines) for name, lines in by_relation if lines],
            "relations": [self._statement(edge) for edge in self._things.relations_in(paper.id)],
            "near": self._near(view),
            "address": f"#paper={paper.id}",
        }

    def _entity(self, thing: Thing) -> Context:
        entity = self._kg.entities[thing.iri]
        edges = sorted(self._kg.edges_of(thing.iri), key=self._newest)
        by_role = [
            (ROLES[relation], [edge for edge in edges if edge.relation == relation]) for relation in RELATIONS
        ]
        family = self._things.mint.family(entity.family).value if entity.family else ""
        members = self._things.families[family][1] if family else ()
        relations = sorted(
            self._kg.entity_edges_of(thing.iri), key=lambda e: (ENTITY_PREDICATES.index(e.predicate), e.paper)
        )
        results = self._things.results_of(thing.iri)
        return {
            "title": entity.name,
            "entity": entity,
            "papers": len(edges),
            "introduced": [self.paper_node(edge.paper) for edge in edges if edge.relation == "introduces"],
            "family": (entity.family, self._things.path(family)) if family else None,
            "members": [self.entity_node(one.iri) for one in members if one.iri != thing.iri][:MOST_LINES],
            "years": self._years(edges),
            **_table(self._rows(results[:MOST_LINES]), self._things.path(thing.iri)),
            "more_results": len(results) - MOST_LINES,
            "by_role": [
                (name, len(lines), [self._named_by(edge) for edge in lines[:MOST_LINES]])
                for name, lines in by_role
                if lines
            ],
            "relations": [self._statement(edge) for edge in relations[:MOST_LINES]],
            "together": self._together(thing.iri, edges),
            "elsewhere": self._elsewhere(thing.iri),
            "address": f"#entity={thing.iri.removeprefix(self._kg.base)}",
        }

    def _family(self, thing: Thing) -> Context:
        name, members = self._things.families[thing.iri]
        return {"title": name, "members": [(self.entity_node(m.iri), len(m.edges())) for m in members]}

    def _result(self, thing: Thing) -> Context:
        result = self._things.results[thing.iri]
        return {"title": f"{result.result.value}", "row": self._rows([result])[0], "result": result.result}

    def _organisation(self, thing: Thing) -> Context:
        one, papers = self._things.organisations[thing.iri]
        return {"title": one.name, "lines": self._dated(papers)}

    def _page(self, thing: Thing) -> Context:
        name, papers = self._things.pages[thing.iri]
        return {"title": name, "lines": self._dated(papers)}

    def _dated(self, papers: Iterable[str]) -> list[tuple[Node, str]]:
        return [(self.paper_node(paper), date_text(self._kg.papers[paper].date)) for paper in papers]

    def _mark(self, edge: Edge, span: Span) -> Mark:
        node = self.entity_node(edge.entity)
        return Mark(span, node.href, node.kind, f"{node.type}: {node.text}")

    def _said(self, edge: Edge) -> Line:
        """An entity, as its paper speaks of it."""
        entity = self._kg.entities[edge.entity]
        note = f"here a {edge.type.lower()}" if edge.type != entity.type else ""
        return Line(self.entity_node(edge.entity), _percent(edge.confidence), self._words(edge), note)

    def _named_by(self, edge: Edge) -> Line:
        """A paper, as it speaks of an entity."""
        date = date_text(self._kg.papers[edge.paper].date)
        return Line(self.paper_node(edge.paper), _percent(edge.confidence), self._words(edge), date)

    def _words(self, edge: Edge) -> list[Piece]:
        kind = self._kg.entities[edge.entity].type.lower()
        marks = [Mark(span, None, kind) for span in edge.mentions]
        return pieces(self._kg.papers[edge.paper], edge.evidence, marks)

    def _statement(self, edge: EntityEdge) -> Statement:
        return Statement(
            self.entity_node(edge.subject),
            edge.predicate.replace("_", " "),
            self.entity_node(edge.object),
            self.paper_node(edge.paper),
            _percent(edge.confidence),
            pieces(self._kg.papers[edge.paper], edge.evidence, ()),
        )

    def _rows(self, results: Iterable[ReportedResult]) -> list[Row]:
        def row(found: ReportedResult) -> Row:
            paper, mention = self._kg.papers[found.paper], found.result.mention
            ends = (iri and self.entity_node(iri) for iri in (found.system, found.on, found.metric))
            system, on, metric = (end or None for end in ends)
            words = pieces(paper, around(paper, mention), [Mark(mention, None, "metric")])
            value = f"Δ {found.result.value}" if found.result.kind == "change" else found.result.value
            path = self._things.path(self._things.mint.result(found.paper, found.number).value)
            return Row(path, system, on, metric, value, self.paper_node(found.paper), words)

        def order(found: ReportedResult) -> tuple[str, str, float]:
            names = [self._kg.entities[iri].name if iri else "~" for iri in (found.on, found.metric)]
            return names[0], names[1], -found.result.number

        return [row(found) for found in sorted(results, key=order)]

    def _newest(self, edge: Edge) -> tuple[int, int, int]:
        date = self._kg.papers[edge.paper].date
        year, month, day = date.sort_key if date else (0, 0, 0)
        return -year, -month, -day

    def _years(self, edges: Sequence[Edge]) -> list[tuple[int, int]]:
        dates = (self._kg.papers[edge.paper].date for edge in edges)
        count = Counter(date.best_year for date in dates if date and date.best_year)
        if len(count) < 2:
            return []
        return [(year, count[year]) for year in range(min(count), max(count) + 1)]

    def _near(self, view: PaperView) -> list[tuple[Node, list[Node]]]:
        """The papers that share the rarest entities with one."""
        shared: dict[str, list[str]] = {}
        weight: dict[str, float] = {}
        for iri in dict.fromkeys(edge.entity for edge in view.edges()):
            others = dict.fromkeys(edge.paper for edge in self._kg.edges_of(iri))
            if 2 <= len(others) <= COMMON:
                for other in others:
                    weight[other] = weight.get(other, 0.0) + 1 / log(1 + len(others))
                    shared.setdefault(other, []).append(iri)
        nearest = sorted((p for p in weight if p != view.id), key=lambda p: (-weight[p], p))[:MOST_NEAR]
        return [(self.paper_node(p), [self.entity_node(iri) for iri in shared[p]][:5]) for p in nearest]

    def _elsewhere(self, iri: str) -> list[str]:
        """The addresses of what others publish of an entity: its concept, home page or repository."""
        ties = list(known_ties(self._kg.entities[iri]))
        for edge in self._kg.edges_of(iri):
            if edge.relation == "introduces":
                ties += linked_ties(self._kg.paper(edge.paper).extraction)
        return list(dict.fromkeys(target.value for source, _, target in ties if source.value == iri))

    def _together(self, iri: str, edges: Sequence[Edge]) -> list[tuple[Node, int]]:
        """The entities that the same papers name most often, against what their number of papers lets expect."""
        joint: Counter[str] = Counter()
        for edge in edges[:600]:
            joint.update({one.entity for one in self._kg.edges_of(self._kg.paper_iri(edge.paper))} - {iri})
        often = {one: n / sqrt(len(self._kg.edges_of(one))) for one, n in joint.items() if n > 1}
        best = sorted(often, key=lambda one: (-often[one], one))[:10]
        return [(self.entity_node(one), joint[one]) for one in best]


def _percent(confidence: float) -> int:
    return round(confidence * 100)


def _table(rows: Sequence[Row], path: str) -> Context:
    """Results with the columns that tell something: none that is empty or leads in every row to its own page."""

    def tells(column: str) -> bool:
        nodes: set[Node | None] = {getattr(row, column) for row in rows}
        return not all(node is None or node.href == path for node in nodes) or len(nodes) > 1

    return {
        "results": rows,
        "columns": [(name, key) for name, key in COLUMNS if key == "value" or tells(key)],
    }
