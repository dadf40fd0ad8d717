"""A hundredth of each row of the torture table, with a fixed seed."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "benchmarks"))

from torture.frame import Row, rows
from torture.runner import run_row

SHARE, SEED = 0.01, 1


@pytest.mark.parametrize("row", [pytest.param(row, id=row.key) for row in rows()])
def test_a_hundredth_of_the_row(row: Row) -> None:
    if row.slow:
        pytest.skip(row.slow)
    gc.freeze()  # what the tests before it left is not looked through while the row measures
    outcome = run_row(row, SHARE, SEED)
    if row.gap:
        assert not outcome.passed, f"row {row.key} passes now: take its gap away"
    else:
        assert outcome.passed, f"{'; '.join(outcome.failures)} ({outcome.figures})"
