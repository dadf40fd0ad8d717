"""What a large graph holds, in tables beside those of its ledger: so that a change costs what it touches."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from paperkg.building.rendering import Rendered
from paperkg.graph.tables import entity_of
from paperkg.model import (
    ENTITY_PREDICATES,
    ENTITY_TYPES,
    RELATIONS,
    Entity,
    InputFile,
    LeftOut,
    Paper,
    Provenance,
    Stats,
)
from paperkg.rdf import Counts
from paperkg.records import paper_to_line
from paperkg.resolution import Merge, with_families
from paperkg.resolution.rows import columns_of, said_of, to_bytes, to_text
from paperkg.sources.ids import key_of, title_key
from paperkg.sources.skips import by_kind

TABLES = """
create table if not exists line (
    paper integer primary key, id blob, file text, sha256 text, place int, size int, title blob, digest blob, numbers text
);
create index if not exists titled on line (title);
create index if not exists identified on line (id);
create table if not exists edge (
    iri text, paper int, name text, type text, named int, relation text, long_form text, family text, texts text,
    primary key (iri, paper)
) without rowid;
create index if not exists edges_of on edge (paper);
create table if not exists source (name blob, paper int, primary key (name, paper)) without rowid;
create index if not exists sources_of on source (paper);
create table if not exists way (iri text, key blob, rule text, paper int, primary key (iri, key, rule, paper))
    without rowid;
create index if not exists ways_of on way (paper);
create table if not exists entity (iri text primary key, type text, record text, variant_of text, family text)
    without rowid;
create table if not exists shared (quad blob primary key, papers int) without rowid;
create table if not exists said (name text primary key, value text) without rowid;
"""


class Place(NamedTuple):
    """Where a paper stands among the others: name and hash of the first file that has it, and its place there."""

    file: str
    sha256: str
    place: int


class Contents:
    """The tables of a large graph.

    Attributes:
        counts: of the quads that papers, entities and the run state.
        numbers: what statistics are made of.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        """In the database of a ledger, in a transaction."""
        self.database = database
        for statement in TABLES.split(";\n"):
            database.execute(statement)
        said = dict(database.execute("select name, value from said"))
        self.counts = Counts.from_json(json.loads(said["counts"])) if "counts" in said else Counts()
        self.numbers = Counter[str](json.loads(said.get("numbers", "{}")))
        self.build = said.get("build")
        """The hash of the manifest of the set that the tables are about."""

    def say(self, build: str) -> None:
        """Keep what was counted for a set."""
        said = {
            "counts": json.dumps(self.counts.to_json()),
            "numbers": json.dumps(self.numbers),
            "build": build,
        }
        self.database.executemany("insert or replace into said values (?, ?)", said.items())
        self.build = build

    # --- papers

    def put(self, number: int, paper: Paper, place: Place, written: Rendered) -> list[bytes]:
        """Add a paper.

        Returns:
            The shared quads that no other paper or entity states, as lines.
        """
        self.numbers.update(written.numbers)
        self.counts.update(written.counts)
        row = (
            number,
            to_bytes(paper.id),
            *place,
            len(written.line),
            title_key(paper.title),
            paper_digest(paper),
        )
        self.database.execute(
            "insert into line values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, json.dumps(written.numbers))
        )
        self.database.executemany(
            f"insert into edge values (?{', ?' * 8})",
            [(iri, number, *columns_of(said)) for iri, said in written.edges],
        )
        self.database.executemany(
            "insert or ignore into way values (?, ?, ?, ?)",
            [(iri, to_bytes(key), rule, number) for iri, key, rule in written.ways],
        )
        self.database.executemany(
            "insert into source values (?, ?)", [(to_bytes(name), number) for name in paper.sources]
        )
        return self.share(written.shared)

    def remove(self, number: int, written: Rendered) -> list[bytes]:
        """Take a paper away, given how it was written.

        Returns:
            The shared quads that nothing states any more.
        """
        (numbers,) = self.database.execute("select numbers from line where paper = ?", (number,)).fetchone()
        self.numbers.subtract(json.loads(numbers))
        self.counts.update(written.counts.negative())
        for table in ("line", "edge", "way", "source"):
            self.database.execute(f"delete from {table} where paper = ?", (number,))
        return self.unshare(written.shared)

    def share(self, lines: Iterable[bytes]) -> list[bytes]:
        """Let one more paper or entity state shared quads; those that none did before are given back."""
        new = []
        for line in lines:
            known = self.database.execute("update shared set papers = papers + 1 where quad = ?", (line,))
            if not known.rowcount:
                self.database.execute("insert into shared values (?, 1)", (line,))
                new.append(line)
        return new

    def unshare(self, lines: Iterable[bytes]) -> list[bytes]:
        """Let one less state them; those that none does any more are given back."""
        gone = []
        for line in lines:
            self.database.execute("update shared set papers = papers - 1 where quad = ?", (line,))
            if self.database.execute("delete from shared where quad = ? and papers = 0", (line,)).rowcount:
                gone.append(line)
        return gone

    def order(self) -> Iterator[tuple[int, int]]:
        """The numbers of the papers and the sizes of their lines, in the order of papers.jsonl."""
        return self.database.execute("select paper, size from line order by file, sha256, place")

    def place_of(self, number: int) -> Place:
        """Where a paper stands."""
        row = self.database.execute("select file, sha256, place from line where paper = ?", (number,))
        return Place(*row.fetchone())

    def left_out_of(self, number: int) -> LeftOut:
        """How much in a paper was not sure enough."""
        (numbers,) = self.database.execute("select numbers from line where paper = ?", (number,)).fetchone()
        return _left_out(json.loads(numbers))

    def number_of(self, paper_id: str) -> int | None:
        """The number of the paper with an id."""
        row = self.database.execute("select paper from line where id = ?", (to_bytes(paper_id),)).fetchone()
        return None if row is None else int(row[0])

    def titled(self, paper: Paper) -> list[int]:
        """The numbers of the papers that have the title of a paper."""
        return [
            n
            for (n,) in self.database.execute(
                "select paper from line where title = ?", (title_key(paper.title),)
            )
        ]

    def holds(self, number: int, paper: Paper) -> bool:
        """Whether just this is known of the paper with that number."""
        (digest,) = self.database.execute("select digest from line where paper = ?", (number,)).fetchone()
        return bool(digest == paper_digest(paper))

    # --- entities

    def entities(self, iris: Iterable[str] | None = None) -> Iterator[Entity]:
        """The entities as papers have them, before families are known: all, or those with some IRIs."""
        if iris is None:
            rows = self.database.execute("select * from edge order by iri, paper")
            yield from (self._entity(iri, list(same)) for iri, same in groupby(rows, key=lambda row: row[0]))
            return
        for iri in iris:
            same = self.database.execute("select * from edge where iri = ? order by paper", (iri,)).fetchall()
            if same:
                yield self._entity(iri, same)

    @staticmethod
    def _entity(iri: str, rows: Sequence[tuple[Any, ...]]) -> Entity:
        return entity_of(iri, [said_of(row[2:]) for row in rows])

    def keep(self, entities: Iterable[Entity]) -> None:
        """Note entities as papers have them."""
        self.database.executemany(
            "insert into entity (iri, type, record) values (?, ?, ?)"
            " on conflict (iri) do update set type = excluded.type, record = excluded.record",
            ((entity.iri, entity.type, _record(entity)) for entity in entities),
        )

    def drop(self, iris: Iterable[str]) -> None:
        """Forget entities."""
        self.database.executemany("delete from entity where iri = ?", ((iri,) for iri in iris))

    def is_named(self, iri: str) -> bool:
        """Whether a paper names an entity."""
        return (
            self.database.execute("select 1 from edge where iri = ? limit 1", (iri,)).fetchone() is not None
        )

    def known(self, iri: str) -> Entity | None:
        """An entity as it was noted, with what its name says beside the others."""
        row = self.database.execute(
            "select iri, type, record, variant_of, family from entity where iri = ?", (iri,)
        ).fetchone()
        return row and _noted(row)

    def all_known(self) -> Iterator[Entity]:
        """All of them, by IRI."""
        rows = self.database.execute("select iri, type, record, variant_of, family from entity order by iri")
        return map(_noted, rows)

    def name_families(self) -> list[Entity]:
        """Find what names say beside each other, and note it.

        Returns:
            The entities of which they say something else than before, as they were.
        """
        rows = self.database.execute("select iri, type, record, variant_of, family from entity").fetchall()
        bare = {row[0]: _bare(row) for row in rows}
        before = {row[0]: row for row in rows}
        changed = [
            (entity.variant_of, to_bytes(entity.family), iri)
            for iri, entity in with_families(bare).items()
            if (entity.variant_of, to_bytes(entity.family)) != before[iri][3:]
        ]
        self.database.executemany("update entity set variant_of = ?, family = ? where iri = ?", changed)
        return [_noted(before[iri]) for *_, iri in changed]

    def merges(self, iri: str) -> list[Merge]:
        """The decisions of resolution that lead to an entity, where there are several."""
        rows = self.database.execute(
            "select w.key, w.rule, l.id from way w join line l on l.paper = w.paper where w.iri = ? order by 1, 2",
            (iri,),
        )
        ways = [
            Merge(iri, to_text(key), rule, tuple(sorted(to_text(paper) for *_, paper in same)))
            for (key, rule), same in groupby(rows, key=lambda row: row[:2])
        ]
        return ways if len(ways) > 1 else []

    def first(self) -> tuple[list[str], list[tuple[Any, str]]]:
        """The first id of the papers, and of each type of entities the first IRI with it."""
        papers = [
            to_text(id_) for (id_,) in self.database.execute("select min(id) from line") if id_ is not None
        ]
        return papers, self.database.execute(
            "select type, min(iri) from entity group by 1 order by 1"
        ).fetchall()

    # --- statistics

    def stats(self, made: Provenance) -> Stats:
        """What the graph holds, in numbers."""
        types = dict(self.database.execute("select type, count(*) from entity group by 1"))
        (papers,) = self.database.execute("select count(*) from line").fetchone()
        return Stats(
            papers=papers,
            listings=made.listings,
            entities={type_: types.get(type_, 0) for type_ in ENTITY_TYPES},
            edges={relation: self.numbers[f"edges {relation}"] for relation in RELATIONS},
            entity_edges={name: self.numbers[f"entity_edges {name}"] for name in ENTITY_PREDICATES},
            mentions=self.numbers["mentions"],
            results=self.numbers["results"],
            links=self.numbers["links"],
            skipped=dict(sorted(by_kind(made.skipped).items())),
            resolved_by=dict(sorted(self._of("resolved_by").items())),
        )

    def listings(self) -> int:
        """The number of places at which listings have the papers."""
        return self.numbers["listings"]

    def used(self, files: Iterable[InputFile]) -> tuple[InputFile, ...]:
        """Those of some files that have a paper."""
        found = "select 1 from source where name = ? limit 1"
        return tuple(f for f in files if self.database.execute(found, (to_bytes(f.name),)).fetchone())

    def left_out(self) -> LeftOut:
        """How much was not sure enough."""
        return LeftOut(
            **{what: self.numbers[f"left_out {what}"] for what in ("entities", "relations", "results")}
        )

    def _of(self, name: str) -> dict[str, int]:
        return {
            what: number
            for known, number in self.numbers.items()
            for kind, _, what in [known.partition(" ")]
            if kind == name and number
        }


def _left_out(numbers: Mapping[str, int]) -> LeftOut:
    return LeftOut(
        **{what: numbers.get(f"left_out {what}", 0) for what in ("entities", "relations", "results")}
    )


def paper_digest(paper: Paper) -> bytes:
    """A hash of all that is known of a paper."""
    return key_of(paper_to_line(paper))


def _record(entity: Entity) -> str:
    return json.dumps((entity.name, entity.named, entity.long_form, entity.family, entity.spellings))


def _noted(row: tuple[Any, ...]) -> Entity:
    iri, type_, record, variant_of, family = row
    name, named, long_form, _, spellings = json.loads(record)
    return Entity(
        iri, name, type_, named, tuple(map(tuple, spellings)), long_form, to_text(family), variant_of
    )


def _bare(row: tuple[Any, ...]) -> Entity:
    """What `with_families` looks at."""
    name, named, _, family, _ = json.loads(row[2])
    return Entity(row[0], name, row[1], named, (), None, family)
