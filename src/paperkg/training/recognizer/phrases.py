"""Make the table of phrase counts from a large body of abstracts.

    python -m paperkg.training.recognizer.phrases CORPUS.jsonl.gz --without PAPERS.jsonl ... --out phrases.npz

Each line of the files is `{"id", "title", "abstract", ...}`. Papers whose id, arXiv id or title stands in a
`--without` file are not counted: what the table says of a phrase must not depend on the papers on which the
recogniser is trained or measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np
import numpy.typing as npt

from paperkg.extraction.neural.candidates import STOP_WORDS
from paperkg.extraction.neural.phrases import MAX_PHRASE, PhraseTable, phrase_hashes, singular, word_hash
from paperkg.extraction.neural.words import WORD
from paperkg.text.fold import fold
from paperkg.training.lines import read_lines

_DATA = frozenset(
    (
        "dataset",
        "datasets",
        "benchmark",
        "benchmarks",
        "corpus",
        "corpora",
        "leaderboard",
        "challenge",
        "testbed",
    )
)
_MODEL = frozenset(
    (
        "model",
        "models",
        "network",
        "networks",
        "architecture",
        "architectures",
        "llm",
        "llms",
        "backbone",
        "backbones",
    )
)
_METHOD = frozenset(
    ("method", "methods", "algorithm", "algorithms", "framework", "approach", "approaches")
) | {
    "technique",
    "techniques",
    "loss",
    "strategy",
    "optimizer",
    "system",
    "pipeline",
}
_EXAMPLES = frozenset(("as", "including", "like", "e.g", "namely"))
_MEANS = frozenset(("using", "via", "by", "with", "through"))


class _Tokens:
    """The words of many texts in one row of arrays, hyphens left out, `""` between texts."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {"": 0}
        self.ids: list[npt.NDArray[np.int32]] = []
        self.capital: list[npt.NDArray[np.bool_]] = []
        self.title: list[npt.NDArray[np.bool_]] = []
        self.sizes: list[int] = []

    def add(self, title: str, abstract: str) -> None:
        fresh = self.vocabulary
        head = [w for w in WORD.findall(title) if w != "-"]
        words = [*head, ".", *(w for w in WORD.findall(abstract) if w != "-"), ""]
        self.ids.append(np.array([fresh.setdefault(w.lower(), len(fresh)) for w in words], dtype=np.int32))
        self.capital.append(np.array([w[:1].isupper() for w in words], dtype=np.bool_))
        flags = np.zeros(len(words), dtype=np.bool_)
        flags[: len(head)] = True
        self.title.append(flags)
        self.sizes.append(len(words))


def build_table(records: Iterator[dict[str, str]], *, minimum: int) -> PhraseTable:
    """Count the phrases of all records; those in fewer than `minimum` abstracts are dropped."""
    tokens = _Tokens()
    for record in records:
        tokens.add(record["title"][:1_000], record["abstract"][:10_000])
    words = list(tokens.vocabulary)
    hashes = np.array([word_hash(w) for w in words], dtype=np.uint64)
    singulars = np.array([word_hash(singular(w)) for w in words], dtype=np.uint64)

    def flag(members: frozenset[str]) -> npt.NDArray[np.bool_]:
        return np.array([w in members for w in words], dtype=np.bool_)

    term = np.array([w[:1].isalnum() for w in words], dtype=np.bool_)
    content = term & ~flag(STOP_WORDS)
    sets = {
        name: flag(m) for name, m in zip(("data", "model", "method"), (_DATA, _MODEL, _METHOD), strict=True)
    }
    examples, means, purpose, on = (
        flag(m) for m in (_EXAMPLES, _MEANS, frozenset(["for"]), frozenset(["on"]))
    )
    opens, sign = flag(frozenset("(")), ~content
    stop = flag(frozenset(".?!:"))

    ids = np.concatenate(tokens.ids)
    capital = np.concatenate(tokens.capital)
    title = np.concatenate(tokens.title)
    document = np.repeat(np.arange(len(tokens.sizes), dtype=np.uint32), tokens.sizes)
    initial = np.array([ord(w[0]) if w else 0 for w in words], dtype=np.int32)[ids]
    run = np.zeros(len(ids) + 1, dtype=np.int64)  # words of letters and digits before each place
    np.cumsum(term[ids], out=run[1:])

    kept_keys, kept_counts = [], []
    for length in range(1, MAX_PHRASE + 1):
        at = np.arange(1, len(ids) - length - 2)
        inside = (run[at + length] - run[at] == length) & content[ids[at]] & content[ids[at + length - 1]]
        at = at[inside]
        keys = phrase_hashes(hashes[ids], singulars[ids], at, length)
        in_documents = np.unique(document[at].astype(np.uint64) << np.uint64(32) | keys) & np.uint64(
            0xFFFFFFFF
        )
        found, number = np.unique(in_documents.astype(np.uint32), return_counts=True)
        found, number = found[number >= minimum], number[number >= minimum]
        row = np.minimum(np.searchsorted(found, keys), len(found) - 1)
        frequent = found[row] == keys
        at, row = at[frequent], row[frequent]
        before, after, second = ids[at - 1], ids[at + length], ids[at + length + 1]
        abbreviated = opens[after] & (initial[at] == initial[at + length + 1]) & capital[at + length + 1]
        columns = {
            "titles": title[at],
            "long form": abbreviated & term[second],
            "capitalised": capital[at] & ~title[at] & ~stop[before],
            "complete": sign[before] & sign[after],
            **{name: member[after] for name, member in sets.items()},
            "examples": examples[before],
            "purpose": purpose[before] & sign[after],
            "means": means[before] & sign[after],
            "on": on[before] & sign[after],
        }
        counts = np.zeros((len(found), len(PhraseTable.COLUMNS)), dtype=np.float64)
        for k, name in zip(count(), PhraseTable.COLUMNS, strict=False):
            counts[:, k] = (
                number if name == "abstracts" else np.bincount(row[columns[name]], minlength=len(found))
            )
        kept_keys.append(found)
        kept_counts.append(counts)
    keys, firsts = np.unique(np.concatenate(kept_keys), return_index=True)
    logarithms = np.rint(np.log2(1.0 + np.concatenate(kept_counts)[firsts]))
    return PhraseTable(keys, np.minimum(logarithms, 15).astype(np.uint8))


def main() -> None:
    """Read the arguments, count, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--without", type=Path, nargs="*", default=[], metavar="PAPERS")
    parser.add_argument(
        "--minimum", type=int, default=8, metavar="N", help="abstracts in which a phrase must stand"
    )
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    barred: set[str] = set()
    for record in read_lines(*args.without):
        barred |= {record["id"], record.get("arxiv", ""), fold(record["title"])}
    kept = (r for r in read_lines(args.corpus) if r["id"] not in barred and fold(r["title"]) not in barred)
    build_table(kept, minimum=args.minimum).write(args.out)


if __name__ == "__main__":
    main()
