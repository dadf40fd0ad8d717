"""One paper out of the entries of several places.

Two entries are one paper if they have one id, or one title and nothing that speaks against it: no two ids
of one namespace, and, where the title is too short to identify a paper, abstracts that agree. Metadata is
united; where two entries disagree the first keeps its word and the disagreement is reported.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from paperkg.model import Paper, PartialDate, Skip
from paperkg.sources.entry import LONGEST_ABSTRACT, Entry
from paperkg.sources.ids import short_hash, slug
from paperkg.text.clean import clean
from paperkg.text.fold import fold
from paperkg.text.urls import replace_mirrors

_IDENTIFYING_WORDS = 4
"""A title of fewer words ('Deep Learning') does not identify a paper by itself."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with the name of its file."""

    file: str
    entry: Entry


def _letters(text: str) -> str:
    """Letters and digits of a text: the same whatever LaTeX, mirror hosts or line breaks."""
    text = clean(replace_mirrors(text[:LONGEST_ABSTRACT])).text
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


class _Clusters:
    """Entries joined into papers: a union-find that keeps the first entry of a cluster as its root."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self.parent = list(range(len(placed)))
        self.ids: list[set[tuple[str, str]]] = []
        for item in placed:
            entry = item.entry
            self.ids.append({(entry.namespace, entry.paper.id)} if entry.namespace else set())

    def root(self, place: int) -> int:
        while self.parent[place] != place:
            self.parent[place] = self.parent[self.parent[place]]
            place = self.parent[place]
        return place

    def join(self, one: int, other: int) -> None:
        first, last = sorted((self.root(one), self.root(other)))
        if first != last:
            self.parent[last] = first
            self.ids[first] |= self.ids[last]

    def may_join(self, one: int, other: int) -> bool:
        """Whether no namespace gives the two clusters different ids."""
        mine, theirs = self.ids[self.root(one)], self.ids[self.root(other)]
        return not any(n == m and i != j for n, i in mine for m, j in theirs)


def _cluster(placed: Sequence[Placed]) -> list[list[Placed]]:
    clusters = _Clusters(placed)
    by_id: dict[tuple[str, str], int] = {}
    by_title: defaultdict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(placed):
        entry = item.entry
        if entry.namespace:
            clusters.join(by_id.setdefault((entry.namespace, entry.paper.id), place), place)
        # A title of signs alone folds to nothing and is compared as it stands.
        by_title[fold(entry.paper.title) or entry.paper.title].append(place)
    for places in by_title.values():
        if len(places) > 1:
            _join_same_title(placed, places, clusters)
    groups: defaultdict[int, list[Placed]] = defaultdict(list)
    for place, item in enumerate(placed):
        groups[clusters.root(place)].append(item)
    return list(groups.values())


def _join_same_title(placed: Sequence[Placed], places: list[int], clusters: _Clusters) -> None:
    title = placed[places[0]].entry.paper.title
    identifying = len(title.split()) >= _IDENTIFYING_WORDS
    heads: list[tuple[int, str]] = []
    for place in places:
        text = _letters(placed[place].entry.paper.abstract)
        # An equal abstract decides; only then does the title alone.
        agreeing = [h for h, seen in heads if _agree(seen, text) and clusters.may_join(h, place)]
        titled = [h for h, _ in heads if identifying and clusters.may_join(h, place)]
        for head in (agreeing or titled)[:1]:
            clusters.join(head, place)
        if clusters.root(place) not in {clusters.root(h) for h, _ in heads}:
            heads.append((place, text))


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _better_date(
    one: PartialDate | None, other: PartialDate | None, updated: tuple[bool, bool]
) -> tuple[PartialDate | None, bool, bool]:
    """The better of two dates, whether it is the second, and whether they contradict each other."""
    if one is None or other is None:
        return one or other, one is None and other is not None, False
    if updated[0] != updated[1]:
        return (other, True, False) if updated[0] else (one, False, False)
    known = [(d.year, d.month, d.day) for d in (one, other)]
    clash = any(a is not None and b is not None and a != b for a, b in zip(*known, strict=True))
    counts = [(d.year is not None) * 4 + sum(p is not None for p in (d.month, d.day)) for d in (one, other)]
    if one.year is None and other.year is None and not clash:
        # The year is later than those on both pages.
        later = (other.inferred_year or 0) > (one.inferred_year or 0)
        return (other if later else one), later, False
    return (other, True, clash) if counts[1] > counts[0] else (one, False, clash)


class _Merger:
    """Unites the entries of one paper, the first first."""

    def __init__(self, first: Placed) -> None:
        self.paper = first.entry.paper
        self.namespace = first.entry.namespace
        self.updated = first.entry.updated
        self.letters: str | None = None
        self.conflicts: list[Skip] = []

    def _conflict(self, item: Placed, what: str) -> None:
        reason = f"{what} of {self.paper.title[:60].strip()!r} differs from {', '.join(self.paper.sources)}"
        self.conflicts.append(Skip(item.file, item.entry.line, "conflict", reason))

    def add(self, item: Placed) -> None:
        mine, other = self.paper, item.entry.paper
        if fold(mine.title) != fold(other.title):
            self._conflict(item, "the title")
        abstract = self._abstract(item)
        date, taken, clash = _better_date(mine.date, other.date, (self.updated, item.entry.updated))
        if clash:
            self._conflict(item, "the date")
        if taken:
            self.updated = item.entry.updated
        counts = [
            p.author_count if p.author_count is not None else len(p.authors) or None for p in (mine, other)
        ]
        if None not in counts and counts[0] != counts[1]:
            self._conflict(item, "the number of authors")
        better_id = (
            item.entry.namespace
            if self._id_rank(item.entry.namespace) < self._id_rank(self.namespace)
            else None
        )
        self.paper = replace(
            mine,
            id=other.id if better_id else mine.id,
            abstract=abstract,
            date=date,
            authors=mine.authors or other.authors,
            author_count=mine.author_count if mine.author_count is not None else other.author_count,
            organisations=tuple(sorted({*mine.organisations, *other.organisations})),
            listings=tuple(
                sorted(dict.fromkeys((*mine.listings, *other.listings)), key=lambda x: (x.page, x.position))
            ),
            url=mine.url or other.url,
            sources=tuple(sorted({*mine.sources, *other.sources})),
        )
        self.namespace = better_id or self.namespace

    def _abstract(self, item: Placed) -> str:
        mine, other = self.paper.abstract, item.entry.paper.abstract
        if mine == other or not other.strip():
            return mine
        if self.letters is None:
            self.letters = _letters(mine)
        letters = _letters(other)
        if letters == self.letters or self.letters.startswith(letters):
            return mine
        if letters.startswith(self.letters):
            self.letters = letters
            return other
        self._conflict(item, "the abstract")
        return mine

    @staticmethod
    def _id_rank(namespace: str | None) -> int:
        return 2 if namespace is None else 0 if namespace == "arxiv" else 1


def merge(placed: Iterable[Placed]) -> tuple[list[Paper], list[Skip]]:
    """Papers in order of their first entry, each with an id of its own, and the conflicts.

    Args:
        placed: entries in the order in which the first one counts.
    """
    papers, conflicts = list[Paper](), list[Skip]()
    for group in _cluster(list(placed)):
        merger = _Merger(group[0])
        for item in group[1:]:
            merger.add(item)
        papers.append(merger.paper)
        conflicts += merger.conflicts
    return _identified(papers), conflicts


def _identified(papers: list[Paper]) -> list[Paper]:
    """The papers with slugs where ids are missing; an id that is taken gets the hash of the paper's text."""
    taken: set[str] = set()
    done: list[Paper | None] = [None] * len(papers)
    # Ids of sources come first, so that a slug never takes the place of one.
    for place in sorted(range(len(papers)), key=lambda i: (not papers[i].id, i)):
        paper = papers[place]
        paper_id = paper.id or slug(paper.title)
        if paper_id in taken:
            paper_id = f"{paper_id}-{short_hash(paper.title + chr(10) + paper.abstract)}"
        while paper_id in taken:
            paper_id = f"{paper_id}-2"
        taken.add(paper_id)
        done[place] = replace(paper, id=paper_id)
    return [p for p in done if p is not None]
