"""Names of one word that the lexicon does not settle: which papers mean the same thing by them.

Two papers that introduce a name have two things, unless they are about the very same. A paper that uses it means
the thing of the paper that introduces it, or of other users, if they are about alike and give it the same kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from paperkg.lexicon import Guard
from paperkg.resolution.meanings import UNKNOWN
from paperkg.resolution.topics import Vector, unit

ONE_PAPER = 0.8
"""Likeness from which two papers that introduce a name introduce one thing."""
ALIKE: dict[Guard | None, float] = {None: 0.2, "context": 0.1, "case": -0.1, "": -0.2}
"""Likeness from which papers that use a name mean one thing, by the lexicon's guard; None if it does not know it."""
USER = 0.3
"""Likeness from which a paper that uses a name means what another introduces."""
ORIGINAL = 0.6
"""Likeness from which a paper that introduces a known name is held to be where it comes from."""
OTHER_KIND = 0.25
"""What a thing of another kind loses in likeness."""
COINED = -0.1
"""Likeness from which papers mean one thing by a name that nobody would think of twice."""

_COINED = re.compile(r"[^\W\d_]*[a-z][A-Z]|.*-")
_COINED_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Use:
    """A paper's use of a name.

    Attributes:
        paper: its id.
        kind: coarse kind of the type that it gives the name.
        introduces: whether it introduces it.
        topic: what the paper is about.
    """

    paper: str
    kind: str
    introduces: bool
    topic: Vector


@dataclass(slots=True)
class _Thing:
    uses: list[Use] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    total: Vector | None = None

    def add(self, use: Use) -> None:
        self.uses.append(use)
        self.kinds[use.kind] += 1
        self.total = use.topic if self.total is None else self.total + use.topic

    def likeness(self, use: Use, *, without: bool = False) -> float:
        """How much speaks for this being what the paper means; without its own use if that is one of several."""
        alone = without and len(self.uses) > 1
        total = self.total - use.topic if alone and self.total is not None else self.total
        if total is None or not np.any(total) or not np.any(use.topic):
            alike = UNKNOWN
        else:
            alike = float(unit(total) @ use.topic)
        return alike - (OTHER_KIND if self.kinds[use.kind] <= alone else 0.0)


def is_coined(name: str) -> bool:
    """Whether a name is so odd that two people would hardly find it: GroundingDINO, but not MoCo."""
    return len(name) >= _COINED_LENGTH and _COINED.match(name) is not None


def things(name: str, uses: Iterable[Use], guard: Guard | None = None) -> dict[str, str]:
    """For each paper that uses a name a mark of what it means: the id of the first paper of that thing.

    What most papers use without introducing it, and all of a thing that has no namesake, has an empty mark. The
    order of the uses does not matter. A paper that stands there twice is judged by one of its uses.

    Args:
        guard: of the name in the lexicon; None if that does not know it.
    """
    ordered = sorted({use.paper: use for use in uses}.values(), key=lambda use: use.paper)
    least = COINED if is_coined(name) else ALIKE[guard]
    introduced: list[_Thing] = []
    for use in (use for use in ordered if use.introduces):
        _place(use, introduced, least if is_coined(name) else ONE_PAPER)
    everybody = _Thing()
    for use in (use for use in ordered if not use.introduces):
        everybody.add(use)
    used: list[_Thing] = [] if guard is None else [_Thing()]
    for use in everybody.uses:
        common = everybody.likeness(use, without=True) if guard is not None else 0.0
        if _placed(use, introduced, least if is_coined(name) else max(USER, common)):
            continue
        if guard is not None and common >= least:
            used[0].add(use)
        else:
            _place(use, used, least, first=guard is not None)
    used = [thing for thing in used if thing.uses]
    made = introduced + used
    usual = min(used or introduced, key=lambda thing: (-len(thing.uses), thing.uses[0].paper))
    if guard is not None:
        for thing in introduced:
            if thing is not usual and all(usual.likeness(use) >= ORIGINAL for use in thing.uses[:1]):
                usual.uses += thing.uses
                made.remove(thing)
    plain = usual if guard is not None or len(made) == 1 else None
    return {
        use.paper: "" if thing is plain else min(use.paper for use in thing.uses)
        for thing in made
        for use in thing.uses
    }


def _placed(use: Use, made: Sequence[_Thing], least: float) -> bool:
    best = max(made, key=lambda thing: thing.likeness(use), default=None)
    if best is None or best.likeness(use) < least:
        return False
    best.add(use)
    return True


def _place(use: Use, made: list[_Thing], least: float, *, first: bool = False) -> None:
    """Add a use to the thing that it is most like, or to a new one; not to the first if that was tried."""
    if not _placed(use, made[1:] if first else made, least):
        made.append(_Thing())
        made[-1].add(use)
