"""What was left out, kept to a size that can be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import repeat

from paperkg.model import Skip

_MOST = 1_000
"""Of one kind in one file, listed one by one; the others are counted."""


@dataclass(slots=True)
class _Same:
    listed: list[Skip] = field(default_factory=list)
    more: int = 0
    last: int = 0


def by_kind(skipped: Iterable[Skip]) -> Counter[str]:
    """How many of each kind there are."""
    return Counter(kind for skip in skipped for kind in repeat(skip.kind, skip.number))


class Skips:
    """Gathers what was left out: all that a reader can take in, and the number of the rest."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], _Same] = {}

    def add(self, skip: Skip) -> None:
        """Note something that was left out."""
        same = self._known.setdefault((skip.file, skip.kind), _Same())
        if len(same.listed) < _MOST:
            same.listed.append(skip)
        else:
            same.more += 1
            same.last = max(same.last, skip.line)

    def count(self, kind: str) -> int:
        """How many of a kind there are, those not listed too."""
        return sum(len(s.listed) + s.more for (_, k), s in self._known.items() if k == kind)

    def all(self) -> Iterable[Skip]:
        """Those that are listed, and one for the rest of each kind in each file."""
        for same in self._known.values():
            yield from same.listed
            if same.more:
                first = same.listed[0]
                reason = f"{same.more:,} more up to this line, which are not listed one by one"
                yield Skip(first.file, same.last, first.kind, reason, same.more)
