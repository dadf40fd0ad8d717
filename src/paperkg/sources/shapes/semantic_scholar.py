"""Papers of Semantic Scholar."""

from __future__ import annotations

from paperkg.model import Paper
from paperkg.sources.entry import Entry
from paperkg.sources.shapes.fields import Fields, first_arxiv_id


def matches(record: dict[str, object]) -> bool:
    """Whether the record has what only Semantic Scholar has."""
    return "title" in record and not {"paperId", "externalIds", "corpusId", "corpusid"}.isdisjoint(record)


def entry(fields: Fields, file: str, line: int) -> Entry:
    """The record as an entry; an arXiv id among its external ids is its id."""
    external = fields.record.get("externalIds") or fields.record.get("externalids")
    arxiv = external.get("ArXiv") if isinstance(external, dict) else None
    paper_id, namespace = first_arxiv_id([arxiv]) or "", "arxiv"
    if not paper_id:
        paper_id, namespace = fields.id("paperId", "corpusId", "corpusid"), "semanticscholar"
    paper = Paper(
        id=paper_id,
        title=fields.text("title"),
        abstract=fields.text("abstract"),
        date=fields.date("publicationDate", "publicationdate", "year"),
        authors=fields.people("authors"),
        url=fields.url("url"),
        sources=(file,),
    )
    return Entry(paper, line, namespace if paper_id else None)
