"""Papers in, extractions out, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from paperkg.lexicon import Lexicon
from paperkg.model import Extraction, Paper

if TYPE_CHECKING:
    from spacy.language import Language

FAST_EXTRACTOR = "paperkg-fast-extractor-5"
"""The version of the fast extractor: rules, lexicon and chances."""

_MOST_WORDS = 150_000
"""With this many words known a new pipeline is begun: spaCy forgets none, and memory shall stay flat on long runs."""

_LONG_RUN = re.compile(r"\S{120}")
"""spaCy's tokeniser takes quadratic time on what has no space (`((((`): such a text goes to this package's own."""


@cache
def fast_pipeline(lexicon: Lexicon | None = None) -> Language:
    """The pipeline of this process for a lexicon: what it keeps are words, which are the same in every text."""
    from paperkg.extraction.fast.pipeline import create_fast_pipeline

    return create_fast_pipeline(lexicon)


class FastReader:
    """Reads papers by rules and lexicon alone."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon

    def __call__(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        """The extractions of some papers, in their order; they are read as a stream."""
        from paperkg.extraction.fast.assemble import assemble_fast
        from paperkg.extraction.fast.pipeline import TEXT
        from paperkg.extraction.fast.text import quick_text
        from paperkg.extraction.tokenizer import PaperTokenizer

        nlp = fast_pipeline(self._lexicon)
        for paper in papers:
            if len(nlp.vocab) > _MOST_WORDS:
                fast_pipeline.cache_clear()
                nlp = fast_pipeline(self._lexicon)
            text = quick_text(paper)
            doc = (PaperTokenizer(nlp.vocab) if _LONG_RUN.search(text.text) else nlp.make_doc)(text.text)
            doc.user_data[TEXT] = text
            yield assemble_fast(paper, text, nlp(doc))
