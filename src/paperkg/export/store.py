"""`NAME.store/`: a built graph as Oxigraph keeps it on disk, so that it is opened and not loaded.

It is a cache. Each build has its own folder in it, named after the hash of the build's manifest, so that a store
never answers for another build. A folder appears under that name only when all of it is on the disk, with its seal,
which lists its files and their sizes; what is cut is made anew. A reader holds a lock on the seal, and a store that
somebody reads is not removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from paperkg import __version__
from paperkg.errors import GraphError
from paperkg.export.files import locked, sync_folder
from paperkg.query import Engine

_SEAL = "sealed.json"
_TEMPORARY = ".tmp-"
_LINES = 300_000
"""Quads of a portion."""


def open_store(folder: Path, manifest: bytes) -> Engine | None:
    """Open the store of a build, to read: several processes can.

    Args:
        folder: `NAME.store`.
        manifest: the content of the build's manifest.

    Returns:
        An engine on it, which keeps it from being removed; None if there is none, or it was cut.
    """
    home = folder / _key(manifest)
    try:
        seal = os.open(home / _SEAL, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        _lock(seal, alone=False)
        if _is_whole(home, seal):
            return Engine.over(ox.Store.read_only(str(home)), held=seal)
    except (OSError, ValueError, RuntimeError):
        pass  # a cache that cannot be read is as good as none
    os.close(seal)
    return None


def write_store(folder: Path, manifest: bytes, source: Source) -> None:
    """Make the store of a build unless it is there, and remove those of earlier builds that nobody reads.

    Args:
        folder: `NAME.store`, made if missing.
        manifest: the content of the build's manifest.
        source: the quads of the build.

    Raises:
        GraphError: another process is making it.
        OSError: the folder cannot be written; what was there is as it was.
    """
    _write(folder, manifest, lambda temporary: fill(ox.Store(str(temporary)), source))


def change_store(
    folder: Path, before: bytes, manifest: bytes, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]
) -> None:
    """Make the store of a build from that of the build before, which shares what stays with it.

    Args:
        folder: `NAME.store`.
        before: the content of the earlier build's manifest.
        manifest: that of the new one.
        removed: quads of the earlier build that the new one lacks.
        added: quads that it has beside the others.

    Raises:
        GraphError: the earlier build has no store, or another process is making the new one.
        OSError: the folder cannot be written; what was there is as it was.
    """

    def change(temporary: Path) -> None:
        earlier = open_store(folder, before)
        if earlier is None:
            raise GraphError("has no store to begin with", file=str(folder))
        temporary.rmdir()
        earlier.store.backup(str(temporary))
        store = ox.Store(str(temporary))
        for quad in removed:
            store.remove(quad)
        store.extend(added)
        store.flush()

    _write(folder, manifest, change)


def _write(folder: Path, manifest: bytes, make: Callable[[Path], None]) -> None:
    """Let `make` write the store of a build into an empty folder."""
    home = folder / _key(manifest)
    with locked(folder):
        folder.mkdir(exist_ok=True)
        for entry in _entries(folder):
            if entry.name.startswith(_TEMPORARY):
                shutil.rmtree(entry)
        if open_store(folder, manifest) is None:
            with _temporary(folder) as temporary:
                try:
                    make(temporary)
                except RuntimeError as error:  # a full disk, among others
                    raise OSError(f"{folder}: {error}") from error
                _seal(temporary)
                _remove(home)
                temporary.rename(home)
            sync_folder(folder)
        for entry in _entries(folder):
            if entry.name != home.name:
                _remove(entry)


def remove_store(folder: Path) -> None:
    """Remove `NAME.store` but for what somebody reads.

    Raises:
        GraphError: another process is writing it.
        OSError: it cannot be removed, or somebody reads it.
    """
    with locked(folder):
        if folder.is_dir():
            for entry in _entries(folder):
                _remove(entry)
            folder.rmdir()


Source = tuple[BinaryIO, ox.RdfFormat] | Iterable[ox.Quad]
"""Where quads come from: an open file, or themselves."""


def fill(store: ox.Store, source: Source) -> None:
    """Load quads into an empty store. N-Quads are loaded in portions: as one they take four times the memory."""
    if isinstance(source, tuple):
        file, format_ = source
        if format_ != ox.RdfFormat.N_QUADS:
            store.bulk_load(file, format=format_)
            return
        while portion := b"".join(islice(file, _LINES)):
            store.bulk_load(portion, format=format_)
    else:
        store.bulk_extend(source)


def _key(manifest: bytes) -> str:
    """The name of a build's store; another version of paperkg may read the files of the set as other quads."""
    return hashlib.sha256(manifest + __version__.encode()).hexdigest()


def _entries(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if entry.is_dir() and not entry.is_symlink())


def _seal(home: Path) -> None:
    """Let all files of a store reach the disk, then say which they are."""
    for file in home.iterdir():
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    seal = home / _SEAL
    with seal.open("w") as handle:
        json.dump(_sizes(home), handle, indent=1, sort_keys=True)
        handle.flush()
        os.fsync(handle.fileno())
    sync_folder(home)


def _is_whole(home: Path, seal: int) -> bool:
    """Whether a locked seal is still in its place, and the files are as it says."""
    if not os.path.samestat(os.fstat(seal), (home / _SEAL).stat()):
        return False
    told = json.loads(os.pread(seal, os.fstat(seal).st_size, 0))
    return bool(told == _sizes(home))


def _sizes(home: Path) -> dict[str, int]:
    with os.scandir(home) as entries:
        return {entry.name: entry.stat().st_size for entry in entries if entry.name != _SEAL}


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    temporary = folder / f"{_TEMPORARY}{secrets.token_hex(6)}"
    temporary.mkdir()
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _remove(home: Path) -> None:
    """Remove a store unless somebody reads it; its name goes first, so that nobody opens a half."""
    with suppress(OSError):
        seal = None
        with suppress(FileNotFoundError):
            seal = os.open(home / _SEAL, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            if seal is not None:
                _lock(seal, alone=True)
            shutil.rmtree(home.rename(home.with_name(f"{_TEMPORARY}{secrets.token_hex(6)}")))
        finally:
            if seal is not None:
                os.close(seal)


def _lock(seal: int, *, alone: bool) -> None:
    """Lock a seal for this reader among others, or for the one who removes it, or raise `OSError`."""
    import fcntl

    fcntl.flock(seal, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
