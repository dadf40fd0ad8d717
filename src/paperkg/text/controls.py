"""What a terminal obeys instead of showing it: control characters, and marks that reverse text."""

from __future__ import annotations

import re

CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""One of them, or a lone surrogate, which no terminal can be sent; line feeds and tabs are none."""
