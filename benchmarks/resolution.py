"""Measures which spellings in which papers the graph holds for one thing, against a list that says which are.

    python benchmarks/resolution.py LIST.jsonl PAPERS.jsonl [--built NAME.papers.jsonl] [--errors N]

LIST has rows {"paper", "surface", "entity", "type"}: in this paper this spelling is this thing. Rows of one `entity` are one thing, all
others are two. PAPERS are the papers with their abstracts, in any form that `paperkg build` reads; or a graph that was built from
them is given. A row is found if an entity of its paper has a mention with this very spelling, else one that is equal but for case,
hyphens, spaces and a plural s; of several the one of the row's type. A row that was not found is a thing of its own, and so are
its pairs lost: that is the strict figure. Beside it stand the pairs of rows that were found alone, and the errors by cause.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import paperkg
from paperkg.model import ExtractedEntity, Extraction
from paperkg.records import extraction_from_json
from paperkg.text.fold import fold

LENIENT = {"Benchmark": "Dataset", "Model": "Method"}


class Row(NamedTuple):
    """In `paper`, `surface` is `entity`."""

    paper: str
    surface: str
    entity: str
    type: str


class Pairs(NamedTuple):
    """Numbers of pairs: of one thing by the list and in the graph, by the list, in the graph."""

    both: int
    gold: int
    found: int

    @property
    def precision(self) -> float:
        """The share of the graph's pairs that are right."""
        return self.both / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the list's pairs that the graph has."""
        return self.both / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.both / (self.gold + self.found) if self.gold + self.found else 1.0


def read_list(path: Path) -> list[Row]:
    """The rows of a list."""
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Row(r["paper"], r["surface"], r["entity"], r["type"]) for r in records]


def read_built(path: Path) -> list[Extraction]:
    """The papers of a built graph's papers.jsonl."""
    return [extraction_from_json(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _fit(row: Row, entity: ExtractedEntity) -> tuple[bool, bool, str] | None:
    """How well an entity is what a row means, least first; None if it is not named so."""
    texts = {mention.text for mention in entity.mentions}
    if row.surface not in texts and fold(row.surface) not in map(fold, texts):
        return None
    same = LENIENT.get(entity.type, entity.type) == LENIENT.get(row.type, row.type)
    return row.surface not in texts, not same, entity.iri or ""


def found_in(rows: Sequence[Row], extractions: Iterable[Extraction]) -> list[ExtractedEntity | None]:
    """The entity of each row, None where the paper has none of that spelling."""
    papers = {extraction.paper.id: extraction for extraction in extractions}
    out = []
    for row in rows:
        fits = [(fit, entity) for entity in papers[row.paper].entities if (fit := _fit(row, entity))]
        out.append(min(fits, key=lambda pair: pair[0])[1] if fits else None)
    return out


def _together(keys: Iterable[object]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(keys).values())


def pairs(rows: Sequence[Row], found: Sequence[ExtractedEntity | None]) -> Pairs:
    """The pairs of some rows; what was not found is a thing of its own."""
    gold = [row.entity for row in rows]
    iris = [entity.iri if entity else n for n, entity in enumerate(found)]
    return Pairs(_together(zip(gold, iris, strict=True)), _together(gold), _together(iris))


def errors(rows: Sequence[Row], found: Sequence[ExtractedEntity | None]) -> Iterator[tuple[str, str]]:
    """Each wrong pair: its cause (`missed`, `split`, `joined`) and what is wrong."""
    for (a, x), (b, y) in combinations(zip(rows, found, strict=True), 2):
        one = x is not None and y is not None and x.iri == y.iri
        if a.entity == b.entity and not (x and y):
            lost = a if x is None else b
            yield "missed", f"{lost.paper} {lost.surface!r} ({lost.entity})"
        elif a.entity == b.entity and x and y and not one:
            yield "split", f"{a.entity}: {sorted((_shown(a, x), _shown(b, y)))}"
        elif one and a.entity != b.entity and x:
            sides = sorted((f"{a.paper} {a.surface!r} ({a.entity})", f"{b.paper} {b.surface!r} ({b.entity})"))
            yield "joined", f"{(x.iri or '').rpartition('/id/')[2]}: {' | '.join(sides)}"


def _shown(row: Row, entity: ExtractedEntity) -> str:
    return f"{row.surface} -> {(entity.iri or '').rpartition('/id/')[2]}"


def main() -> None:
    """Print the figures, and on request the errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("list", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument(
        "--built", action="store_true", help="PAPERS is the papers.jsonl of a graph that was built from them"
    )
    parser.add_argument(
        "--errors", type=int, default=0, metavar="N", help="show the N commonest errors of each cause"
    )
    given = parser.parse_args()
    rows = read_list(given.list)
    built = read_built(given.papers) if given.built else paperkg.build(given.papers).extractions
    found = found_in(rows, built)
    strict = pairs(rows, found)
    kept = [(row, entity) for row, entity in zip(rows, found, strict=True) if entity]
    alone = pairs([row for row, _ in kept], [entity for _, entity in kept])
    print(f"{len(rows)} rows, {len({row.entity for row in rows})} things, {len(kept)} rows found")
    for name, one in (("strict", strict), ("found rows", alone)):
        print(f"{name:10}  precision {one.precision:.3f}  recall {one.recall:.3f}  F1 {one.f1:.3f}  {one}")
    causes: dict[str, Counter[str]] = defaultdict(Counter)
    for cause, what in errors(rows, found):
        causes[cause][what] += 1
    for cause in ("joined", "split", "missed"):
        print(f"{cause}: {causes[cause].total()} pairs")
        for what, number in causes[cause].most_common(given.errors):
            print(f"  {number:3} {what}")


if __name__ == "__main__":
    main()
