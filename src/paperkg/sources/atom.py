"""arXiv's Atom feed. A document type is refused: no entity can be defined and nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from xml.etree import ElementTree

from paperkg.model import Paper, Skip
from paperkg.sources.entry import BadRecord, Entry, checked
from paperkg.sources.files import SourceFile
from paperkg.sources.shapes.fields import Fields, first_arxiv_id

_NAMESPACE = "http://www.w3.org/2005/Atom"
_FEED = re.compile(rf"<feed\b[^<>]{{0,2000}}{re.escape(_NAMESPACE)}[^<>]{{0,2000}}>")
_TOKEN = re.compile(r"<(entry)\b|</entry>|<!(?i:(DOCTYPE|ENTITY))")
_LONGEST_TOKEN = 12
_LONGEST_ENTRY = 500_000
"""Characters."""


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


def _pieces(file: SourceFile) -> Iterator[tuple[str, str, int]]:
    """The texts of entries, or nothing and the reason why one cannot be read; with the line of each.

    Raises:
        SourceError: there is a document type declaration.
    """
    text, scanned, begun, line, counted = "", 0, -1, 1, 0

    def line_of(place: int) -> int:
        nonlocal line, counted
        line, counted = line + text.count("\n", counted, place), max(place, counted)
        return line

    at = 0
    for part in chain(file.texts(), [None]):
        kept = begun if begun >= 0 else scanned
        line_of(kept)
        text, scanned, counted, begun = (
            text[kept:] + (part or ""),
            scanned - kept,
            counted - kept,
            min(begun, 0),
        )
        end = len(text) - (_LONGEST_TOKEN if part is not None else 0)
        for token in _TOKEN.finditer(text, scanned):
            if token.start() > end:
                break
            scanned = token.end()
            if token[2]:
                cause = "a document type declaration, which is refused"
                raise file.error(cause, line=line_of(token.start()), hint="remove it from the file")
            if begun >= 0 and token[1]:
                yield "", "bad XML: an entry without an end", at
            elif begun >= 0 and scanned - begun > _LONGEST_ENTRY:
                yield "", f"longer than {_LONGEST_ENTRY:,} characters", at
            elif begun >= 0:
                yield text[begun:scanned], "", at
            begun, at = (token.start(), line_of(token.start())) if token[1] else (-1, at)
        scanned = max(scanned, end)
        if begun >= 0 and scanned - begun > _LONGEST_ENTRY:
            yield "", f"longer than {_LONGEST_ENTRY:,} characters", at
            begun = -1
    if begun >= 0:
        yield "", "bad XML: an entry without an end", at


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The entries of a feed, each parsed by itself, so that a broken one costs no other.

    Raises:
        SourceError: the document declares a document type, or is no Atom feed.
    """
    feed = _FEED.search(file.head)
    for text, reason, line in _pieces(file):
        if feed is None:
            break
        if reason:
            yield Skip(file.name, line, "record", reason)
            continue
        try:
            entry, notes = _entry(_parsed(feed[0], text), file.name, line)
        except BadRecord as error:
            yield Skip(file.name, line, "record", str(error))
            continue
        for note in notes:
            yield Skip(file.name, line, "field", note)
        yield from checked(entry, file.name)
    if feed is None:
        raise file.error("XML, but not an Atom feed")
