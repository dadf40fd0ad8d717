"""What a paper is about, as a vector: papers that use one name for two things seldom have one topic.

A table leads from words to vectors, which `paperkg.training.meanings` makes of a pile of abstracts (latent semantic
analysis). A paper's vector is the sum over its words, without what all papers have in common, of length 1.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO

import numpy as np
import numpy.typing as npt

from paperkg.model import Paper

TABLE = "topics.npz"
Vector = npt.NDArray[np.float32]

_WORD = re.compile(r"[a-z]{3,}")


def topic_words(paper: Paper) -> list[str]:
    """The different words of title and abstract, sorted."""
    return sorted(set(_WORD.findall(f"{paper.title} {paper.abstract}".lower())))


def word_hash(word: str) -> int:
    """The 32-bit hash under which a word stands in the table."""
    return zlib.crc32(word.encode())


@dataclass(frozen=True, slots=True)
class Topics:
    """Vectors of words.

    Attributes:
        places: hash of a word -> row.
        rows: one row a word, small whole numbers, which `scale` makes as large as they are.
        weights: how much each word tells: the logarithm of how rare it is.
        common: what the vectors of all papers have in common.
    """

    places: dict[int, int]
    rows: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    common: Vector

    def vector(self, paper: Paper) -> Vector:
        """What a paper is about: a vector of length 1, or of zeros if no word of it is known."""
        return self.of_words(topic_words(paper))

    def of_words(self, words: list[str]) -> Vector:
        """The vector of some different words."""
        found = [row for word in words if (row := self.places.get(word_hash(word))) is not None]
        length = float(np.linalg.norm(self.weights[found]))
        if not length:
            return np.zeros_like(self.common)
        return unit(self.scale[found] @ self.rows[found].astype(np.float32) / length - self.common)


def unit(vector: Vector) -> Vector:
    """The vector with length 1; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


@cache
def load_topics() -> Topics:
    """The table that the package ships."""
    data = resources.files("paperkg.resolution").joinpath("weights", TABLE).read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        return Topics(
            {int(h): i for i, h in enumerate(stored["hashes"])},
            stored["rows"],
            stored["scale"],
            stored["weights"],
            stored["common"],
        )
