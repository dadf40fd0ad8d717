"""How common a spelling is in the field: in how many of 40,000 abstracts it stands, and stands alone.

`alone` means between function words or punctuation on both sides: 'language model' often does, 'large
language' never. The table holds hashes and numbers, no text; `paperkg.training.frequency` makes it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from importlib import resources
from io import BytesIO

import numpy as np
import numpy.typing as npt

TABLE = "frequency.npz"


def spelling_hash(key: str) -> int:
    """The 32-bit hash under which a candidate key stands in the table."""
    return zlib.crc32(key.encode())


@dataclass(frozen=True, slots=True)
class Frequencies:
    """A table of hashes with two counts each.

    Attributes:
        places: hash -> row; counts: one row (papers, papers where it stands alone) a hash.
    """

    places: dict[int, int]
    counts: npt.NDArray[np.uint16]

    def __call__(self, key: str) -> tuple[int, int]:
        """The two counts of a candidate key; zeros for what is rare."""
        row = self.places.get(spelling_hash(key))
        return (0, 0) if row is None else (int(self.counts[row, 0]), int(self.counts[row, 1]))


def load_frequencies() -> Frequencies:
    """The table that the package ships."""
    data = resources.files("paperkg.extraction").joinpath("weights", TABLE).read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        return Frequencies({int(h): i for i, h in enumerate(stored["hashes"])}, stored["counts"])
