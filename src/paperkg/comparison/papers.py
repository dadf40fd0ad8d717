"""What one paper says in two graphs, as its two JSON objects have it (`paperkg.records`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from paperkg.comparison.difference import Change, ChangedPaper, PaperEdge, StatedRelation, StatedResult

Record = Mapping[str, Any]


def _edges(record: Record) -> Iterator[tuple[PaperEdge, Any]]:
    for entity in record["entities"]:
        yield PaperEdge(entity["relation"], entity["name"], entity["iri"]), entity


def _relations(record: Record) -> Iterator[tuple[StatedRelation, Any]]:
    for relation in record["entity_relations"]:
        yield StatedRelation(relation["subject"], relation["predicate"], relation["object"]), relation


def _results(record: Record) -> Iterator[tuple[StatedResult, Any]]:
    for result in record["results"]:
        system, on, metric = (result.get(part) or "" for part in ("system", "on", "metric"))
        yield StatedResult(system, on, metric, result["value"]), result


def _links(record: Record) -> Iterator[tuple[str, Any]]:
    for link in record["links"]:
        yield link["normalized"], link


_Statements = Callable[[Record], Iterator[tuple[Any, Any]]]
STATEMENTS: dict[str, _Statements] = {
    "edges": _edges,
    "relations": _relations,
    "results": _results,
    "links": _links,
}
_NO_FIELDS = {"entities", "entity_relations", "results", "links", "extracted"}


def changed_paper(old: Record, new: Record) -> ChangedPaper:
    """What changed in a paper.

    Raises:
        KeyError, TypeError: a record is none of paperkg's.
    """
    changes = {kind: _change(statements, old, new) for kind, statements in STATEMENTS.items()}
    fields = sorted(
        name
        for name in {*old, *new} - _NO_FIELDS
        if (name in old, old.get(name)) != (name in new, new.get(name))
    )
    nothing = not fields and all(change == Change() for change, _ in changes.values())
    return ChangedPaper(
        id=new["id"],
        title=new["title"],
        fields=tuple(fields),
        words=nothing or any(other for _, other in changes.values()),
        **{kind: change for kind, (change, _) in changes.items()},
    )


def _change(statements: _Statements, old: Record, new: Record) -> tuple[Change[Any], bool]:
    """What came and went, and whether something that stays has other words, another confidence or type."""
    before, after = list(statements(old)), list(statements(new))
    were, are = Counter(what for what, _ in before), Counter(what for what, _ in after)
    change = Change(tuple(sorted((are - were).elements())), tuple(sorted((were - are).elements())))

    def stays(parts: list[tuple[Any, Any]]) -> Counter[tuple[Any, str]]:
        return Counter(
            (what, json.dumps(part, sort_keys=True)) for what, part in parts if were[what] == are[what]
        )

    return change, stays(before) != stays(after)
