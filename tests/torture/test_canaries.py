"""Each canary names a guard that there is, and asks what Python can read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "benchmarks"))

from torture.canaries import CANARIES
from torture.canary import Canary

PACKAGE = Path(__file__).parent.parent.parent / "src" / "paperkg"


@pytest.mark.parametrize("canary", [pytest.param(canary, id=canary.fact) for canary in CANARIES])
def test_a_canary(canary: Canary) -> None:
    assert (PACKAGE / canary.guard).is_file()
    compile(canary.sings, "sings", "exec")
    if not canary.holds.startswith("server: "):
        compile(canary.holds, "holds", "exec")


def test_each_fact_is_asked_once() -> None:
    assert len({canary.fact for canary in CANARIES}) == len(CANARIES)
