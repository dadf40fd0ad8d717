"""The lexicon over the tokens of a text: its known spellings, whatever their hyphens, spaces and plural."""

from __future__ import annotations

from dataclasses import dataclass

from paperkg.extraction.candidates import Token
from paperkg.lexicon import Entry, Lexicon
from paperkg.text.fold import fold, singular, words

MAX_TOKENS = 12
_JOINERS = frozenset("/.'’&+")


@dataclass(frozen=True, slots=True)
class Match:
    """A token span whose spelling the lexicon knows.

    Attributes:
        exact: whether it is written exactly so (but for a plural s).
    """

    span: tuple[int, int]
    entry: Entry
    exact: bool
    guard: str


class KnownSpellings:
    """An index of a lexicon by folded spelling, for matching over tokens.

    Args:
        lexicon: the entries.
    """

    def __init__(self, lexicon: Lexicon):
        self._by_key: dict[str, list[tuple[Entry, str, str]]] = {}
        beginnings: set[str] = set()
        for entry in lexicon:
            for spelling, guard in entry.guards():
                key = fold(spelling)
                self._by_key.setdefault(key, []).append((entry, spelling, guard))
                beginnings.add(key[:4])
        self._beginnings = frozenset(beginnings)

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The entries that have a folded spelling, each once, in the order of the lexicon."""
        return tuple(dict.fromkeys(entry for entry, _, _ in self._by_key.get(key, ())))

    def find(self, text: str, tokens: list[Token]) -> list[Match]:
        """All matches in a text, in order of their places."""
        parts = [words(t.text) if t.is_word else () for t in tokens]
        out = []
        for start, token in enumerate(tokens):
            prefix = ""
            for end in range(start + 1, min(len(tokens), start + MAX_TOKENS) + 1):
                last, part = tokens[end - 1], parts[end - 1]
                if last.sentence != token.sentence or not (part or last.is_hyphen or last.text in _JOINERS):
                    break
                if not part:
                    if end == start + 1:
                        break
                    continue
                key = prefix + "".join(part[:-1]) + singular(part[-1])
                if key in self._by_key:
                    out += self._matches(key, text[token.start : last.end], (start, end))
                prefix += "".join(part)
                if len(prefix) >= 4 and prefix[:4] not in self._beginnings:
                    break
        return out

    def _matches(self, key: str, written: str, span: tuple[int, int]) -> list[Match]:
        best: dict[Entry, Match] = {}
        for entry, spelling, guard in self._by_key[key]:
            exact = written in (spelling, spelling + "s")
            if entry not in best or exact:
                best[entry] = Match(span, entry, exact, guard)
        return list(best.values())
