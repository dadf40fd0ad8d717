"""BibTeX entries with abstracts."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from paperkg.model import Paper, PartialDate, Skip
from paperkg.sources.dates import parse_date
from paperkg.sources.entry import ALONE, BadRecord, Entry, checked
from paperkg.sources.files import SourceFile
from paperkg.sources.shapes.fields import Fields, first_arxiv_id

_ENTRY = re.compile(r"^[ \t]{0,20}@[A-Za-z]{2,30}[ \t]{0,5}[{(]", re.MULTILINE)


def matches(head: str) -> bool:
    """Whether a line begins an entry."""
    return _ENTRY.search(head) is not None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the parser's log, which repeats the faults that it returns, from being printed."""
    logger, handler = logging.getLogger("bibtexparser"), logging.NullHandler()
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _name(written: str) -> str:
    """`Bee, Anna` as `Anna Bee`, without the braces that protect capitals."""
    last, comma, first = " ".join(written.replace("{", "").replace("}", "").split()).partition(", ")
    return f"{first} {last}" if comma else last


def _date(values: Mapping[str, str]) -> PartialDate | None:
    year, month = values.get("year", "").strip(), values.get("month", "").strip()
    written = [values.get("date", ""), f"{month} {year}", f"{year}-{month}", year]
    return next((d for text in written if (d := parse_date(text))), None)


def _entry(key: str, values: dict[str, str], file: str, line: int) -> tuple[Entry, list[str]]:
    fields = Fields(dict(values))
    paper_id, namespace = (
        first_arxiv_id([values.get("eprint"), values.get("url"), values.get("doi")]),
        "arxiv",
    )
    if paper_id is None:
        # The key is unique in its file at best: it names the paper but says nothing about others.
        paper_id, namespace = Fields({"key": key}).id("key"), f"{ALONE}{line} {file}"
    date = _date(values)
    if date is None and (values.get("date") or values.get("year")):
        fields.notes.append(f"not a date: {(values.get('date') or values.get('year', ''))[:40]!r}")
    doi = values.get("doi", "").strip()
    if doi and "url" not in values:
        fields.record["url"] = doi if doi.startswith("http") else f"https://doi.org/{doi}"
    people = (_name(a) for a in " ".join(values.get("author", "").split()).split(" and "))
    paper = Paper(
        id=paper_id,
        title=fields.text("title"),
        abstract=fields.text("abstract"),
        date=date,
        authors=tuple(a for a in people if a),
        url=fields.url("url"),
        sources=(file,),
    )
    return Entry(paper, line, namespace if paper_id else None), fields.notes


def _values(block: object) -> dict[str, str]:
    """The fields of an entry by their names in lower case, its key under the empty name."""
    values = {f.key.lower(): f.value for f in getattr(block, "fields", ()) if isinstance(f.value, str)}
    for name, value in values.items():
        # The parser leaves the delimiters around the values of an entry whose key is taken.
        if (
            len(value) > 1
            and value[0] + value[-1] in ("{}", '""')
            and "}" not in value[1:-1].partition("{")[0]
        ):
            values[name] = value[1:-1]
    return values | {"": str(getattr(block, "key", ""))}


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The entries of a bibliography; texts keep their LaTeX."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, ParsingFailedBlock
    from bibtexparser.model import Entry as BibEntry

    text = file.text()
    try:
        with _quiet():
            blocks = parse_string(text).blocks
    except RecursionError:
        raise file.error("bad BibTeX: nested too deeply") from None
    for block in blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            # Two entries with one key are two entries.
            values = _values(block.ignore_error_block)
        elif isinstance(block, ParsingFailedBlock):
            cause = str(getattr(block.error, "abort_reason", "") or "not understood").partition("\n")[0][:100]
            yield Skip(file.name, line, "record", f"bad BibTeX: {cause[:1].lower()}{cause[1:]}")
            continue
        elif isinstance(block, BibEntry):
            values = _values(block)
        else:
            continue
        try:
            entry, notes = _entry(values.pop("", ""), values, file.name, line)
        except BadRecord as error:
            yield Skip(file.name, line, "record", str(error))
            continue
        for note in notes:
            yield Skip(file.name, line, "field", note)
        yield from checked(entry, file.name)
