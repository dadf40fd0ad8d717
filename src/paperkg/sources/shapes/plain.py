"""`{"id", "title", "abstract", "date"?, "authors"?, "url"?}`: the plain form."""

from __future__ import annotations

from paperkg.model import Paper
from paperkg.sources.entry import Entry
from paperkg.sources.shapes.fields import Fields, own_namespace


def matches(record: dict[str, object]) -> bool:
    """Every object may be one."""
    return True


def entry(fields: Fields, file: str, line: int) -> Entry:
    """The record as an entry."""
    url = fields.url("url")
    paper_id, namespace = own_namespace(fields.id("id"))
    if not paper_id and url:
        paper_id, namespace = own_namespace(url)
        if namespace != "arxiv":
            paper_id, namespace = "", None
    paper = Paper(
        id=paper_id,
        title=fields.text("title"),
        abstract=fields.text("abstract", "summary"),
        date=fields.date("date", "published", "year"),
        authors=fields.people("authors"),
        url=url,
        sources=(file,),
    )
    return Entry(paper, line, namespace)
