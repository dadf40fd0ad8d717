"""The queries that ship with paperkg: a file each, with title and explanation in its first comments."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from paperkg.errors import QueryError


@dataclass(frozen=True, slots=True)
class Example:
    """A shipped query.

    Attributes:
        name: as `paperkg query --example NAME` takes it.
        number: its place in the list of examples, from 1.
        title: one line.
        explanation: a sentence or two: what the answer shows, what to change in the query.
        query: SPARQL, with its comments.
    """

    name: str
    number: int
    title: str
    explanation: str
    query: str


@cache
def examples() -> tuple[Example, ...]:
    """All shipped queries, in the order of their numbers."""
    folder = files("paperkg.query") / "examples"
    found = [
        _parse(f.name.removesuffix(".rq"), f.read_text("utf-8"))
        for f in folder.iterdir()
        if f.name.endswith(".rq")
    ]
    return tuple(sorted(found, key=lambda example: example.number))


def example(name: str) -> Example:
    """The shipped query of that name.

    Raises:
        QueryError: there is none.
    """
    known = {one.name: one for one in examples()}
    if name not in known:
        close = get_close_matches(name, known, n=3, cutoff=0.5) or list(known)
        raise QueryError(f"no example query {name!r}", hint=f"did you mean {', '.join(close)}?")
    return known[name]


def _parse(name: str, text: str) -> Example:
    header: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        header.append(line.lstrip("#").strip())
    number, _, title = header[0].partition(". ")
    return Example(name, int(number), title, " ".join(header[1:]).strip(), text)
