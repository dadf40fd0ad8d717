"""The verbs that correct a built graph by hand; each writes a line of `NAME.decisions.tsv` and renews the graph's files.

The same as on the command line, without printing. Every verb opens the set at `path` (without ending, or any of
its files), and returns the new graph; if it fails nothing has changed. docs/decisions.md describes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg.building import renew
from paperkg.decisions import check_decision, with_decision, without_decision
from paperkg.errors import DecisionError
from paperkg.model import Decision, EntityType, Outcome, Relation, Verb
from paperkg.text.fold import fold
from paperkg.text.plural import count

if TYPE_CHECKING:
    from paperkg.graph import EntityView, KnowledgeGraph


def merge(path: str | Path, entity: str, other: str, *, note: str = "") -> KnowledgeGraph:
    """Two entities are one thing. It keeps the IRI, name and family of the first.

    Args:
        path: the graph's.
        entity: the one that stays, by IRI or any spelling.
        other: the one that becomes a part of it; its IRI leads to the first from then on.
        note: why, for readers.

    Raises:
        NotInGraph: there is no such entity.
        DecisionError: a name means several entities, the two are one already, or the file of decisions is broken.
        GraphError: there is no such graph, or another process is writing it.
    """
    return _decide(path, lambda kg: Decision("merge", find_one(kg, other), find_one(kg, entity), note=note))


def split(
    path: str | Path, entity: str, *, papers: Iterable[str] = (), by: str = "", note: str = ""
) -> KnowledgeGraph:
    """What stands under one name is several things.

    Args:
        path: the graph's.
        entity: by IRI or any spelling.
        papers: those that mean another thing, by id, IRI or title: what they name goes apart. Or:
        by: `type` or `long-form`, for one entity each.
        note: why, for readers.

    Raises:
        as `merge`, and DecisionError where nothing would go apart.
    """

    def decision(kg: KnowledgeGraph) -> Decision:
        ids = tuple(dict.fromkeys(kg.paper(paper).id for paper in papers))
        return Decision("split", find_one(kg, entity), f"by {by}" if by else "", ids, note)

    return _decide(path, decision)


def rename(path: str | Path, entity: str, name: str, *, note: str = "") -> KnowledgeGraph:
    """An entity gets another canonical name, and the IRI that is made of it; the old IRI leads to the new one.

    Raises:
        as `merge`, and DecisionError where another entity has that name and type.
    """
    return _decide(path, lambda kg: Decision("rename", find_one(kg, entity), name, note=note))


def accept(path: str | Path, paper: str, entity: str, *, note: str = "") -> KnowledgeGraph:
    """What a paper says of an entity is right: the edge is certain.

    Args:
        path: the graph's.
        paper: by id, IRI or title.
        entity: by IRI or any spelling.
        note: why, for readers.

    Raises:
        as `merge`, and DecisionError where the paper does not name the entity.
    """
    return _decide(path, lambda kg: _edge("accept", kg, paper, entity, "", note))


def reject(path: str | Path, paper: str, entity: str, *, note: str = "") -> KnowledgeGraph:
    """A paper does not name an entity: the edge goes, with what else the paper says of it. As `accept`."""
    return _decide(path, lambda kg: _edge("reject", kg, paper, entity, "", note))


def retype(path: str | Path, paper: str, entity: str, type: EntityType, *, note: str = "") -> KnowledgeGraph:
    """A paper means an entity as one of another type. As `accept`."""
    return _decide(path, lambda kg: _edge("retype", kg, paper, entity, type, note))


def relate(
    path: str | Path, paper: str, entity: str, relation: Relation, *, note: str = ""
) -> KnowledgeGraph:
    """A paper stands in another relation to an entity. As `accept`."""
    return _decide(path, lambda kg: _edge("relate", kg, paper, entity, relation, note))


def undo(path: str | Path, number: int) -> KnowledgeGraph:
    """Take back the decision of that number, from 1 (`graph.provenance.outcomes` has them in this order).

    Raises:
        DecisionError: there is no such decision.
    """
    return renew(path, lambda _, content: without_decision(content, number, str(path)))


def apply_decisions(path: str | Path) -> KnowledgeGraph:
    """Apply the decisions again, after their file was edited.

    Raises:
        DecisionError: a line of the file is no decision.
    """
    return renew(path, lambda _, content: content)


def find_one(kg: KnowledgeGraph, text: str) -> str:
    """The IRI of the one entity that is meant: that with the IRI, or the only one of that name, or so spelled.

    Raises:
        NotInGraph: there is none.
        DecisionError: there are several.
    """
    found = kg.find(text) or (kg.entity(text),)
    named = [view for view in found if fold(view.name) == fold(text)] if len(found) > 1 else []
    meant = named or list(found)
    if len(meant) > 1:
        raise DecisionError(
            f"{text!r} may mean {len(meant)} entities: {'; '.join(_choice(view) for view in meant)}",
            hint="say which by its IRI",
        )
    return meant[0].iri


def _decide(path: str | Path, decision: Callable[[KnowledgeGraph], Decision]) -> KnowledgeGraph:
    def change(kg: KnowledgeGraph, content: bytes) -> bytes:
        made = decision(kg)
        check_decision(made)
        return with_decision(content, made)

    return renew(path, change, _has_applied)


def _has_applied(outcomes: Sequence[Outcome]) -> None:
    last = outcomes[-1]
    if last.reason:
        raise DecisionError(f"{last.decision.verb}: {last.reason}")


def _choice(view: EntityView) -> str:
    return f"{view.name} ({view.type}, {count(len(view.edges()), 'paper')}) {view.iri}"


def _edge(verb: Verb, kg: KnowledgeGraph, paper: str, entity: str, to: str, note: str) -> Decision:
    return Decision(verb, find_one(kg, entity), to, (kg.paper(paper).id,), note)
