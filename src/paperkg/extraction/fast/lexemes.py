"""What the fast way knows of a word, whatever text it stands in: worked out once a word."""

from __future__ import annotations

import re

from spacy.strings import StringStore

from paperkg.extraction.fast.spellings import Node, Spellings
from paperkg.extraction.features import TYPE_NOUNS
from paperkg.model import EntityType
from paperkg.text.fold import singular
from paperkg.text.fold import words as folded

_CUES = {
    "introduce": "propose proposes proposed introduce introduces introducing introduced present presents presenting develop develops "
    "developed release releases released design devise construct constructed create build unveil novel contribute dubbed named "
    "called termed",
    "compare": "outperform outperforms outperforming outperformed surpass surpasses surpassing baseline baselines beats exceeds "
    "exceeding superior versus than compared over",
    "leading": "state sota representative including like as leading frontier",
    "evaluate": "evaluate evaluates evaluated evaluating evaluation evaluations experiments experiment test tested testing validate "
    "validated empirically benchmarks datasets experimental conducted on across",
    "use": "use uses using leverage leverages leveraging based via through built employ employs apply applies adopt integrate "
    "integrates integrating combine combines combining utilizing utilize initialized with by",
    "train": "trained pretrained train training",
    "show": "show shows demonstrate achieve achieves achieving improve improves improving reaches attains",
    "unlike": "unlike inspired",
    "background": "have has recent recently advances widely progress success existing prior previous traditional conventional current "
    "although while despite however often",
}
CUES = (*list(_CUES)[:-1], "", "background")
"""What a sentence may say of a name, in order of precedence; "" is nothing."""
_CUE_OF = {word: cue for cue, words in _CUES.items() for word in words.split()}
_NAMING = frozenset("dubbed named called termed".split())
_HYPHENS = frozenset(("-", "‐", "‑", "–"))
_NAME = re.compile(r"[^\W_][\w.+#&@'’-]{1,39}")
_NO_NAMES = re.compile(
    r"[\d.,]+[A-Za-z%]{0,3}\+?(?:[-/].{0,40})?|[A-Z]\.|[IVX]{2,4}|AI|ML|DL|SOTA|GPUs?|CPUs?|APIs?|NLP"
)


def is_name_like(text: str) -> bool:
    """Whether a word looks like a name wherever it stands: a capital inside, or letters with digits."""
    if not _NAME.fullmatch(text) or _NO_NAMES.fullmatch(text):
        return False
    return any(c.isupper() for c in text[1:]) or (
        any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    )


class Word:
    """A word as the fast way sees it.

    Attributes:
        text, lower: as written, in lower case.
        parts: its folded words; first: the first of them; last: the last of them in the singular.
        node: where the tree of spellings stands after it, None where no spelling goes on.
        known: the spellings that it is all of.
        cue: what it says of the words behind it (one of `CUES`), or "".
        noun: the type that it stands for (`benchmark`), or None.
        name_like, naming, we, stops, joins, gap: looks like a name; is `called` or the like; is `we` or `our`; ends a
            sentence; is a hyphen; is white space.
        seen: whether the pass over a text stops at it.
    """

    __slots__ = (
        "cue", "first", "gap", "joins", "known", "last", "lower", "name_like", "naming", "node", "noun", "parts", "seen", "stops",
        "text", "we",
    )  # fmt: skip

    def __init__(self, text: str, spellings: Spellings):
        self.text = text
        self.lower = lower = text.lower()
        self.gap = text.isspace()
        self.joins = text in _HYPHENS
        self.stops = text in (".", "?", "!") or "\n\n" in text
        self.parts = parts = () if self.joins or self.gap else folded(text)
        self.first = parts[0] if parts else ""
        self.last = singular(parts[-1]) if parts else ""
        self.cue = _CUE_OF.get(lower, "")
        self.naming = lower in _NAMING
        self.we = lower in ("we", "our")
        self.noun: EntityType | None = TYPE_NOUNS.get(lower)  # type: ignore[assignment]
        self.name_like = is_name_like(text)
        self.node = _after(spellings.root, parts)
        self.known = spellings.whole.get("".join(parts[:-1]) + self.last, ()) if parts else ()
        self.seen = bool(
            self.node or self.known or self.cue or self.we or self.stops or self.joins or self.name_like
        )


def _after(root: Node, parts: tuple[str, ...]) -> Node | None:
    """Where the tree stands after some words, None where it goes no further."""
    node: Node | None = root if parts else None
    for part in parts:
        node = node.get(part) if node is not None else None
    return node or None


class Lexemes(dict[int, Word]):
    """Words by spaCy's number of their text, made when they are first met."""

    def __init__(self, strings: StringStore, spellings: Spellings):
        super().__init__()
        self.strings = strings
        self.spellings = spellings

    def __missing__(self, number: int) -> Word:
        word = self[number] = Word(self.strings[number], self.spellings)
        return word
