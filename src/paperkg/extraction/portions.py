"""A stream of papers as portions, in which those that are known already are not read again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from paperkg.extraction.cache import ExtractionCache
from paperkg.model import Extraction, Paper

_TOGETHER = 32
"""Papers of a portion that are read."""
_MOST = 128
"""Papers of a portion, with those that are known: they wait in memory until it is read."""

Portion = Sequence[Paper]
"""Papers that are read together; none where all are known."""
Run = Callable[[Iterator[Portion]], Iterator[list[Extraction]]]
"""A way to read portions: here, in several processes, on several machines. It takes some portions ahead, and gives
what was found in each, in their order."""


def read_new(papers: Iterable[Paper], cache: ExtractionCache | None, run: Run) -> Iterator[Extraction]:
    """The extractions of some papers, in their order.

    Args:
        papers: any number; they are read as a stream.
        cache: what it holds is not read again, and it gets what is.
        run: reads papers.
    """
    waiting = deque[list[Extraction | None]]()
    for found in run(_portions(papers, cache, waiting)):
        if cache is not None:
            for extraction in found:
                cache.put(extraction)
        fresh = iter(found)
        for known in waiting.popleft():
            yield next(fresh) if known is None else known


def _portions(
    papers: Iterable[Paper], cache: ExtractionCache | None, waiting: deque[list[Extraction | None]]
) -> Iterator[Portion]:
    """The papers of each portion that are to be read; what is known of all its papers goes to `waiting`."""
    known: list[Extraction | None] = []
    unknown: list[Paper] = []
    for paper in papers:
        found = None if cache is None else cache.get(paper)
        known.append(found)
        if found is None:
            unknown.append(paper)
        if len(unknown) == _TOGETHER or len(known) == _MOST:
            waiting.append(known)
            yield unknown
            known, unknown = [], []
    if known:
        waiting.append(known)
        yield unknown
