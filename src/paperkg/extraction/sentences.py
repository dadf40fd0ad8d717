"""Sentence boundaries for abstracts, by rule."""

from __future__ import annotations

from spacy.tokens import Doc

_NO_END = frozenset("e.g i.e vs cf al fig eq sec no st dr approx resp etc w.r.t i.i.d".split())
_CLOSERS = frozenset(")]}\"'”’")


def set_sentences(doc: Doc) -> Doc:
    """Marks the first tokens of sentences: after `. ? !` and white space, before a capital, digit or bracket.

    A line break always ends a sentence (the title stands on a line of its own).
    """
    starts = True
    for i, token in enumerate(doc):
        token.is_sent_start = starts
        if token.is_space:
            starts = "\n" in token.text or starts
            continue
        starts = False
        if i + 1 == len(doc):
            break
        text = token.text
        following = doc[i + 1]
        if following.text in _CLOSERS and text in ".?!":
            continue
        ended = text in (".", "?", "!") or (
            text in _CLOSERS and i > 0 and doc[i - 1].text in ".?!" and not doc[i - 1].whitespace_
        )
        if not ended or not (token.whitespace_ or following.is_space):
            continue
        if following.is_space:
            starts = True
            continue
        before = doc[i - 1].text.lower() if i else ""
        if text == "." and (
            before in _NO_END or (len(before) == 1 and before.isalpha() and before not in "ax")
        ):
            continue
        starts = not following.text[0].islower()
    return doc
