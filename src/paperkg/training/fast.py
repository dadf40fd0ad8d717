"""Counts how often the rules of the fast way are right: `paperkg/extraction/fast/chances.tsv`.

    python -m paperkg.training.fast GOLD.jsonl PAPERS.jsonl

GOLD: annotations, one record a paper (`pid`, `entities` with `name`, `type`, `layer`, `relation`, `surfaces`).
PAPERS: their texts (`id`, `title`, `abstract`).
"""

from __future__ import annotations

import collections
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import spacy

import paperkg.extraction.fast
from paperkg.evaluation import Counts
from paperkg.extraction.fast.chances import COLUMNS, ENTITY, RELATION, TABLE, Chances
from paperkg.extraction.fast.contexts import context
from paperkg.extraction.fast.finder import Guess, find
from paperkg.extraction.fast.lexemes import Lexemes
from paperkg.extraction.fast.pipeline import LEAST_CHANCE
from paperkg.extraction.fast.scan import Scan, scan
from paperkg.extraction.fast.spellings import index, term_ground
from paperkg.extraction.reading import paper_text
from paperkg.lexicon import Entry, load_lexicon
from paperkg.model import RELATIONS, Relation
from paperkg.text.fold import fold
from paperkg.training.lexicon_stats import smoothed
from paperkg.training.lines import read_lines, said

TABLE_FILE = Path(paperkg.extraction.fast.__file__).parent / TABLE
WEIGHT = 4.0
"""A context counts as this many cases of its beginning, a ground as this many of all grounds together."""
LEAST_CASES = 5
"""A context that is rarer has no row of its own."""
_COLLECTIONS = {"Dataset", "Benchmark"}

Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """Something that the rules found in an annotated paper; `gold` is what it is there, None for nothing."""

    scanned: Scan
    guess: Guess
    gold: Json | None


def read_cases(gold: Path, papers: Path) -> list[Case]:
    """What the rules find in annotated papers, as if the lexicon had not seen the annotation of that paper."""
    records = {r["pid"]: r["entities"] for r in read_lines(gold)}
    nlp = spacy.blank("en")
    lexemes = Lexemes(nlp.vocab.strings, index(load_lexicon()))
    found: dict[str, tuple[Scan, list[Guess]]] = {}
    for paper in read_lines(papers):
        if paper["id"] in records:
            text = paper_text(paper["title"], paper["abstract"])
            scanned = scan(nlp.make_doc(text.text), text.text, text.title_end, lexemes)
            found[paper["id"]] = (scanned, [g for g in find(scanned) if g.spans])
            for guess in found[paper["id"]][1]:
                guess.spans.sort()
    holding: dict[Entry, set[str]] = collections.defaultdict(set)
    annotating: dict[str, set[str]] = collections.defaultdict(set)
    for pid, (_, guesses) in found.items():
        for guess in guesses:
            if guess.entry is not None:
                holding[guess.entry].add(pid)
        for entity in records[pid]:
            for spelling in (*entity["surfaces"], entity["name"]):
                annotating[fold(spelling)].add(pid)
    return [
        case
        for pid, (scanned, guesses) in found.items()
        for case in _paired(scanned, list(_unseen(pid, guesses, holding, annotating)), records[pid])
    ]


def _unseen(
    pid: str, guesses: Sequence[Guess], holding: Mapping[Entry, set[str]], annotating: Mapping[str, set[str]]
) -> Iterator[Guess]:
    """The guesses with the prior that the other papers give; terms of which no other paper tells anything are left out."""
    for guess in guesses:
        entry = guess.entry
        if entry is None or entry.prior is None:
            yield guess
            continue
        others = holding[entry] - {pid}
        if others:
            annotated = set().union(*(annotating.get(fold(s), ()) for s in entry.spellings)) & others
            share = smoothed(len(annotated), len(others))
            guess.ground = term_ground(share, guess.ground.endswith("1"))
            yield guess


def _paired(scanned: Scan, guesses: Sequence[Guess], gold: Sequence[Json]) -> Iterator[Case]:
    """Each guess with the annotated entity that shares a spelling with it, one to one, those of its type first."""
    keys = [{fold(s) for s in (*e["surfaces"], e["name"])} for e in gold]
    used: set[int] = set()
    for guess in guesses:
        own = {fold(guess.name), *(fold(scanned.written(*span)) for span in guess.spans)}
        hits = [i for i, key in enumerate(keys) if key & own and i not in used]
        hits.sort(key=lambda i: not _same(gold[i]["type"], guess.type))
        used.update(hits[:1])
        yield Case(scanned, guess, gold[hits[0]] if hits else None)


def _same(one: str, other: str) -> bool:
    return one == other or {one, other} <= _COLLECTIONS


def is_right(case: Case) -> bool:
    """Whether a guess is an annotated entity of its type and layer."""
    gold = case.gold
    return (
        gold is not None
        and _same(gold["type"], case.guess.type)
        and (gold["layer"] == "named") == case.guess.named
    )


def count_entities(cases: Sequence[Case]) -> dict[str, float]:
    """Ground -> share of what it finds that is right, smoothed towards the share of all grounds."""
    total: collections.Counter[str] = collections.Counter(c.guess.ground for c in cases)
    right: collections.Counter[str] = collections.Counter(c.guess.ground for c in cases if is_right(c))
    mean = right.total() / max(1, total.total())
    return {g: (right[g] + WEIGHT * mean) / (n + WEIGHT) for g, n in total.items()}


def count_relations(cases: Sequence[Case]) -> dict[tuple[str, ...], tuple[Relation, float]]:
    """Context, and each beginning of it -> its commonest relation with its share, smoothed towards the shorter one's."""
    counts: dict[tuple[str, ...], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for case in cases:
        if case.gold is not None and is_right(case):
            key, _ = context(case.scanned, case.guess)
            for length in range(1, len(key) + 1):
                counts[key[:length]][case.gold["relation"]] += 1
    shares: dict[tuple[str, ...], dict[str, float]] = {}
    for key in sorted(counts, key=len):
        shorter = shares.get(key[:-1], {})
        total = counts[key].total()
        if len(key) == 1:
            shares[key] = {r: n / total for r, n in counts[key].items()}
        elif total >= LEAST_CASES and shorter:
            shares[key] = {
                r: (counts[key][r] + WEIGHT * shorter.get(r, 0.0)) / (total + WEIGHT)
                for r in {*shorter, *counts[key]}
            }
    best = {key: max(share.items(), key=lambda item: (item[1], item[0])) for key, share in shares.items()}
    return {key: (RELATIONS[RELATIONS.index(relation)], share) for key, (relation, share) in best.items()}


@click.command(help=__doc__)
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.argument("papers", type=click.Path(exists=True, path_type=Path))
def main(gold: Path, papers: Path) -> None:
    """Counts, writes the table into the package, and prints how well these papers would be read had they not been counted."""
    cases = read_cases(gold, papers)
    entities = count_entities(cases)
    kept = [case for case in cases if entities[case.guess.ground] >= LEAST_CHANCE]
    relations = count_relations(kept)
    chances = Chances(entities, relations)
    right = [case for case in kept if is_right(case)]
    related = [
        c
        for c in right
        if c.gold and chances.relation(context(c.scanned, c.guess)[0])[0] == c.gold["relation"]
    ]
    annotated = sum(len(record["entities"]) for record in read_lines(gold))
    for name, hits in (("all", right), ("edges", related)):
        click.echo(f"{name:6} {said(Counts(len(hits), annotated, len(kept)))}")
    rows = [(ENTITY, ground, "", f"{chance:.3f}") for ground, chance in sorted(entities.items())]
    rows += [
        (RELATION, "|".join(key), relation, f"{share:.3f}")
        for key, (relation, share) in sorted(relations.items())
    ]
    TABLE_FILE.write_text("".join("\t".join(row) + "\n" for row in (COLUMNS, *rows)), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
