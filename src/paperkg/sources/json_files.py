"""JSON Lines, JSON arrays, and the answers of web APIs that wrap an array."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from paperkg.model import Skip
from paperkg.sources.entry import LONGEST_RECORD, BadRecord, Entry, checked
from paperkg.sources.files import SourceFile
from paperkg.sources.shapes import SHAPES
from paperkg.sources.shapes.fields import Fields

_WRAPPERS = ("results", "data", "papers")
_WRAPPED = re.compile(r'\s{0,100}\{\s{0,100}"(?:results|data|papers|meta|total|offset|next|token)"')
_BLANK = re.compile(r"\s*")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def matches(head: str) -> bool:
    """Whether a text begins like an array, or has a line that begins like an object."""
    return head.lstrip()[:1] == "[" or any(line.lstrip()[:1] == "{" for line in head.split("\n"))


def _whole(head: str) -> bool:
    begin = head.lstrip()
    if begin[:1] == "[" or _WRAPPED.match(head):
        return True
    first, _, rest = begin.partition("\n")
    return begin[:1] == "{" and not first.rstrip().endswith("}") and rest.lstrip()[:1] not in ("{", "")


def _cause(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "bad JSON: nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"bad JSON: {error.msg[:1].lower()}{error.msg[1:]} at column {error.colno}"
    return f"bad JSON: {str(error).partition(';')[0][:100]}"


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


def _lines(file: SourceFile) -> Iterator[Entry | Skip]:
    for number, line in file.lines(LONGEST_RECORD):
        if line is None:
            yield Skip(file.name, number, "record", f"longer than {LONGEST_RECORD:,} characters")
        elif line.strip():
            try:
                record = _DECODER.decode(line)
            except (ValueError, RecursionError) as error:
                yield Skip(file.name, number, "record", _cause(error))
            else:
                yield from _entries(record, file, number)


def _document(file: SourceFile) -> Iterator[Entry | Skip]:
    text = file.text()
    begin = _blank(text, 0)
    if text.startswith("{", begin):
        record, end = _value(file, text, begin, 1)
        if _blank(text, end) != len(text):
            raise file.error(
                "bad JSON: more text after the end of the object", line=text.count("\n", 0, end) + 1
            )
        wrapped = [record[name] for name in _WRAPPERS if isinstance(record.get(name), list)]
        for item in wrapped[0] if wrapped else [record]:
            yield from _entries(item, file, 1)
        return
    place, line, counted = begin + 1, 1, 0
    while True:
        place = _blank(text, place)
        line, counted = line + text.count("\n", counted, place), place
        if text.startswith("]", place):
            end = _blank(text, place + 1)
            if end != len(text):
                line += text.count("\n", place, end)
                raise file.error("bad JSON: more text after the end of the array", line=line)
            return
        item, place = _value(file, text, place, line)
        yield from _entries(item, file, line)
        place = _blank(text, place)
        if text.startswith(",", place):
            place += 1
        elif not text.startswith("]", place):
            line += text.count("\n", counted, place)
            raise file.error("bad JSON: a comma or the end of the array is missing", line=line)


def _blank(text: str, place: int) -> int:
    match = _BLANK.match(text, place)
    return match.end() if match else place


def _value(file: SourceFile, text: str, place: int, line: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        raise file.error(_cause(error), line=error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise file.error(_cause(error), line=line) from None


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The records of a file.

    A bad line of JSON Lines is skipped; a document that is no JSON cannot be read past the fault.

    Raises:
        SourceError: an array or a document is no JSON.
    """
    yield from _document(file) if _whole(file.head) else _lines(file)
