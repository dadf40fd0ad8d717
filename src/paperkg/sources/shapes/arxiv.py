"""Records of the arXiv metadata snapshot."""

from __future__ import annotations

from paperkg.model import Paper, PartialDate
from paperkg.sources.dates import parse_date
from paperkg.sources.entry import Entry
from paperkg.sources.shapes.fields import Fields, own_namespace


def matches(record: dict[str, object]) -> bool:
    """Whether the record has what only the snapshot has."""
    return "id" in record and not {"update_date", "versions", "authors_parsed"}.isdisjoint(record)


def _submitted(versions: object) -> PartialDate | None:
    if isinstance(versions, list) and versions and isinstance(versions[0], dict):
        created = versions[0].get("created")
        return parse_date(created) if isinstance(created, str) else None
    return None


def entry(fields: Fields, file: str, line: int) -> Entry:
    """The record as an entry; its date is that of the first version, else that of the last update."""
    parsed = fields.record.get("authors_parsed")
    authors: tuple[str, ...] = ()
    if isinstance(parsed, list) and all(
        isinstance(a, list) and all(isinstance(p, str) for p in a) for a in parsed
    ):
        authors = tuple(
            name for a in parsed if (name := " ".join(p for p in (*a[1:2], *a[:1], *a[2:3]) if p))
        )
    paper_id, namespace = own_namespace(fields.id("id"))
    submitted = _submitted(fields.record.get("versions"))
    paper = Paper(
        id=paper_id,
        title=fields.text("title"),
        abstract=fields.text("abstract"),
        date=submitted or fields.date("update_date"),
        authors=authors or fields.people("authors"),
        sources=(file,),
    )
    return Entry(paper, line, namespace, updated=submitted is None)
