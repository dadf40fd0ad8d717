"""Finding input files and opening them safely.

Only regular files are read. Inside a folder no link is followed, so nothing outside it is read and no loop
is entered; pipes and devices cannot block. What is packed with gzip or Zstandard is unpacked on the way.
Texts are decoded as UTF-8 (or UTF-16 by its mark), and bytes that are no UTF-8 become lone surrogates, so
that only the record that holds them is lost.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from paperkg.errors import SourceError
from paperkg.sources.packed import Damaged, unpacked

_CHUNK = 1 << 20
_HEAD = 1 << 20
LARGEST_TEXT = 64 * 1024 * 1024
"""Characters of a file that is not read line by line."""
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, or a reason not to.

    Attributes:
        name: its path inside the folder that was given, or its own name.
        path: as the user can find it.
        inside: it was found in a folder, not named.
        open: opens it; None where `refused` says why it is not read.
    """

    name: str
    path: str
    inside: bool
    open: Callable[[], int] | None
    refused: str = ""


def find(source: str | Path) -> Iterator[Found]:
    """The files of a source, sorted: the file itself, or the files of a folder and its folders.

    Raises:
        SourceError: there is no such file or folder, or a folder cannot be listed.
    """
    path = str(source)
    try:
        real = os.path.realpath(path, strict=True)
        is_folder = stat.S_ISDIR(os.stat(real).st_mode)  # noqa: PTH116
    except (OSError, ValueError) as error:
        hint = "give a file, a folder, or - for standard input"
        raise SourceError(_cause(error), file=path, hint=hint) from None
    if is_folder:
        yield from _walk(real, path, "", 0)
    else:
        yield Found(_readable(Path(path).name), path, False, partial(_open, real))


def _walk(folder: str, shown: str, prefix: str, depth: int) -> Iterator[Found]:
    try:
        with os.scandir(folder) as listed:
            children = sorted(listed, key=lambda e: e.name)
    except OSError as error:
        raise SourceError(_cause(error), file=shown) from None
    for child in children:
        name = _readable(f"{prefix}{child.name}")
        path = f"{shown.rstrip('/')}/{child.name}"

        def refused(reason: str, name: str = name, path: str = path) -> Found:
            return Found(name, path, True, None, reason)

        if child.name.startswith("."):
            yield refused("hidden")
        elif child.is_symlink():
            yield refused("a link: links inside a folder are not followed")
        elif child.is_dir(follow_symlinks=False):
            if depth < _DEEPEST:
                yield from _walk(child.path, path, f"{name}/", depth + 1)
            else:
                yield refused(f"a folder more than {_DEEPEST} levels deep")
        elif child.is_file(follow_symlinks=False):
            yield Found(name, path, True, partial(_open, child.path))
        else:
            yield refused("no regular file")


def _readable(name: str) -> str:
    """A file's name with a sign in the place of bytes that are not UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace")


def _open(path: str) -> int:
    # O_NONBLOCK: a pipe in place of the file must not block the open.
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError("not a regular file")
    return fd


def _cause(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


class SourceFile:
    """An opened input: its text as a whole or line by line, and the hash of its bytes once it is read.

    Args:
        name: how outputs name it.
        stream: its bytes.
        shown: how errors name it; `name` if not given.
    """

    def __init__(self, name: str, stream: BinaryIO, *, shown: str | None = None) -> None:
        self.name = name
        self.shown = shown or name
        self._hash = sha256()
        self._raw = self._chunks(stream)
        first = b""
        for chunk in self._raw:
            first += chunk
            if len(first) >= _HEAD:
                break
        encoding = "utf-8"
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        errors = "surrogateescape" if encoding == "utf-8" else "strict"
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._begun = self._decode(first).removeprefix("\ufeff")
        self.head: str = self._begun[:_HEAD]

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes; complete once the file was read to its end."""
        return self._hash.hexdigest()

    def error(self, cause: str, *, line: int | None = None, hint: str | None = None) -> SourceError:
        """A `SourceError` about this file."""
        return SourceError(cause, file=self.shown, line=line, hint=hint)

    def text(self) -> str:
        """The whole text.

        Raises:
            SourceError: it cannot be read or decoded, or is larger than `LARGEST_TEXT`.
        """
        parts, size = list[str](), 0
        for part in self.texts():
            parts.append(part)
            size += len(part)
            if size > LARGEST_TEXT:
                raise self.error(
                    f"more than {LARGEST_TEXT // 2**20} MiB in one document",
                    hint="split it, or use JSON Lines",
                )
        return "".join(parts)

    def lines(self, longest: int) -> Iterator[tuple[int, str | None]]:
        """The lines with their numbers, without their ends; None for one over `longest` characters."""
        number, rest, dropping = 1, "", False
        for part in self.texts():
            *whole, last = part.split("\n")
            for piece in whole:
                line = rest + piece
                yield number, None if dropping or len(line) > longest else line.removesuffix("\r")
                number, rest, dropping = number + 1, "", False
            rest = rest + last if not dropping else ""
            if len(rest) > longest:
                rest, dropping = "", True
        if rest or dropping:
            yield number, None if dropping else rest

    def drain(self) -> None:
        """Reads what is left, so that `digest` covers the whole file."""
        for _ in self._raw:
            pass

    def texts(self) -> Iterator[str]:
        """The text in parts, once.

        Raises:
            SourceError: it cannot be read or decoded.
        """
        yield self._begun
        self._begun = ""
        for chunk in self._raw:
            yield self._decode(chunk)
        yield self._decode(b"", final=True)

    def _decode(self, data: bytes, final: bool = False) -> str:
        try:
            return self._decoder.decode(data, final)
        except UnicodeDecodeError as error:
            raise self.error(
                f"it is not {error.encoding.upper()[:6]} text", hint="save it as UTF-8"
            ) from None

    def _bytes(self, stream: BinaryIO) -> Iterator[bytes]:
        while True:
            try:
                data = stream.read(_CHUNK)
            except OSError as error:
                raise self.error(_cause(error)) from None
            if not data:
                return
            self._hash.update(data)
            yield data

    def _chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        try:
            yield from unpacked(self._bytes(stream))
        except Damaged as error:
            raise self.error(str(error)) from None


def opened(found: Found) -> BinaryIO:
    """The bytes of a file that was found.

    Raises:
        SourceError: it cannot be opened, or is no regular file.
    """
    try:
        if found.open is None:
            raise OSError(found.refused)
        return os.fdopen(found.open(), "rb")
    except OSError as error:
        hint = "give - and feed it to standard input" if "regular" in str(error) else None
        raise SourceError(_cause(error), file=found.path, hint=hint) from None


def same_file(stream: BinaryIO) -> tuple[int, int] | None:
    """What identifies a file on this machine, whatever its name; None for what is no file."""
    with suppress(OSError, AttributeError, ValueError):
        status = os.fstat(stream.fileno())
        return status.st_dev, status.st_ino
    return None
