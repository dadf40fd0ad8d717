"""paperkg's own output, `NAME.papers.jsonl`: what was read before can be read again."""

from __future__ import annotations

from dataclasses import replace

from paperkg.model import PartialDate
from paperkg.records import paper_from_json
from paperkg.sources.dates import parse_date
from paperkg.sources.entry import BadRecord, Entry
from paperkg.sources.ids import is_slug
from paperkg.sources.shapes.fields import Fields, own_namespace


def matches(record: dict[str, object]) -> bool:
    """Whether the record has fields that only paperkg writes."""
    return "title" in record and not {
        "entities",
        "listings",
        "date_written",
        "organisations",
        "sources",
    }.isdisjoint(record)


def _check_date(date: PartialDate | None) -> None:
    if date is None:
        return
    numbers = (date.year, date.month, date.day, date.inferred_year)
    if not all(n is None or type(n) is int for n in numbers) or not isinstance(date.written, str):
        raise TypeError
    if parse_date(date.lexical) is None or not isinstance(date.reason, str | None):
        raise ValueError


def entry(fields: Fields, file: str, line: int) -> Entry:
    """The record as an entry with everything that was known of the paper."""
    title, abstract, url = fields.text("title"), fields.text("abstract"), fields.url("url")
    people, paper_id = fields.people("authors"), fields.id("id")
    try:
        paper = paper_from_json({**fields.record, "id": paper_id, "title": title, "abstract": abstract})
        _check_date(paper.date)
        for listing in paper.listings:
            _check_date(listing.page_date)
            if type(listing.position) is not int or not isinstance(listing.page, str):
                raise TypeError
            if listing.comments is not None and type(listing.comments) is not int:
                raise TypeError
        if paper.author_count is not None and type(paper.author_count) is not int:
            raise TypeError
        names = [*paper.sources, *(n for o in paper.organisations for n in (o.slug, o.name))]
        if not all(isinstance(n, str) for n in names):
            raise TypeError
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise BadRecord("a field is not of the form in which paperkg writes it") from None
    paper = replace(paper, url=url, authors=people, sources=paper.sources or (file,))
    known, namespace = own_namespace(paper_id)
    # A slug that an earlier build made names the paper but is no id of a source.
    if is_slug(known, title):
        namespace = None
    return Entry(replace(paper, id=known), line, namespace)
