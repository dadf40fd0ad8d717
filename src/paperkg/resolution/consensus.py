"""What several papers say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from paperkg.model import ENTITY_TYPES, EntityType


def common_type(types: Iterable[EntityType]) -> EntityType:
    """The commonest type; of equally common ones the first in `ENTITY_TYPES`."""
    counts = Counter(types)
    return min(counts, key=lambda type_: (-counts[type_], ENTITY_TYPES.index(type_)))


def commonest(texts: Iterable[str]) -> str:
    """The most frequent of some texts; of equally frequent ones the first in the order of code points."""
    return min(Counter(texts).items(), key=lambda item: (-item[1], item[0]))[0]
