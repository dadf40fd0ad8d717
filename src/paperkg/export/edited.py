"""Whether people edited the decisions on a built graph since it was made."""

from __future__ import annotations

import hashlib
from pathlib import Path

from paperkg.export.files import file_of
from paperkg.export.graph_set import DECISIONS, find_set
from paperkg.model import Provenance

FORMAT = "decisions"
"""Of the file of decisions among the inputs of a graph."""


def decisions_edited(path: str | Path, made: Provenance) -> bool:
    """Whether the file of decisions of a set is another one than that with which the graph was made."""
    file = file_of(find_set(path), DECISIONS)
    content = file.read_bytes() if file.exists() else b""
    known = {known.sha256 for known in made.files if known.format == FORMAT}
    return known != ({hashlib.sha256(content).hexdigest()} if content else set())
