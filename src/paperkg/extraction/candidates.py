"""Candidate entities: every stretch of words that could name something, grouped into one candidate per spelling.

Recall is decided here, precision by the scorer. A candidate is an n-gram that crosses no function word and no
punctuation, a spelling that the lexicon knows, or a form of an abbreviation that the text defines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from spacy.tokens import Doc

from paperkg.extraction.abbreviations import Abbreviation
from paperkg.extraction.words import FUNCTION_WORDS, VERBS
from paperkg.text.fold import fold_words

MAX_WORDS = 7
MAX_TOKENS = 12
MOST_NGRAMS = 3_000
"""With more of them only shorter ones count: the longest abstracts of arXiv have some 550."""
_HYPHENS = frozenset("-‐‑–")
_MEASURED = re.compile(r"\d+\.\d\d+|\d{1,3}(,\d{3})+")
"""A number that was measured or counted; versions have one decimal."""
_SHORT_PLURAL = re.compile(r"[A-Z]{2}s")
_KINDS = frozenset(
    "dataset datasets benchmark benchmarks method methods framework frameworks approach approaches".split()
)

TokenSpan = tuple[int, int]
"""The first token, and the one behind the last."""


class _Spelling(NamedTuple):
    """What is the same of a token wherever it stands; `is_function` says that it may be a function word."""

    lower: str
    is_word: bool
    is_hyphen: bool
    is_function: bool
    has_letter: bool
    has_digit: bool


class Token(NamedTuple):
    """A token of the Doc, prepared once: its text, lower case, place, and what it is."""

    text: str
    lower: str
    start: int
    end: int
    sentence: int
    is_word: bool
    is_hyphen: bool
    breaks: bool
    space_after: bool
    has_letter: bool
    has_digit: bool


def _spelling(text: str) -> _Spelling:
    lower = "<gap>" if text.isspace() else text.lower()
    return _Spelling(
        lower,
        any(map(str.isalnum, text)),
        text in _HYPHENS,
        lower in FUNCTION_WORDS and text in (lower, lower.title()),
        any(map(str.isalpha, text)),
        any(map(str.isdigit, text)),
    )


_SHORT = 60
"""Longer spellings seldom come again; remembering them would take much memory."""
_short_spelling = lru_cache(maxsize=1 << 16)(_spelling)


def read_tokens(doc: Doc) -> list[Token]:
    """The tokens of a Doc with sentence boundaries set, as plain records."""
    strings = doc.vocab.strings
    texts = [strings[number] for number in doc.to_array("ORTH").tolist()]
    starts = doc.to_array("IDX").tolist()
    spaces = [bool(space) for space in doc.to_array("SPACY").tolist()]
    begins = [begin == 1 for begin in doc.to_array("SENT_START").tolist()]
    out = []
    sentence = -1
    last = len(texts) - 1
    for i, text in enumerate(texts):
        sentence += begins[i] or i == 0
        lower, is_word, is_hyphen, is_function, has_letter, has_digit = (
            _short_spelling(text) if len(text) <= _SHORT else _spelling(text)
        )
        # A hyphen ties a word to its neighbour (`in-context`, `text-to-image`).
        glued = is_function and (
            (i + 2 <= last and texts[i + 1] in _HYPHENS and not spaces[i] and not spaces[i + 1])
            or (i >= 2 and texts[i - 1] in _HYPHENS and not spaces[i - 2] and not spaces[i - 1])
        )
        out.append(
            Token(
                text,
                lower,
                starts[i],
                starts[i] + len(text),
                sentence,
                is_word,
                is_hyphen,
                (is_function and not glued) or not (is_word or is_hyphen) or text.startswith("http"),
                spaces[i],
                has_letter,
                has_digit,
            )
        )
    return out


@lru_cache(maxsize=1 << 14)
def is_shaped(text: str) -> bool:
    """Whether a spelling looks like a name whatever stands around it: inner capitals, digits with letters, symbols."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return False
    words = text.replace("-", " ").split()
    for word in words:
        if any(c.isupper() for c in word[1:]) or (
            any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
        ):
            return True
    return text[-1] in "+#" or "&" in text


class Candidate(NamedTuple):
    """A spelling that could be an entity, with all its places.

    Attributes:
        key: folded spelling; with a leading `=` where the spelling is shaped like a name (`RUN` is not `run`).
        spans: token spans (start, end) of all occurrences, in order.
        partner: key of the other form where the text defines an abbreviation, else None.
        is_short: whether it is the short form of that pair.
    """

    key: str
    spans: tuple[tuple[int, int], ...]
    partner: str | None = None
    is_short: bool = False


def candidate_key(text: str) -> str:
    """The key under which spellings of one text are one candidate."""
    return _short_key(text) if len(text) <= _SHORT else _key(text)


def _key(text: str) -> str:
    if _SHORT_PLURAL.fullmatch(text):
        text = text[:-1]  # `fold` takes the s of LMs for a letter of the name
    folded = "".join(fold_words(text))
    return "=" + folded if is_shaped(text) else folded


_short_key = lru_cache(maxsize=1 << 16)(_key)


def stretches(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Token spans without function words and punctuation, inside one sentence."""
    start = None
    for i, token in enumerate(tokens):
        if token.breaks or (start is not None and token.sentence != tokens[start].sentence):
            if start is not None and i > start:
                yield start, i
            start = None if token.breaks else i
        elif start is None:
            start = i
    if start is not None:
        yield start, len(tokens)


def _names_its_kind(tokens: list[Token], start: int, end: int) -> bool:
    """Whether a name carries the noun of its kind (`CLadder dataset`), which is no part of it."""
    return end - start > 1 and tokens[end - 1].lower in _KINDS and is_shaped(tokens[end - 2].text)


def _edges_fit(tokens: list[Token], start: int, end: int) -> bool:
    first, last = tokens[start], tokens[end - 1]
    return (
        first.is_word
        and last.is_word
        and last.lower not in VERBS
        and first.lower not in VERBS
        and len(last.text) + len(first.text) > 2
        and (first.has_letter or last.has_letter or any(t.has_letter for t in tokens[start:end]))
        and not (last.has_digit and _MEASURED.fullmatch(last.text))
        and not _names_its_kind(tokens, start, end)
    )


def ngrams(tokens: list[Token]) -> list[tuple[int, int]]:
    """Every n-gram of at most `MAX_WORDS` words within a stretch that begins and ends like a term.

    Where these are more than `MOST_NGRAMS`, the text is no prose: n-grams of fewer words, at last of one, are taken.
    """
    found: list[tuple[int, int]] = []
    for most in (MAX_WORDS, 3, 2, 1):
        found = list(islice(_ngrams(tokens, most), MOST_NGRAMS + 1))
        if len(found) <= MOST_NGRAMS:
            break
    return found[:MOST_NGRAMS]


def _ngrams(tokens: list[Token], most: int) -> Iterator[tuple[int, int]]:
    for left, right in stretches(tokens):
        for start in range(left, right):
            words = 0
            for end in range(start + 1, min(right, start + MAX_TOKENS) + 1):
                words += tokens[end - 1].is_word
                if words > most:
                    break
                if _edges_fit(tokens, start, end):
                    yield start, end


def span_text(text: str, tokens: list[Token], span: tuple[int, int]) -> str:
    """The characters of a token span."""
    return text[tokens[span[0]].start : tokens[span[1] - 1].end]


def find_candidates(
    text: str,
    tokens: list[Token],
    known: Iterable[tuple[int, int]],
    abbreviations: tuple[Abbreviation, ...],
) -> dict[str, Candidate]:
    """All candidates of a text by key.

    Args:
        text: the clean text; tokens: its tokens.
        known: token spans that the lexicon knows.
        abbreviations: what the text defines.
    """
    spans: dict[str, set[tuple[int, int]]] = {}
    pairs: dict[str, tuple[str, bool]] = {}
    for span in (*ngrams(tokens), *known):
        spans.setdefault(candidate_key(span_text(text, tokens, span)), set()).add(span)
    begins = {token.start: i for i, token in enumerate(tokens)} if abbreviations else {}
    ends = {token.end: i + 1 for i, token in enumerate(tokens)} if abbreviations else {}
    for pair in abbreviations:
        short, long = (candidate_key(text[slice(*offsets)]) for offsets in (pair.short, pair.long))
        for key, (start, end) in ((short, pair.short), (long, pair.long)):
            if start in begins and end in ends and begins[start] < ends[end]:  # it cuts no token
                spans.setdefault(key, set()).add((begins[start], ends[end]))
        if short in spans and long in spans and short != long:
            pairs.setdefault(short, (long, True))
            pairs.setdefault(long, (short, False))
    return {
        key: Candidate(
            key,
            tuple(sorted(places)),
            partner=pairs[key][0] if key in pairs else None,
            is_short=key in pairs and pairs[key][1],
        )
        for key, places in sorted(spans.items())
    }
