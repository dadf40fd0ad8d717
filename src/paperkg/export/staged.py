"""Replacing a set of files as one, whenever the process may end.

New files of the set NAME are written into `.NAME.staged/`, a folder beside their places, and when all of them are on
the disk a journal is written there: which of them take their places, and which files of the set go. From that moment
on the set is the new one. If the process ends before, the set is the old one and the next writer removes the folder;
if it ends after, the next one who opens the set moves what is left, and who may not write reads it where it is.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from paperkg.errors import GraphError
from paperkg.export.files import NewFile, errors_name, file_of, locked, sync_folder
from paperkg.export.manifest import FileState

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_JOURNAL = "journal"
_BUFFER = 1 << 20
_ENDING = re.compile(r"[a-z]+(\.[a-z]+)*")


@contextmanager
def reserved(stem: Path) -> Iterator[None]:
    """Hold the lock of the set of files at `stem` (a path without ending); its folder is made if missing.

    What a killed writer left is finished or removed first.

    Raises:
        GraphError: another process holds the lock.
        OSError: the folder cannot be written.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    with locked(stem):
        _finish(stem)
        yield


@contextmanager
def staged(stem: Path) -> Iterator[Stage]:
    """Change the set of files at `stem` as one; only within `reserved`.

    The files take their places when the block ends, in the order in which they were begun. If it raises an error,
    or a file cannot be written, nothing has changed.
    """
    folder = _folder(stem)
    with errors_name(stem):
        folder.mkdir()
    stage = Stage(stem, folder)
    try:
        yield stage
        stage.commit()
    finally:
        stage.close()


class Stage:
    """What is to become of a set of files."""

    def __init__(self, stem: Path, folder: Path) -> None:
        """For `staged`."""
        self._stem = stem
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._states: dict[str, FileState] = {}
        self._removed: set[str] = set()

    @property
    def states(self) -> Mapping[str, FileState]:
        """Size and hash of each new file that was closed, by its ending."""
        return MappingProxyType(self._states)

    def open(self, ending: str) -> BinaryIO:
        """Begin the new file with this ending; closing it puts its state into `states`."""

        def keep(state: FileState) -> None:
            self._states[ending] = state

        raw = _HashedFile(self._folder / ending, file_of(self._stem, ending), keep)
        self._files[ending] = file = io.BufferedWriter(raw, _BUFFER)
        self._removed.discard(ending)
        return file

    def write(self, ending: str, content: bytes) -> None:
        """Let the file with this ending hold these bytes."""
        with self.open(ending) as file:
            file.write(content)

    def remove(self, ending: str) -> None:
        """Let there be no file with this ending, unless it is begun afterwards."""
        self._removed.add(ending)

    def commit(self) -> None:
        """For `staged`: let the set be the new one."""
        for file in self._files.values():
            file.close()
        for ending in self._files:
            if (place := file_of(self._stem, ending)).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
        journal = _Journal(tuple(self._files), tuple(sorted(self._removed)))
        try:
            with errors_name(self._stem):
                _write_journal(self._folder, journal)
            _move(self._stem, journal)
        except OSError:
            if all((self._folder / ending).exists() for ending in self._files):  # it is the old set still
                (self._folder / _JOURNAL).unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """For `staged`: leave nothing behind, unless the journal still needs it."""
        for file in self._files.values():
            with suppress(OSError, ValueError):
                file.close()
        if not (self._folder / _JOURNAL).exists():
            shutil.rmtree(self._folder, ignore_errors=True)


class _HashedFile(NewFile):
    """A new file whose size and hash are known when it is closed."""

    def __init__(self, path: Path, place: Path, keep: Callable[[FileState], None]) -> None:
        super().__init__(path, place)
        self._keep = keep
        self._hash = hashlib.sha256()
        self._size = 0

    def write(self, data: ReadableBuffer, /) -> int:
        number = super().write(data)
        self._hash.update(memoryview(data)[:number])
        self._size += number
        return number

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._keep(FileState(self._size, self._hash.hexdigest()))


def settle(stem: Path) -> None:
    """Finish what a killed writer of the set had begun, where this process may; `open_file` reads the new set anyway."""
    if _read_journal(_folder(stem)) is not None:
        with suppress(GraphError, OSError), locked(stem):
            _finish(stem)


def open_file(stem: Path, ending: str) -> io.BufferedReader:
    """Open a file of the set to read it; where a writer was killed or is about to move it, the new one.

    Raises:
        FileNotFoundError: there is none.
    """
    folder, place = _folder(stem), file_of(stem, ending)
    journal = _read_journal(folder)
    if journal and ending in journal.removed:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(place))
    if journal and ending in journal.moved:
        with suppress(FileNotFoundError):  # it has been moved by now
            return (folder / ending).open("rb")
    return place.open("rb")


def read_file(stem: Path, ending: str) -> bytes:
    """The content of a file of the set, as `open_file`."""
    with open_file(stem, ending) as file:
        return file.read()


def file_size(stem: Path, ending: str) -> int | None:
    """Bytes of a file of the set, as `open_file`; None if there is none."""
    try:
        with open_file(stem, ending) as file:
            return os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return None


def file_state(stem: Path, ending: str) -> FileState | None:
    """Size and hash of a file of the set, as `open_file`; None if there is none."""
    try:
        with open_file(stem, ending) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return FileState(os.fstat(file.fileno()).st_size, digest)
    except FileNotFoundError:
        return None


def has_file(stem: Path, ending: str) -> bool:
    """Whether the set has a file with this ending, as `open_file`."""
    journal = _read_journal(_folder(stem))
    if journal and ending in (*journal.moved, *journal.removed):
        return ending in journal.moved
    return file_of(stem, ending).is_file()


class _Journal(NamedTuple):
    """Endings of the files that take their places, in order, and of those that go."""

    moved: tuple[str, ...]
    removed: tuple[str, ...]


def _folder(stem: Path) -> Path:
    return stem.with_name(f".{stem.name}.staged")


def _write_journal(folder: Path, journal: _Journal) -> None:
    """Let the new files be the set: all are on the disk before the journal is there, whole."""
    sync_folder(folder)
    sync_folder(folder.parent)
    new = folder / f"{_JOURNAL}.new"
    with new.open("x", encoding="utf-8") as out:
        json.dump(journal._asdict(), out)
        out.flush()
        os.fsync(out.fileno())
    new.rename(folder / _JOURNAL)
    sync_folder(folder)


def _read_journal(folder: Path) -> _Journal | None:
    """The journal of a folder of new files; None if there is none that can be read."""
    try:
        told = json.loads((folder / _JOURNAL).read_bytes())
        journal = _Journal(tuple(told["moved"]), tuple(told["removed"]))
        return journal if all(_ENDING.fullmatch(ending) for part in journal for ending in part) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _finish(stem: Path) -> None:
    """Under the lock: move what a journal still names, and remove the folder that a killed writer left."""
    folder = _folder(stem)
    if folder.is_dir() and not folder.is_symlink():
        if journal := _read_journal(folder):
            _move(stem, journal)
        with errors_name(stem):
            shutil.rmtree(folder)


def _move(stem: Path, journal: _Journal) -> None:
    folder = _folder(stem)
    for ending in journal.moved:
        place = file_of(stem, ending)
        with suppress(FileNotFoundError), errors_name(place):  # some may have been moved before
            (folder / ending).replace(place)
    for ending in journal.removed:
        with errors_name(place := file_of(stem, ending)):
            place.unlink(missing_ok=True)
    sync_folder(folder.parent)
    sync_folder(folder)
    (folder / _JOURNAL).unlink()
