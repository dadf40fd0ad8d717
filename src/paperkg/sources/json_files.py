"""JSON Lines, JSON arrays, and the answers of web APIs that wrap an array."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import and_
from typing import Any

from paperkg.model import Skip
from paperkg.sources.entry import LONGEST_RECORD, BadRecord, Entry, checked
from paperkg.sources.files import SourceFile
from paperkg.sources.json_values import DECODER, Fault, fault_of, values
from paperkg.sources.shapes import SHAPES
from paperkg.sources.shapes.fields import Fields

_WRAPPERS = ("results", "data", "papers")
_WRAPPED_ARRAY = re.compile(r'"(?:results|data|papers)"\s{0,100}:\s{0,100}\[')
_LONGEST_HEAD = 100_000
_PART = 1 << 20
_WRAPPED = re.compile(r'\s{0,100}\{\s{0,100}"(?:results|data|papers|meta|total|offset|next|token)"')


def matches(head: str) -> bool:
    """Whether a text begins like an array, or has a line that begins like an object."""
    return head.lstrip()[:1] == "[" or any(line.lstrip()[:1] == "{" for line in head.split("\n"))


def _one_object(begin: str) -> bool:
    """Whether a text that begins so is no row of lines that are objects."""
    if _WRAPPED.match(begin):
        return True
    first, _, rest = begin.partition("\n")
    return begin[:1] == "{" and not first.rstrip().endswith("}") and rest.lstrip()[:1] not in ("{", "")


def _entries(record: Any, file: SourceFile, line: int) -> Iterator[Entry | Skip]:
    if not isinstance(record, dict):
        yield Skip(file.name, line, "record", "not a JSON object")
        return
    fields = Fields(record)
    shape = next(s for s in SHAPES if s.matches(record))
    try:
        found = shape.entry(fields, file.name, line)
    except BadRecord as error:
        yield Skip(file.name, line, "record", str(error))
        return
    for note in fields.notes:
        yield Skip(file.name, line, "field", note)
    yield from checked(found, file.name)


def _lines(lines: Iterable[tuple[int, str | None]], file: SourceFile) -> Iterator[Entry | Skip]:
    for number, line in lines:
        if line is None or len(line) > LONGEST_RECORD:
            yield Skip(file.name, number, "record", f"longer than {LONGEST_RECORD:,} characters")
        elif line.strip():
            try:
                record = DECODER.decode(line)
            except (ValueError, RecursionError) as error:
                yield Skip(file.name, number, "record", fault_of(error))
            else:
                yield from _entries(record, file, number)


def _values(found: Iterable[tuple[Any, int]], file: SourceFile) -> Iterator[Entry | Skip]:
    for value, line in found:
        if isinstance(value, Fault):
            yield Skip(file.name, line, "record", value.reason)
        else:
            yield from _entries(value, file, line)


def _is_record(line: str) -> bool:
    if line.lstrip()[:1] != "{":
        return False
    try:
        DECODER.decode(line)
    except (ValueError, RecursionError):
        return False
    return True


def _has_lines(begin: str) -> bool:
    """Whether two lines in a row are records: no array is written so."""
    are = [_is_record(line) for line in begin.split("\n")[1:-1]]
    return any(map(and_, are, are[1:]))


def _damaged(text: str, file: SourceFile) -> Iterator[Entry | Skip]:
    """What is left of the answer of a service, of JSON Lines, or of records that each take several lines."""
    wrapped = _WRAPPED_ARRAY.search(text, 0, _LONGEST_HEAD) if _WRAPPED.match(text) else None
    lines = text.split("\n") if wrapped is None else []
    if any(_is_record(line) for line in lines):
        yield from _lines(enumerate(lines, 1), file)
        return
    begin = wrapped.end() - 1 if wrapped else 0
    line = text.count("\n", 0, begin) + 1
    parts = (text[place : place + _PART] for place in range(begin, len(text), _PART))
    yield from _values(values(parts, line=line, bracketed=wrapped is not None, enclosed=True), file)


def _object(file: SourceFile) -> Iterator[Entry | Skip]:
    """A document of one object, which is a record or the answer of a service; or a row of them."""
    text = file.text()
    try:
        record = DECODER.decode(text)
    except (ValueError, RecursionError):
        yield from _damaged(text, file)
        return
    wrapped_in = [record[name] for name in _WRAPPERS if isinstance(record.get(name), list)]
    for item in wrapped_in[0] if wrapped_in else [record]:
        yield from _entries(item, file, 1)


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The records of a file; a damaged one is skipped, and reading goes on at the next that can be found."""
    begin = file.head.lstrip()
    if begin[:1] == "[" and not _has_lines(begin):
        yield from _values(values(file.texts()), file)
    elif _one_object(begin):
        yield from _object(file)
    else:
        yield from _lines(file.lines(LONGEST_RECORD), file)
