"""Reading the fields of a JSON record that may hold anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from paperkg.model import PartialDate
from paperkg.sources.dates import parse_date
from paperkg.sources.entry import BadRecord
from paperkg.sources.ids import arxiv_id

Json = dict[str, Any]

_WEB = re.compile(
    r"https?://(?:[^\s\x00-\x20\x7f-\x9f<>\"%\ud800-\udfff]|%[0-9a-f]{2}){1,2000}", re.IGNORECASE
)
_LONGEST_ID = 300


def _is_web_address(text: str) -> bool:
    try:
        return bool(_WEB.fullmatch(text) and urlsplit(text).hostname)
    except ValueError:  # a bracket in the host that is no address of version 6
        return False


class Fields:
    """A record with notes on what in it could not be used.

    Attributes:
        notes: reasons, in the order in which they came up.
    """

    def __init__(self, record: Json) -> None:
        self.record = record
        self.notes: list[str] = []

    def text(self, *names: str) -> str:
        """The first of the fields that is there, as a string; the empty string where none is.

        Raises:
            BadRecord: it is something else than a string.
        """
        for name in names:
            value = self.record.get(name)
            if value is None:
                continue
            if not isinstance(value, str):
                raise BadRecord(f"`{name}` is not a string")
            return value
        return ""

    def id(self, *names: str) -> str:
        """An id, given as a string or a whole number; the empty string where there is none."""
        for name in names:
            value = self.record.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value)
            if value is None or value == "":
                continue
            if isinstance(value, float):
                self.notes.append(f"`{name}` is a number: write it as a string")
            elif not isinstance(value, str) or len(value) > _LONGEST_ID or not value.strip().isprintable():
                self.notes.append(f"`{name}` is not usable as an id")
            elif value.strip():
                return value.strip()
        return ""

    def date(self, *names: str) -> PartialDate | None:
        """The first date among the fields; a note for one that cannot be read."""
        for name in names:
            value = self.record.get(name)
            if isinstance(value, int) and not isinstance(value, bool):
                value = str(value)
            if value is None or value == "":
                continue
            date = parse_date(value) if isinstance(value, str) else None
            if date is not None:
                return date
            self.notes.append(f"`{name}` is not a date: {str(value)[:40]!r}")
        return None

    def url(self, *names: str) -> str | None:
        """The first web address among the fields; a note for what is none."""
        for name in names:
            value = self.record.get(name)
            if not value:
                continue
            if isinstance(value, str) and _is_web_address(value.strip()):
                scheme, sign, rest = value.strip().partition(":")
                return scheme.lower() + sign + rest
            self.notes.append(f"`{name}` is not a web address: {str(value)[:60]!r}")
        return None

    def people(self, name: str) -> tuple[str, ...]:
        """Names of authors: a list of strings or of objects with `name`, or one string."""
        value = self.record.get(name)
        if value is None:
            return ()
        if isinstance(value, str):
            return split_names(value)
        if isinstance(value, list):
            names = [x.get("name") if isinstance(x, dict) else x for x in value]
            if all(isinstance(x, str) for x in names):
                return tuple(x.strip() for x in names if isinstance(x, str) and x.strip())
        self.notes.append(f"`{name}` is not a list of names")
        return ()


def split_names(text: str) -> tuple[str, ...]:
    """The names in `A. Bee, C. Dee and E. Eff`, or in `Bee, A.; Dee, C.`."""
    text = " ".join(text.split())
    separator = ";" if ";" in text else ","
    parts: Iterable[str] = (p for part in text.split(separator) for p in part.split(" and "))
    return tuple(p for part in parts if (p := part.strip().removeprefix("and ").strip()))


def own_namespace(paper_id: str) -> tuple[str, str | None]:
    """An id as given, and the namespace in which it is unique: an arXiv id is known by its form."""
    if not paper_id:
        return "", None
    if known := arxiv_id(paper_id):
        return known, "arxiv"
    return paper_id, "own"


def first_arxiv_id(values: Iterable[object]) -> str | None:
    """The first of the values that is an arXiv id or its address."""
    for value in values:
        if isinstance(value, str) and (known := arxiv_id(value)):
            return known
    return None
