"""The tables of the ledger, and how their rows hold what resolution knows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any, cast

import numpy as np

from paperkg.resolution.apply import Member
from paperkg.resolution.occurrences import Occurrence
from paperkg.resolution.profiles import Profile, ProfileKey, Tally
from paperkg.resolution.readings import Definition, Reading, plain_reading
from paperkg.resolution.rebuild import Resolved
from paperkg.resolution.topics import Vector
from paperkg.resolution.words import kind
from paperkg.text.fold import fold

TABLES = """
create table if not exists paper (number integer primary key, id text not null, topic blob);
create table if not exists occurrence (
    paper int, place int, name text, type text, named int, relation text, long_form text, family text, texts text,
    doubt text, short text, read_name text, read_long text, profile int, primary key (paper, place)
) without rowid;
create index if not exists doubtful on occurrence (doubt) where doubt is not null;
create index if not exists alike on occurrence (profile);
create table if not exists definition (
    short text, paper int, place int, primary key (short, paper, place)
) without rowid;
create table if not exists profile (
    number integer primary key, key text unique, known text, root int, size int, plain text, iri text, name text,
    family text, rule text
);
create table if not exists decided (
    paper int, place int, iri text, name text, family text, rule text, type text, relation text, certain int,
    primary key (paper, place)
) without rowid;
create temp table touched (profile integer primary key);
"""
OF = "o.name, o.type, o.named, o.relation, o.long_form, o.family, o.texts"
"""The columns of an occurrence."""


_MEMBERS = (
    f"select o.paper, o.place, p.id, o.read_name, o.read_long, {OF}, f.key from occurrence o"
    " join paper p on p.number = o.paper join profile f on f.number = o.profile"
)


def to_bytes(text: str | None) -> bytes | None:
    """A text as it is kept: SQLite refuses a lone surrogate in one of its own. Both sort by code points."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def to_text(kept: bytes | None) -> Any:
    """The inverse of `to_bytes`."""
    return None if kept is None else kept.decode("utf-8", "surrogatepass")


def columns_of(said: Occurrence) -> tuple[object, ...]:
    """An occurrence as the columns `OF`."""
    known = (
        to_bytes(said.name),
        said.type,
        said.named,
        said.relation,
        to_bytes(said.long_form),
        to_bytes(said.family),
    )
    return (*known, json.dumps(said.texts))


def said_of(row: Sequence[Any]) -> Occurrence:
    """The inverse of `columns_of`."""
    name, type_, named, relation, long_form, family, texts = row
    return Occurrence(
        to_text(name),
        type_,
        bool(named),
        relation,
        to_text(long_form),
        to_text(family),
        tuple(json.loads(texts)),
    )


def names_of(reading: Reading) -> tuple[bytes | None, bytes | None]:
    """What is kept of a reading: its name and its long form; the rest is in the key of the profile."""
    return to_bytes(reading.name), to_bytes(reading.long)


def vector_of(topic: bytes) -> Vector:
    """What a paper is about."""
    return np.frombuffer(topic, dtype=np.float32)


def key_text(key: ProfileKey) -> str:
    """The key of a profile as it is kept."""
    return json.dumps(astuple(key))


def key_of(text: str) -> ProfileKey:
    """The inverse of `key_text`."""
    label, long, shorts, *rest = json.loads(text)
    return ProfileKey(label, long, tuple(shorts), *rest)


def known_of(profile: Profile) -> str:
    """A profile, but for its key."""
    tally = profile.tally
    counted = (tally.names, tally.long, tally.papers, tally.introducing, tally.families, tally.first)
    return json.dumps(
        (*counted, tally.first_introducing, profile.words, profile.ident, profile.canonical, profile.settled)
    )


def stored_profile(key: str, known: str) -> Profile:
    """The inverse of `key_text` and `known_of`."""
    names, long, papers, introducing, families, first, first_own, words, *rest = json.loads(known)
    counts = (tuple(map(tuple, texts)) for texts in (names, families))
    tally = Tally(next(counts), long, papers, introducing, next(counts), first, first_own)
    return Profile(key_of(key), tally, tuple(words), *rest)


def _member(row: Sequence[Any], key: ProfileKey) -> Member:
    paper, place, id_, name, long = row[:5]
    return Member((paper, place), to_text(id_), said_of(row[5:12]), to_text(name), to_text(long), key)


def decided_row(found: Resolved) -> tuple[object, ...]:
    """What decisions made of an entity of a paper, as the columns after its place."""
    names = (to_bytes(found.name), to_bytes(found.family))
    return (found.iri, *names, found.rule, found.type, found.relation, int(found.certain))


def stored_definitions(database: sqlite3.Connection, label: str) -> Iterator[Definition]:
    """All papers' long forms of a folded spelling."""
    for paper, topic, *row in database.execute(
        f"select p.id, p.topic, {OF} from definition d join paper p on p.number = d.paper"
        " join occurrence o on o.paper = d.paper and o.place = d.place where d.short = ?",
        (to_bytes(label),),
    ):
        said = said_of(row)
        yield Definition(to_text(paper), vector_of(topic), plain_reading(said).long or "", kind(said.type))


def insert(database: sqlite3.Connection, statement: str, row: Sequence[object]) -> int:
    """Insert a row and give its number."""
    return cast(int, database.execute(statement, row).lastrowid)


class StoredMembers:
    """The entities of papers that profiles consist of."""

    def __init__(self, database: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
        """Of a ledger: its database, and the numbers of profiles by their keys."""
        self._database, self._numbers = database, numbers

    def members(self, profiles: Iterable[ProfileKey]) -> list[Member]:
        """The entities of some profiles, in the order of their places."""
        found = []
        for key in profiles:
            number = (self._numbers[key_text(key)],)
            found += [
                _member(row, key) for row in self._database.execute(f"{_MEMBERS} where o.profile = ?", number)
            ]
        return sorted(found, key=lambda member: member.place)

    def spelled(self, key: str) -> list[Member]:
        """The entities that their papers call so: by a folded name, long form or mention."""
        found = []
        for row in self._database.execute(f"{_MEMBERS} order by o.paper, o.place"):
            said = said_of(row[5:12])
            if key in {fold(text) for text in (said.name, said.long_form or "", *said.texts)}:
                found.append(_member(row, key_of(row[12])))
        return found
