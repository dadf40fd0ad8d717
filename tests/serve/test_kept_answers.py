"""Answers that are kept: how many, and which go first."""

from __future__ import annotations

import tracemalloc

import pytest

from paperkg.serve import answers
from paperkg.serve.answers import Answers, Known


def test_small_answers_take_no_more_than_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_BYTES", 1 << 20)
    kept = Answers()
    tracemalloc.start()
    for number in range(20_000):
        kept.keep(f'W/"{number:032}"', Known("application/json", b"%d" % number))
    took, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert 0.5 * (1 << 20) < took < 1.1 * (1 << 20)


def test_the_least_recently_wanted_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_BYTES", 3_000)
    kept = Answers()
    for tag in ("a", "b"):
        kept.keep(tag, Known("text/csv", b"x" * 1_000))
    assert kept.get("a")
    kept.keep("c", Known("text/csv", b"x" * 1_000))
    assert kept.get("a") and kept.get("c") and kept.get("b") is None


def test_a_large_answer_is_not_kept() -> None:
    kept = Answers()
    kept.keep("a", Known("text/csv", b"x" * (answers.LARGEST + 1)))
    assert kept.get("a") is None
