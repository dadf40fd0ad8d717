"""How names and long forms are compared: looser than by `fold`, yet never by likeness of strings alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from paperkg.model import EntityType
from paperkg.text.fold import fold, fold_words, singular

_FILLERS = frozenset({"and", "of", "the"})
_BRITISH = (("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("our", "or"), ("elling", "eling"))
_DIGIT = re.compile(r"\d")
_VERSION = re.compile(r"\d[^\W_]*(?:\.\d+)?")
_YEAR = re.compile(r"(?<=[^\W\d_])(?:19|20)(\d\d)$")
_VERSIONED = re.compile(r"(?<=[^\W\d_])v?(\d+)(?:\.0)?$")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_HEADS = frozenset(
    "model network method framework algorithm technique approach system task problem benchmark dataset".split()
)
MOST_LETTERS = 10
"""Letters in the longest abbreviation."""
LEAST_ALIKE = 4
"""Letters at the beginning that two forms of a word share at least."""
NEIGHBOURS = 100
"""With so many long forms whose words begin as its own a long form is compared; of 20,000 papers of arXiv at most 4 share them."""

_KINDS: dict[EntityType, str] = {
    "Method": "system",
    "Model": "system",
    "Dataset": "data",
    "Benchmark": "data",
    "Metric": "metric",
    "Task": "task",
}


def kind(type_: EntityType) -> str:
    """The coarse kind of a type: papers often differ between Method and Model, or Dataset and Benchmark."""
    return _KINDS[type_]


@lru_cache(maxsize=1 << 18)
def content_words(text: str) -> tuple[str, ...]:
    """The folded words of a name, each in the singular and in American spelling, without `and`, `of`, `the`.

    What stands in brackets goes (vision-language-action (VLA) model) and so does the `a` of LLM-as-a-judge.
    """
    words = [word for word in fold_words(_IN_BRACKETS.sub(" ", text)) if word not in _FILLERS]
    if len(words) > 2:
        words = [word for i, word in enumerate(words) if word != "a" or i in (0, len(words) - 1)]
    # A word before a number is a name: THUMOS 2014.
    pairs = zip_longest(words, words[1:], fillvalue="")
    return tuple(_american(word if after[:1].isdigit() else singular(word)) for word, after in pairs)


def _american(word: str) -> str:
    if len(word) > 6:
        for british, american in _BRITISH:
            if word.endswith(british):
                return word[: -len(british)] + american
    return word


@lru_cache(maxsize=1 << 16)
def loose(text: str) -> str:
    """The key under which names are equal but for the forms of words, years and versions.

    WMT14 is WMT 2014, and VQA v2.0 is VQAv2 and VQA 2.0, but DeiT-S is not DeiT.
    """
    parts = content_words(text)
    whole = "".join(parts) or fold(text) or text
    if parts and len(parts[-1]) > 1:  # the S of DeiT-S is a size and no plural
        whole = singular(whole)
    return _YEAR.sub(r"\1", _VERSIONED.sub(r"\1", whole))


def is_one_word(text: str) -> bool:
    """Whether a name is a single word without digits: such names are given to several things most often."""
    return len(fold_words(text)) == 1 and not _DIGIT.search(text)


def with_version(long: str, short: str) -> str:
    """A long form with the versions that only its abbreviation has (Segment Anything Model, SAM2), folded."""
    known = fold(long)
    return known + "".join(v for v in map(fold, _VERSION.findall(short)) if v not in known)


def is_abbreviation(short: str, long: str) -> bool:
    """Whether one spelling can abbreviate another: capitals whose letters stand in it in their order."""
    letters = [letter for letter in short.removesuffix("s") if letter.isalnum()]
    if not 2 <= len(letters) <= MOST_LETTERS or " " in short or sum(map(str.isupper, letters)) < 2:
        return False
    words = fold_words(long)
    if len(words) < 2 or 2 * len(letters) > sum(map(len, words)) or words[0][0] != letters[0].casefold():
        return False
    rest = iter("".join(words))
    return all(letter.casefold() in rest for letter in letters)


def same_definition(short: str, one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two long forms (content words) of one abbreviation are the same thing.

    They are when word for word they begin alike (structural, structured causal model), when one is the end of
    the other and has a word for each letter (RL: rule-based reinforcement learning), or when one has a word
    like `model` at its end that the other leaves out.
    """
    one, other = _without_head(one, other), _without_head(other, one)
    if len(one) == len(other):
        return all(_begin_alike(a, b) for a, b in zip(one, other, strict=True))
    end, whole = sorted((tuple(one), tuple(other)), key=len)
    return len(end) > 1 and len(end) == len(short) and whole[-len(end) :] == end


def definitions_to_compare(
    short: str, forms: Iterable[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Pairs of the long forms of one abbreviation for which `same_definition` can hold.

    They share the beginnings of their words, or one is the end of the other. Where more than `NEIGHBOURS` share them,
    each is given with so many that follow it in their order only, or a pile made to hurt would take hours.
    """
    begins: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
    known, letters = set(forms), len(short)
    for words in sorted(known):
        begins[_begins(words)].append(words)
        if len(words) > 2 and words[-1] in _HEADS:
            begins[_begins(words[:-1])].append(words)
        end = words[-letters:]
        if 1 < letters < len(words) and end in known:
            yield end, words
    for alike in begins.values():
        for place, words in enumerate(alike):
            yield from ((words, other) for other in alike[place + 1 : place + 1 + NEIGHBOURS])


def _begins(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(word[:LEAST_ALIKE] for word in words)


def _without_head(words: Sequence[str], other: Sequence[str]) -> Sequence[str]:
    return words[:-1] if len(words) == len(other) + 1 > 2 and words[-1] in _HEADS else words


def same_meaning(name: str, long: str) -> bool:
    """Whether a name of several words and the long form that a paper writes for it can be one thing.

    Every word of the shorter one has to stand in the other, alike or as an abbreviation of several words
    (multimodal LLM, multimodal large language model). Else the paper defines something else under an
    abbreviation that the name's thing has as well (domain generalization, distractor generation).
    """
    shorter, longer = sorted((content_words(name), content_words(long)), key=len)
    initials = "".join(word[0] for word in longer)
    return all(
        any(_begin_alike(word, other) for other in longer) or (len(word) > 1 and word in initials)
        for word in shorter
    )


def _begin_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter = min(len(one), len(other))
    same = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    return same >= LEAST_ALIKE and 3 * same > 2 * shorter
