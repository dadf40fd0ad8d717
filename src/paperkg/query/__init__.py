"""SPARQL queries over a graph, and the queries that ship with paperkg."""

from __future__ import annotations

from paperkg.query.answer import Answer
from paperkg.query.engine import Engine
from paperkg.query.formats import ANSWER_FORMATS, FORMATS, AnswerFormat
from paperkg.query.shipped import Example, example, examples
from paperkg.query.terms import unknown_terms

__all__ = [
    "ANSWER_FORMATS",
    "FORMATS",
    "Answer",
    "AnswerFormat",
    "Engine",
    "Example",
    "example",
    "examples",
    "unknown_terms",
]
