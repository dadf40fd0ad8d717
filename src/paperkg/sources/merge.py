"""One paper out of the entries of several places.

Two entries are one paper if they have one id, or one title and nothing that speaks against it: no two ids
of one namespace, and, where the title is too short to identify a paper, abstracts that agree. Metadata is
united; where two entries disagree the first keeps its word and the disagreement is reported.

Only entries that share an id or a title are looked at, and they are read anew from the pile.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from paperkg.model import Listing, Paper, PartialDate, Skip
from paperkg.sources.entry import Entry
from paperkg.sources.ids import key_of
from paperkg.sources.pile import Ids, Pile
from paperkg.text.clean import clean
from paperkg.text.extent import MOST_CHARACTERS
from paperkg.text.fold import fold
from paperkg.text.urls import replace_mirrors

_IDENTIFYING_WORDS = 4
"""A title of fewer words ('Deep Learning') does not identify a paper by itself."""
_MOST_OF_A_TITLE = 100
"""Papers of one title with which an entry is compared; one more of that title must have an equal abstract."""
_MOST_NAMES = 5
"""Files that a report on a conflict names."""


def _letters(text: str) -> str:
    """Letters and digits of a text: the same whatever LaTeX, mirror hosts or line breaks."""
    text = clean(replace_mirrors(text[:MOST_CHARACTERS])).text
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


class _Clusters:
    """Entries joined into papers: a union-find that keeps the first entry of a cluster as its root."""

    def __init__(self, pile: Pile) -> None:
        self._pile = pile
        self._parent = array("q", bytes(8 * (pile.size + 1)))
        """Of an entry, by its number; 0 for a root."""
        self._ids: dict[int, Ids] = {}
        """What was last asked."""

    def root(self, number: int) -> int:
        parent = self._parent
        while above := parent[number]:
            if further := parent[above]:
                parent[number] = further
            number = above
        return number

    def join_alike(self, first: int, number: int) -> None:
        """Joins two entries of one id."""
        if first != number:
            self._parent[number] = first

    def join(self, one: int, other: int) -> None:
        first, last = sorted((self.root(one), self.root(other)))
        if first == last:
            return
        united = self.ids(first) | self.ids(last)
        if united != self.ids(first):
            self._pile.unite(first, united)
            self._ids[first] = united
        self._parent[last] = first

    def ids(self, root: int) -> Ids:
        if root not in self._ids:
            if len(self._ids) > 2 * _MOST_OF_A_TITLE:
                self._ids.clear()
            self._ids[root] = self._pile.ids(root)
        return self._ids[root]

    def may_join(self, one: int, other: int) -> bool:
        """Whether no namespace gives the two clusters different ids."""
        first, last = self.root(one), self.root(other)
        if first == last:
            return True
        return not any(n == m and i != j for n, i in self.ids(first) for m, j in self.ids(last))

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Roots and members of all clusters of several entries, the roots among the members."""
        seen = bytearray(len(self._parent))
        for number, above in enumerate(self._parent):
            if above:
                root = self.root(number)
                if not seen[root]:
                    seen[root] = 1
                    yield root, root
                yield root, number


class _Head:
    """An entry with which others of its title are compared."""

    def __init__(self, number: int, abstract: str) -> None:
        self.number = number
        self.abstract = abstract
        self._letters: str | None = None

    @property
    def letters(self) -> str:
        if self._letters is None:
            self._letters = _letters(self.abstract)
        return self._letters

    def agrees(self, other: _Head) -> bool:
        if self.abstract == other.abstract:
            return True
        return self.letters.startswith(other.letters) or other.letters.startswith(self.letters)


def _join_same_title(pile: Pile, numbers: Iterable[int], clusters: _Clusters) -> None:
    heads, equal = list[_Head](), dict[bytes, int]()
    identifying = False
    for number in numbers:
        title, abstract = pile.text(number)
        entry = _Head(number, abstract)
        if not heads:
            identifying = len(title.split()) >= _IDENTIFYING_WORDS
        compared = [h for h in heads if clusters.may_join(h.number, number)]
        # An equal abstract decides; only then does the title alone.
        head = next((h.number for h in compared if h.agrees(entry)), None)
        if head is None and compared and identifying:
            head = compared[0].number
        if head is None and len(heads) == _MOST_OF_A_TITLE:
            head = equal.setdefault(key_of(abstract), number)
            if not clusters.may_join(head, number):
                head = None
        if head is not None:
            clusters.join(head, number)
        if len(heads) < _MOST_OF_A_TITLE:
            root = clusters.root(number)
            if all(clusters.root(h.number) != root for h in heads):
                heads.append(entry)


def _cluster(pile: Pile) -> None:
    """Notes on the pile which entries are one paper."""
    clusters = _Clusters(pile)
    for first, number in pile.alike("named"):
        clusters.join_alike(first, number)
    for _, alike in groupby(pile.alike("titled"), key=itemgetter(0)):
        _join_same_title(pile, (number for _, number in alike), clusters)
    pile.join(clusters.pairs())


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

    def __init__(self, first: Entry) -> None:
        self._paper = first.paper
        self._namespace = first.namespace
        self._updated = first.updated
        self._letters: str | None = None
        self._organisations = set(first.paper.organisations)
        self._listings = dict.fromkeys(first.paper.listings)
        self._sources = set(first.paper.sources)

    @property
    def paper(self) -> Paper:
        def place(listing: Listing) -> tuple[str, int]:
            return listing.page, listing.position

        return replace(
            self._paper,
            organisations=tuple(sorted(self._organisations)),
            listings=tuple(sorted(self._listings, key=place)),
            sources=tuple(sorted(self._sources)),
        )

    def add(self, entry: Entry, file: str) -> Iterator[Skip]:
        """Adds an entry; yields what it disagrees about."""
        mine, other = self._paper, entry.paper
        differing = []
        if mine.title != other.title and fold(mine.title) != fold(other.title):
            differing.append("the title")
        abstract = self._abstract(other.abstract)
        if abstract is None:
            differing.append("the abstract")
        date, taken, clash = _better_date(mine.date, other.date, (self._updated, entry.updated))
        if clash:
            differing.append("the date")
        if taken:
            self._updated = entry.updated
        counts = [
            p.author_count if p.author_count is not None else len(p.authors) or None for p in (mine, other)
        ]
        if None not in counts and counts[0] != counts[1]:
            differing.append("the number of authors")
        for what in differing:
            reason = f"{what} of {mine.title[:60].strip()!r} differs from {_some(sorted(self._sources))}"
            yield Skip(file, entry.line, "conflict", reason)
        better_id = self._id_rank(entry.namespace) < self._id_rank(self._namespace)
        self._paper = replace(
            mine,
            id=other.id if better_id else mine.id,
            abstract=mine.abstract if abstract is None else abstract,
            date=date,
            authors=mine.authors or other.authors,
            author_count=mine.author_count if mine.author_count is not None else other.author_count,
            url=mine.url or other.url,
        )
        self._namespace = entry.namespace if better_id else self._namespace
        self._organisations.update(other.organisations)
        self._listings.update(dict.fromkeys(other.listings))
        self._sources.update(other.sources)

    def _abstract(self, other: str) -> str | None:
        """The longer of two abstracts; None if they differ."""
        mine = self._paper.abstract
        if mine == other or not other.strip():
            return mine
        if self._letters is None:
            self._letters = _letters(mine)
        letters = _letters(other)
        if self._letters.startswith(letters):
            return mine
        if letters.startswith(self._letters):
            self._letters = letters
            return other
        return None

    @staticmethod
    def _id_rank(namespace: str | None) -> int:
        return 2 if namespace is None else 0 if namespace == "arxiv" else 1


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {more:,} more" if more > 0 else "")


def merge(pile: Pile, files: Mapping[int, str]) -> Iterator[Skip]:
    """Makes papers of the entries of an arranged pile; yields the conflicts.

    Args:
        files: names by the numbers of the files.
    """
    _cluster(pile)
    merger: _Merger | None = None
    last = 0
    for root, file, entry in pile.clusters():
        if merger is not None and root == last:
            yield from merger.add(entry, files[file])
            continue
        if merger is not None:
            pile.put(last, merger.paper)
        merger, last = _Merger(entry), root
    if merger is not None:
        pile.put(last, merger.paper)
    pile.keep_first()
