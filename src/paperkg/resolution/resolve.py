"""Which entities of different papers are one thing: blocks of candidates, decisions, groups, IRIs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from paperkg.lexicon import Lexicon, load_lexicon
from paperkg.model import Decision, Extraction, Outcome
from paperkg.resolution.iris import DEFAULT_BASE
from paperkg.resolution.ledger import Ledger
from paperkg.resolution.rebuild import rebuilt, unresolved


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolution gives.

    Attributes:
        extractions: in the order in which they came.
        outcomes: what came of each decision.
        replaced: IRIs that gave way by decisions, each with the one that stands in its place now, sorted.
    """

    extractions: tuple[Extraction, ...]
    outcomes: tuple[Outcome, ...]
    replaced: tuple[tuple[str, str], ...]


def resolve(
    extractions: Iterable[Extraction], *, base: str = DEFAULT_BASE, lexicon: Lexicon | None = None
) -> list[Extraction]:
    """Give each entity of each paper the IRI of an entity of the whole graph, its canonical name and family.

    Entities of one paper that turn out to be one thing become one, with the first of their relations; names
    stay unique within a paper. The order of the extractions changes nothing but the order of the result.

    Args:
        extractions: one a paper, fresh or resolved before, with others; they are not changed.
        base: IRI under which the entities stand.
        lexicon: names that are canonical; the one in the package if None.
    """
    return list(resolve_with(extractions, (), base=base, lexicon=lexicon).extractions)


def resolve_with(
    extractions: Iterable[Extraction],
    decisions: Sequence[Decision],
    *,
    base: str = DEFAULT_BASE,
    lexicon: Lexicon | None = None,
) -> Resolution:
    """As `resolve`, and then apply what people decided, in its order."""
    fresh = [unresolved(extraction) for extraction in extractions]
    with Ledger(load_lexicon() if lexicon is None else lexicon, base) as ledger:
        numbers = [ledger.put(extraction) for extraction in fresh]
        verdict = ledger.decide(ledger.resolve().clusters, decisions)
        made = [
            rebuilt(extraction, ledger.resolved(number))
            for number, extraction in zip(numbers, fresh, strict=True)
        ]
    return Resolution(tuple(made), verdict.outcomes, verdict.replaced)
