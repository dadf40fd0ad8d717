"""How often phrases occur in a large body of abstracts, and how: a hashed table made before training."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from paperkg.errors import FormatError

MAX_PHRASE = 5
"""The longest phrase in the table, in words of letters and digits."""

_PROBE = "probe"
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@lru_cache(maxsize=1 << 16)
def word_hash(word: str) -> int:
    """A 64-bit hash of a word that is the same on every machine and in every process."""
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def singular(word: str) -> str:
    """The word without its plural s."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def phrase_hashes(
    hashes: npt.NDArray[np.uint64],
    singulars: npt.NDArray[np.uint64],
    first: npt.NDArray[np.int64],
    length: int,
) -> npt.NDArray[np.uint32]:
    """Hashes of the phrases of `length` words that begin at `first`; the last word is taken in its singular.

    Args:
        hashes: `word_hash` of each word.
        singulars: `word_hash` of the singular of each word.
        first: index of the first word of each phrase.
        length: number of words.
    """
    total = np.full(len(first), length, dtype=np.uint64)
    for k in range(length - 1):
        total = (total ^ hashes[first + k]) * _MULTIPLIER
        total ^= total >> np.uint64(29)
    total = (total ^ singulars[first + length - 1]) * _MULTIPLIER
    return (total >> np.uint64(32)).astype(np.uint32)


class PhraseTable:
    """Logarithmic counts of phrases, looked up by hash.

    Args:
        keys: sorted hashes of the phrases.
        counts: (phrases, WIDTH) of log2(1 + count), 0 to 15.
    """

    COLUMNS = (
        "abstracts",
        "titles",
        "long form",
        "capitalised",
        "complete",
        "data",
        "model",
        "method",
        "examples",
        "purpose",
        "means",
        "on",
    )
    WIDTH = len(COLUMNS) + 2
    """Number of features.

    One a column, one for phrases that are in the table, one for phrases too long for it.
    """

    def __init__(self, keys: npt.NDArray[np.uint32], counts: npt.NDArray[np.uint8]):
        self._keys = keys
        self._counts = counts

    @classmethod
    def read(cls, path: Path) -> PhraseTable:
        """Read a table from the NPZ file that training wrote."""
        with np.load(path, allow_pickle=False) as stored:
            if int(stored["probe"]) != word_hash(_PROBE):
                raise FormatError("the table was made with another hash of words", file=path.name)
            packed = np.ascontiguousarray(stored["counts"].T)
            steps = np.ascontiguousarray(stored["steps"].T).view("<u4").ravel()
            keys = np.cumsum(steps, dtype=np.uint32)
        counts = np.empty((len(packed), packed.shape[1] * 2), dtype=np.uint8)
        counts[:, 0::2] = packed >> 4
        counts[:, 1::2] = packed & 15
        return cls(keys, counts[:, : len(cls.COLUMNS)])

    def write(self, path: Path) -> None:
        """Write the table: two counts a byte, keys as differences, byte by byte of all rows, which packs best."""
        even = self._counts if self._counts.shape[1] % 2 == 0 else np.pad(self._counts, ((0, 0), (0, 1)))
        packed = even[:, 0::2] << 4 | even[:, 1::2]
        steps = np.diff(self._keys, prepend=np.uint32(0)).astype("<u4").view(np.uint8).reshape(-1, 4)
        np.savez_compressed(
            path,
            steps=np.ascontiguousarray(steps.T),
            counts=np.ascontiguousarray(packed.T),
            probe=np.uint64(word_hash(_PROBE)),
        )

    def look_up(
        self, lower: Sequence[str], first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float32]:
        """Features of spans of words: (spans, WIDTH), counts scaled to 0..2.

        Args:
            lower: the words in lower case.
            first: index of the first word of each span.
            last: index of its last word, inclusive.
        """
        is_term = np.fromiter((w[0].isalnum() for w in lower), dtype=bool, count=len(lower))
        terms = [w for w in lower if w[0].isalnum()]
        hashes = np.fromiter((word_hash(w) for w in terms), dtype=np.uint64, count=len(terms))
        singulars = np.fromiter((word_hash(singular(w)) for w in terms), dtype=np.uint64, count=len(terms))
        upto = np.concatenate([[0], np.cumsum(is_term)])
        start, stop = upto[first], upto[last + 1]
        out = np.zeros((len(first), self.WIDTH), dtype=np.float32)
        for length in range(1, MAX_PHRASE + 1):
            rows = np.flatnonzero(stop - start == length)
            if not len(rows):
                continue
            keys = phrase_hashes(hashes, singulars, start[rows], length)
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            known = self._keys[at] == keys
            out[rows[known], : len(self.COLUMNS)] = self._counts[at[known]] / 8.0
            out[rows[known], len(self.COLUMNS)] = 1.0
        out[stop - start > MAX_PHRASE, len(self.COLUMNS) + 1] = 1.0
        return out
