"""Text as bytes, whatever it holds."""

from __future__ import annotations

import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_to_utf8(text: str) -> bytes:
    """JSON as UTF-8; a lone surrogate becomes an escape, which is JSON too."""
    return text.encode("utf-8", "backslashreplace")


def to_utf8(text: str) -> bytes:
    """Text as UTF-8; a lone surrogate, which no encoding can write, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text).encode()
