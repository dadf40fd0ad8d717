"""Records of the Hugging Face daily-papers API: `{"paper": {...}, ...}`, or the inner object alone."""

from __future__ import annotations

from paperkg.model import Organisation, Paper
from paperkg.sources.entry import BadRecord, Entry
from paperkg.sources.shapes.fields import Fields, own_namespace


def matches(record: dict[str, object]) -> bool:
    """Whether the record has the inner object, or its field names."""
    return isinstance(record.get("paper"), dict) or ("summary" in record and "publishedAt" in record)


def _organisation(value: object) -> tuple[Organisation, ...]:
    if not isinstance(value, dict):
        return ()
    slug, name = value.get("name"), value.get("fullname")
    if not isinstance(slug, str) or not slug.strip():
        return ()
    return (Organisation(slug, name if isinstance(name, str) and name.strip() else slug),)


def entry(fields: Fields, file: str, line: int) -> Entry:
    """The record as an entry; fields of the inner object come before those of the outer one."""
    outer = fields.record
    inner = outer.get("paper", outer)
    if not isinstance(inner, dict):
        raise BadRecord("`paper` is not an object")
    fields.record = {**outer, **inner}
    paper_id, namespace = own_namespace(fields.id("id"))
    paper = Paper(
        id=paper_id,
        title=fields.text("title"),
        abstract=fields.text("summary"),
        date=fields.date("publishedAt"),
        authors=fields.people("authors"),
        organisations=_organisation(fields.record.get("organization")),
        sources=(file,),
    )
    return Entry(paper, line, namespace)
