"""Text in XML 1.0, which cannot hold most control characters, lone surrogates, U+FFFE and U+FFFF.

Each of these becomes U+FFFD, the replacement character. All other text comes back from an XML parser as it was.
"""

from __future__ import annotations

import re

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


def escape(text: str) -> str:
    """Text for an XML attribute or element."""
    return _NOT_IN_XML.sub("\ufffd", text).translate(_ESCAPES)


def mended(document: str) -> str:
    """A document that a writer made who left in texts what XML cannot hold, or changes when it is read."""
    return _NOT_IN_XML.sub("\ufffd", document).replace("\r", "&#13;")
