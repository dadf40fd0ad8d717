"""Published concepts that are known things: topics of the CSO, home pages, the papers that introduced them.

`ties.tsv` in this package holds them by the name and type of the lexicon; docs/lexicon.md says where they come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

Match = Literal["exact", "close", "home"]
"""The same concept elsewhere; something so near that it can stand for it; its own page."""

COLUMNS = ("name", "type", "iri", "match", "source")


@dataclass(frozen=True, slots=True)
class Tie:
    """What a thing of the lexicon is elsewhere."""

    iri: str
    match: Match


@cache
def load_ties() -> Mapping[tuple[str, str], tuple[Tie, ...]]:
    """The ties that the package ships, by name and type."""
    header, *lines = files(__package__).joinpath("ties.tsv").read_text(encoding="utf-8").splitlines()
    if header.split("\t") != list(COLUMNS):
        raise ValueError(f"ties.tsv must begin with the columns {', '.join(COLUMNS)}")
    found: dict[tuple[str, str], list[Tie]] = {}
    for number, line in enumerate(lines, 2):
        name, type_, iri, match, _ = line.split("\t")
        if match not in get_args(Match):
            raise ValueError(f"ties.tsv:{number}: {match!r} is no match")
        found.setdefault((name, type_), []).append(Tie(iri, cast(Match, match)))
    return {key: tuple(ties) for key, ties in found.items()}
