"""Writes the column `prior` of the lexicon's terms: how often a paper that contains a term has it annotated.

    python -m paperkg.training.lexicon_stats GOLD.jsonl PAPERS.jsonl

GOLD: annotations, one record a paper (`pid`, `entities` with `name`, `layer`, `surfaces`).
PAPERS: their texts (`id`, `title`, `abstract`).
"""

from __future__ import annotations

import collections
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

import paperkg.lexicon
from paperkg.extraction.candidates import read_tokens
from paperkg.extraction.known import KnownSpellings, Match
from paperkg.extraction.pipeline import sentence_pipeline
from paperkg.extraction.reading import paper_text
from paperkg.lexicon import Entry, load_lexicon
from paperkg.text.fold import fold
from paperkg.training.lines import read_lines

TERMS = Path(paperkg.lexicon.__file__).parent / "terms.tsv"
MEAN, WEIGHT = 0.35, 1.5
"""A term that no annotated paper contains has the prior `MEAN`; it counts as `WEIGHT` papers."""


def smoothed(annotated: int, containing: int) -> float:
    """The prior of a term that so many papers contain, of which so many annotate it."""
    return (annotated + WEIGHT * MEAN) / (containing + WEIGHT)


def contained(matches: Sequence[Match]) -> set[Entry]:
    """The terms of a text outside longer known spellings: no 'language model' in 'large language model'."""
    believed = [m for m in matches if m.exact or not m.guard]
    return {
        m.entry
        for m in believed
        if not m.entry.named
        and not any(o.span != m.span and o.span[0] <= m.span[0] and m.span[1] <= o.span[1] for o in believed)
    }


def priors(papers: Iterable[tuple[set[Entry], set[str]]]) -> dict[Entry, float]:
    """The prior of each term that a paper contains.

    Args:
        papers: for each, the terms that it contains and the folded spellings of the terms annotated in it.
    """
    containing: collections.Counter[Entry] = collections.Counter()
    annotated: collections.Counter[Entry] = collections.Counter()
    for terms, spellings in papers:
        containing.update(terms)
        annotated.update(e for e in terms if any(fold(s) in spellings for s in e.spellings))
    return {e: smoothed(annotated[e], n) for e, n in containing.items()}


def read(gold: Path, texts: Path) -> Iterable[tuple[set[Entry], set[str]]]:
    """For each annotated paper, the terms in its text and the folded spellings of its annotated terms."""
    records = {r["pid"]: r for r in read_lines(gold)}
    nlp, known = sentence_pipeline(), KnownSpellings(load_lexicon())
    for paper in read_lines(texts):
        if paper["id"] in records:
            text = paper_text(paper["title"], paper["abstract"]).text
            entities = [e for e in records[paper["id"]]["entities"] if e["layer"] == "term"]
            spellings = {fold(s) for e in entities for s in [*e["surfaces"], e["name"]]}
            yield contained(known.find(text, read_tokens(nlp(text)))), spellings


@click.command(help=__doc__)
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.argument("papers", type=click.Path(exists=True, path_type=Path))
def main(gold: Path, papers: Path) -> None:
    """Computes the priors and writes them into the table of terms."""
    found = {(e.name, str(e.type)): prior for e, prior in priors(read(gold, papers)).items()}
    header, *lines = TERMS.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    out = [[*row[:3], f"{found.get((row[0], row[1]), MEAN):.2f}"] for row in rows]
    TERMS.write_text("\n".join([header, *map("\t".join, out)]) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
