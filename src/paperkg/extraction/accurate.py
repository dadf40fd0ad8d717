"""Papers in, extractions out, through the whole pipeline, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from paperkg.lexicon import Lexicon
from paperkg.model import Extraction, Paper

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from paperkg.extraction.reading import PaperText

_REMEMBERED = 500
"""Papers after which new words are forgotten; they cost time when they are new."""


class AccurateReader:
    """Reads papers by rules, lexicon, linear models and the network."""

    def __init__(self, lexicon: Lexicon | None, *, threads: int) -> None:
        from paperkg.extraction.pipeline import create_pipeline

        self._nlp = create_pipeline(lexicon, threads=threads)

    def __call__(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """The extractions of some papers, in their order; they are read as a stream."""
        from paperkg.extraction.assemble import assemble
        from paperkg.extraction.reading import paper_text

        stream = iter(papers)
        while batch := list(islice(stream, _REMEMBERED)):
            # New words are forgotten after so many papers: memory stays flat on long runs.
            with self._nlp.memory_zone():
                texts = [paper_text(paper.title, paper.abstract) for paper in batch]
                docs = self._nlp.pipe(self._docs(texts), as_tuples=True)
                for paper, (doc, text) in zip(batch, docs, strict=True):
                    yield assemble(paper, text, doc)

    def _docs(self, texts: Iterable[PaperText]) -> Iterator[tuple[Doc, PaperText]]:
        from paperkg.extraction.pipeline import TITLE_END

        for text in texts:
            doc = self._nlp.make_doc(text.text)
            doc.user_data[TITLE_END] = text.title_end
            yield doc, text
