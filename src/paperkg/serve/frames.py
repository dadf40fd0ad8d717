"""The messages between the server and its workers: a JSON object, and where it says so a body behind it."""

from __future__ import annotations

import json
import struct
from typing import Any

HEAD = struct.Struct("!I")
"""The length of the object, before it."""


def pack(message: dict[str, Any]) -> bytes:
    """A message as bytes."""
    content = json.dumps(message, ensure_ascii=True).encode()
    return HEAD.pack(len(content)) + content


def unpack(content: bytes) -> dict[str, Any]:
    """The inverse of `pack`, without the length."""
    message: dict[str, Any] = json.loads(content)
    return message
