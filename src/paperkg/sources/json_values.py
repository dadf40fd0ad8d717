"""The values of a JSON array, one by one, from a text of any size; a damaged one costs no other.

A window of the text is held that is longer than any record. Where a value cannot be decoded, reading goes on
at the end of its brackets or at the next object that looks like the records of the array, whichever comes
first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from paperkg.sources.entry import LONGEST_RECORD

_AHEAD = LONGEST_RECORD + 1_000
_USUAL = 1 << 16
"""Characters in which a record usually ends: more are looked at only if it does not."""
_MOST_LONG_LOOKS = 300
_LONGEST_LINE = 10_000
"""Characters in which the beginning of a line is looked for."""
_MOST_TRIALS = 20_000
"""Objects in damaged text that turn out to be no records; after so many of them none is looked for."""
_COST_OF_DEPTH = 50
"""Trials that one of an object nested too deeply counts for."""
_BLANK = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.?+)*+(?:"|\Z)|[{}\[\],]', re.DOTALL)
"""Strings, which the end of a piece may cut, behind a backslash too; and signs."""
_TITLES = frozenset(("title", "display_name", "paper"))
_ABSTRACTS = frozenset(("abstract", "summary", "abstract_inverted_index", "paper"))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(parse_constant=_no_constant)


def fault_of(error: Exception, before: str = "") -> str:
    """What is wrong with a text that could not be decoded.

    Args:
        error: what the decoder raised.
        before: what stands before the text in its first line; the end of it where that is long.
    """
    if isinstance(error, RecursionError):
        return "bad JSON: nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        place = (
            f" at column {error.colno + len(before)}"
            if error.lineno == 1
            else f" {error.lineno - 1} lines on"
        )
        place = "" if len(before) == _LONGEST_LINE and error.lineno == 1 else place
        what = error.msg.removesuffix(" starting at")
        return f"bad JSON: {what[:1].lower()}{what[1:]}{place}"
    return f"bad JSON: {str(error).partition(';')[0][:100]}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the text that is no value, and why."""

    reason: str


class _Window:
    """A stretch of a text, from what is read next to further than any record goes."""

    def __init__(self, parts: Iterable[str], line: int) -> None:
        self._parts = iter(parts)
        self._counted = 0
        self._line = line
        self.whole = False
        """Whether it reaches to the end of the text."""
        self.text = ""
        self.place = 0
        self.begin = 0
        """The place of its beginning in the whole text."""
        self.fill()

    @property
    def line(self) -> int:
        """That of `place`."""
        self._line += self.text.count("\n", self._counted, self.place)
        self._counted = self.place
        return self._line

    def fill(self) -> None:
        """Makes it long enough for the next value."""
        size = len(self.text) - self.place
        # One record more, so that the next one can be seen behind a damaged one.
        if self.whole or size >= _AHEAD + 2 * _USUAL:
            return
        self._line, self._counted = self.line, 0
        parts = [self.text[self.place :]]
        while size < 2 * (_AHEAD + _USUAL) and not self.whole:
            part = next(self._parts, None)
            self.whole = part is None
            parts.append(part or "")
            size += len(part or "")
        self.begin += self.place
        self.text, self.place = "".join(parts), 0

    def sign(self) -> str:
        """Moves to the next sign that is no white space and gives it; nothing at the end of the text."""
        while True:
            self.fill()
            match = _BLANK.match(self.text, self.place)
            self.place = match.end() if match else self.place
            if self.place < len(self.text) or self.whole:
                self.fill()
                return self.text[self.place : self.place + 1]


class _Siblings:
    """Finds the next object that looks like the records of the array."""

    def __init__(self, window: _Window) -> None:
        self._window = window
        self._begins = re.compile(r'\{\s{0,100}"')
        self._keys: frozenset[str] | None = None
        self._trials = 0
        self._long_looks = 0
        self._free = 0
        """Up to this place of the whole text there is none that was not found yet."""

    def know(self, record: object) -> None:
        """Notes what a record looks like."""
        if self._keys is None and isinstance(record, dict) and not _TITLES.isdisjoint(record):
            self._keys = frozenset(record)
            key = json.dumps(next(iter(record)), ensure_ascii=False)
            self._begins = re.compile(r"\{\s{0,100}" + re.escape(key) + r"\s{0,100}:")
            self._free = 0

    def next(self, place: int) -> int | None:
        """The first place in the window, from `place` on, where one begins."""
        window = self._window
        # One that the window may cut is left for later.
        end = len(window.text) - (0 if window.whole else _AHEAD)
        for match in self._begins.finditer(window.text, max(place, self._free - window.begin), end):
            if self._trials >= _MOST_TRIALS:
                return None
            if self._is_one(match.start()):
                self._free = window.begin + match.start()
                return match.start()
            self._trials += 1
        self._free = max(self._free, window.begin + end - 300)
        return None

    def _is_one(self, place: int) -> bool:
        whole = self._window.text
        if whole[max(0, place - 200) : place].rstrip()[-1:] not in (",", "[", "}", ""):
            return False
        for size in (_USUAL, _AHEAD):
            text = whole[place : place + size]
            try:
                value, end = DECODER.raw_decode(text)
            except RecursionError:
                self._trials += _COST_OF_DEPTH
                return False
            except ValueError:
                self._long_looks += 1
                if len(text) < size or self._long_looks > _MOST_LONG_LOOKS:
                    return False
                continue
            blank = _BLANK.match(text, end)
            end = blank.end() if blank else end
            if text[end : end + 1] not in (",", "]", "{", ""):
                return False
            if self._keys is None:
                return not _TITLES.isdisjoint(value) and not _ABSTRACTS.isdisjoint(value)
            return 2 * len(self._keys & value.keys()) >= len(self._keys)
        return False


def _end_of_value(text: str, place: int, limit: int) -> int | None:
    """Where the brackets of a damaged value end, or the comma or the bracket after it stands."""
    depth = 0
    for match in _TOKEN.finditer(text, place, limit):
        match match[0][0]:
            case "{" | "[":
                depth += 1
            case "}" | "]" if depth == 0:
                return match.start() + (match[0] == "}")
            case "}" | "]":
                depth -= 1
                if depth == 0:
                    return match.end()
            case "," if depth == 0:
                return match.start()
    return None


class _Values:
    def __init__(self, parts: Iterable[str], line: int, bracketed: bool, enclosed: bool) -> None:
        self._window = _Window(parts, line)
        self._bracketed = bracketed
        self._enclosed = enclosed
        self._window.sign()
        self._window.place += bracketed
        self._window.sign()
        self._siblings = _Siblings(self._window)
        self._long_looks = 0

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        window = self._window
        while sign := window.sign():
            line = window.line
            if sign == ",":
                window.place += 1
            elif sign == "]" and self._bracketed:
                window.place += 1
                if not window.sign():
                    return
                line = window.line
                more = self._find_sibling()
                if more or not self._enclosed:
                    lost = "" if more else "; it cannot be read"
                    yield Fault(f"bad JSON: more text after the end of the array{lost}"), line
            else:
                yield self._value(), line
        if self._bracketed:
            yield Fault("bad JSON: the text ends before the array does"), window.line

    def _value(self) -> Any:
        """The value at the window's place, which is left behind."""
        window = self._window
        place, text = window.place, window.text
        for size in (_USUAL, _AHEAD):
            piece = text[place : place + size]
            try:
                value, end = DECODER.raw_decode(piece)
            except (ValueError, RecursionError) as error:
                reason = fault_of(error, text[max(0, place - _LONGEST_LINE) : place].rpartition("\n")[2])
            else:
                if end > LONGEST_RECORD:
                    window.place += end
                    return Fault(f"longer than {LONGEST_RECORD:,} characters")
                return self._checked(value, end)
            sibling = self._siblings.next(place + 1)
            known = len(piece) if sibling is None else min(len(piece), sibling - place)
            end_of_value = _end_of_value(piece, 0, known)
            if end_of_value is not None or (place + size >= len(text) and window.whole):
                break
            self._long_looks += size == _USUAL
            if self._long_looks > _MOST_LONG_LOOKS:
                break
        if end_of_value is not None:
            window.place += max(end_of_value, 1)
        elif sibling is not None:
            window.place = sibling
        else:
            if not window.whole:
                reason = f"longer than {LONGEST_RECORD:,} characters"
            window.place += 1
            if not self._find_sibling():
                reason += "; what follows cannot be read"
        return Fault(reason)

    def _checked(self, value: Any, length: int) -> Any:
        """A value, unless the quotes or the brackets of a damaged record made it swallow others."""
        window = self._window
        begin, end = window.begin + window.place, window.begin + window.place + length
        window.place += length
        if isinstance(value, dict) and not (self._bracketed and not window.sign()):
            self._siblings.know(value)
            return value
        sibling = self._siblings.next(max(0, begin + 1 - window.begin))
        if sibling is None or window.begin + sibling >= end:
            return value
        window.place = sibling
        return Fault("bad JSON: a quote or a bracket that is not closed")

    def _find_sibling(self) -> bool:
        """Moves to the next record that can be told from what is around it; to the end if there is none."""
        window = self._window
        while True:
            found = self._siblings.next(window.place)
            if found is not None or window.whole:
                window.place = len(window.text) if found is None else found
                self._bracketed &= found is not None
                return found is not None
            window.place = max(window.place, len(window.text) - _AHEAD) + 1
            window.fill()


def values(
    parts: Iterable[str], *, line: int = 1, bracketed: bool = True, enclosed: bool = False
) -> Iterator[tuple[Any, int]]:
    """The values of a JSON array, or of a row of JSON texts without brackets and commas, with their lines.

    Args:
        parts: the text, in parts of any size.
        line: the line at which it begins.
        bracketed: it begins with the bracket of an array.
        enclosed: the array stands in something else, whose rest may follow.

    Yields:
        Values with the line at which they begin; a `Fault` for each stretch that cannot be read. Commas that
        are missing or too many are overlooked: they cost nothing.
    """
    yield from _Values(parts, line, bracketed, enclosed)
