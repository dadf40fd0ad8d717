"""An id of its own for each paper: an id that is taken gets the hash of the paper's text."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import groupby
from operator import itemgetter

from paperkg.sources.ids import with_hash
from paperkg.sources.pile import Pile


def make_unique(pile: Pile) -> None:
    """Renames the papers of a pile whose id or slug another one has.

    The paper that comes first keeps it; papers with an id of a source come before those with a slug, so that
    a slug never takes the place of an id.
    """
    late = list[tuple[bool, int]]()
    for _, same in groupby(pile.alike("wanted"), key=itemgetter(0)):
        late += sorted((pile.is_slugged(number), number) for _, number in same)[1:]
    if not late:
        return
    pile.index_wanted()
    heapify(late)
    given = set[str]()
    while late:
        paper = heappop(late)
        number = paper[1]
        new = with_hash(pile.wanted(number), *pile.text(number))
        while new in given or any(other < paper for other in pile.wanting(new)[:1]):
            new += "-2"
        given.add(new)
        pile.rename(number, new)
        # A later paper that wants just this id has to give way too; those behind it do already.
        for first in pile.wanting(new)[:1]:
            heappush(late, first)
