"""Families and versions, from the structure of names: Qwen3-8B is a variant of Qwen3, which is of the family Qwen.

No paper need say so. What a name says counts only between entities of the graph: the shorter name has to be one of
them, of the same kind, and no homograph.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from paperkg.model import Entity
from paperkg.resolution.words import kind
from paperkg.text.fold import fold

_HAVE_VERSIONS = frozenset({"Model", "Dataset", "Benchmark"})
_WORDS = """
    base large small mini nano micro tiny medium huge giant xl xxl turbo pro plus max ultra flash lite instruct chat it
    preview thinking high low hard easy verified full long short coder code math vl omni vision audio next distill
    opus sonnet haiku dev schnell
"""
_VERSION = re.compile(rf"v?\d[\d.]*[a-z]{{0,2}}(?:x\d+[a-z]?)?|{'|'.join(_WORDS.split())}", re.IGNORECASE)
_PART = re.compile(r"[^\s\-_/:]+")
_NUMBERED = re.compile(r"([^\W\d]{2,}?)(v?\d[\d.]*)([a-z]*)", re.IGNORECASE)
_SIZES = frozenset("bBmMkK")
_MAX_PARTS = 8


def shorter_names(name: str) -> Iterator[tuple[str, bool]]:
    """The names of which a name can be a version, longest first, and whether all that is left out says version.

    `Qwen2.5-VL-7B` gives `Qwen2.5-VL`, `Qwen2.5` and `Qwen`; `GPT-4o` gives `GPT-4` and `GPT`.
    """
    parts = list(_PART.finditer(name))[:_MAX_PARTS]
    version = True
    for place in range(len(parts) - 1, -1, -1):
        part = parts[place]
        numbered = _NUMBERED.fullmatch(part[0])
        if not numbered and place and part[0][0].isdigit() and part[0][-1].isalpha():
            digits = part[0].rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
            if len(part[0]) - len(digits) == 1 and part[0][-1] not in _SIZES:
                yield name[: part.start() + len(digits)], version
        if numbered:
            stem = part.start() + len(numbered[1])
            if numbered[3] and numbered[3] not in _SIZES:
                yield name[: stem + len(numbered[2])], version
            yield name[:stem], version
        version = version and (numbered is not None or _VERSION.fullmatch(part[0]) is not None)
        if place:
            yield name[: parts[place - 1].end()], version


def with_families(entities: Mapping[str, Entity]) -> dict[str, Entity]:
    """The entities, each with what it is a variant of and with its family, as far as names say it.

    A family of the lexicon stays. Other entities belong to one if at least two have a name that begins with its.
    """
    versioned = [e for e in entities.values() if e.named and e.type in _HAVE_VERSIONS]
    by_name = _by_name(versioned)
    out = dict(entities)
    roots: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entity in versioned:
        parent = _parent(entity, by_name, entities)
        out[entity.iri] = replace(entity, variant_of=parent)
        if entity.family is None:
            root = _root(entity, by_name)
            if root:
                roots[kind(entity.type), fold(root)].append(entity.iri)
    _name_families(out, roots, by_name)
    return out


def _by_name(entities: Iterable[Entity]) -> dict[tuple[str, str], str]:
    """IRIs by kind and folded name; names of several things are left out."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entity in entities:
        found[kind(entity.type), fold(entity.name)].append(entity.iri)
    return {key: iris[0] for key, iris in found.items() if len(iris) == 1}


def _parent(
    entity: Entity, by_name: Mapping[tuple[str, str], str], entities: Mapping[str, Entity]
) -> str | None:
    for shorter, version in shorter_names(entity.name):
        iri = by_name.get((kind(entity.type), fold(shorter)))
        if iri is None or iri == entity.iri:
            continue
        other = entities[iri]
        if version or (entity.family is not None and entity.family in (other.family, other.name)):
            return iri
    return None


def _root(entity: Entity, by_name: Mapping[tuple[str, str], str]) -> str:
    """The shortest name of which an entity is a version; its own if it has no version."""
    shorter = [name for name, version in shorter_names(entity.name) if version and len(fold(name)) > 1]
    return shorter[-1] if shorter else entity.name


def _name_families(
    out: dict[str, Entity], roots: Mapping[tuple[str, str], list[str]], by_name: Mapping[tuple[str, str], str]
) -> None:
    """Give entities the family that their names share, by the name of its head or its usual spelling."""
    for key, members in roots.items():
        if len(members) < 2:
            continue
        head = by_name.get(key)
        if head is not None:
            family = out[head].family or out[head].name
        else:
            spelled = Counter(_root(out[iri], by_name) for iri in members)
            family = min(spelled, key=lambda name: (-spelled[name], name))
        for iri in members:
            out[iri] = replace(out[iri], family=family)
