"""What a person should look at in a graph: joins on little evidence, homographs, near duplicates, weak edges.

Candidates come from blocks of equal keys, so that many entities cost little. Each doubt comes with the command that settles it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from paperkg.model import Entity
from paperkg.resolution import BY_HAND, CONFIDENCE, merges
from paperkg.resolution.words import content_words, is_one_word, kind
from paperkg.text.fold import fold
from paperkg.text.plural import count

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

About = Literal["joins", "abbreviations", "types", "duplicates", "edges"]
ABOUTS: tuple[About, ...] = get_args(About)
SURE = 0.5
"""An edge with less confidence is doubtful."""
_GENERIC = frozenset(
    "algorithm approach architecture benchmark corpus dataset framework method metric model network score suite system task".split()
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that may be wrong.

    Attributes:
        about: joins (one entity that may be two), abbreviations (one that may be any of several), types (one name
            for things of several types), duplicates (two entities that may be one), edges (that may be wrong).
        what: what is in doubt, and why: one line.
        doubt: how doubtful, at most 1; the larger the more.
        settle: the words of a command that settles it, without `paperkg`; `GRAPH` stands for the graph.
    """

    about: About
    what: str
    doubt: float
    settle: tuple[str, ...]


def review(kg: KnowledgeGraph) -> tuple[Doubt, ...]:
    """All doubts about a graph, by what they are about, the most doubtful first."""
    found = [*_joins(kg), *_abbreviations(kg), *_types(kg), *_duplicates(kg), *_edges(kg)]
    return tuple(sorted(found, key=lambda d: (ABOUTS.index(d.about), -d.doubt, d.what)))


def _joins(kg: KnowledgeGraph) -> Iterator[Doubt]:
    """Keys that a rule with mistakes joined to an entity that has others as well."""
    for merge in merges(kg.extractions):
        papers = {edge.paper for edge in kg.edges_of(merge.iri)}
        if (
            merge.rule != BY_HAND
            and merge.confidence < CONFIDENCE["name"]
            and len(merge.papers) < len(papers)
        ):
            entity = kg.entities[merge.iri]
            written = merge.key.split("|", 1)[-1].replace("|", ", ")
            what = f"{written} is {_named(entity)} by the rule `{merge.rule}` in {_papers(merge.papers)}"
            doubt = 1 - merge.confidence + 0.1 / len(merge.papers)
            parts = [part for paper in merge.papers for part in ("--papers", paper)]
            yield Doubt("joins", what, doubt, ("split", "GRAPH", merge.iri, *parts))


def _abbreviations(kg: KnowledgeGraph) -> Iterator[Doubt]:
    """Names of one word that several entities with long forms are spelled as well."""
    longer: dict[str, list[Entity]] = {}
    for entity in kg.entities.values():
        if entity.long_form or not is_one_word(entity.name):
            for key in {fold(text) for text, _ in entity.spellings}:
                longer.setdefault(key, []).append(entity)
    for entity in kg.entities.values():
        if is_one_word(entity.name) and not entity.long_form and entity.name != entity.name.lower():
            meanings = [
                other
                for other in longer.get(fold(entity.name), ())
                if other.iri != entity.iri and kind(other.type) == kind(entity.type)
            ]
            if meanings:
                meanings.sort(key=lambda other: (-len(kg.edges_of(other.iri)), other.iri))
                number = len(kg.edges_of(entity.iri))
                choice = "; ".join(_named(other) for other in meanings)
                what = f"{entity.name} stands alone in {count(number, 'paper')} and may be {choice}"
                settle = ("merge", "GRAPH", meanings[0].iri, entity.iri)
                yield Doubt("abbreviations", what, number / (number + 1), settle)


def _types(kg: KnowledgeGraph) -> Iterator[Doubt]:
    for same in _blocks((fold(entity.name), entity) for entity in kg.entities.values()):
        yield from _pairs(kg, "types", same, "have one name")


def _duplicates(kg: KnowledgeGraph) -> Iterator[Doubt]:
    """Names of the same words in another order, or but for a last word that says what kind of thing it is."""
    words = {iri: content_words(entity.name) for iri, entity in kg.entities.items()}
    full = {_words_key(kg.entities[iri], some) for iri, some in words.items()}
    keys = []
    for iri, some in words.items():
        entity = kg.entities[iri]
        bare = _words_key(entity, some[:-1])
        short = len(some) > 1 and some[-1] in _GENERIC and bare in full
        keys.append((bare if short else _words_key(entity, some), entity))
    for block in _blocks(keys):
        by_name = {fold(entity.name): entity for entity in reversed(block)}
        yield from _pairs(kg, "duplicates", list(by_name.values()), "have names of the same words")


def _words_key(entity: Entity, words: Iterable[str]) -> str:
    return f"{kind(entity.type)} {' '.join(sorted(words))}"


def _pairs(kg: KnowledgeGraph, about: About, same: Sequence[Entity], why: str) -> Iterator[Doubt]:
    """The entity with the most papers, with each of the others."""
    first, *others = sorted(same, key=lambda entity: (-len(kg.edges_of(entity.iri)), entity.iri))
    for other in others:
        number = len(kg.edges_of(other.iri))
        what = f"{_named(first)} and {_named(other)}, in {count(number, 'paper')}, {why}"
        yield Doubt(about, what, number / (number + 1), ("merge", "GRAPH", first.iri, other.iri))


def _edges(kg: KnowledgeGraph) -> Iterator[Doubt]:
    for edge in kg.edges():
        if edge.confidence < SURE:
            what = (
                f"{edge.paper} {edge.relation} {_named(kg.entities[edge.entity])}, {edge.confidence:.2f} sure"
            )
            settle = ("reject|accept", "GRAPH", edge.paper, edge.entity)
            yield Doubt("edges", what, 1 - edge.confidence, settle)


def _blocks(keys: Iterable[tuple[str, Entity]]) -> Iterator[list[Entity]]:
    blocks: dict[str, list[Entity]] = {}
    for key, entity in keys:
        if key:
            blocks.setdefault(key, []).append(entity)
    return (block for block in blocks.values() if len(block) > 1)


def _named(entity: Entity) -> str:
    return f"{entity.name} ({entity.type}{f', {entity.long_form}' if entity.long_form else ''})"


def _papers(ids: Sequence[str]) -> str:
    return ids[0] if len(ids) == 1 else count(len(ids), "paper")
