"""The spans that may be mentions, and what the text and the corpus statistics say of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from paperkg.extraction.neural.phrases import PhraseTable
from paperkg.extraction.neural.words import WORD_FEATURES, Words

MAX_WIDTH = 13
"""The longest span, in words; a hyphen counts as one."""
MAX_TERMS = 8
"""The most words of letters and digits in a span."""

STOP_WORDS = frozenset(
    """
    a about across after against all allows also although an and another any are as at be because been
    before being between both but by can could despite did do does due each either enables even every
    existing first for from further furthermore had has have he her here his how however if in instead into
    is it its itself just may moreover most much must neither no nor not of on only onto or other our over
    own per rather same several shall she should show shows since so some still such than that the their
    them then there these they this those through throughout thus to toward towards two under until up upon
    us using via was we were what when where whether which while who whose why will with within without
    would yet you your
    """.split()
)
"""Words with which no span begins or ends, unless a hyphen joins them to the next (`in-context learning`)."""

_BARRED = frozenset(',;:?![]{}<>="\u201c\u201d\u2014|~')
_LAST_SIGNS = frozenset("+#*")

_MOST_COUNTED = 8
_ROOTS = [n**0.5 - 1.0 for n in range(_MOST_COUNTED + 1)]

SPAN_FEATURES = (
    "times in text",
    "stands in title",
    "long form of an abbreviation",
    "abbreviation of a long form",
    "in parentheses",
    "capitalised words",
    "starts after a hyphen",
    "ends before a hyphen",
)
"""Names of the columns of `Candidates.features` that come before those of the phrase table."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidate spans of one text, in order of (first, last).

    Attributes:
        first: index of the first word of each span.
        last: index of its last word, inclusive.
        features: (spans, len(SPAN_FEATURES) + PhraseTable.WIDTH), about 0 to 2 each.
    """

    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    features: npt.NDArray[np.float32]


def find_candidates(
    words: Words, table: PhraseTable, *, stop_words: frozenset[str] = STOP_WORDS
) -> Candidates:
    """All spans of up to `MAX_WIDTH` words within a sentence that begin and end like a mention.

    Args:
        stop_words: words with which no span begins or ends, in lower case.
    """
    pairs = [
        (i, j)
        for i in range(len(words))
        if _may_start(words, i, stop_words)
        for j in _ends(words, i, stop_words)
    ]
    if not pairs:
        none = np.zeros(0, dtype=np.int64)
        return Candidates(none, none, np.zeros((0, len(SPAN_FEATURES) + PhraseTable.WIDTH), dtype=np.float32))
    spans = np.asarray(pairs, dtype=np.int64)
    first, last = spans[:, 0], spans[:, 1]
    features = np.concatenate(
        [_features(words, first, last), table.look_up(words.lower, first, last)], axis=1
    )
    return Candidates(first, last, features)


def _glued(words: Words, i: int) -> bool:
    """True if no space stands between the words `i` and `i + 1`."""
    return words.spans[i][1] == words.spans[i + 1][0]


def _may_start(words: Words, i: int, stop_words: frozenset[str]) -> bool:
    if not words.strings[i].isalnum():
        return False
    if words.lower[i] not in stop_words or words.strings[i].isupper():
        return True
    return i + 1 < len(words) and words.strings[i + 1] == "-" and _glued(words, i)


def _ends(words: Words, i: int, stop_words: frozenset[str]) -> list[int]:
    """The last words of the spans that begin at `i`."""
    out = []
    depth = terms = 0
    for j in range(i, min(i + MAX_WIDTH, len(words))):
        s = words.strings[j]
        if words.sentence[j] != words.sentence[i] or s in _BARRED:
            break
        if s == "(":
            depth += 1
        elif s == ")":
            depth -= 1
            if depth < 0:
                break
            if not depth and _glued(words, j - 1):
                out.append(j)
        elif s[0].isalnum():
            terms += 1
            if terms > MAX_TERMS:
                break
            if not depth and (words.lower[j] not in stop_words or s.isupper()):
                out.append(j)
        elif s in _LAST_SIGNS and not depth and _glued(words, j - 1):
            out.append(j)
    return out


def _features(
    words: Words, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    pairs = list(zip(first.tolist(), last.tolist(), strict=True))
    terms = [w if w[0].isalnum() else "" for w in words.lower]
    tails = [_singular(w) for w in terms]
    keys = [_key(terms, tails, i, j) for i, j in pairs]
    count = Counter(keys)
    of = {name: words.features[:, k] for k, name in enumerate(WORD_FEATURES)}
    titled = {key for key, inside in zip(keys, (of["in title"][first] > 0).tolist(), strict=True) if inside}
    capitals = _until(of["capitalised"] + of["upper"])
    held = _until(of["alphanumeric"])
    opens = np.array([*(s == "(" for s in words.strings), False])
    out = np.zeros((len(keys), len(SPAN_FEATURES)), dtype=np.float32)
    out[:, 0] = [_ROOTS[min(count[key], _MOST_COUNTED)] for key in keys]
    out[:, 1] = [key in titled for key in keys]
    for n in np.flatnonzero(opens[last + 1]).tolist():
        out[n, 2] = _defines(words, *pairs[n])
    for n in np.flatnonzero(opens[first - 1] & (first > 0)).tolist():
        out[n, 3] = _defined(words, *pairs[n])
    out[:, 4] = of["in parentheses"][first]
    out[:, 5] = (capitals[last + 1] - capitals[first]) / np.maximum(held[last + 1] - held[first], 1.0)
    out[:, 6] = of["hyphen before"][first]
    out[:, 7] = of["hyphen after"][last]
    return out


def _until(column: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The sum of a column before each row, and of all of it."""
    return np.concatenate([[0.0], np.cumsum(column, dtype=np.float64)])


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _key(terms: list[str], tails: list[str], i: int, j: int) -> str:
    """The words of letters and digits of a span in one piece, the last of them in the singular."""
    while not terms[j]:
        j -= 1
    return "".join(terms[i:j]) + tails[j]


def _acronym(words: Words, i: int) -> str:
    """The letters of a short form that stands alone in the parentheses that open at word `i`, else ''."""
    inner = []
    for j in range(i + 1, min(i + 6, len(words))):
        s = words.strings[j]
        if s in ")," or s == ";":
            break
        inner.append(s)
    letters = "".join(s for s in inner if s[0].isalnum())
    if letters.endswith("s") and letters[:-1].isupper():
        letters = letters[:-1]
    return letters.lower() if 2 <= len(letters) <= 12 and any(c.isupper() for c in letters) else ""


def _defines(words: Words, i: int, j: int) -> bool:
    """True if a parenthesis follows in which the initials of the span stand."""
    if j + 1 >= len(words) or words.strings[j + 1] != "(":
        return False
    short = _acronym(words, j + 1)
    parts = [w for w in words.lower[i : j + 1] if w[0].isalnum()]
    return (
        bool(short) and short[0] == parts[0][0] and len(parts) > 1 and _is_subsequence(short, "".join(parts))
    )


def _defined(words: Words, i: int, j: int) -> bool:
    """True if the span stands in parentheses after words of which it has the first letter."""
    if not i or words.strings[i - 1] != "(" or j + 1 >= len(words) or words.strings[j + 1] not in "),":
        return False
    short = _acronym(words, i - 1)
    if not short:
        return False
    before = [k for k in range(max(0, i - 2 - 2 * len(short)), i - 1) if words.lower[k][0].isalnum()]
    return any(
        words.lower[k][0] == short[0]
        and _is_subsequence(short, "".join(w for w in words.lower[k : i - 1] if w[0].isalnum()))
        for k in before
    )


def _is_subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(c in letters for c in short)
