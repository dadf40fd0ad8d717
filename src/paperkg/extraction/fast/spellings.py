"""The lexicon as a tree of folded words: the longest known spelling from a word on, in one step a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from paperkg.lexicon import Entry, Lexicon, load_lexicon
from paperkg.text.fold import fold, fold_words

LEAST_PRIOR = 0.3
"""Terms that papers name less often without being annotated are left out: they would not be believed."""


@dataclass(frozen=True, slots=True)
class Known:
    """One spelling of an entry.

    Attributes:
        guard: when it may be believed: always, in exact case, in exact case with a fitting word nearby.
        ground: why it is believed if no guard says more; the key of a measured probability.
        key: what the lexicon alone knows of the entity (type, folded name).
    """

    entry: Entry
    spelling: str
    guard: str
    ground: str
    key: str


class Node(dict[str, "Node"]):
    """The words that may follow in some spelling; `known` are the spellings that end here."""

    __slots__ = ("known",)

    def __init__(self) -> None:
        super().__init__()
        self.known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Spellings:
    """All spellings of a lexicon.

    Attributes:
        root: a tree of folded words, the last word of a spelling in the singular.
        whole: folded spellings in one piece, for tokens that join what the lexicon parts (`GPT4`).
    """

    root: Node
    whole: dict[str, tuple[Known, ...]]


def index(entries: Iterable[Entry]) -> Spellings:
    """The spellings of some entries; of equal ones names come before terms, and the probable before the rare."""
    root = Node()
    whole: dict[str, tuple[Known, ...]] = {}
    for entry in sorted(entries, key=lambda e: (not e.named, -(e.prior or 0.0), e.name, e.type)):
        key = f"{entry.type}|{fold(entry.name)}"
        for spelling, guard in entry.guards():
            parts = fold_words(spelling)
            if not parts:
                continue
            ground = "name" if entry.prior is None else term_ground(entry.prior, len(parts) == 1)
            known = Known(entry, spelling, guard, ground, key)
            node = root
            for part in parts:
                node = node.setdefault(part, Node())
            node.known = (*node.known, known)
            joined = "".join(parts)
            whole[joined] = (*whole.get(joined, ()), known)
    return Spellings(root, whole)


def term_ground(prior: float, one_word: bool) -> str:
    """The ground of a known term: the tenth in which its prior lies, and whether it is one word."""
    return f"term {min(9, int(10 * prior))} {'1' if one_word else 'n'}"


@cache
def spellings(lexicon: Lexicon | None) -> Spellings:
    """A lexicon, that of the package if None, indexed once a process."""
    entries = load_lexicon() if lexicon is None else lexicon
    return index(e for e in entries if e.prior is None or e.prior >= LEAST_PRIOR)
