"""From a paper to what its text says: one spaCy pipeline, and the step from its Doc to an Extraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from paperkg.extraction.cache import ExtractionCache
from paperkg.extraction.fast import FAST_EXTRACTOR
from paperkg.extraction.identity import identity_of
from paperkg.extraction.portions import Run, read_new
from paperkg.extraction.side_by_side import cores, make_reader, read_here, read_side_by_side, useful_processes
from paperkg.lexicon import Lexicon
from paperkg.model import Extraction, Paper

__all__ = [
    "EXTRACTOR",
    "FAST_EXTRACTOR",
    "ExtractionCache",
    "extract_papers",
    "extractor",
    "reader_identity",
    "useful_processes",
]

EXTRACTOR = "paperkg-extractor-6"
"""The version of the extractor: rules, lexicon, weights and network. It changes whenever one of them changes what is found."""


def extractor(*, fast: bool = False) -> str:
    """The name and version of what reads papers, the usual way or the fast one."""
    return FAST_EXTRACTOR if fast else EXTRACTOR


def reader_identity(*, fast: bool = False, lexicon: Lexicon | None = None) -> str:
    """A hash of all that an extraction depends on beside its paper."""
    return identity_of(extractor(fast=fast), lexicon)


def extract_papers(
    papers: Iterable[Paper],
    *,
    fast: bool = False,
    lexicon: Lexicon | None = None,
    processes: int | None = 1,
    cluster: str | None = None,
    cache: ExtractionCache | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Extraction]:
    """Extracts papers, in their order.

    Args:
        papers: any number; they are read as a stream.
        lexicon: known names and terms; the one in the package if None.
        fast: by rules and lexicon alone: many times as fast, and less is found (docs/fast.md).
        processes: how many read side by side, one a processor if None; the result is the same with any number.
        cluster: address of a Ray cluster that reads them, `auto` for the one that this machine belongs to.
        cache: of this extractor and lexicon: what it holds is not read again, and it gets what is.
        progress: called with the number of papers done since the last call.

    Raises:
        PaperkgError: one of several processes was killed; there is no cluster, or it fails.
        MissingExtra: the extra `ray` is not installed.
        ValueError: the cache is of another extractor or lexicon.
    """
    if cache is not None and (cache.extractor, cache.lexicon) != (extractor(fast=fast), lexicon):
        raise ValueError("the cache is of another extractor or lexicon")
    for extraction in read_new(papers, cache, _run(fast, lexicon, processes, cluster)):
        yield extraction
        if progress is not None:
            progress(1)


def _run(fast: bool, lexicon: Lexicon | None, processes: int | None, cluster: str | None) -> Run:
    make = partial(make_reader, fast=fast, lexicon=lexicon)
    alone = partial(make, threads=1)  # the other cores have processes of their own
    if cluster is not None:
        from paperkg.extraction.on_ray import read_on_ray

        identify = partial(reader_identity, fast=fast, lexicon=lexicon)
        return partial(read_on_ray, address=cluster, workers=processes, make=alone, identify=identify)
    if processes == 1:
        return partial(read_here, make=make)
    many = processes or cores()
    return partial(read_side_by_side, processes=many, make=alone)
