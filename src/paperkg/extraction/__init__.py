"""From a paper to what its text says: one spaCy pipeline, and the step from its Doc to an Extraction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from paperkg.extraction.fast import FAST_EXTRACTOR, extract_fast
from paperkg.lexicon import Lexicon
from paperkg.model import Extraction, Paper

EXTRACTOR = "paperkg-extractor-2"
"""The version of the extractor: rules, lexicon, weights and network. It changes whenever one of them changes what is found."""

_REMEMBERED = 500
"""Papers after which new words are forgotten; they cost time when they are new."""


def extractor(*, fast: bool = False) -> str:
    """The name and version of what reads papers, the usual way or the fast one."""
    return FAST_EXTRACTOR if fast else EXTRACTOR


def extract_papers(
    papers: Iterable[Paper],
    *,
    fast: bool = False,
    lexicon: Lexicon | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Extraction]:
    """Extracts papers one after the other, in their order.

    Args:
        papers: any number; they are read as a stream.
        lexicon: known names and terms; the one in the package if None.
        fast: by rules and lexicon alone: many times as fast, and less is found (docs/fast.md).
        progress: called with the number of papers done since the last call.
    """
    if fast:
        yield from extract_fast(papers, lexicon=lexicon, progress=progress)
        return
    from spacy.tokens import Doc

    from paperkg.extraction.assemble import assemble
    from paperkg.extraction.pipeline import TITLE_END, create_pipeline
    from paperkg.extraction.reading import PaperText, paper_text

    nlp = create_pipeline(lexicon)

    def docs(texts: list[PaperText]) -> Iterator[tuple[Doc, PaperText]]:
        for text in texts:
            doc = nlp.make_doc(text.text)
            doc.user_data[TITLE_END] = text.title_end
            yield doc, text

    stream = iter(papers)
    while batch := list(islice(stream, _REMEMBERED)):
        # New words are forgotten after so many papers: memory stays flat on long runs.
        with nlp.memory_zone():
            texts = [paper_text(paper.title, paper.abstract) for paper in batch]
            for paper, (doc, text) in zip(batch, nlp.pipe(docs(texts), as_tuples=True), strict=True):
                yield assemble(paper, text, doc)
                if progress is not None:
                    progress(1)
