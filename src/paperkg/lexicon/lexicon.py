"""Known names and terms of machine learning: their types, spellings, and when to believe them.

Two tables in this package: `names.tsv` (proper names) and `terms.tsv` (common nouns). docs/lexicon.md says
how they were compiled and what their columns mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal, get_args

from paperkg.model import ENTITY_TYPES, EntityType
from paperkg.text.fold import fold

Guard = Literal["", "case", "context"]
"""When a spelling may be believed: in any case; in exact case; and with a fitting word nearby."""

GUARDS: tuple[Guard, ...] = get_args(Guard)
NAME_COLUMNS = ("name", "type", "family", "guard", "aliases")
TERM_COLUMNS = ("name", "type", "aliases", "prior")


@dataclass(frozen=True, slots=True)
class Entry:
    """A known name or term.

    Attributes:
        name: canonical name.
        type: what it is.
        named: True for a proper name, False for a common-noun term.
        family: name of the widest family it belongs to (`Qwen` for Qwen2.5-VL), else None; never itself.
        guard: when the name may be believed; `guards` says it for each spelling.
        aliases: other spellings of the same thing, as written; plurals are implied.
        prior: of the papers that contain the term, the share in which it is annotated; None for a name.
    """

    name: str
    type: EntityType
    named: bool
    family: str | None = None
    guard: Guard = ""
    aliases: tuple[str, ...] = ()
    prior: float | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """The name and its aliases."""
        return (self.name, *self.aliases)

    def guards(self) -> Iterator[tuple[str, Guard]]:
        """Each spelling with its guard.

        The entry's guard holds for its name and for aliases of one word: a long form (`Program-aided Language
        Models` for PAL) speaks for itself. An abbreviation that is an alias is believed in exact case only.
        """
        yield self.name, self.guard
        for alias in self.aliases:
            guard: Guard = "" if " " in alias else self.guard
            yield alias, guard or ("case" if is_abbreviation(alias) else "")


def is_abbreviation(spelling: str) -> bool:
    """Whether a spelling is one word of at most six characters with two capitals: RL, LLM, VQA, QoS."""
    return " " not in spelling and len(spelling) <= 6 and sum(letter.isupper() for letter in spelling) > 1


class Lexicon:
    """The entries, and look-up by any spelling.

    Args:
        entries: in the order of the tables: names, then terms.
    """

    def __init__(self, entries: Iterable[Entry]):
        self.entries = tuple(entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def lookup(self, spelling: str) -> tuple[Entry, ...]:
        """The entries with this spelling, but for case, hyphens, spaces, plural; no guard is asked."""
        return self._by_key.get(fold(spelling), ())

    def members(self, family: str) -> tuple[Entry, ...]:
        """The entries of a family, given by its canonical name."""
        return self._by_family.get(family, ())

    @cached_property
    def _by_key(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, dict[Entry, None]] = {}
        for entry in self.entries:
            for spelling in entry.spellings:
                found.setdefault(fold(spelling), {})[entry] = None
        return {key: tuple(entries) for key, entries in found.items()}

    @cached_property
    def _by_family(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.family is not None:
                found.setdefault(entry.family, []).append(entry)
        return {family: tuple(entries) for family, entries in found.items()}


def load_lexicon() -> Lexicon:
    """The lexicon that the package ships."""
    return Lexicon((*_names(), *_terms()))


def _names() -> Iterator[Entry]:
    for name, type_, family, guard, aliases in _rows("names.tsv", NAME_COLUMNS):
        yield Entry(name, _type(type_), True, family or None, _guard(guard), _split(aliases))


def _terms() -> Iterator[Entry]:
    for name, type_, aliases, prior in _rows("terms.tsv", TERM_COLUMNS):
        yield Entry(name, _type(type_), False, aliases=_split(aliases), prior=float(prior))


def _rows(file: str, columns: tuple[str, ...]) -> Iterator[list[str]]:
    header, *lines = files(__package__).joinpath(file).read_text(encoding="utf-8").splitlines()
    if header.split("\t") != list(columns):
        raise ValueError(f"{file} must begin with the columns {', '.join(columns)}")
    for number, line in enumerate(lines, 2):
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise ValueError(f"{file}:{number} has {len(cells)} cells, not {len(columns)}")
        yield cells


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _type(cell: str) -> EntityType:
    if cell not in ENTITY_TYPES:
        raise ValueError(f"{cell!r} is no entity type")
    return cell


def _guard(cell: str) -> Guard:
    if cell not in GUARDS:
        raise ValueError(f"{cell!r} is no guard")
    return cell
