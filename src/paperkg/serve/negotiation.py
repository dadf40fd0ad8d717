"""Which of several media types a client likes best, from its Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence

MOST_RANGES = 100
"""Ranges of a header that are read."""


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best; of equal ones the first.

    Args:
        accept: value of the header; an absent or empty one accepts everything.
        offered: media types without parameters, in the server's own order.

    Returns:
        None if the client takes none of them.
    """
    if not accept or not accept.strip():
        return offered[0] if offered else None
    ranges = [_range(part) for part in accept.split(",")[:MOST_RANGES]]
    liked = {one: _quality(one, ranges) for one in offered}
    top = max(liked.values(), default=0.0)
    return next(one for one in offered if liked[one] == top) if top > 0 else None


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return name, quality if quality == quality else 0.0


def _quality(offered: str, ranges: Sequence[tuple[str, float]]) -> float:
    """What the most specific range that fits says."""
    kind = offered.partition("/")[0]
    for wanted in (offered, f"{kind}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
