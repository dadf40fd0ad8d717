"""What an extraction depends on beside its paper, as one hash."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from paperkg.lexicon import Lexicon, load_lexicon

_LIBRARIES = ("numpy", "onnxruntime", "spacy")
"""Another version of these may find other things."""


def identity_of(extractor: str, lexicon: Lexicon | None = None) -> str:
    """A hash of an extractor, the libraries below it, and a lexicon: equal ones find the same in the same text.

    Args:
        extractor: its name and version.
        lexicon: the one in the package if None.
    """
    entries = (load_lexicon() if lexicon is None else lexicon).entries
    parts = (extractor, *(f"{name} {version(name)}" for name in _LIBRARIES), repr(entries))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
