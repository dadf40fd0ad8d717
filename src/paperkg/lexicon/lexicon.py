"""Known names and terms of machine learning: their types, spellings, and when to believe them.

Two tables in this package: `names.tsv` (proper names) and `terms.tsv` (common nouns). docs/lexicon.md says
how they were compiled and what their columns mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, get_args

from paperkg.errors import SourceError
from paperkg.model import ENTITY_TYPES, EntityType
from paperkg.text.fold import fold

Guard = Literal["", "case", "context"]
"""When a spelling may be believed: in any case; in exact case; and with a fitting word nearby."""

GUARDS: tuple[Guard, ...] = get_args(Guard)
NAME_COLUMNS = ("name", "type", "family", "guard", "aliases")
LONGEST = 200
"""Most characters of a spelling in a user's lexicon."""
MOST_ALIASES = 1_000
"""Of one name in a user's lexicon; reading papers takes time for each of them."""
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
        own: whether it is a user's own, which is believed wherever its guard lets it.
    """

    name: str
    type: EntityType
    named: bool
    family: str | None = None
    guard: Guard = ""
    aliases: tuple[str, ...] = ()
    prior: float | None = None
    own: bool = False

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


def load_lexicon(own: Sequence[Entry] = ()) -> Lexicon:
    """The lexicon that the package ships, with a user's own entries before it.

    A spelling of an own entry means nothing else: shipped entries of that name are left out, and others lose
    the alias.
    """
    shipped = _shipped()
    if not own:
        return shipped
    taken = {fold(spelling) for entry in own for spelling in entry.spellings}
    kept = []
    for entry in shipped:
        if fold(entry.name) not in taken:
            aliases = tuple(alias for alias in entry.aliases if fold(alias) not in taken)
            kept.append(entry if aliases == entry.aliases else replace(entry, aliases=aliases))
    return Lexicon((*own, *kept))


@cache
def _shipped() -> Lexicon:
    return Lexicon((*_names(), *_terms()))


def parse_lexicon(content: bytes, file: str) -> tuple[Entry, ...]:
    """A user's own names: a table with the columns of `names.tsv` (docs/lexicon.md), tab-separated.

    Columns may be missing but for `name` and `type`, and stand in any order. Lines that begin with `#` and empty lines
    mean nothing.

    Args:
        content: bytes of the file; an empty one has no names.
        file: its name, for errors.

    Raises:
        SourceError: a line is no entry, or two have one spelling.
    """
    columns: list[str] = []
    entries: list[Entry] = []
    lines: dict[str, int] = {}
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            line = raw.decode("utf-8").rstrip("\r")
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip() for cell in line.split("\t")]
            if not columns:
                columns = _columns(cells)
                continue
            entry = _own(columns, cells)
            for key in {fold(spelling) for spelling in entry.spellings}:
                if key in lines:
                    raise ValueError(f"a spelling of {entry.name!r:.60} stands on line {lines[key]} already")
                lines[key] = number
        except UnicodeDecodeError:
            raise SourceError("not UTF-8", file=file, line=number, hint="save it as UTF-8") from None
        except ValueError as error:
            raise SourceError(str(error), file=file, line=number) from None
        entries.append(entry)
    return tuple(entries)


def _columns(cells: list[str]) -> list[str]:
    if not {"name", "type"} <= {*cells} <= {*NAME_COLUMNS} or len({*cells}) != len(cells):
        raise ValueError(f"a lexicon begins with its columns, tabs between them: {', '.join(NAME_COLUMNS)}")
    return cells


def _own(columns: list[str], cells: list[str]) -> Entry:
    if any(cells[len(columns) :]):
        raise ValueError(f"{len(cells)} cells, not {len(columns)}")
    cell = dict.fromkeys(NAME_COLUMNS, "") | dict(zip(columns, cells, strict=False))
    aliases = tuple(alias.strip() for alias in _split(cell["aliases"]) if alias.strip())
    if len(aliases) > MOST_ALIASES:
        raise ValueError(f"{len(aliases):,} aliases of one name, of which at most {MOST_ALIASES:,} are read")
    for spelling in (cell["name"], *aliases, *filter(None, [cell["family"]])):
        if not fold(spelling) or len(spelling) > LONGEST or not spelling.isprintable():
            raise ValueError(f"{spelling!r:.60} is no name (letters or digits, at most {LONGEST} characters)")
    return Entry(
        cell["name"],
        _type(cell["type"]),
        True,
        cell["family"] or None,
        _guard(cell["guard"]),
        aliases,
        own=True,
    )


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
        raise ValueError(f"{cell!r:.40} is no entity type (one of {', '.join(ENTITY_TYPES)})")
    return cell


def _guard(cell: str) -> Guard:
    if cell not in GUARDS:
        raise ValueError(f"{cell!r:.40} is no guard (case, context, or nothing)")
    return cell
