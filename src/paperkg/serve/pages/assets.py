"""Scripts and style sheets of the pages: files of this room and of the explorer, joined when first asked for.

The address of one carries its hash, so that a browser may keep it for good.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

ROOT = "/assets/"

_EXPLORER, _OWN = "paperkg.html", "paperkg.serve"
_JOINED: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "style.css": (
        "text/css",
        (
            (_EXPLORER, "base.css"),
            (_EXPLORER, "frame.css"),
            (_EXPLORER, "panel.css"),
            (_OWN, "pages.css"),
            (_OWN, "query.css"),
        ),
    ),
    "editor.js": ("text/javascript", ((_OWN, "editor.js"),)),
    "query.js": (
        "text/javascript",
        (
            (_EXPLORER, "dom.js"),
            (_EXPLORER, "sorting.js"),
            (_OWN, "terms.js"),
            (_OWN, "answer.js"),
            (_OWN, "chart.js"),
            (_OWN, "query.js"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent: its media type, its bytes, and hexadecimal digits made from them."""

    media_type: str
    content: bytes
    digest: str


@cache
def asset(name: str) -> Asset | None:
    """The asset of that name, None if there is none."""
    if name not in _JOINED:
        return None
    media_type, parts = _JOINED[name]
    texts = [(resources.files(room) / "assets" / file).read_text(encoding="utf-8") for room, file in parts]
    joined = "\n".join(texts)
    if len(parts) > 1 and media_type == "text/javascript":
        joined = f'(function () {{\n"use strict";\n{joined}\n}})();\n'
    content = joined.encode()
    return Asset(media_type, content, hashlib.sha256(content).hexdigest()[:16])


def address(name: str) -> str:
    """The path of an asset, with its hash.

    Raises:
        KeyError: there is no such asset.
    """
    found = asset(name)
    if found is None:
        raise KeyError(name)
    return f"{ROOT}{name}?{found.digest}"
