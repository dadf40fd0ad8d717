"""Entries on disk: what reading gathers, however much, until papers are made of it.

A private SQLite database holds them: it stays in memory while it is small, goes to a temporary file that no
other process can open when it grows, and is gone with the process however that ends. Beside the entries
stands a narrow table of keys, by which equal ids and titles are found without the texts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from paperkg.errors import SourceError
from paperkg.model import Listing, Organisation, Paper, PartialDate
from paperkg.sources.entry import ALONE, Entry
from paperkg.sources.ids import key_of, slug, title_key

_SETTINGS = """
PRAGMA page_size = 8192;
PRAGMA cache_size = -32768;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
PRAGMA secure_delete = OFF;
"""
_TABLES = """
CREATE TABLE entry (
    place INTEGER PRIMARY KEY, line INTEGER, updated INTEGER, namespace TEXT, has_id INTEGER, id TEXT,
    title TEXT, abstract TEXT, rest TEXT);
CREATE TABLE read (place INTEGER PRIMARY KEY, file INTEGER, named BLOB, titled BLOB, wanted BLOB);
CREATE TABLE rank (file INTEGER PRIMARY KEY, rank INTEGER);
CREATE TABLE key (
    number INTEGER PRIMARY KEY, place INTEGER, file INTEGER, named BLOB, titled BLOB, wanted BLOB, id TEXT);
CREATE TABLE ids (root INTEGER PRIMARY KEY, ids TEXT);
CREATE TABLE joined (root INTEGER, number INTEGER, PRIMARY KEY (root, number)) WITHOUT ROWID;
"""
_BATCH = 500

Key = Literal["named", "titled", "wanted"]
Ids = frozenset[tuple[str, str]]
"""Namespaces and ids."""


@contextmanager
def room() -> Iterator[None]:
    """Turns what goes wrong with the temporary file into a `SourceError`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        hint = "make room there, or let TMPDIR name another folder"
        raise SourceError(f"the temporary file cannot be written: {error}", hint=hint) from None


class Pile:
    """Entries in the order in which they came, and once `arrange` was called, in that of their files.

    Then each has a number, counted from 1, by which all else is asked.
    """

    def __init__(self) -> None:
        # Whoever reads the papers may do so from a thread of its own; SQLite itself takes care of that.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(_SETTINGS + _TABLES)
        self._db.execute("BEGIN")
        self._waiting: list[tuple[tuple[object, ...], tuple[object, ...]]] = []
        self.size = 0

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    # --- gathering

    def add(self, entry: Entry, file: int) -> None:
        """Put an entry on the pile, as one of the file with a number."""
        paper = entry.paper
        self.size += 1
        wanted = paper.id or slug(paper.title)
        # A title of signs alone folds to nothing and is compared as it stands.
        self._waiting.append(
            (
                (self.size, entry.line, entry.updated, entry.namespace, *_row(paper)),
                (
                    self.size,
                    file,
                    key_of(f"{entry.namespace}\n{paper.id}") if entry.namespace else None,
                    title_key(paper.title),
                    key_of(wanted),
                ),
            )
        )
        if len(self._waiting) == _BATCH:
            self._flush()

    def _flush(self) -> None:
        self._db.executemany("INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?)", (e for e, _ in self._waiting))
        self._db.executemany("INSERT INTO read VALUES (?,?,?,?,?)", (k for _, k in self._waiting))
        self._waiting = []

    def shrink(self, size: int) -> None:
        """Take away what was put there after it had that size."""
        self._flush()
        self._db.execute("DELETE FROM entry WHERE place > ?", (size,))
        self._db.execute("DELETE FROM read WHERE place > ?", (size,))
        self.size = size

    def arrange(self, files: Iterable[int]) -> None:
        """Number the entries in the order of these files, and in each as they came."""
        self._flush()
        self._db.executemany("INSERT INTO rank VALUES (?,?)", ((f, r) for r, f in enumerate(files)))
        self._db.execute(
            "INSERT INTO key (place, file, named, titled, wanted) SELECT place, file, named, titled, wanted "
            "FROM read JOIN rank USING (file) ORDER BY rank, place"
        )
        self._db.execute("DELETE FROM read")

    # --- asking

    def alike(self, key: Key) -> Iterator[tuple[int, int]]:
        """The numbers of entries that share a key: that of the first one with the key, and their own; sorted."""
        return self._db.execute(
            f"SELECT first, number FROM (SELECT number, min(number) OVER same AS first, count(*) OVER same AS many "  # noqa: S608
            f"FROM key WHERE {key} IS NOT NULL WINDOW same AS (PARTITION BY {key})) WHERE many > 1 ORDER BY first, number"
        )

    def text(self, number: int) -> tuple[str, str]:
        """Title and abstract of an entry."""
        found: tuple[str, str] = self._db.execute(
            "SELECT title, abstract FROM key JOIN entry USING (place) WHERE number = ?", (number,)
        ).fetchone()
        return found

    def ids(self, root: int) -> Ids:
        """The ids of a cluster that speak against others, by its first entry: those that `unite` noted, else the entry's own."""
        if noted := self._db.execute("SELECT ids FROM ids WHERE root = ?", (root,)).fetchone():
            return frozenset((namespace, paper_id) for namespace, paper_id in json.loads(noted[0]))
        namespace, paper_id = self._db.execute(
            "SELECT namespace, entry.id FROM key JOIN entry USING (place) WHERE number = ?", (root,)
        ).fetchone()
        speaks = namespace and not namespace.startswith(ALONE)
        return frozenset(((namespace, paper_id),)) if speaks else frozenset()

    def unite(self, root: int, ids: Ids) -> None:
        """Note the ids of a cluster of several entries."""
        self._db.execute("INSERT OR REPLACE INTO ids VALUES (?,?)", (root, json.dumps(sorted(ids))))

    # --- making papers of entries

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Note clusters: the numbers of the first entry and of each, that of the first one too."""
        self._db.executemany("INSERT INTO joined VALUES (?,?)", pairs)

    def clusters(self) -> Iterator[tuple[int, int, Entry]]:
        """The entries of all noted clusters with the number of the first one and that of their file."""
        rows = self._db.execute(
            "SELECT root, file, line, updated, namespace, has_id, entry.id, title, abstract, rest "
            "FROM joined CROSS JOIN key USING (number) CROSS JOIN entry USING (place) ORDER BY root, number"
        )
        for root, file, line, updated, namespace, *paper in rows:
            yield root, file, Entry(_paper(*paper), line, namespace, bool(updated))

    def put(self, number: int, paper: Paper) -> None:
        """Let a paper stand in the place of the first entry of its cluster."""
        self._db.execute(
            "UPDATE entry SET has_id = ?, id = ?, title = ?, abstract = ?, rest = ? "
            "WHERE place = (SELECT place FROM key WHERE number = ?)",
            (*_row(paper), number),
        )
        wanted = key_of(paper.id or slug(paper.title))
        self._db.execute("UPDATE key SET wanted = ? WHERE number = ?", (wanted, number))

    def keep_first(self) -> None:
        """Drop all entries of the noted clusters but the first ones."""
        self._db.execute("DELETE FROM key WHERE number IN (SELECT number FROM joined WHERE number != root)")

    # --- ids

    def index_wanted(self) -> None:
        """Make ready for `wanting`."""
        self._db.execute("CREATE INDEX wanted ON key (wanted)")

    def wanting(self, paper_id: str) -> list[tuple[bool, int]]:
        """Which papers want an id: whether only as a slug, and their number; sorted."""
        rows = self._db.execute(
            "SELECT NOT has_id, number FROM key JOIN entry USING (place) WHERE wanted = ? ORDER BY 1, 2",
            (key_of(paper_id),),
        )
        return [(bool(slugged), number) for slugged, number in rows]

    def is_slugged(self, number: int) -> bool:
        """Whether a paper has no id of its own."""
        found = self._db.execute(
            "SELECT NOT has_id FROM key JOIN entry USING (place) WHERE number = ?", (number,)
        )
        return bool(found.fetchone()[0])

    def wanted(self, number: int) -> str:
        """The id that a paper wants."""
        found = self._db.execute(
            "SELECT entry.id FROM key JOIN entry USING (place) WHERE number = ?", (number,)
        )
        return str(found.fetchone()[0])

    def rename(self, number: int, paper_id: str) -> None:
        """Give a paper another id than the one that it wants."""
        self._db.execute("UPDATE key SET id = ? WHERE number = ?", (paper_id, number))

    # --- the papers

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM key").fetchone()[0])

    def papers(self) -> Iterator[Paper]:
        """The papers in order."""
        rows = self._db.execute(
            "SELECT coalesce(key.id, entry.id), title, abstract, rest "
            "FROM key CROSS JOIN entry USING (place) ORDER BY number"
        )
        for row in rows:
            yield _paper(True, *row)


def _row(paper: Paper) -> tuple[object, ...]:
    """`has_id`, `id`, `title`, `abstract`, `rest`."""
    rest = (
        _parts(paper.date),
        paper.authors,
        paper.author_count,
        [(o.slug, o.name) for o in paper.organisations],
        [(x.page, x.position, _parts(x.page_date), x.comments) for x in paper.listings],
        paper.url,
        paper.sources,
    )
    return bool(paper.id), paper.id or slug(paper.title), paper.title, paper.abstract, json.dumps(rest)


def _parts(date: PartialDate | None) -> tuple[object, ...] | None:
    if date is None:
        return None
    return date.written, date.year, date.month, date.day, date.inferred_year, date.reason


def _date(parts: Sequence[object] | None) -> PartialDate | None:
    return PartialDate(*parts) if parts else None  # type: ignore[arg-type]


def _paper(has_id: bool, paper_id: str, title: str, abstract: str, rest: str) -> Paper:
    date, authors, author_count, organisations, listings, url, sources = json.loads(rest)
    return Paper(
        id=paper_id if has_id else "",
        title=title,
        abstract=abstract,
        date=_date(date),
        authors=tuple(authors),
        author_count=author_count,
        organisations=tuple(Organisation(*o) for o in organisations),
        listings=tuple(Listing(page, place, _date(day), comments) for page, place, day, comments in listings),
        url=url,
        sources=tuple(sources),
    )
