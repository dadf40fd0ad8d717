"""Linear models over feature names: a row of weights a feature, one column a class.

`paperkg.training.entities` fits them; the package ships them as arrays. Rows are added in a fixed order, so
that the same features give the same scores to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from io import BytesIO

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scorer:
    """A multinomial logistic model.

    Attributes:
        classes: names of the columns.
        rows: feature -> row; weights: shape (features, classes); bias: shape (classes,).
    """

    classes: tuple[str, ...]
    rows: dict[str, int]
    weights: npt.NDArray[np.float32]
    bias: Vector

    def logits(self, features: Iterable[str]) -> Vector:
        """Unnormalised log-probabilities of the classes; unknown features weigh nothing."""
        found = set(map(self.rows.get, features))
        found.discard(None)
        rows = np.sort(np.fromiter(found, dtype=np.intp, count=len(found)))
        return np.asarray(
            np.add.reduce(self.weights.take(rows, axis=0), axis=0, dtype=np.float64) + self.bias
        )

    def probabilities(self, features: Iterable[str]) -> Vector:
        """Probabilities of the classes; they sum to 1."""
        return softmax(self.logits(features))


def softmax(logits: Vector) -> Vector:
    """Logits as probabilities."""
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())


def load_scorer(name: str) -> Scorer:
    """A model of `paperkg/extraction/weights`, by the file's name without ending."""
    data = resources.files("paperkg.extraction").joinpath("weights", f"{name}.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        names = stored["features"].tobytes().decode("utf-8").split("\n")
        scale = stored["scale"].astype(np.float32)
        return Scorer(
            classes=tuple(stored["classes"].tobytes().decode("utf-8").split("\n")),
            rows={feature: i for i, feature in enumerate(names)},
            weights=stored["weights"].astype(np.float32) * scale,
            bias=stored["bias"].astype(np.float64),
        )


def dump_scorer(scorer: Scorer) -> bytes:
    """The bytes of such a file: weights as int8, one scale a class; rows that round to zero are left out."""
    scale = np.maximum(np.abs(scorer.weights).max(axis=0), 1e-6) / 127
    quantised = np.rint(scorer.weights / scale).astype(np.int8)
    names = sorted(f for f, i in scorer.rows.items() if quantised[i].any())
    if any("\n" in name for name in names):
        raise ValueError("a feature name must not hold a line break")
    out = BytesIO()
    np.savez_compressed(
        out,
        classes=np.frombuffer("\n".join(scorer.classes).encode(), dtype=np.uint8),
        features=np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
        weights=quantised[[scorer.rows[f] for f in names]],
        scale=scale.astype(np.float32),
        bias=scorer.bias.astype(np.float32),
    )
    return out.getvalue()
