"""Makes what resolution knows of topics and abbreviations from a pile of abstracts.

    python -m paperkg.training.meanings ABSTRACTS.jsonl

ABSTRACTS: any source that `paperkg build` reads, the more the better. Written are, in `paperkg/resolution/`,
`weights/topics.npz` (vectors of words, by latent semantic analysis), `meanings.tsv` (what abbreviations stand for, in how
many papers) and `weights/meanings.npz` (what these papers are about). Types come from the lexicon.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt

from paperkg import resolution
from paperkg.extraction.abbreviations import find_abbreviations
from paperkg.lexicon import Lexicon, load_lexicon
from paperkg.model import Paper
from paperkg.resolution.meanings import COLUMNS, REST, TABLE, VECTORS
from paperkg.resolution.topics import TABLE as TOPICS
from paperkg.resolution.topics import Topics, topic_words, unit, word_hash
from paperkg.resolution.words import content_words, is_abbreviation, same_definition
from paperkg.sources import read_papers
from paperkg.text.fold import fold

DIMENSIONS = 64
FEWEST_PAPERS = 40
"""Papers that must hold a word."""
LARGEST_SHARE = 0.1
"""Share of the papers above which a word says nothing of a topic."""
FEWEST_MEANT = 4
"""Papers that must mean something by an abbreviation."""

Floats = npt.NDArray[np.float32]
Definitions = dict[str, dict[tuple[str, ...], list[tuple[int, str]]]]
"""Abbreviation -> words of the long form -> the papers that define it so, with the long form as written."""


def topics_of(papers: Sequence[Paper]) -> Topics:
    """Vectors of the words of some papers."""
    from scipy.sparse import csr_matrix
    from sklearn.utils.extmath import randomized_svd

    words = [topic_words(paper) for paper in papers]
    counts = Counter(word for found in words for word in found)
    most = LARGEST_SHARE * len(papers)
    kept = sorted(
        (w for w, n in counts.items() if FEWEST_PAPERS <= n <= most), key=lambda w: (word_hash(w), w)
    )
    column = {word: place for place, word in enumerate(kept)}
    weights = np.array([np.log(len(papers) / counts[word]) for word in kept], dtype=np.float32)
    rows = [[column[word] for word in found if word in column] for found in words]
    values = [weights[row] / max(1e-9, float(np.linalg.norm(weights[row]))) for row in rows]
    starts = np.cumsum([0, *map(len, rows)])
    matrix = csr_matrix(
        (np.concatenate(values), np.concatenate(rows), starts),
        shape=(len(papers), len(kept)),
        dtype=np.float32,
    )
    found = randomized_svd(matrix, DIMENSIONS, n_iter=4, random_state=0)[2].T * weights[:, None]
    scale = (np.abs(found).max(axis=1) / 127).astype(np.float32)
    small = np.round(found / scale[:, None]).astype(np.int8)
    full = small.astype(np.float32) * scale[:, None]
    common = np.asarray((matrix @ (full / weights[:, None])).mean(axis=0))
    places = {word_hash(word): place for word, place in column.items()}
    return Topics(places, small, scale, weights, common.astype(np.float32).ravel())


def definitions(papers: Iterable[Paper]) -> Definitions:
    """What papers write out behind or before an abbreviation."""
    found: Definitions = defaultdict(lambda: defaultdict(list))
    for place, paper in enumerate(papers):
        text = f"{paper.title}. \n{paper.abstract}"
        for pair in find_abbreviations(text):
            short, long = text[slice(*pair.short)], text[slice(*pair.long)]
            if is_abbreviation(short, long):
                found[fold(short)][content_words(long)].append((place, long))
    return found


def meanings_of(
    found: Definitions, vectors: Floats, lexicon: Lexicon
) -> list[tuple[str, str, str, int, Floats]]:
    """Rows of the table with their vectors, sorted: short, long, type, papers, vector."""
    rows = []
    for short, by_words in found.items():
        groups: list[tuple[tuple[str, ...], set[int]]] = []
        for words, uses in sorted(
            by_words.items(), key=lambda item: (-len({p for p, _ in item[1]}), item[0])
        ):
            same = [
                g for g in groups if "".join(g[0]) == "".join(words) or same_definition(short, words, g[0])
            ]
            papers = {place for place, _ in uses}
            if same:
                same[0][1].update(papers)
            else:
                groups.append((words, papers))
        kept = [(words, papers) for words, papers in groups if len(papers) >= FEWEST_MEANT]
        every = {place for _, papers in groups for place in papers}
        rest = len(every - {place for _, papers in kept for place in papers})
        if kept and rest:
            rows.append((short, REST, "", rest, np.zeros(vectors.shape[1], dtype=np.float32)))
        for words, papers in kept:
            spelled = Counter(long for _, long in by_words[words])
            long = min(spelled, key=lambda text: (-spelled[text], text))
            entry = next(iter(lexicon.lookup(long)), None)
            vector = unit(vectors[sorted(papers)].sum(axis=0))
            rows.append((short, long, entry.type if entry else "", len(papers), vector))
    return sorted(rows, key=lambda row: (row[0], -row[3], row[1]))


@click.command(help=__doc__)
@click.argument("abstracts", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def main(abstracts: tuple[Path, ...]) -> None:
    """Makes and writes the tables."""
    papers, _ = read_papers(abstracts)
    folder = Path(resolution.__file__).parent
    topics = topics_of(papers)
    np.savez_compressed(
        folder / "weights" / TOPICS,
        hashes=np.array(list(topics.places), dtype=np.uint32),
        rows=topics.rows,
        scale=topics.scale,
        weights=topics.weights,
        common=topics.common,
    )
    vectors = np.array([topics.vector(paper) for paper in papers], dtype=np.float32)
    rows = meanings_of(definitions(papers), vectors, load_lexicon())
    lines = [
        "\t".join(COLUMNS),
        *("\t".join((short, long, type_, str(n))) for short, long, type_, n, _ in rows),
    ]
    (folder / TABLE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    small = np.round(np.array([vector for *_, vector in rows]) * 127).astype(np.int8)
    np.savez_compressed(folder / "weights" / VECTORS, vectors=small)
    click.echo(f"{len(topics.places)} words, {len(rows)} rows of meanings, from {len(papers)} papers")


if __name__ == "__main__":
    main()
