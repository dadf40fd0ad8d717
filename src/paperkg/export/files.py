"""Writing files so that a reader never sees half of one, and a second writer is refused at once."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from paperkg.errors import GraphError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


def file_of(stem: Path, ending: str) -> Path:
    """A file of the set at `stem`, a path without ending."""
    return stem.with_name(f"{stem.name}.{ending}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file, or of the set of files at `path` (without ending).

    The lock is a hidden file beside the set, there only while somebody writes; it goes with the process.

    Raises:
        GraphError: another process holds it.
    """
    import fcntl

    lock = path.with_name(f".{path.name}.lock")
    while True:
        with errors_name(path):
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if not isinstance(error, BlockingIOError):
                raise
            raise GraphError(
                "is being written by another process",
                file=str(path),
                hint="wait for it to end, or choose another name",
            ) from error
        if _is_at(handle, lock):
            break
        os.close(handle)  # the one who held it has just removed the file
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)


@contextmanager
def errors_name(path: Path) -> Iterator[None]:
    """Let errors name the file that the user knows, not a hidden one beside it, nor none."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _is_at(handle: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), path.stat())
    return False


class NewFile(io.FileIO):
    """A file under a hidden name beside its place; it reaches the disk when it is closed. Its errors name the place."""

    def __init__(self, path: Path, place: Path) -> None:
        with errors_name(place):
            super().__init__(path, "xb")
        self._place = place

    def write(self, data: ReadableBuffer, /) -> int:
        """As of any file."""
        with errors_name(self._place):
            return super().write(data)

    def close(self) -> None:
        """Let it reach the disk."""
        if not self.closed:
            try:
                with errors_name(self._place):
                    os.fsync(self.fileno())
            finally:
                super().close()


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that takes its place, whole, when the block ends without an error.

    A device or a pipe is written as it is.

    Raises:
        GraphError: another process is writing it.
        OSError: it cannot be written; what was there is as it was.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    with locked(path):
        temporary = path.with_name(f".{path.name}.new")
        temporary.unlink(missing_ok=True)  # of a writer that was killed
        try:
            with io.BufferedWriter(NewFile(temporary, path)) as out:
                yield out
            with errors_name(path):
                temporary.replace(path)
            sync_folder(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write one file, as `new_file`."""
    with new_file(path) as out:
        out.write(content)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
