"""Which way a metric is better, and on which scale it compares."""

from __future__ import annotations

import pytest

from paperkg.model import Result, Span
from paperkg.rdf.metrics import is_fraction, lower_is_better, score

LOWER = [
    "FID",
    "FVD",
    "perplexity",
    "PPL",
    "MAE",
    "RMSE",
    "WER",
    "word error rate",
    "error rate",
    "loss",
    "validation loss",
    "latency",
    "inference time",
    "mean squared error",
    "structural Hamming distance",
    "SHD",
    "KL divergence",
    "cumulative regret",
    "false positive rate",
    "minADE",
    "FPR95",
    "FLOPs",
    "training cost",
    "LPIPS",
    "NMSE",
    "ECE",
    "Causal Sinkhorn discrepancy",
]
HIGHER = [
    "accuracy",
    "F1",
    "F1 score",
    "BLEU-1",
    "chrF++",
    "SRCC",
    "recall",
    "win rate",
    "success rate",
    "speedup",
    "PSNR",
    "SSIM",
    "CLIP score",
    "mIoU",
    "throughput",
    "error reduction",
    "cosine similarity",
    "NDCG@10",
    "pass@1",
    "Elo",
    "",
    "accuracy per class",
    "attack success rate",
]


@pytest.mark.parametrize("name", LOWER)
def test_lower_is_better(name: str) -> None:
    assert lower_is_better(name)


@pytest.mark.parametrize("name", HIGHER)
def test_higher_is_better(name: str) -> None:
    assert not lower_is_better(name)


@pytest.mark.parametrize(
    "name", ["accuracy", "F1 score", "pass@1", "Recall@10", "mIoU", "AUROC", "win rate", "F1"]
)
def test_fractions(name: str) -> None:
    assert is_fraction(name)


@pytest.mark.parametrize(
    ("number", "unit", "metric", "expected"),
    [
        (95.0, "%", "accuracy", 0.95),
        (0.95, "", "accuracy", 0.95),
        (95.0, "", "accuracy", 0.95),
        (95.0, "", "FID", 95.0),
        (0.4, "%", "error rate", 0.004),
        (27.3, "", "BLEU", 27.3),
        (2.0, "x", "speedup", 2.0),
        (95.0, "", None, 95.0),
    ],
)
def test_one_scale(number: float, unit: str, metric: str | None, expected: float) -> None:
    span = Span("abstract", 0, 1, "9")
    assert score(Result("9", "absolute", number, unit, span, 0.9, metric=metric)) == expected
