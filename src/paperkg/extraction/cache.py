"""What was found in papers, kept on disk, so that no paper is read twice by one extractor.

One SQLite file. An entry's key is a hash of what the extraction depends on: the paper's title and abstract, the
extractor's version and those of the libraries below it, the lexicon. Its value is JSON, compressed with the paper's
own text as the dictionary: most of an extraction is words of the paper. A file that is damaged or that paperkg did
not write is made anew; what is no extraction of the paper counts as missing.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from paperkg.check import check
from paperkg.extraction.identity import identity_of
from paperkg.lexicon import Lexicon
from paperkg.model import Extraction, Paper
from paperkg.records import extraction_from_json, extraction_to_json

_FORM = 1
"""Of an entry; it changes whenever an older one cannot be read as it should."""
_SCHEMA = "CREATE TABLE extractions (key BLOB PRIMARY KEY, found BLOB NOT NULL) STRICT"
_PARTS = ("entities", "entity_relations", "results", "links")
_TOGETHER = 256
"""Entries that reach the disk in one transaction: what a killed run loses at most."""
_MOST_BYTES = 16 << 20
"""Of an entry's JSON; a larger one is not kept."""
_DICTIONARY = 32 << 10
"""Bytes of a dictionary that zlib looks at."""
_WORDS = (
    '{"entities":[{"key":"Benchmark|Dataset|Metric|Task|Model|Method|","name":"","type":"","named":false,"relation":'
    '"compares_with","relation":"introduces","relation":"evaluates_on","relation":"evaluates_with","relation":'
    '"addresses","relation":"uses","relation":"mentions","confidence":0.9,"evidence":{"field":"title","start":0,"end":'
    '{"field":"abstract","start":10,"end":120,"text":""},"mentions":[{"field":"abstract","start":1,"end":'
    '"text":""}],"long_form":"","family":""},{"key":"","name":"","type":"Task","named":true,"relation":'
    '],"entity_relations":[{"subject":"","predicate":"variant_of","object":"based_on","part_of","outperforms"'
    '],"results":[{"value":"%","kind":"absolute","change","number":0.0,"unit":"","mention":{"field":"abstract","system"'
    '"on":"","metric":""}],"links":[{"url":"https://github.com/","normalized":"","kind":"code","mention":'
)
"""What stands in every entry's JSON, most of it at least."""


class ExtractionCache:
    """Extractions of one extractor with one lexicon, by the papers' texts.

    It is a cache: what goes wrong with its file costs time and raises nothing. One process uses it at a time; for a
    second one, and where the folder cannot be written, it is empty and keeps nothing.

    Args:
        path: the file; it and its folder are made if missing.
        extractor: name and version of the extractor.
        lexicon: the one that the extractor uses, that of the package if None.

    Attributes:
        identity: that of the extractor with the lexicon.
        found: how many papers were found in it.
        lost: how many entries were of no use, the whole file counted as one.
        trouble: why it keeps nothing from here on, else None.
    """

    def __init__(self, path: Path, extractor: str, lexicon: Lexicon | None = None) -> None:
        self.path = path
        self.extractor = extractor
        self.lexicon = lexicon
        self.identity = identity_of(extractor, lexicon)
        self.found = 0
        self.lost = 0
        self.trouble: str | None = None
        self._uncommitted = 0
        self._file: sqlite3.Connection | None = None
        with suppress(OSError):  # SQLite will say what is wrong
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._careful():
            self._file = self._opened()

    def __enter__(self) -> ExtractionCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Keep what was put so far; nothing is found any more."""
        with self._careful():
            self._commit()
        if self._file is not None:
            self._file.close()
            self._file = None

    def get(self, paper: Paper) -> Extraction | None:
        """What was found in the text of a paper, with this paper as its own; None if that is not known."""
        row: tuple[bytes] | None = None
        with self._careful():
            if self._file is not None:
                query = "SELECT found FROM extractions WHERE key = ?"
                row = self._file.execute(query, (self._key(paper),)).fetchone()
        if row is None:
            return None
        try:
            extraction = _unpacked(row[0], paper)
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.lost += 1
            return None
        self.found += 1
        return extraction

    def put(self, extraction: Extraction) -> None:
        """Keep what was found in a paper; it is not resolved yet."""
        entry = _packed(extraction)
        if entry is None:
            return
        with self._careful():
            if self._file is None:
                return
            if not self._uncommitted:
                self._file.execute("BEGIN")
            self._uncommitted += 1
            row = (self._key(extraction.paper), entry)
            self._file.execute("INSERT OR REPLACE INTO extractions VALUES (?, ?)", row)
            if self._uncommitted >= _TOGETHER:
                self._commit()

    def drop_unused(self, papers: Iterable[Paper]) -> int:
        """Remove all entries but those of this extractor and lexicon for some papers.

        Args:
            papers: those of the graph; they are read as a stream.

        Returns:
            How many were removed.
        """
        with self._careful():
            if self._file is None:
                return 0
            self._commit()
            self._file.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID, STRICT")
            self._file.execute("BEGIN")
            keys = ((self._key(paper),) for paper in papers)
            self._file.executemany("INSERT OR IGNORE INTO used VALUES (?)", keys)
            removed = self._file.execute(
                "DELETE FROM extractions WHERE key NOT IN (SELECT key FROM used)"
            ).rowcount
            self._file.execute("COMMIT")
            self._file.execute("DROP TABLE used")
            self._file.executescript("PRAGMA incremental_vacuum")  # `execute` stops after one page
            return removed
        return 0

    def _key(self, paper: Paper) -> bytes:
        title, abstract = (text.encode("utf-8", "surrogatepass") for text in (paper.title, paper.abstract))
        head = f"{_FORM} {self.identity} {len(title)}\n".encode()
        return hashlib.sha256(head + title + abstract).digest()

    def _commit(self) -> None:
        if self._file is not None and self._uncommitted:
            self._uncommitted = 0
            self._file.execute("COMMIT")

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """Go on without the file, or with a new one, if it cannot be used."""
        try:
            yield
        except sqlite3.Error as error:
            if self._file is not None:
                self._file.close()
            self._file, self._uncommitted = None, 0
            if _is_damage(error):
                self.lost += 1
                self._begin_anew()
            else:
                self.trouble = str(error)

    def _begin_anew(self) -> None:
        try:
            for ending in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            self._file = self._opened()
        except (sqlite3.Error, OSError) as error:
            self.trouble = str(error)

    def _opened(self) -> sqlite3.Connection:
        file = sqlite3.connect(self.path, timeout=1, isolation_level=None)
        try:
            file.execute("PRAGMA auto_vacuum = INCREMENTAL")
            file.execute("PRAGMA trusted_schema = OFF")
            file.execute("PRAGMA cell_size_check = ON")
            file.execute("PRAGMA locking_mode = EXCLUSIVE")
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute("BEGIN EXCLUSIVE")
            tables = file.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
            if not tables:
                file.execute(_SCHEMA)
            elif tables != [(_SCHEMA,)]:
                raise _ForeignFile("paperkg did not write it")
            file.execute("COMMIT")
        except BaseException:
            file.close()
            raise
        return file


class _ForeignFile(sqlite3.DatabaseError):
    """A SQLite file of somebody else."""


def _is_damage(error: Exception) -> bool:
    """Whether the file itself is bad, and not the disk full or the file in use."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, _ForeignFile) or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _dictionary(paper: Paper) -> bytes:
    return f"{_WORDS}{paper.title}\n{paper.abstract}".encode("utf-8", "surrogatepass")[-_DICTIONARY:]


def _packed(extraction: Extraction) -> bytes | None:
    record = extraction_to_json(extraction)
    parts = {name: record[name] for name in _PARTS}
    content = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(content) > _MOST_BYTES:
        return None
    packer = zlib.compressobj(zdict=_dictionary(extraction.paper))
    return packer.compress(content) + packer.flush()


def _unpacked(entry: bytes, paper: Paper) -> Extraction:
    """What an entry says of a paper.

    Raises:
        zlib.error, ValueError, KeyError, TypeError, AttributeError, RecursionError: it is no entry of that paper.
    """
    unpacker = zlib.decompressobj(zdict=_dictionary(paper))
    content = unpacker.decompress(entry, _MOST_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("an entry is cut, too long, or too large")
    parts = json.loads(content.decode("utf-8", "surrogatepass"))
    bare = {"id": "", "title": "", "abstract": ""}
    extraction = extraction_from_json(bare | {name: parts[name] for name in _PARTS})
    extraction = replace(extraction, paper=paper)
    if any(entity.iri is not None for entity in extraction.entities):
        raise ValueError("an entry is of a resolved extraction")
    check(extraction)
    return extraction
