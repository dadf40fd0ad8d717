"""Which entity that was found is which of the gold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paperkg.evaluation.annotation import Annotation, Entity
from paperkg.evaluation.spelling import fold


@dataclass(frozen=True, slots=True)
class Pairing:
    """A paper as annotated and as read, with the entities that are the same in both.

    Attributes:
        matches: pairs of (gold, found); each entity stands in one at most.
        missed: entities of gold without a match.
        extra: entities that were found without a match.
    """

    gold: Annotation
    found: Annotation
    matches: tuple[tuple[Entity, Entity], ...]
    missed: tuple[Entity, ...]
    extra: tuple[Entity, ...]

    def gold_names(self) -> dict[str, str]:
        """The key of gold's name of each matched entity, by the key of the name under which it was found."""
        return {fold(found.name): fold(gold.name) for gold, found in self.matches}


def pair(gold: Annotation, found: Annotation | None) -> Pairing:
    """Pair the entities of a paper; None stands for a paper that was not read."""
    found = found or Annotation(gold.paper)
    places = match(gold.entities, found.entities)
    in_gold, in_found = {i for i, _ in places}, {j for _, j in places}
    return Pairing(
        gold,
        found,
        matches=tuple((gold.entities[i], found.entities[j]) for i, j in places),
        missed=tuple(e for i, e in enumerate(gold.entities) if i not in in_gold),
        extra=tuple(e for j, e in enumerate(found.entities) if j not in in_found),
    )


def match(gold: Sequence[Entity], found: Sequence[Entity]) -> list[tuple[int, int]]:
    """Match entities that share a spelling, one to one: those of the same type first, then by shared spellings."""
    gold_keys, found_keys = [_keys(e) for e in gold], [_keys(e) for e in found]
    candidates = sorted(
        (gold[i].type != found[j].type, -len(shared), i, j)
        for i in range(len(gold))
        for j in range(len(found))
        if (shared := gold_keys[i] & found_keys[j])
    )
    in_gold: set[int] = set()
    in_found: set[int] = set()
    places = []
    for _, _, i, j in candidates:
        if i not in in_gold and j not in in_found:
            in_gold.add(i)
            in_found.add(j)
            places.append((i, j))
    return places


def _keys(entity: Entity) -> set[str]:
    return {key for key in map(fold, (entity.name, *entity.spellings)) if key}
