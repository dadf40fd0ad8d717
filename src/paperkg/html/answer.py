"""The answer of a query, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperkg.errors import FormatError
from paperkg.html.page import codes_of, render_page

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.query import Answer


def render_answer(kg: KnowledgeGraph, answer: Answer, *, title: str) -> str:
    """The viewer, opened on the papers and entities of an answer: their IRIs, titles or names in rows or triples.

    Raises:
        FormatError: the answer names no paper and no entity of the graph.
    """
    if answer.is_graph:
        cells = [term for triple in answer.triples for term in (triple.subject, triple.object)]
        texts = [str(getattr(term, "value", "")) for term in cells]
    else:
        texts = [cell for row in answer for cell in row if isinstance(cell, str)]
    if not codes_of(kg, texts):
        hint = "select papers or entities, by IRI, title or name"
        raise FormatError("the answer holds no paper or entity to draw", hint=hint)
    return render_page(kg, title=title, show=texts)
