"""arXiv's Atom feed. A document type is refused: no entity can be defined and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from paperkg.model import Paper, Skip
from paperkg.sources.entry import LONGEST_RECORD, BadRecord, Entry, checked
from paperkg.sources.files import SourceFile
from paperkg.sources.shapes.fields import Fields, first_arxiv_id

_NAMESPACE = "http://www.w3.org/2005/Atom"
_FEED = re.compile(rf"<feed\b[^<>]{{0,2000}}{re.escape(_NAMESPACE)}[^<>]{{0,2000}}>")
_OPEN = re.compile(r"<entry\b")
_CLOSE = "</entry>"
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def matches(head: str) -> bool:
    """Whether a feed begins, or a document type that would have to be refused."""
    begin = head.lstrip()[:20].lower()
    return begin.startswith(("<?xml", "<feed", "<!doctype")) and ("<feed" in head or "<!DOCTYPE" in head)


def _entry(record: ElementTree.Element, file: str, line: int) -> tuple[Entry, list[str]]:
    def texts(*path: str) -> list[str]:
        found = record.findall("/".join(f"{{{_NAMESPACE}}}{name}" for name in path))
        return ["".join(element.itertext()) for element in found]

    addresses = [
        element.get("href", "")
        for element in record.findall(f"{{{_NAMESPACE}}}link")
        if element.get("rel", "alternate") == "alternate"
    ]
    ids = texts("id")
    fields = Fields(
        {"date": next(iter(texts("published") or texts("updated")), None), "url": next(iter(addresses), None)}
    )
    paper_id, namespace = first_arxiv_id([*ids, *addresses]) or "", "arxiv"
    if not paper_id and ids:
        fields.record["id"] = ids[0]
        paper_id, namespace = fields.id("id"), "own"
    paper = Paper(
        id=paper_id,
        title=next(iter(texts("title")), ""),
        abstract=next(iter(texts("summary")), ""),
        date=fields.date("date"),
        authors=tuple(name for a in texts("author", "name") if (name := a.strip())),
        url=fields.url("url"),
        sources=(file,),
    )
    return Entry(paper, line, namespace if paper_id else None, updated=not texts("published")), fields.notes


def _parsed(feed: str, text: str) -> ElementTree.Element:
    try:
        # Without a document type, which `read` refuses, there are no entities to expand.
        root = ElementTree.fromstring(f"{feed}{text}</feed>")  # noqa: S314
    except (ElementTree.ParseError, ValueError) as error:
        raise BadRecord(f"bad XML: {str(error).partition(':')[0]}") from None
    if len(root) != 1:
        raise BadRecord("bad XML: an entry inside an entry")
    return root[0]


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The entries of a feed, each parsed by itself, so that a broken one costs no other.

    Raises:
        SourceError: the document declares a document type, or is no Atom feed.
    """
    text = file.text()
    if found := _DOCTYPE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise file.error(
            "a document type declaration, which is refused", line=line, hint="remove it from the file"
        )
    feed = _FEED.search(text)
    if feed is None:
        raise file.error("XML, but not an Atom feed")
    line, counted, place = 1, 0, feed.end()
    while found := _OPEN.search(text, place):
        start = found.start()
        line, counted = line + text.count("\n", counted, start), start
        following = _OPEN.search(text, found.end())
        limit = following.start() if following else len(text)
        end = text.find(_CLOSE, start, limit)
        place = limit if end < 0 else end + len(_CLOSE)
        try:
            if end < 0:
                raise BadRecord("bad XML: an entry without an end")
            if place - start > LONGEST_RECORD:
                raise BadRecord(f"longer than {LONGEST_RECORD:,} characters")
            entry, notes = _entry(_parsed(feed[0], text[start:place]), file.name, line)
        except BadRecord as error:
            yield Skip(file.name, line, "record", str(error))
            continue
        for note in notes:
            yield Skip(file.name, line, "field", note)
        yield from checked(entry, file.name)
