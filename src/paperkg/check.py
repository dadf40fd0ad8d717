"""What a file says is held against the types of the model before anything is made of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from paperkg.model import Extracted, Extraction, Provenance, Span

_IRI = re.compile(r"(?:https?://|urn:)[^\x00-\x20<>\"{}|\\^`]+")
_WEB = ("http://", "https://")


def check(extraction: Extraction) -> None:
    """Make sure that an extraction that was read from a file is one that paperkg could have written.

    Raises:
        ValueError: a part has another type than in `paperkg.model`, a span does not hold the words that stand
            there, a number is out of range, an IRI or a web address is none.
    """
    if not _fits(Extraction)(extraction):
        raise ValueError("a part has a wrong type")
    paper = extraction.paper
    for span in _spans(extraction):
        if span.start < 0 or paper.text(span.field)[span.start : span.end] != span.text:
            raise ValueError("a span does not hold the words that stand there")
    for parts in _both(extraction):
        confidences = [
            *(entity.confidence for entity in parts.entities),
            *(relation.confidence for relation in parts.entity_relations),
            *(result.confidence for result in parts.results),
        ]
        if not all(0 <= confidence <= 1 for confidence in confidences):
            raise ValueError("a confidence is not between 0 and 1")
        if not all(math.isfinite(result.number) for result in parts.results):
            raise ValueError("a number is not finite")
        names = {entity.name for entity in parts.entities}
        if not all(r.subject in names and r.object in names for r in parts.entity_relations):
            raise ValueError("a relation names what is no entity of the paper")
        if not all(n is None or n in names for r in parts.results for n in (r.system, r.on, r.metric)):
            raise ValueError("a result names what is no entity of the paper")
    if not all(entity.iri is None or _IRI.fullmatch(entity.iri) for entity in extraction.entities):
        raise ValueError("an IRI is none")
    addresses = [link.normalized for link in extraction.links] + ([paper.url] if paper.url else [])
    if not all(address.lower().startswith(_WEB) for address in addresses):
        raise ValueError("a web address is none")


def check_provenance(made: Provenance, base: str) -> None:
    """Make sure that what a manifest says of a graph is something that paperkg could have written.

    Raises:
        ValueError: a part has another type than in `paperkg.model`, the base or a replaced IRI is none, a share is no number.
    """
    if not _fits(Provenance)(made) or not isinstance(base, str):
        raise ValueError("a part has a wrong type")
    if not all(_IRI.fullmatch(iri) for pair in made.replaced for iri in pair):
        raise ValueError("an IRI is none")
    if not _IRI.fullmatch(base):
        raise ValueError("the base is no IRI")
    if not 0 <= float(dict(made.settings).get("min_confidence", 0)) <= 1:
        raise ValueError("a confidence is not between 0 and 1")


def _both(extraction: Extraction) -> tuple[Extraction | Extracted, ...]:
    """What it says now, and what it said before resolution."""
    return (extraction,) if extraction.extracted is None else (extraction, extraction.extracted)


def _spans(extraction: Extraction) -> Iterator[Span]:
    for parts in _both(extraction):
        for entity in parts.entities:
            yield from (entity.evidence, *entity.mentions)
        yield from (relation.evidence for relation in parts.entity_relations)
        yield from (result.mention for result in parts.results)
    yield from (link.mention for link in extraction.links)


@cache
def _fits(hint: Any) -> Callable[[Any], bool]:
    """What says whether a value is of a type of the model: a plain one, a `Literal`, a union, a tuple, a dataclass."""
    if isinstance(hint, type) and get_origin(hint) is None:
        if is_dataclass(hint):
            hints = get_type_hints(hint)
            names = [field.name for field in fields(hint)]
            parts, values = [_fits(hints[name]) for name in names], attrgetter(*names)
            return lambda value: isinstance(value, hint) and all(map(_holds, parts, values(value)))
        plain = (int, float) if hint is float else hint
        if hint is bool:
            return lambda value: isinstance(value, bool)
        return lambda value: isinstance(value, plain) and not isinstance(value, bool)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return lambda value: isinstance(value, str) and value in args
    if origin in (Union, UnionType):
        some = [_fits(arg) for arg in args]
        return lambda value: any(fits(value) for fits in some)
    item = _fits(args[0])
    return lambda value: isinstance(value, tuple) and all(map(item, value))


def _holds(fits: Callable[[Any], bool], value: object) -> bool:
    return fits(value)
