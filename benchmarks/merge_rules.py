"""Measures how often each rule of resolution is right, on annotated papers with their names as they stand in the text.

    python benchmarks/merge_rules.py benchmarks/gold/train*.jsonl

An entity of an annotated paper is taken under the first of its spellings, with a long form where another spelling is one of it;
the canonical name that the annotator gave is hidden. A rule is right where most of the other papers' entities of the graph's
entity have that canonical name. Entities that one paper alone names are not counted: nothing was joined.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path

from paperkg.evaluation.annotation import Annotation, Entity, parse_gold
from paperkg.model import ENTITY_TYPES, RELATIONS, ExtractedEntity, Extraction, Paper, Span
from paperkg.resolution import resolve
from paperkg.resolution.words import is_abbreviation
from paperkg.text.fold import fold


def as_written(entity: Entity) -> ExtractedEntity:
    """An annotated entity as its paper writes it; `key` says what it is."""
    name = entity.spellings[0] if entity.spellings else entity.name
    longer = [text for text in entity.spellings if is_abbreviation(name, text)]
    shorter = [text for text in entity.spellings if is_abbreviation(text, name)]
    spans = tuple(Span("abstract", 0, len(text), text) for text in entity.spellings or (name,))
    return ExtractedEntity(
        key=entity.identity,
        name=shorter[0] if shorter and entity.named else name,
        type=next(t for t in ENTITY_TYPES if t == entity.type),
        named=entity.named,
        relation=next(r for r in RELATIONS if r == entity.relation),
        confidence=1.0,
        evidence=spans[0],
        mentions=spans,
        long_form=longer[0] if longer else name if shorter else None,
    )


def extraction(annotation: Annotation) -> Extraction:
    """An annotated paper; of entities with one spelling the first is kept."""
    entities = {fold(e.name): e for e in reversed([as_written(e) for e in annotation.entities])}
    return Extraction(Paper(annotation.paper, "", ""), tuple(entities.values()))


def main(files: list[str]) -> None:
    """Print a line for each rule."""
    annotated = {a.paper: a for file in files for a in parse_gold(Path(file).read_bytes(), file)}
    members: dict[str, list[ExtractedEntity]] = defaultdict(list)
    for one in resolve([extraction(a) for a in annotated.values()]):
        for entity in (one.extracted or one).entities:
            members[entity.iri or ""].append(entity)
    right, all_ = Counter[str](), Counter[str]()
    for same in members.values():
        meant = Counter(entity.key for entity in same)
        for entity in same if len(same) > 1 else ():
            others = meant - Counter([entity.key])
            all_[entity.resolved_by or ""] += 1
            right[entity.resolved_by or ""] += others[entity.key] == max(others.values())
    print(f"{len(annotated)} papers")
    for rule, number in all_.most_common():
        print(f"{rule:14} {right[rule]:6} of {number:6}: {(right[rule] + 1) / (number + 2):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
