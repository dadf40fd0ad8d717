"""Unpacking what is packed with gzip or Zstandard, piece by piece, with a guard against bombs."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

_PIECE = 1 << 18
"""Bytes that come out at a time, at least."""
_SLICE = 1 << 10
"""Bytes that go in at a time: at the worst ratio of Zstandard, 1 to 32,768, they become 32 MiB."""
_FREE = 64 << 20
_MOST_UNPACKED = 200
"""How many times its own size packed data may unpack to, once it is over `_FREE`."""
_WINDOW = 1 << 27


class Damaged(Exception):
    """Data that cannot be unpacked; its message is the cause."""


def _gzip() -> Any:
    return zlib.decompressobj(wbits=31)


def _zstd() -> Any:
    from zstandard import ZstdDecompressor

    return ZstdDecompressor(max_window_size=_WINDOW).decompressobj()


def _zstd_error() -> type[Exception]:
    from zstandard import ZstdError

    return ZstdError


_KINDS: tuple[tuple[str, bytes, Callable[[], Any], Callable[[], type[Exception]]], ...] = (
    ("gzip", b"\x1f\x8b", _gzip, lambda: zlib.error),
    ("Zstandard", b"\x28\xb5\x2f\xfd", _zstd, _zstd_error),
)
"""Name, first bytes, what unpacks one member, what that raises. A file may have several members in a row."""


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of a file, unpacked if they are packed.

    Raises:
        Damaged: they are cut, damaged, or unpack to more than 200 times their size.
    """
    rest = iter(chunks)
    first = next(rest, b"")
    known = next((kind for kind in _KINDS if first.startswith(kind[1])), None)
    if known is None:
        yield first
        yield from rest
        return
    name, _, member, error = known
    gathered, size, given, out = list[bytes](), 0, 0, 0
    unpacker, fault = member(), error()
    for chunk in chain([first], rest):
        for place in range(0, len(chunk), _SLICE):
            data = chunk[place : place + _SLICE]
            given += len(data)
            while data:
                if unpacker.eof:
                    unpacker = member()
                try:
                    piece = unpacker.decompress(data)
                except fault:
                    raise Damaged(f"damaged {name} data") from None
                gathered.append(piece)
                size, out = size + len(piece), out + len(piece)
                data = unpacker.unused_data if unpacker.eof else b""
            if out > _FREE and out > _MOST_UNPACKED * given:
                raise Damaged(f"{name} data that unpacks to more than {_MOST_UNPACKED} times its size")
            if size >= _PIECE:
                yield b"".join(gathered)
                gathered, size = [], 0
    yield b"".join(gathered)
    if not unpacker.eof:
        raise Damaged(f"{name} data that ends too early")
