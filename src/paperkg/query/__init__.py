"""SPARQL queries over a graph, and the queries that ship with paperkg."""

from __future__ import annotations

from paperkg.query.answer import FORMATS, Answer
from paperkg.query.engine import Engine
from paperkg.query.shipped import Example, example, examples

__all__ = ["FORMATS", "Answer", "Engine", "Example", "example", "examples"]
