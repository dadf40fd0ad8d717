"""RIS: lines of a tag and a value, one record from `TY` to `ER`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperkg.model import Paper, Skip
from paperkg.sources.entry import ALONE, LONGEST_RECORD, Entry, checked
from paperkg.sources.files import SourceFile
from paperkg.sources.shapes.fields import Fields, first_arxiv_id

_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?", re.DOTALL)
_FIRST = re.compile(r"^TY {1,2}- ", re.MULTILINE)


def matches(head: str) -> bool:
    """Whether a line begins a record."""
    return _FIRST.search(head) is not None


def _entry(values: dict[str, list[str]], file: str, line: int) -> tuple[Entry, list[str]]:
    def first(*tags: str) -> str | None:
        return next((v for tag in tags for v in values.get(tag, ()) if v.strip()), None)

    doi = first("DO")
    address = first("UR", "LK") or (f"https://doi.org/{doi.strip()}" if doi else None)
    fields = Fields({"DA": first("DA", "Y1"), "PY": first("PY"), "UR": address})
    fields.record["ID"] = first("ID", "AN")
    paper_id, namespace = first_arxiv_id([fields.record["ID"], address, doi]) or "", "arxiv"
    if not paper_id:
        # An id is unique in its file at best: it names the paper but says nothing about others.
        paper_id, namespace = fields.id("ID"), f"{ALONE}{line} {file}"
    names = (
        " ".join(reversed(a.strip().split(", ", 1))) for tag in ("AU", "A1") for a in values.get(tag, ())
    )
    paper = Paper(
        id=paper_id,
        title=first("TI", "T1", "CT") or "",
        abstract=first("AB", "N2") or "",
        date=fields.date("DA", "PY"),
        authors=tuple(name for name in names if name),
        url=fields.url("UR"),
        sources=(file,),
    )
    return Entry(paper, line, namespace if paper_id else None), fields.notes


def _finished(values: dict[str, list[list[str]]], file: str, line: int) -> Iterator[Entry | Skip]:
    joined = {tag: ["\n".join(lines) for lines in some] for tag, some in values.items()}
    entry, notes = _entry(joined, file, line)
    for note in notes:
        yield Skip(file, line, "field", note)
    yield from checked(entry, file)


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The records; one that is not ended ends where the next begins."""
    values: dict[str, list[list[str]]] = {}
    begun, size, last = 0, 0, ""
    for number, line in file.lines(LONGEST_RECORD):
        size += len(line or "")
        match = _TAG.fullmatch(line) if line is not None else None
        if line is None or size > LONGEST_RECORD:
            yield Skip(file.name, number, "record", f"longer than {LONGEST_RECORD:,} characters")
            values, begun, size = {}, 0, 0
        elif match and match[1] == "TY":
            if begun:
                yield from _finished(values, file.name, begun)
            values, begun, size, last = {}, number, 0, ""
        elif match and match[1] == "ER":
            if begun:
                yield from _finished(values, file.name, begun)
            values, begun = {}, 0
        elif begun and match:
            last = match[1]
            values.setdefault(last, []).append([match[2] or ""])
        elif begun and last and line.strip():
            # A value may go on in the next line.
            values[last][-1].append(line)
        elif line.strip("\ufeff \t\r"):
            yield Skip(file.name, number, "record", "a line outside of every record")
    if begun:
        yield from _finished(values, file.name, begun)
