"""Writing files so that a reader never sees half of one, and a second writer is refused at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from paperkg.errors import GraphError

_TOKEN_BYTES = 6
_TEMPORARY = ".tmp"


def file_of(stem: Path, ending: str) -> Path:
    """A file of the set at `stem`, a path without ending."""
    return stem.with_name(f"{stem.name}.{ending}")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of the set of files at `path` (without ending); its folder is made if missing.

    The lock is a hidden file beside the set, there only while somebody writes; it goes with the process.

    Raises:
        GraphError: another process holds it.
    """
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f".{path.name}.lock")
    while True:
        with _errors_name(path):
            handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise GraphError(
                "is being written by another process",
                file=str(path),
                hint="wait for it, or choose another --name",
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
def _errors_name(path: Path) -> Iterator[None]:
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


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Write files: all of them beside their places first, then each moved there in the given order.

    If anything fails before the first move, nothing has changed; temporaries are removed.

    Args:
        contents: paths in one folder, with what they get.
    """
    temporaries: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            temporary = path.with_name(f".{path.name}.{secrets.token_hex(_TOKEN_BYTES)}{_TEMPORARY}")
            temporaries[path] = temporary
            with _errors_name(path):
                _write(temporary, content)
        for path, temporary in temporaries.items():
            temporary.replace(path)
        for folder in sorted({path.parent for path in contents}):
            sync_folder(folder)
    finally:
        for temporary in temporaries.values():
            temporary.unlink(missing_ok=True)


def write_file(path: Path, content: bytes) -> None:
    """Write one file, whole or not at all; a device or a pipe is written as it is."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)
    else:
        replace_files({path: content})


def remove_temporaries(path: Path) -> None:
    """Remove what a killed writer of the file at `path` left beside it; only under the lock of its set."""
    head = f".{path.name}."
    length = len(head) + 2 * _TOKEN_BYTES + len(_TEMPORARY)
    for entry in sorted(path.parent.iterdir()):
        if entry.name.startswith(head) and entry.name.endswith(_TEMPORARY) and len(entry.name) == length:
            entry.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
