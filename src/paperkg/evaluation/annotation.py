"""What is known of one paper, by annotation or by extraction: the same type on both sides of a comparison."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from paperkg.errors import SourceError
from paperkg.evaluation.spelling import fold
from paperkg.model import ENTITY_PREDICATES, ENTITY_TYPES, LINK_KINDS, RELATIONS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of one paper.

    Attributes:
        spellings: by which the paper names it, verbatim.
        identity: equal for entities of different papers if, and only if, they are held to be one thing.
        relation: the paper's relation to it; None where the extractor gives none.
        confidence: of the edge, in [0, 1]; None where there is none.
    """

    name: str
    type: str
    named: bool
    relation: str | None
    spellings: tuple[str, ...]
    identity: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A number that the paper reports; `system`, `metric` and `on` are names of entities."""

    value: str
    kind: str | None
    system: str | None = None
    metric: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """What is known of one paper.

    Attributes:
        paper: its id.
        relations: triples of subject, predicate and object, by the names of the paper's entities.
        links: pairs of URL, as written, and kind.
    """

    paper: str
    entities: tuple[Entity, ...] = ()
    relations: tuple[tuple[str, str, str], ...] = ()
    results: tuple[Result, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def parse_gold(content: bytes, file: str) -> tuple[Annotation, ...]:
    """The annotated papers of a gold file, JSON Lines (benchmarks/gold/GUIDELINES.md ends with the form).

    Args:
        content: the file's bytes.
        file: its name, for errors.

    Raises:
        SourceError: a line is not such a record, or a paper stands there twice.
    """
    return _parse(content, file, _gold)


def parse_found(content: bytes, file: str) -> tuple[Annotation, ...]:
    """The papers of a build's papers.jsonl.

    Of an entity, `mentions`, `relation`, `iri` and `confidence` may be missing, and of a paper all but `id` and
    `entities`, so that the output of other extractors can be scored too.

    Raises:
        SourceError: a line is not such a record, or a paper stands there twice.
    """
    return _parse(content, file, _found)


def _gold(record: Json) -> Annotation:
    return Annotation(
        paper=_text(record, "pid"),
        entities=tuple(_gold_entity(e) for e in _objects(record, "entities")),
        relations=tuple(_triple(r) for r in _list(record, "entity_relations")),
        results=tuple(_result(r) for r in _objects(record, "results")),
        links=tuple(_link(link) for link in _objects(record, "links")),
    )


def _found(record: Json) -> Annotation:
    return Annotation(
        paper=_text(record, "id"),
        entities=tuple(_found_entity(e) for e in _objects(record, "entities")),
        relations=tuple(
            _triple([r.get("subject"), r.get("predicate"), r.get("object")])
            for r in _objects(record, "entity_relations")
        ),
        results=tuple(_result(r) for r in _objects(record, "results")),
        links=tuple(_link(link) for link in _objects(record, "links")),
    )


def _gold_entity(record: Json) -> Entity:
    name = _text(record, "name")
    return Entity(
        name=name,
        type=_one_of(record, "type", ENTITY_TYPES),
        named=_one_of(record, "layer", ("named", "term")) == "named",
        relation=_one_of(record, "relation", RELATIONS),
        spellings=tuple(_strings(record, "surfaces")),
        identity=f"{fold(name)}|{_optional(record, 'sense') or ''}",
    )


def _found_entity(record: Json) -> Entity:
    name = _text(record, "name")
    named = record.get("named")
    if not isinstance(named, bool):
        raise ValueError(f"`named` is neither true nor false: {named!r:.40}")
    return Entity(
        name=name,
        type=_one_of(record, "type", ENTITY_TYPES),
        named=named,
        relation=None if record.get("relation") is None else _one_of(record, "relation", RELATIONS),
        spellings=tuple(_text(mention, "text") for mention in _objects(record, "mentions")),
        identity=_optional(record, "iri") or fold(name),
        confidence=_confidence(record),
    )


def _result(record: Json) -> Result:
    return Result(
        value=_text(record, "value"),
        kind=_optional(record, "kind"),
        system=_optional(record, "system"),
        metric=_optional(record, "metric"),
        on=_optional(record, "on"),
    )


def _triple(value: Any) -> tuple[str, str, str]:
    if not isinstance(value, list) or len(value) != 3 or not all(isinstance(part, str) for part in value):
        raise ValueError(f"a relation is not subject, predicate and object: {value!r:.80}")
    subject, predicate, object_ = value
    if predicate not in ENTITY_PREDICATES:
        raise ValueError(f"an unknown predicate: {predicate!r:.40}")
    return subject, predicate, object_


def _link(record: Json) -> tuple[str, str]:
    return _text(record, "url"), _one_of(record, "kind", LINK_KINDS)


# --- fields of a record


def _text(record: Json, key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise ValueError(f"no text `{key}`")
    return value


def _optional(record: Json, key: str) -> str | None:
    return None if record.get(key) is None else _text(record, key)


def _one_of(record: Json, key: str, known: Iterable[str]) -> str:
    value = _text(record, key)
    if value not in known:
        raise ValueError(f"an unknown {key}: {value!r:.40}")
    return value


def _list(record: Json, key: str) -> list[Any]:
    value = record.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"`{key}` is no list")
    return value


def _objects(record: Json, key: str) -> list[Json]:
    values = _list(record, key)
    if not all(isinstance(value, dict) for value in values):
        raise ValueError(f"`{key}` is no list of objects")
    return values


def _strings(record: Json, key: str) -> list[str]:
    values = _list(record, key)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"`{key}` is no list of texts")
    return values


def _confidence(record: Json) -> float | None:
    value = record.get("confidence")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"a confidence that is no number from 0 to 1: {value!r:.40}")
    return float(value)


# --- lines of a file


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def _parse(content: bytes, file: str, annotation: Callable[[Json], Annotation]) -> tuple[Annotation, ...]:
    lines: dict[str, int] = {}
    out = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            record = _DECODER.decode(line.decode("utf-8"))
            if not isinstance(record, dict):
                raise ValueError("not a JSON object")
            one = annotation(record)
            if one.paper in lines:
                raise ValueError(f"the paper {one.paper!r:.60} stands on line {lines[one.paper]} already")
        except UnicodeDecodeError:
            raise SourceError("not UTF-8", file=file, line=number) from None
        except json.JSONDecodeError as error:
            raise SourceError(
                f"bad JSON: {error.msg} at column {error.colno}", file=file, line=number
            ) from None
        except RecursionError:
            raise SourceError("bad JSON: nested too deeply", file=file, line=number) from None
        except ValueError as error:
            raise SourceError(str(error), file=file, line=number) from None
        lines[one.paper] = number
        out.append(one)
    if not out:
        raise SourceError("no record in it", file=file)
    return tuple(out)
