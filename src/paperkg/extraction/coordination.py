"""Names that share their stem: 'GPT-3.5/4' and 'GPT-3.5 and 4' name GPT-4 too, 'BLEU-1, 2 and 3' three metrics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from paperkg.extraction.candidates import Token, TokenSpan, span_text
from paperkg.extraction.decide import Found
from paperkg.extraction.features import Reading
from paperkg.extraction.words import VERBS
from paperkg.text.fold import fold

_NUMBERED = re.compile(r"(.*[^\d.])\d+(?:\.\d)?")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d)?")
_JOINTS = frozenset(("/", ",", "and", "or", "&"))
_MAY_FOLLOW = frozenset(
    "on in for and or with to are is as by at via when using across from than while under over both".split()
)


def _ends(tokens: Sequence[Token], i: int) -> bool:
    """Whether nothing behind a number makes it a count ('GPT-4 and 5 others')."""
    return (
        i >= len(tokens)
        or not (tokens[i].is_word or tokens[i].text in "%+-")
        or tokens[i].lower in _MAY_FOLLOW | VERBS
    )


def further_numbers(tokens: Sequence[Token], end: int) -> list[int]:
    """Indices of the tokens behind a numbered name that stand for further numbers of it."""
    out: list[int] = []
    i = end
    while i + 1 < len(tokens):
        start = i
        while i < len(tokens) and i < start + 2 and tokens[i].lower in _JOINTS:
            i += 1
        if (
            i == start
            or i >= len(tokens)
            or not _NUMBER.fullmatch(tokens[i].text)
            or not _ends(tokens, i + 1)
        ):
            break
        out.append(i)
        i += 1
    return out


def add_coordinated(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """The entities with those that are named by a number alone, in order of their first mention."""
    by_key = {fold(f.name): f for f in found}
    for entity in found:
        if not entity.named:
            continue
        for start, end in entity.spans:
            stem = _NUMBERED.fullmatch(span_text(reading.text, reading.tokens, (start, end)))
            if stem is None:
                continue
            for i in further_numbers(reading.tokens, end):
                name = stem[1] + reading.tokens[i].text
                span: TokenSpan = (i, i + 1)
                known = by_key.get(fold(name))
                by_key[fold(name)] = (
                    replace(known, spans=tuple(sorted({*known.spans, span})))
                    if known
                    else replace(entity, name=name, spans=(span,), long_form=None, entry=None)
                )
    return sorted(by_key.values(), key=lambda f: f.spans)
