"""What several papers say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from paperkg.model import ENTITY_TYPES, EntityType, ExtractedEntity


def common_type(members: Collection[ExtractedEntity]) -> EntityType:
    """The commonest type that papers give to an entity.

    Of equally common ones that of a paper that introduces it, then the first in `ENTITY_TYPES`.
    """
    counts = Counter(member.type for member in members)
    introduced = Counter(member.type for member in members if member.relation == "introduces")
    return min(counts, key=lambda type_: (-counts[type_], -introduced[type_], ENTITY_TYPES.index(type_)))


def commonest(texts: Iterable[str]) -> str:
    """The most frequent of some texts; of equally frequent ones the first in the order of code points."""
    return min(Counter(texts).items(), key=lambda item: (-item[1], item[0]))[0]
