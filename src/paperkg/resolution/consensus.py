"""What several papers say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from paperkg.model import ENTITY_TYPES, EntityType, Relation


class Member(Protocol):
    """What a paper says of an entity."""

    @property
    def type(self) -> EntityType:
        """As the paper types it."""

    @property
    def relation(self) -> Relation:
        """The paper's to it."""


def common_type(members: Iterable[Member]) -> EntityType:
    """The commonest type that papers give to an entity.

    Of equally common ones that of a paper that introduces it, then the first in `ENTITY_TYPES`.
    """
    said = [(member.type, member.relation == "introduces") for member in members]
    return elected_type(Counter(type_ for type_, _ in said), Counter(type_ for type_, own in said if own))


def elected_type(counts: Mapping[EntityType, int], introduced: Mapping[EntityType, int]) -> EntityType:
    """As `common_type`, of what was counted: the papers by the type that they give, and those that introduce it."""
    return min(
        counts, key=lambda type_: (-counts[type_], -introduced.get(type_, 0), ENTITY_TYPES.index(type_))
    )


def commonest(texts: Iterable[str]) -> str:
    """The most frequent of some texts; of equally frequent ones the first in the order of code points."""
    return elected(Counter(texts))


def elected(counts: Mapping[str, int]) -> str:
    """As `commonest`, of texts that were counted."""
    return min(counts.items(), key=lambda item: (-item[1], item[0]))[0]
