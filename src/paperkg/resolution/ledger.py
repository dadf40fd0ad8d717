"""What resolution knows of all papers, in tables that may be larger than memory, and that papers come to and go from.

A change costs what it touches: the spellings that the papers leave unexplained or explain, the profiles of their
entities, and one pass over all profiles, of which there are few beside the papers. What comes out depends on the
papers alone, and not on the way by which they came.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from paperkg.lexicon import Lexicon
from paperkg.model import Decision, Extraction
from paperkg.resolution.apply import Decided
from paperkg.resolution.changes import Change, Verdict
from paperkg.resolution.clusters import Cluster, Votes, cluster_of, told_apart
from paperkg.resolution.meanings import load_meanings
from paperkg.resolution.moves import moved
from paperkg.resolution.occurrences import Occurrence, Place
from paperkg.resolution.profiles import Profile, ProfileKey, Tally, profile_key, profile_of, shorts_of
from paperkg.resolution.readings import Doubt, doubtful, plain_reading, read_doubts
from paperkg.resolution.rebuild import Resolved
from paperkg.resolution.rows import (
    OF,
    TABLES,
    StoredMembers,
    columns_of,
    decided_row,
    insert,
    key_of,
    key_text,
    known_of,
    names_of,
    said_of,
    stored_definitions,
    stored_profile,
    to_bytes,
    to_text,
    vector_of,
)
from paperkg.resolution.rules import join_all
from paperkg.resolution.topics import Topics, load_topics
from paperkg.text.fold import fold


class Ledger:
    """The entities of papers, and what each is in the graph. A context manager; what was not saved is lost."""

    def __init__(self, lexicon: Lexicon, base: str, file: Path | None = None) -> None:
        """Open the ledger in a file, or begin one that needs none.

        Args:
            lexicon: known names and terms, the same at every opening of a file.
            base: IRI under which entities stand, likewise.
            file: is made if missing; other tables in it are left alone.

        Raises:
            sqlite3.DatabaseError: the file is no database.
        """
        self.database = sqlite3.connect(file or "", isolation_level=None)
        self._lexicon, self._base = lexicon, base
        self._topics: Topics = load_topics()
        self.database.executescript("pragma cache_size = -65536; pragma temp_store = memory;" + TABLES)
        self.database.execute("begin")
        self._numbers: dict[str, int] = dict(self.database.execute("select key, number from profile"))
        self._labels: set[str] = set()
        self._gone: list[tuple[Place, str, int]] = []
        self._new: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def save(self) -> None:
        """Keep what changed since the last time."""
        self.database.execute("commit")
        self.database.execute("begin")

    # --- papers come and go

    def put(self, extraction: Extraction) -> int:
        """Add a paper.

        Args:
            extraction: as its text gave it.

        Returns:
            The number by which the ledger knows it.
        """
        found = [Occurrence.of(entity) for entity in extraction.entities]
        rows, numbers, definitions = list[tuple[object, ...]](), list[int | None](), list[tuple[str, int]]()
        for place, said in enumerate(found):
            plain = plain_reading(said)
            short = doubtful(said, plain)
            shorts = shorts_of(said, plain.name, plain.long)
            definitions += [(label, place) for label in shorts]
            number = None if short else self._profile(profile_key(said, plain))
            rows.append(
                (
                    place,
                    *columns_of(said),
                    to_bytes(fold(short) if short else None),
                    to_bytes(short),
                    *names_of(plain),
                    number,
                )
            )
            numbers.append(number)
            self._labels |= shorts | ({fold(short)} if short else set())
        asked = definitions or None in numbers
        topic = self._topics.vector(extraction.paper).tobytes() if asked else None
        paper = insert(
            self.database,
            "insert into paper (id, topic) values (?, ?)",
            (to_bytes(extraction.paper.id), topic),
        )
        self.database.executemany(
            f"insert into occurrence values (?{', ?' * 13})", [(paper, *row) for row in rows]
        )
        self.database.executemany(
            "insert into definition values (?, ?, ?)",
            [(to_bytes(label), paper, place) for label, place in definitions],
        )
        self._touch(numbers)
        self._new.add(paper)
        return paper

    def remove(self, numbers: Iterable[int]) -> None:
        """Remove papers."""
        for number in numbers:
            rows = self.database.execute("select doubt, profile from occurrence where paper = ?", (number,))
            for label, profile in rows:
                self._labels |= {to_text(label)} if label else set()
                self._touch((profile,))
            shorts = self.database.execute("select short from definition where paper = ?", (number,))
            self._labels |= {to_text(short) for (short,) in shorts}
            for table in ("occurrence", "definition", "decided"):
                self.database.execute(f"delete from {table} where paper = ?", (number,))
            self.database.execute("delete from paper where number = ?", (number,))
            self._new.discard(number)

    # --- what they are

    def resolve(self) -> Change:
        """Find out what is one thing now."""
        for label in sorted(self._labels):
            self._read(label)
        self._labels.clear()
        self._count()
        found, changed = self._assign()
        papers = self._new | self._papers_of(changed) | {place[0] for place, *_ in self._gone}
        moved_ = self._moved(changed, {cluster.iri for cluster in found})
        self._new.clear()
        self._gone.clear()
        return Change(frozenset(papers), moved_, tuple(found))

    def resolved(self, number: int) -> list[Resolved | None]:
        """What each entity of a paper is; None of one that a person rejected."""
        found = [
            Resolved(iri, to_text(name), to_text(family), rule)
            for iri, name, family, rule in self.database.execute(
                "select p.iri, p.name, p.family, p.rule from occurrence o join profile p on p.number = o.profile"
                " where o.paper = ? order by o.place",
                (number,),
            )
        ]
        out: list[Resolved | None] = list(found)
        for place, iri, name, family, rule, type_, relation, certain in self.database.execute(
            "select place, iri, name, family, rule, type, relation, certain from decided where paper = ?",
            (number,),
        ):
            now = (
                Resolved(iri, to_text(name), to_text(family), rule, type_, relation, bool(certain))
                if iri
                else None
            )
            out[place] = now
        return out

    # --- how spellings are read

    def _read(self, label: str) -> None:
        """Read all that papers do not explain by a spelling."""
        rows = self.database.execute(
            f"select o.paper, o.place, o.short, o.read_name, o.read_long, o.profile, p.id, p.topic, {OF}"
            " from occurrence o join paper p on p.number = o.paper where o.doubt = ? order by p.id, o.paper, o.place",
            (to_bytes(label),),
        ).fetchall()
        if not rows:
            return
        said = [said_of(row[8:]) for row in rows]
        readings = read_doubts(
            label,
            [
                Doubt(to_text(paper), vector_of(topic), to_text(short), one, plain_reading(one))
                for (_, _, short, _, _, _, paper, topic, *_), one in zip(rows, said, strict=True)
            ],
            list(stored_definitions(self.database, label)),
            load_meanings().get(label, ()),
            self._lexicon,
        )
        changed = []
        for row, one, reading in zip(rows, said, readings, strict=True):
            place, known = (row[0], row[1]), row[3:6]
            number = self._profile(profile_key(one, reading))
            if known != (*names_of(reading), number):
                changed.append((*names_of(reading), number, *place))
                self._leave(place, known[2], number, len(one.texts))
        self.database.executemany(
            "update occurrence set read_name = ?, read_long = ?, profile = ? where paper = ? and place = ?",
            changed,
        )

    def _leave(self, place: Place, old: int | None, new: int, mentions: int) -> None:
        """Note that an entity of a paper goes from one profile to another, or is counted otherwise in its own."""
        self._touch((old, new))
        if old is not None and old != new and place[0] not in self._new:
            (iri,) = self.database.execute("select iri from profile where number = ?", (old,)).fetchone()
            self._gone.append((place, iri, mentions))

    # --- profiles

    def _profile(self, key: ProfileKey) -> int:
        """The number of a profile, which begins to exist by being asked for."""
        text = key_text(key)
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = insert(
                self.database, "insert into profile (key) values (?)", (text,)
            )
        return number

    def _touch(self, profiles: Iterable[int | None]) -> None:
        self.database.executemany(
            "insert or ignore into touched values (?)",
            [(number,) for number in profiles if number is not None],
        )

    def _count(self) -> None:
        """Count anew what belongs to the profiles that something came to or went from."""
        counted: dict[int, tuple[list[tuple[str, int]], list[tuple[str, int]]]] = defaultdict(
            lambda: ([], [])
        )
        for place, column in enumerate(("read_name", "family")):
            for number, text, times in self.database.execute(
                f"select t.profile, o.{column}, count(*) from touched t cross join occurrence o"
                f" on o.profile = t.profile where o.{column} is not null group by 1, 2 order by 1, 2"
            ):
                counted[number][place].append((to_text(text), times))
        rows = self.database.execute(
            "select t.profile, min(coalesce(o.read_long, o.read_name)), count(*), sum(o.relation = 'introduces'),"
            " min(p.id), min(case when o.relation = 'introduces' then p.id end)"
            " from touched t cross join occurrence o on o.profile = t.profile join paper p on p.number = o.paper"
            " group by 1"
        ).fetchall()
        updates = []
        for number, long, papers, own, *firsts in rows:
            names, families = (tuple(texts) for texts in counted[number])
            first, first_own = (to_text(id_ or b"") for id_ in firsts)
            tally = Tally(names, to_text(long), papers, own, families, first, first_own)
            (key,) = self.database.execute("select key from profile where number = ?", (number,)).fetchone()
            updates.append((known_of(profile_of(key_of(key), tally, self._lexicon)), number))
        self.database.executemany("update profile set known = ?, size = null where number = ?", updates)
        left = {row[0] for row in rows}
        empty = [row for row in self.database.execute("select profile from touched") if row[0] not in left]
        for number in empty:
            (key,) = self.database.execute("select key from profile where number = ?", number).fetchone()
            del self._numbers[key]
        self.database.executemany("delete from profile where number = ?", empty)
        self.database.execute("delete from touched")

    # --- entities of the graph

    def _assign(self) -> tuple[list[Cluster], dict[int, tuple[str | None, str]]]:
        """Let each profile be an entity of the graph.

        Returns:
            The entities, and the profiles that are another one than before, or that belong to it by another rule, or one that has
            another name or family now: each with its IRI before, if any, and now.
        """
        rows = self.database.execute(
            "select key, known, number, root, size, plain, iri, name, family, rule from profile order by key"
        ).fetchall()
        profiles = [stored_profile(key, known) for key, known, *_ in rows]
        groups = list(join_all(profiles))
        made = [self._cluster(group, rows, profiles) for group in groups]
        found = told_apart(made)
        changed, updates = {}, []
        for group, plain, cluster in zip(groups, made, found, strict=True):
            root = min(rows[place][2] for place in group)
            for place, rule in zip(group, cluster.rules, strict=True):
                number, *before = rows[place][2:]
                names = (cluster.iri, to_bytes(cluster.name), to_bytes(cluster.family), rule)
                if [root, len(group), plain.iri, *names] != before:
                    updates.append((root, len(group), plain.iri, *names, number))
                    if (*names,) != (*before[3:],):
                        changed[number] = before[3], cluster.iri
        self.database.executemany(
            "update profile set root = ?, size = ?, plain = ?, iri = ?, name = ?, family = ?, rule = ?"
            " where number = ?",
            updates,
        )
        return found, changed

    def _cluster(
        self, group: Sequence[int], rows: Sequence[tuple[Any, ...]], profiles: Sequence[Profile]
    ) -> Cluster:
        """The entity that some profiles are; as it was if nothing came to them or went from them."""
        members = tuple(profiles[place] for place in group)
        _, _, _, root, _, plain, _, name, family, _ = rows[group[0]]
        if all(rows[place][3:5] == (root, len(group)) for place in group):
            return Cluster(
                plain, to_text(name), to_text(family), members, tuple(rows[place][9] for place in group)
            )
        return cluster_of(members, Votes.of_profiles(members), base=self._base, lexicon=self._lexicon)

    def _papers_of(self, changed: Mapping[int, tuple[str | None, str]]) -> set[int]:
        """The papers with entities of profiles that were there before and changed."""
        self._touch(number for number, (old, _) in changed.items() if old is not None)
        rows = self.database.execute(
            "select distinct o.paper from touched t cross join occurrence o on o.profile = t.profile"
        )
        papers = {paper for (paper,) in rows}
        self.database.execute("delete from touched")
        return papers

    def _moved(
        self, changed: Mapping[int, tuple[str | None, str]], live: Collection[str]
    ) -> tuple[Decision, ...]:
        went = []
        for (paper, place), old, mentions in self._gone:
            now = self.database.execute(
                "select p.iri from occurrence o join profile p on p.number = o.profile"
                " where o.paper = ? and o.place = ?",
                (paper, place),
            ).fetchone()
            went += [(old, iri, mentions) for iri in now or ()]
        came = {place for place, *_ in self._gone}
        for number, (old_, new) in changed.items():
            if old_ is not None and old_ not in live:
                rows = self.database.execute(
                    "select paper, place, json_array_length(texts) from occurrence where profile = ?",
                    (number,),
                )
                went += [
                    (old_, new, n)
                    for paper, place, n in rows
                    if (paper, place) not in came and paper not in self._new
                ]
        return moved(went, live)

    # --- decisions

    def decide(self, entities: Iterable[Cluster], decisions: Sequence[Decision]) -> Verdict:
        """Apply what people decided, in its order, in place of what was decided before.

        Args:
            entities: those that `resolve` gave last.
            decisions: all that hold.
        """
        papers = StoredMembers(self.database, self._numbers)
        decided = Decided(entities, papers, self._base, self._lexicon)
        outcomes = decided.apply(decisions)
        now: set[tuple[object, ...]] = {
            (*place, *((None,) * 7 if found is None else decided_row(found)))
            for place, found in decided.changes().items()
        }
        before = set(self.database.execute("select * from decided"))
        self.database.executemany(
            "delete from decided where paper = ? and place = ?",
            [row[:2] for row in sorted(before - now, key=repr)],
        )
        self.database.executemany(
            f"insert into decided values (?{', ?' * 8})", sorted(now - before, key=repr)
        )
        touched = frozenset(cast(int, row[0]) for row in before ^ now)
        return Verdict(touched, outcomes, decided.pointers())
