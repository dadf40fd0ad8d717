"""CSV with a header: `title` and `abstract`; also `id`, `date`, `authors`, `url` if there."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from paperkg.model import Skip
from paperkg.sources.entry import BadRecord, Entry, checked
from paperkg.sources.files import SourceFile
from paperkg.sources.shapes import plain
from paperkg.sources.shapes.fields import Fields

_DELIMITERS = (",", ";", "\t")
_COLUMNS = {
    "title": "title",
    "abstract": "abstract",
    "summary": "abstract",
    "id": "id",
    "arxiv_id": "id",
    "date": "date",
    "published": "date",
    "year": "date",
    "authors": "authors",
    "author": "authors",
    "url": "url",
    "link": "url",
}
_MOST_LINES = 2_000
"""Lines of one record; a quote that nobody closes ends there."""


def _header(line: str) -> tuple[str, list[str]] | None:
    """Delimiter and columns, `""` for one that is not used; None without title or abstract."""
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([line[:10_000]], delimiter=delimiter), [])
        except csv.Error:
            continue
        names = [_COLUMNS.get(c.strip().lower().replace(" ", "_"), "") for c in cells]
        first = [n if n and names.index(n) == i else "" for i, n in enumerate(names)]
        if "title" in first and "abstract" in first:
            return delimiter, first
    return None


def _first_line(head: str) -> tuple[int, str]:
    return next(((n, x) for n, x in enumerate(head.split("\n"), 1) if x.strip()), (1, ""))


def matches(head: str) -> bool:
    """Whether the first line names the columns title and abstract."""
    first = _first_line(head)[1]
    return first.lstrip()[:1] not in ("{", "[") and _header(first) is not None


def _row(lines: Sequence[str], place: int, delimiter: str) -> tuple[list[str], int]:
    """The record that begins at a line, and how many lines it has."""
    reader = csv.reader(
        (x + "\n" for x in lines[place : place + _MOST_LINES]), delimiter=delimiter, strict=True
    )
    return next(reader, []), max(reader.line_num, 1)


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The rows of the table; after one that does not fit the header, reading goes on at the next line."""
    number, first = _first_line(file.head)
    delimiter, names = _header(first) or (",", [])
    lines = [x.removesuffix("\r") for x in file.text().split("\n")]
    place = number
    while place < len(lines):
        line = place + 1
        if not lines[place].strip():
            place += 1
            continue
        reason = ""
        try:
            cells, used = _row(lines, place, delimiter)
            if len(cells) != len(names):
                reason = f"{len(cells)} cells in place of {len(names)}"
        except csv.Error as error:
            cells, used, reason = [], 1, f"bad CSV: {error}"
        if reason:
            yield Skip(file.name, line, "record", reason)
            place += 1
            continue
        place += used
        fields = Fields({n: c for n, c in zip(names, cells, strict=True) if n and c})
        try:
            entry = plain.entry(fields, file.name, line)
        except BadRecord as error:
            yield Skip(file.name, line, "record", str(error))
            continue
        for note in fields.notes:
            yield Skip(file.name, line, "field", note)
        yield from checked(entry, file.name)
