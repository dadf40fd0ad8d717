"""Sentence boundaries for abstracts, by rule."""

from __future__ import annotations

from typing import Any

import numpy as np
from spacy.tokens import Doc

_NO_END = frozenset("e.g i.e vs cf al fig eq sec no st dr approx resp etc w.r.t i.i.d".split())
_CLOSERS = frozenset(")]}\"'”’")


def set_sentences(doc: Doc) -> Doc:
    """Marks the first tokens of sentences: after `. ? !` and white space, before a capital, digit or bracket.

    A line break always ends a sentence (the title stands on a line of its own).
    """
    strings = doc.vocab.strings
    texts = [strings[number] for number in doc.to_array("ORTH").tolist()]
    spaces = doc.to_array("SPACY").tolist()
    blank = [text.isspace() for text in texts]
    begins: list[int] = []
    starts = True
    for i, text in enumerate(texts):
        begins.append(1 if starts else -1)
        if blank[i]:
            starts = "\n" in text or starts
            continue
        starts = False
        if i + 1 == len(texts):
            break
        following = texts[i + 1]
        if following in _CLOSERS and text in ".?!":
            continue
        ended = text in (".", "?", "!") or (
            text in _CLOSERS and i > 0 and texts[i - 1] in ".?!" and not spaces[i - 1]
        )
        if not ended or not (spaces[i] or blank[i + 1]):
            continue
        if blank[i + 1]:
            starts = True
            continue
        before = texts[i - 1].lower() if i else ""
        if text == "." and (
            before in _NO_END or (len(before) == 1 and before.isalpha() and before not in "ax")
        ):
            continue
        starts = not following[0].islower()
    # All at once: each assignment to `token.is_sent_start` would look at the whole Doc.
    array: Any = np.array(begins, dtype=np.int64).astype(np.uint64)
    doc.from_array(["SENT_START"], array)
    return doc
