"""Measures how fast papers are read, beside spaCy on the same texts in the same run.

Usage: python benchmarks/speed.py [SOURCE...] [--rounds N]

Measured are, in one process and one after the other in each round, so that a busy machine slows all of them:
  paperkg         extraction, from papers in memory to extractions
  paperkg --fast  the same by rules and lexicon alone
  spaCy tokeniser spacy.blank("en").pipe
  spaCy sm        tok2vec, tagger, parser and ner, of the size of en_core_web_sm: spaCy's own default configuration for the CPU with
                  the label sets of that model; the weights are random, for they do not change the work
What is loaded once (model, lexicon) is left out. The tokeniser and the fast way begin each round without the words of the round
before: both remember what they have seen, and nobody reads the same papers twice. The table gives the median of the rounds, by the
clock and in processor time of all threads, which a busy machine disturbs less: the network uses two threads, all else one. A ratio says
how many times as fast the first is as the other.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_model_from_config
from thinc.api import fix_random_seed

from paperkg.extraction import extract_papers
from paperkg.extraction.fast.extract import fast_pipeline
from paperkg.extraction.side_by_side import make_reader
from paperkg.model import Paper
from paperkg.sources import read_papers

ROOT = Path(__file__).parent.parent
TAGS, DEPENDENCIES, NAMES = 50, 45, 18
"""The numbers of labels of en_core_web_sm."""


def sm_sized() -> Language:
    """A pipeline of the size of en_core_web_sm with random weights."""
    fix_random_seed(0)
    parts = ["tagger", "parser", "ner"]
    nlp = load_model_from_config(
        init_config(lang="en", pipeline=parts, optimize="efficiency"), auto_fill=True
    )
    words = [f"word{n}" for n in range(max(TAGS, DEPENDENCIES, NAMES))]
    example = Example.from_dict(
        nlp.make_doc(" ".join(words)),
        {
            "words": words,
            "tags": [f"tag{n % TAGS}" for n in range(len(words))],
            "heads": [max(0, n - 1) for n in range(len(words))],
            "deps": ["ROOT", *(f"dep{n % DEPENDENCIES}" for n in range(1, len(words)))],
            "entities": [f"U-name{n % NAMES}" for n in range(len(words))],
        },
    )
    nlp.initialize(lambda: [example])
    return nlp


class Seconds(NamedTuple):
    """How long some work took, by the clock and in processor time."""

    clock: float
    processor: float


def seconds(work: Callable[[], object]) -> Seconds:
    """Do some work and time it."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return Seconds(time.perf_counter() - clock, time.process_time() - processor)


def run(stream: Iterable[object]) -> None:
    """Take all that a stream gives."""
    for _ in stream:
        pass


Work = Callable[[], None]


def works(papers: Sequence[Paper]) -> dict[str, Callable[[], Work]]:
    """What is measured, by name: a call prepares it and gives what is timed."""
    texts = [f"{paper.title}\n\n{paper.abstract}" for paper in papers]
    sm = sm_sized()

    def fast() -> Work:
        fast_pipeline.cache_clear()
        fast_pipeline()
        return lambda: run(extract_papers(papers, fast=True))

    def tokenise() -> Work:
        blank = spacy.blank("en")
        return lambda: run(blank.pipe(texts))

    return {
        "paperkg": lambda: lambda: run(extract_papers(papers)),
        "load": lambda: lambda: run([make_reader(fast=False, lexicon=None)]),
        "paperkg --fast": fast,
        "spaCy tokeniser": tokenise,
        "spaCy sm": lambda: lambda: run(sm.pipe(texts)),
    }


def measure(papers: Sequence[Paper], rounds: int) -> dict[str, Seconds]:
    """Median seconds by what was measured."""
    measured = works(papers)
    for prepare in measured.values():
        prepare()()
    times: dict[str, list[Seconds]] = {name: [] for name in measured}
    for _ in range(rounds):
        for name, prepare in measured.items():
            times[name].append(seconds(prepare()))
    loading = times.pop("load")
    times["paperkg"] = [
        Seconds(all_.clock - load.clock, all_.processor - load.processor)
        for all_, load in zip(times["paperkg"], loading, strict=True)
    ]
    return {name: Seconds(*map(statistics.median, zip(*taken, strict=True))) for name, taken in times.items()}


RATIOS = (("paperkg", "spaCy sm"), ("paperkg --fast", "spaCy tokeniser"), ("paperkg --fast", "paperkg"))


def main() -> None:
    """Print the table and the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", nargs="*", default=[ROOT / "seeds"], metavar="SOURCE")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    args = parser.parse_args()
    papers, _ = read_papers(args.sources)
    taken = measure(papers, args.rounds)
    print(f"{len(papers)} papers, median of {args.rounds} rounds\n")
    print(f"{'':16} {'papers/s':>9} {'ms/paper of processor':>22}")
    for name, its in taken.items():
        print(f"{name:16} {len(papers) / its.clock:9.1f} {1000 * its.processor / len(papers):22.2f}")
    print()
    for one, other in RATIOS:
        clock, processor = (b / a for a, b in zip(taken[one], taken[other], strict=True))
        print(f"{one} / {other}: {clock:.2f} by the clock, {processor:.2f} in processor time")


if __name__ == "__main__":
    main()
