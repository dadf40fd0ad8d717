"""The questions on the graph of the seeds, held against rows that were written from the abstracts by hand.

`expected/<name>.csv`: the rows that the graph must give. Several right spellings stand beside each other with
`|`; `...` ends the beginning of a long cell; `*` is anything. `missing` is the reason why the graph does not
give the row yet: an expected failure, which fails the test once the row is there.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from paperkg.query import Engine, example
from paperkg.rdf import quads
from paperkg.text.fold import fold

EXPECTED = Path(__file__).parent / "expected"
GRAPH = Path(__file__).parents[2] / "graphs" / "seeds"

CLOSED = {
    "papers-of-entity": "",
    "who-evaluates-on": "",
    "reused-contributions": "common words (math) are taken for things that a paper introduces",
    "results-on": "the first number of 'from 71.53% to 80.35%' is given to the paper's own system",
    "organisations": "",
}
"""Questions to which no other row is right; where the graph gives one nevertheless, the reason."""

pytestmark = pytest.mark.skipif(
    not GRAPH.with_suffix(".papers.jsonl").exists(), reason="the graph of the seeds is not built"
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    import paperkg

    return Engine(quads(paperkg.load(GRAPH)))


def read(name: str) -> list[dict[str, str]]:
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fits(expected: dict[str, str], row: Any) -> bool:
    """Whether a row of an answer is the expected one."""
    return all(_fits(cell, getattr(row, column)) for column, cell in expected.items() if column != "missing")


def _fits(cell: str, value: Any) -> bool:
    if cell == "*":
        return True
    if isinstance(value, float):
        return float(cell) == value
    if cell.endswith("..."):
        return str(value).startswith(cell.removesuffix("..."))
    return str(value) == cell or fold(str(value)) in {fold(one) for one in cell.split("|")}


def cases() -> Iterator[Any]:
    for path in sorted(EXPECTED.glob("*.csv")):
        for row in read(path.stem):
            marks = [pytest.mark.xfail(strict=True, reason=row["missing"])] if row["missing"] else []
            yield pytest.param(
                path.stem, row, marks=marks, id=f"{path.stem}: {', '.join(list(row.values())[:3])}"[:80]
            )


@pytest.mark.parametrize(("name", "row"), list(cases()))
def test_row(engine: Engine, name: str, row: dict[str, str]) -> None:
    assert any(fits(row, found) for found in engine.run(example(name).query))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=[pytest.mark.xfail(strict=True, reason=why)] if why else [])
        for n, why in CLOSED.items()
    ],
)
def test_no_other_row(engine: Engine, name: str) -> None:
    expected = read(name)
    assert [row for row in engine.run(example(name).query) if not any(fits(e, row) for e in expected)] == []


def test_papers_on_three_or_more_pages(engine: Engine) -> None:
    marked = [row.title for row in engine.run(example("pages").query) if row.three_or_more]  # type: ignore[attr-defined]
    assert sorted(marked) == sorted(row["title"] for row in read("pages"))
    assert engine.run("SELECT (COUNT(?l) AS ?n) { ?l a pkg:Listing }").rows[0][0] == 189
