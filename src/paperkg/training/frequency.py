"""Counts how common spellings are in a pile of abstracts: makes `paperkg/extraction/weights/frequency.npz`.

    python -m paperkg.training.frequency ABSTRACTS.jsonl.gz OUT.npz

ABSTRACTS: JSON Lines (gzip) with `title` and `abstract`. 40,000 of them are drawn with a fixed seed.
"""

from __future__ import annotations

import collections
import gzip
import json
import random
from pathlib import Path

import click
import numpy as np

from paperkg.extraction.candidates import candidate_key, ngrams, read_tokens, span_text, stretches
from paperkg.extraction.frequency import spelling_hash
from paperkg.extraction.pipeline import sentence_pipeline
from paperkg.extraction.reading import paper_text

SAMPLE = 40_000
RARE = 4


def count(path: Path) -> tuple[collections.Counter[str], collections.Counter[str]]:
    """Papers by candidate key: all that hold it, and those in which it fills a whole stretch."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = lines.readlines()
    random.Random(0).shuffle(rows)  # noqa: S311
    nlp = sentence_pipeline()
    papers: collections.Counter[str] = collections.Counter()
    alone: collections.Counter[str] = collections.Counter()
    for row in rows[:SAMPLE]:
        record = json.loads(row)
        text = paper_text(record["title"], record["abstract"]).text
        tokens = read_tokens(nlp(text))
        whole = set(stretches(tokens))
        spans = list(ngrams(tokens))
        papers.update({candidate_key(span_text(text, tokens, span)) for span in spans})
        alone.update({candidate_key(span_text(text, tokens, span)) for span in spans if span in whole})
    return papers, alone


@click.command(help=__doc__)
@click.argument("abstracts", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def main(abstracts: Path, out: Path) -> None:
    """Counts and writes the table."""
    papers, alone = count(abstracts)
    rows = {spelling_hash(k): (min(n, 65535), alone[k]) for k, n in papers.items() if n >= RARE}
    hashes = np.array(sorted(rows), dtype=np.uint32)
    counts = np.array([rows[int(h)] for h in hashes], dtype=np.uint16)
    np.savez_compressed(out, hashes=hashes, counts=counts)


if __name__ == "__main__":
    main()
