"""The fast way from a paper to an `Extraction`: rules and lexicon, one pass over spaCy's tokens, no model."""

from paperkg.extraction.fast.extract import FAST_EXTRACTOR, FastReader

__all__ = ["FAST_EXTRACTOR", "FastReader"]
