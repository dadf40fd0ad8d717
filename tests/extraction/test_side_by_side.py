from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator

import pytest

from paperkg.errors import MissingExtra, PaperkgError
from paperkg.extraction import extract_papers, side_by_side, useful_processes
from paperkg.model import Extraction, Paper


def papers(number: int) -> list[Paper]:
    return [
        Paper(str(n), f"A study of GPT-{n}", f"We test BERT and GPT-{n} on GSM8K.") for n in range(number)
    ]


def test_the_number_of_processes_changes_nothing() -> None:
    some = papers(150)
    one = list(extract_papers(some, fast=True))
    done: list[int] = []
    assert list(extract_papers(iter(some), fast=True, processes=2, progress=done.append)) == one
    assert sum(done) == 150


def test_a_process_that_is_killed_is_an_error() -> None:
    with pytest.raises(PaperkgError, match="was killed"):
        list(side_by_side.read_side_by_side([papers(3)], 1, make=Deadly))


class Deadly:
    """A reader that does not survive its first paper."""

    def __call__(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        os.kill(os.getpid(), signal.SIGKILL)
        return iter(())


def test_few_papers_are_read_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    assert useful_processes(0, fast=False) == 1
    assert useful_processes(118, fast=True) == 1
    assert useful_processes(1_000_000, fast=True) == 8
    assert 1 < useful_processes(1_000, fast=False) <= 8


def test_without_ray_its_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"paperkg\[ray\]"):
        list(extract_papers(papers(1), cluster="auto"))
