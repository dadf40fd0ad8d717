"""What a client likes best, by its Accept header, and what it has, by If-None-Match (RFC 9110, 12.5.1 and 13.1.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST_RANGES = 100
"""Ranges of a header that are read."""


def negotiate(accept: Iterable[str], offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best; of equal ones the first.

    Args:
        accept: values of the header; an absent or empty one accepts everything.
        offered: media types in lower case, without parameters, in the server's own order.

    Returns:
        None if the client takes none of them.
    """
    text = ",".join(accept)
    if not text.strip():
        return offered[0]
    liked = dict[str, float]()
    for part in text.split(",", MOST_RANGES)[:MOST_RANGES]:
        name, quality = _range(part)
        liked[name] = max(quality, liked.get(name, 0.0))

    def quality_of(one: str) -> float:
        """What the most specific range that fits says."""
        fitting = (one, f"{one.partition('/')[0]}/*", "*/*")
        return next((liked[name] for name in fitting if name in liked), 0.0)

    best = max(offered, key=quality_of)
    return best if quality_of(best) > 0 else None


def names_tag(if_none_match: str, tag: str) -> bool:
    """Whether the header names an entity tag, weak or strong; `*` names none."""
    return _opaque(tag) in map(_opaque, if_none_match.split(","))


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")


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
