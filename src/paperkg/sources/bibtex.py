"""BibTeX entries with abstracts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from paperkg.model import Skip
from paperkg.sources.entry import Entry
from paperkg.sources.files import SourceFile

_ENTRY = re.compile(r"^[ \t]{0,20}@[A-Za-z]{2,30}[ \t]{0,5}[{(]", re.MULTILINE)


def matches(head: str) -> bool:
    """Whether a line begins an entry."""
    return _ENTRY.search(head) is not None


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The entries that have a title."""
    raise file.error("BibTeX is not read yet")
    yield
