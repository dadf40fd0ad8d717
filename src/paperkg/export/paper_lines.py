"""The lines of papers.jsonl of two sets, side by side in a database in temporary files: memory does not grow with them."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, NamedTuple

from paperkg.errors import GraphError
from paperkg.export.files import file_of
from paperkg.export.graph_set import PAPERS, find_set, manifest_of
from paperkg.export.manifest import FileState, Manifest
from paperkg.export.staged import open_file

Side = Literal[0, 1]
Record = dict[str, Any]
_PORTION = 1000
_AGAIN = "build the graph again"
_WRONG = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_HEAD = re.compile(rb'\{"id": ("(?:[^"\\]|\\.)*")')
_TABLE = """CREATE TABLE paper (side INTEGER, id BLOB, start INTEGER, length INTEGER, digest BLOB, PRIMARY KEY (side, id))
  WITHOUT ROWID"""
_ONLY = """SELECT start, length FROM paper AS this WHERE side = :side AND NOT EXISTS
  (SELECT 1 FROM paper AS other WHERE other.side = 1 - :side AND other.id = this.id) ORDER BY start"""
_BOTH = """SELECT old.start, old.length, new.start, new.length FROM paper AS new JOIN paper AS old
  ON old.side = 0 AND old.id = new.id AND (old.digest = new.digest) = :equal WHERE new.side = 1 ORDER BY new.start"""


class _Set(NamedTuple):
    file: BinaryIO
    name: str
    manifest: Manifest


class PaperLines:
    """The papers of two sets, the old (0) and the new one (1), as JSON objects of `paperkg.records`. For one thread.

    Each set is read once to begin with, and held against its manifest; then single lines are.
    """

    def __init__(
        self, old: str | Path, new: str | Path, progress: Callable[[str, int, int], None] | None = None
    ) -> None:
        """Read both sets.

        Args:
            old, new: their paths without ending, or any of their files.
            progress: called with `reading`, then with `comparing`, and the numbers of papers that are done and of all.

        Raises:
            GraphError: there is no such set, or its papers were changed, cut or removed.
        """
        self._open = ExitStack()
        self._progress, self._done, self._all = progress, Counter[str](), 0
        try:
            self.database = sqlite3.connect("", isolation_level=None)
            self._open.callback(self.database.close)
            self.database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLE}")
            self._all = sum(manifest_of(path).counts.papers for path in (old, new))
            self._sets = (self._read(0, old), self._read(1, new))
        except BaseException:
            self._open.close()
            raise

    def __enter__(self) -> PaperLines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def manifest(self, side: Side) -> Manifest:
        """The manifest of a set."""
        return self._sets[side].manifest

    def only_in(self, side: Side) -> Iterator[Record]:
        """The papers that the other set lacks, in the order of their set."""
        for start, length in self._rows(_ONLY, side=side):
            yield self._record(side, start, length)
            self._tell("comparing", 1)

    def changed(self) -> Iterator[tuple[Record, Record]]:
        """The papers of both sets that are not the same, old and new, in the order of the new set."""
        for old, old_length, new, new_length in self._rows(_BOTH, equal=False):
            yield self._record(0, old, old_length), self._record(1, new, new_length)
            self._tell("comparing", 2)

    def same(self) -> Iterator[Record]:
        """The papers that are the same in both sets."""
        for _, _, start, length in self._rows(_BOTH, equal=True):
            yield self._record(1, start, length)
            self._tell("comparing", 2)

    @contextmanager
    def reading(self, side: Side) -> Iterator[None]:
        """Let what is wrong with the parts of a record be an error that names its file."""
        try:
            yield
        except _WRONG as error:
            name = self._sets[side].name
            raise GraphError("has a line that is no extraction of a paper", file=name, hint=_AGAIN) from error

    def _read(self, side: Side, path: str | Path) -> _Set:
        """List the papers of a set; again, if it was replaced meanwhile."""
        manifest = manifest_of(path)
        while True:
            try:
                return self._listed(side, find_set(path), manifest)
            except GraphError:
                now = manifest_of(path)
                if now == manifest:
                    raise
                manifest = now
                self.database.execute("DELETE FROM paper WHERE side = ?", (side,))

    def _listed(self, side: Side, stem: Path, manifest: Manifest) -> _Set:
        name = str(file_of(stem, PAPERS))
        try:
            file = self._open.enter_context(open_file(stem, PAPERS))
        except FileNotFoundError as error:
            raise GraphError("is missing", file=name, hint=_AGAIN) from error
        whole, size = hashlib.sha256(), 0

        def rows() -> Iterator[tuple[int, bytes, int, int, bytes]]:
            nonlocal size
            for line in file:
                whole.update(line)
                digest = hashlib.blake2b(line, digest_size=16).digest()
                yield side, _id(line).encode("utf-8", "surrogatepass"), size, len(line), digest
                size += len(line)
                self._tell("reading", 1)

        try:
            self.add("INSERT INTO paper VALUES (?, ?, ?, ?, ?)", rows())
        except (*_WRONG, sqlite3.IntegrityError) as error:
            raise GraphError("is not as it was written", file=name, hint=_AGAIN) from error
        if manifest.files.get(PAPERS) != FileState(size, whole.hexdigest()):
            raise GraphError("is not as it was written", file=name, hint=_AGAIN)
        return _Set(file, name, manifest)

    def add(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Run a statement on each of many rows."""
        rest = iter(rows)
        while portion := list(islice(rest, _PORTION)):
            self.database.execute("BEGIN")
            self.database.executemany(sql, portion)
            self.database.execute("COMMIT")

    def _tell(self, stage: str, papers: int) -> None:
        self._done[stage] += papers
        if self._progress:
            self._progress(stage, self._done[stage], self._all)

    def _rows(self, sql: str, **values: object) -> Iterator[tuple[int, ...]]:
        yield from self.database.execute(sql, values)

    def _record(self, side: Side, start: int, length: int) -> Record:
        file = self._sets[side].file
        file.seek(start)
        with self.reading(side):
            record: Record = json.loads(file.read(length))
        return record


def _id(line: bytes) -> str:
    """The id of a paper, which stands first in its line."""
    head = _HEAD.match(line)
    found = json.loads(head[1]) if head else json.loads(line)["id"]
    if not isinstance(found, str):
        raise TypeError(found)
    return found
