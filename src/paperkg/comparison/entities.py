"""The entities of two graphs, counted in a database: which came, which went, and which are others now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from paperkg.comparison.difference import ChangedEntity, NamedEntity
from paperkg.model import EntityType
from paperkg.resolution.consensus import elected, elected_type

if TYPE_CHECKING:
    from paperkg.export.paper_lines import PaperLines, Record, Side

_Pair = tuple[NamedEntity | None, NamedEntity | None]
_TABLE = """CREATE TABLE entity (iri BLOB, name BLOB, type TEXT, own INTEGER, old INTEGER, new INTEGER,
  PRIMARY KEY (iri, name, type, own)) WITHOUT ROWID"""
_COUNT = (
    "INSERT INTO entity VALUES (?, ?, ?, ?, 1, 0) ON CONFLICT DO UPDATE SET old = old + 1",
    "INSERT INTO entity VALUES (?, ?, ?, ?, 0, 1) ON CONFLICT DO UPDATE SET new = new + 1",
)
_COUNT_KNOWN = """INSERT INTO entity SELECT ?1, ?2, ?3, ?4, 1, 1 WHERE EXISTS (SELECT 1 FROM entity WHERE iri = ?1)
  ON CONFLICT DO UPDATE SET old = old + 1, new = new + 1"""
_ALL = "SELECT iri, name, type, own, old, new FROM entity ORDER BY iri"
_ONE = "SELECT iri, name, type, own, old, new FROM entity WHERE iri = ?"
_OLD, _NEW = 4, 5


class EntityTable:
    """What papers say of the name and the type of entities, in the old graph and in the new one."""

    def __init__(self, lines: PaperLines, replaced: Mapping[str, str]) -> None:
        """An empty table.

        Args:
            lines: the papers of the graphs; the table stands in their database.
            replaced: IRIs that gave way in the new graph, with those that took their place.
        """
        self._lines, self._replaced = lines, replaced
        self._gave_way: dict[str, list[str]] = {}
        for old, new in replaced.items():
            self._gave_way.setdefault(new, []).append(old)
        lines.database.execute(_TABLE)

    def count(self, side: Side, record: Record) -> None:
        """Take in what a paper of one graph says."""
        self._lines.add(_COUNT[side], _rows(record))

    def count_known(self, records: Iterable[Record]) -> None:
        """Take in what papers of both graphs say of entities that are in the table."""
        if next(self._pairs(_ALL), None):
            self._lines.add(_COUNT_KNOWN, (row for record in records for row in _rows(record)))

    def came(self) -> Iterator[NamedEntity]:
        """The entities that the old graph lacks, but for those that were renamed, in the order of IRIs."""
        for old, new in self._pairs(_ALL):
            if (
                new
                and not old
                and not any(_is_gone(self._pair(iri)) for iri in self._gave_way.get(new.iri, ()))
            ):
                yield new

    def went(self) -> Iterator[NamedEntity]:
        """The entities that the new graph lacks and that nothing replaces, in the order of IRIs."""
        for old, new in self._pairs(_ALL):
            if old and not new and not self._pair(self._replaced.get(old.iri))[1]:
                yield old

    def changed(self) -> Iterator[ChangedEntity]:
        """The entities that became others, in the order of IRIs."""
        for old, new in self._pairs(_ALL):
            if old and new:
                if old != new:
                    yield ChangedEntity("altered", old, new)
            elif old:
                was, now = self._pair(self._replaced.get(old.iri))
                if now:
                    yield ChangedEntity("merged" if was else "renamed", old, now)

    def _pair(self, iri: str | None) -> _Pair:
        """An entity as it is in each of the graphs, if the table has it."""
        return next(self._pairs(_ONE, (_bytes(iri),)), (None, None)) if iri else (None, None)

    def _pairs(self, sql: str, values: tuple[bytes, ...] = ()) -> Iterator[_Pair]:
        for iri, group in groupby(self._lines.database.execute(sql, values), key=lambda row: row[0]):
            rows = list(group)
            yield _elected(iri, rows, _OLD), _elected(iri, rows, _NEW)


def _is_gone(pair: _Pair) -> bool:
    return pair[0] is not None and pair[1] is None


def _elected(iri: bytes, rows: Sequence[tuple[Any, ...]], column: int) -> NamedEntity | None:
    """An entity with the name and the type that most papers give it, whose numbers stand in a column."""
    names, types, introduced = Counter[str](), Counter[EntityType](), Counter[EntityType]()
    for row in rows:
        if number := row[column]:
            _, name, type_, own, *_ = row
            names[_text(name)] += number
            types[type_] += number
            introduced[type_] += own * number
    return NamedEntity(_text(iri), elected(names), elected_type(types, introduced)) if names else None


def _rows(record: Record) -> list[tuple[bytes, bytes, str, bool]]:
    return [
        (_bytes(entity["iri"]), _bytes(entity["name"]), entity["type"], entity["relation"] == "introduces")
        for entity in record["entities"]
    ]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass")
