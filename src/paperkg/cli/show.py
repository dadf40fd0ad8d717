"""`paperkg show`: a paper or an entity with its neighbours and their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from paperkg.cli.console import console, one_line, printable
from paperkg.cli.options import examples, graph_argument
from paperkg.errors import NotInGraph
from paperkg.model import RELATIONS, PartialDate, Span
from paperkg.text.plural import count

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from paperkg.graph import Edge, EntityEdge, EntityView, KnowledgeGraph, PaperView, ReportedResult


@click.command(epilog=examples("paperkg show graphs/seeds CLadder", "paperkg show graphs/seeds crawdad"))
@graph_argument
@click.argument("name", metavar="NAME")
def show(graph: str, name: str) -> None:
    """Show a paper or an entity, its neighbours and evidence.

    NAME is a paper's id, IRI or title (its beginning is enough), or an entity's IRI or name in any spelling.
    """
    from paperkg import api

    kg = api.load(graph)
    out = console()
    for block in _blocks(kg, name):
        out.print(block)


def _blocks(kg: KnowledgeGraph, name: str) -> Iterator[RenderableType]:
    found = () if name in kg.papers else kg.find(name)
    if not found:
        yield from _paper(kg, _find_paper(kg, name))
        return
    yield from _entity(kg, found[0])
    for other in found[1:]:
        yield _text(f"also: {other.name} ({other.type}), paperkg show GRAPH {other.iri}", "dim")


def _find_paper(kg: KnowledgeGraph, name: str) -> PaperView:
    try:
        return kg.paper(name)
    except NotInGraph as no_paper:
        hint = no_paper.hint
        if hint is None:
            try:
                kg.entity(name)
            except NotInGraph as no_entity:
                hint = no_entity.hint
        raise NotInGraph(f"no paper or entity {name!r} in the graph", hint=hint) from None


def _paper(kg: KnowledgeGraph, view: PaperView) -> Iterator[RenderableType]:
    paper = view.paper
    yield _text(_clean(view.title), "bold")
    yield from _facts(
        ("id", paper.id),
        ("date", _date(paper.date)),
        ("authors", ", ".join(paper.authors) or (str(paper.author_count) if paper.author_count else "")),
        ("organisation", ", ".join(organisation.name for organisation in paper.organisations)),
        ("page", paper.url or ""),
        ("listed on", ", ".join(sorted({listing.page for listing in paper.listings}))),
        *((link.kind, link.normalized) for link in view.links),
    )
    for relation, edges in _by_relation(view.edges()):
        yield _heading(relation)
        for edge in edges:
            entity = kg.entities[edge.entity]
            yield _line(entity.name, f"{edge.type}, {edge.confidence:.2f}")
            yield _evidence(edge.evidence, edge.mentions)
    yield from _relations(kg, view.relations)
    yield from _results(kg, view.results)


def _entity(kg: KnowledgeGraph, view: EntityView) -> Iterator[RenderableType]:
    yield _text(view.name, "bold")
    papers = len(view.edges())
    yield from _facts(
        ("type", view.type),
        ("long form", view.entity.long_form or ""),
        ("family", view.family or ""),
        ("version of", kg.entities[parent].name if (parent := view.entity.variant_of) else ""),
        ("spellings", ", ".join(f"{spelling} ({number})" for spelling, number in view.spellings)),
        ("iri", view.iri),
        ("named by", count(papers, "paper")),
    )
    for relation, edges in _by_relation(view.edges()):
        yield _heading(f"{relation}: papers")
        for edge in edges:
            paper = kg.papers[edge.paper]
            about = ", ".join(
                part for part in (paper.id, _date(paper.date), f"{edge.confidence:.2f}") if part
            )
            yield _line(_clean(paper.title), about)
            yield _evidence(edge.evidence, edge.mentions)
    yield from _relations(kg, view.relations)
    yield from _results(kg, view.results)


def _by_relation(edges: Sequence[Edge]) -> Iterator[tuple[str, list[Edge]]]:
    ordered = sorted(edges, key=lambda edge: RELATIONS.index(edge.relation))
    return ((relation, list(group)) for relation, group in groupby(ordered, key=lambda edge: edge.relation))


def _relations(kg: KnowledgeGraph, edges: Iterable[EntityEdge]) -> Iterator[RenderableType]:
    for place, edge in enumerate(edges):
        if not place:
            yield _heading("relations between entities")
        subject, object_ = kg.entities[edge.subject].name, kg.entities[edge.object].name
        yield _line(f"{subject} {edge.predicate} {object_}", f"{edge.paper}, {edge.confidence:.2f}")
        yield _evidence(edge.evidence, ())


def _results(kg: KnowledgeGraph, results: Iterable[ReportedResult]) -> Iterator[RenderableType]:
    for place, reported in enumerate(results):
        if not place:
            yield _heading("results")
        system, on, metric = (
            kg.entities[iri].name if iri else "?" for iri in (reported.system, reported.on, reported.metric)
        )
        value = f"{reported.result.value}{' (change)' if reported.result.kind == 'change' else ''}"
        yield _line(
            f"{system} on {on}: {metric} {value}", f"{reported.paper}, {reported.result.confidence:.2f}"
        )


def _facts(*facts: tuple[str, str]) -> Iterator[RenderableType]:
    for label, value in facts:
        if value:
            yield _line(f"{label}: {value}", "")


def _date(date: PartialDate | None) -> str:
    if date is None:
        return ""
    return date.lexical if date.inferred_year is None else f"{date.written} ({date.inferred_year} inferred)"


def _clean(text: str) -> str:
    from paperkg.text.clean import clean

    return clean(text).text


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(one_line(text), style)


def _heading(text: str) -> RenderableType:
    from rich.text import Text

    return Text.assemble("\n", (one_line(text), "bold cyan"))


def _line(text: str, about: str) -> RenderableType:
    from rich.padding import Padding
    from rich.text import Text

    shown = Text(one_line(text))
    if about:
        shown.append(f"  {one_line(about)}", "dim")
    return Padding(shown, (0, 0, 0, 2), expand=False)


def _evidence(evidence: Span, mentions: Sequence[Span]) -> RenderableType:
    """The sentence in its clean form, with the mentions in it marked."""
    from rich.padding import Padding
    from rich.text import Text

    from paperkg.text.clean import clean

    form = clean(evidence.text)
    shown, last = Text(), 0
    for mention in mentions:
        if mention.field != evidence.field or mention.start < evidence.start or mention.end > evidence.end:
            continue
        start, end = form.to_clean(mention.start - evidence.start, mention.end - evidence.start)
        start = max(start, last)  # one spelling may stand inside another
        if start < end:
            shown.append(_inline(form.text[last:start])).append(
                _inline(form.text[start:end]), "bold underline"
            )
            last = end
    shown.append(_inline(form.text[last:]))
    return Padding(shown, (0, 0, 0, 4), expand=False)


def _inline(text: str) -> str:
    return printable(text.replace("\n", " ").replace("\t", " "))
