"""From papers to the files of a graph, and what happens to these when papers come and go."""

from __future__ import annotations

from paperkg.building.build import (
    add_papers,
    build_files,
    build_graph,
    extract_sources,
    finding,
    remove_papers,
    renew,
)
from paperkg.building.settings import Progress, Running, Settings, read_lexicon, silent

__all__ = [
    "Progress",
    "Running",
    "Settings",
    "add_papers",
    "build_files",
    "build_graph",
    "extract_sources",
    "finding",
    "read_lexicon",
    "remove_papers",
    "renew",
    "silent",
]
