"""What a canary is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Canary:
    """A fact about a library.

    Attributes:
        fact: what is wrong with it.
        sings: asks whether it still is.
        guard: the module of paperkg that keeps it off.
        holds: asks whether that does.
        ends: the question is answered by what is printed; else by a crash, or by no end within the limit.
    """

    fact: str
    sings: str
    guard: str
    holds: str
    ends: bool = True


READ = """
import io, sys, time
from paperkg.sources import read_papers
from paperkg.errors import SourceError
def papers(content):
    try: return read_papers(["-"], stdin=io.BytesIO(content))[0]
    except SourceError: return []
"""
"""Reads a file with paperkg."""


OWN_GRAPH = """
from paperkg.graph import KnowledgeGraph
from paperkg.model import Extraction, Paper, Provenance
kg = KnowledgeGraph.from_extractions([Extraction(Paper(str(n), f"T{n}", "x")) for n in range(20)], Provenance("0", "e"))
"""
"""Makes a small graph."""
