"""How often each rule is right: two small tables, counted on annotated papers by `paperkg.training.fast`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from paperkg.errors import FormatError
from paperkg.model import RELATIONS, Relation

TABLE = "chances.tsv"
COLUMNS = ("rule", "key", "relation", "chance")
ENTITY, RELATION = "entity", "relation"


@dataclass(frozen=True, slots=True)
class Chances:
    """Probabilities of what the rules say.

    Attributes:
        entities: ground -> probability that what it finds is an entity of its type and layer.
        relations: context, whole or its beginning -> the commonest relation and its share.
    """

    entities: dict[str, float]
    relations: dict[tuple[str, ...], tuple[Relation, float]]

    def relation(self, context: tuple[str, ...]) -> tuple[Relation, float]:
        """The relation of the longest beginning of a context that was counted."""
        found = self.relations.get(context)
        while found is None and context:
            context = context[:-1]
            found = self.relations.get(context)
        return found or ("mentions", 0.5)


def read_chances(text: str) -> Chances:
    """The tables from their tab-separated form."""
    header, *lines = text.splitlines()
    if header.split("\t") != list(COLUMNS):
        raise FormatError(f"the first line must be {' '.join(COLUMNS)}", file=TABLE)
    entities: dict[str, float] = {}
    relations: dict[tuple[str, ...], tuple[Relation, float]] = {}
    for line in lines:
        rule, key, relation, chance = line.split("\t")
        if rule == ENTITY:
            entities[key] = float(chance)
        else:
            relations[tuple(key.split("|"))] = (RELATIONS[RELATIONS.index(relation)], float(chance))
    return Chances(entities, relations)


@cache
def shipped_chances() -> Chances:
    """The tables of the package, read once a process."""
    return read_chances(files(__package__).joinpath(TABLE).read_text("utf-8"))
