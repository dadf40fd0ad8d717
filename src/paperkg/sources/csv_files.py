"""CSV with a header: `title` and `abstract`; also `id`, `date`, `authors`, `url` if there."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from paperkg.model import Skip
from paperkg.sources.entry import LONGEST_RECORD, BadRecord, Entry, checked
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


class _Lines:
    """The lines of a file, of which some can be read again."""

    def __init__(self, file: SourceFile) -> None:
        self._rest = file.lines(LONGEST_RECORD)
        self._held = deque[tuple[int, str | None]]()

    def first(self) -> tuple[int, str | None] | None:
        """The next line with its number; None for one that is too long, nothing at all at the end."""
        if not self._held and (line := next(self._rest, None)):
            self._held.append(line)
        return self._held[0] if self._held else None

    def drop(self, count: int) -> None:
        """Leaves lines behind."""
        for _ in range(count):
            self._held.popleft()

    def record(self) -> Iterator[str]:
        """The lines of which a record may be, from the next one on; they are held."""
        size, place = 0, 0
        while size <= LONGEST_RECORD and place < _MOST_LINES:
            if place == len(self._held):
                if (line := next(self._rest, None)) is None:
                    return
                self._held.append(line)
            text = self._held[place][1]
            if text is None:
                return
            size, place = size + len(text), place + 1
            yield f"{text}\n"


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The rows of the table; after one that does not fit the header, reading goes on at the next line."""
    number, first = _first_line(file.head)
    delimiter, names = _header(first) or (",", [])
    lines = _Lines(file)
    while (following := lines.first()) is not None:
        line, text = following
        if line <= number or (text is not None and not text.strip()):
            lines.drop(1)
            continue
        reason, used = "", 1
        reader = csv.reader(lines.record(), delimiter=delimiter, strict=True)
        try:
            cells = next(reader, [])
            used = max(reader.line_num, 1)
            if len(cells) != len(names):
                reason = f"{len(cells)} cells in place of {len(names)}"
        except csv.Error as error:
            reason = f"bad CSV: {error}"
        if text is None:
            reason = f"longer than {LONGEST_RECORD:,} characters"
        if reason:
            yield Skip(file.name, line, "record", reason)
            lines.drop(1)
            continue
        lines.drop(used)
        fields = Fields({n: c for n, c in zip(names, cells, strict=True) if n and c})
        try:
            entry = plain.entry(fields, file.name, line)
        except BadRecord as error:
            yield Skip(file.name, line, "record", str(error))
            continue
        for note in fields.notes:
            yield Skip(file.name, line, "field", note)
        yield from checked(entry, file.name)
