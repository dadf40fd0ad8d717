"""The papers of a built graph as entries that were there first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from paperkg.model import InputFile, Paper
from paperkg.sources.entry import Entry
from paperkg.sources.ids import arxiv_id, is_slug, without_hash

_OPENALEX = re.compile(r"W\d{1,12}")
_SEMANTIC_SCHOLAR = re.compile(r"[0-9a-f]{40}")
_NUMBERED = frozenset(("bibtex", "ris"))
"""Formats whose ids say nothing about the ids of other files."""


class KnownFiles:
    """The files from which a graph's papers were read, and which of them still have a paper.

    Args:
        files: as the graph's provenance lists them.
    """

    def __init__(self, files: Iterable[InputFile]) -> None:
        self.files = tuple(sorted(set(files), key=lambda f: (f.name, f.sha256)))
        self._numbers: dict[str, int] = {}
        for number, file in enumerate(self.files):
            self._numbers.setdefault(file.name, number)
        self._named: set[str] = set()
        self._others = False

    def entries(self, papers: Iterable[Paper]) -> Iterator[tuple[Entry, int]]:
        """The papers as entries, each with the place of its first file in `files`; `len(files)` for none."""
        for place, paper in enumerate(papers):
            numbers = sorted(self._numbers[name] for name in paper.sources if name in self._numbers)
            self._named.update(paper.sources)
            self._others |= not numbers
            yield self._entry(paper, place, numbers), numbers[0] if numbers else len(self.files)

    def _entry(self, paper: Paper, place: int, numbers: list[int]) -> Entry:
        if known := arxiv_id(paper.id):
            return Entry(paper, 0, "arxiv" if known == paper.id else "own")
        if is_slug(paper.id, paper.title):
            return Entry(replace(paper, id=""), 0)
        paper = replace(paper, id=without_hash(paper.id, paper.title, paper.abstract))
        if numbers and self.files[numbers[0]].format in _NUMBERED:
            return Entry(paper, 0, f"known {place}")
        if _OPENALEX.fullmatch(paper.id):
            return Entry(paper, 0, "openalex")
        return Entry(paper, 0, "semanticscholar" if _SEMANTIC_SCHOLAR.fullmatch(paper.id) else "own")

    def used(self) -> tuple[InputFile, ...]:
        """The files that still have a paper, once all entries were asked for.

        A paper that an earlier graph handed on does not name the file that it was handed on in: if there is
        such a paper, the files that no paper names stay.
        """
        return tuple(f for f in self.files if self._others or f.name in self._named)

    def place_of_others(self) -> tuple[str, str]:
        """Name and hash of the file of the papers that name none of the files: the first that nobody names."""
        return next(((f.name, f.sha256) for f in self.files if f.name not in self._named), ("", ""))
