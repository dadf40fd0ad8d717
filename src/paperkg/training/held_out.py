"""What the models find in annotated papers that they were not fitted on: entities as imperfect as in new papers."""

from __future__ import annotations

from collections.abc import Sequence

from paperkg.extraction.coordination import add_coordinated
from paperkg.extraction.decide import decide
from paperkg.extraction.ensemble import relations_by_span, score_candidates
from paperkg.extraction.located import LocatedEntity
from paperkg.extraction.pipeline import located
from paperkg.extraction.surfaces import add_surfaces
from paperkg.training.entities import Example, by_fold


def found_entities(examples: Sequence[Example]) -> dict[str, list[LocatedEntity]]:
    """Paper -> its entities as found by models that were fitted on the papers of the other folds."""
    found = {}
    for _, example, scorer, roles in by_fold(examples):
        reading = example.reading
        scores = score_candidates(scorer, reading, example.network)
        entities = add_surfaces(reading, add_coordinated(reading, decide(reading, scores)))
        seen = relations_by_span(example.network or (), reading)
        found[example.gold["pid"]] = located(reading, entities, roles.roles(reading, entities, seen))
    return found
