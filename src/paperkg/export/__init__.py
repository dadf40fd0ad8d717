"""A graph as files: every format by its name, and the set of files that is written and opened as one."""

from __future__ import annotations

from paperkg.export.edited import decisions_edited
from paperkg.export.files import write_file
from paperkg.export.formats import FORMATS, RENDERED, render
from paperkg.export.graph_set import (
    Target,
    changed_files,
    find_set,
    load,
    manifest_of,
    open_engine,
    papers_bytes,
    save,
    writing,
)

__all__ = [
    "FORMATS",
    "RENDERED",
    "Target",
    "changed_files",
    "decisions_edited",
    "find_set",
    "load",
    "manifest_of",
    "open_engine",
    "papers_bytes",
    "render",
    "save",
    "write_file",
    "writing",
]
