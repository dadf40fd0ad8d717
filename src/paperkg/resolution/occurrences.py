"""What resolution looks at of an entity of a paper; where it stands in the text does not matter to it."""

from __future__ import annotations

from dataclasses import dataclass

from paperkg.model import EntityType, ExtractedEntity, Relation

Place = tuple[int, int]
"""Number of a paper, and of an entity among those of the paper."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An entity of a paper: parts of an `ExtractedEntity`.

    Attributes:
        texts: its mentions, in their order.
    """

    name: str
    type: EntityType
    named: bool
    relation: Relation
    long_form: str | None
    family: str | None
    texts: tuple[str, ...]

    @classmethod
    def of(cls, entity: ExtractedEntity) -> Occurrence:
        """What counts of an entity."""
        return cls(
            entity.name,
            entity.type,
            entity.named,
            entity.relation,
            entity.long_form,
            entity.family,
            tuple(mention.text for mention in entity.mentions),
        )

    @property
    def introduces(self) -> bool:
        """Whether the paper claims it as its own."""
        return self.named and self.relation == "introduces"
