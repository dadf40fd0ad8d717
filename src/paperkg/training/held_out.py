"""What the models find in annotated papers that they were not fitted on: entities as imperfect as in new papers."""

from __future__ import annotations

from collections.abc import Sequence

from paperkg.extraction.coordination import add_coordinated
from paperkg.extraction.decide import decide
from paperkg.extraction.ensemble import relations_by_span, score_candidates
from paperkg.extraction.located import LocatedEntity
from paperkg.extraction.pipeline import located
from paperkg.extraction.roles import RoleModel
from paperkg.extraction.surfaces import add_surfaces
from paperkg.training.entities import FOLDS, Example, fit_entities, fit_roles, fold_of


def found_entities(examples: Sequence[Example]) -> dict[str, list[LocatedEntity]]:
    """Paper -> its entities as found by models that were fitted on the papers of the other folds."""
    found = {}
    for fold in range(FOLDS):
        rest = [example for i, example in enumerate(examples) if fold_of(i) != fold]
        scorer, roles = fit_entities(rest), RoleModel(fit_roles(rest))
        for example in (example for i, example in enumerate(examples) if fold_of(i) == fold):
            reading = example.reading
            scores = score_candidates(scorer, reading, example.network)
            entities = add_surfaces(reading, add_coordinated(reading, decide(reading, scores)))
            seen = relations_by_span(example.network or (), reading)
            found[example.gold["pid"]] = located(reading, entities, roles.roles(reading, entities, seen))
    return found
