"""JSON records of papers as different services write them: one module a shape.

Each module has `matches(record) -> bool` and `entry(record, file, line) -> Entry | Skip`s; `SHAPES` is in
order of preference, and the plain shape takes every object with a title.
"""

from __future__ import annotations

from paperkg.sources.shapes import arxiv, daily, openalex, own, plain, semantic_scholar

SHAPES = (own, daily, openalex, semantic_scholar, arxiv, plain)
