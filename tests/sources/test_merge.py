from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO

import pytest

from paperkg.model import Listing, Organisation, Paper, PartialDate, Skip
from paperkg.sources import read_papers
from paperkg.sources.entry import Entry
from paperkg.sources.merge import merge as merge_pile
from paperkg.sources.pile import Pile
from paperkg.sources.unique import make_unique

TITLE = "A title that identifies the paper"
TEXT = "We propose a thing and show that it works on the data at https://hf.co/x. It is good."


@dataclass(frozen=True)
class Placed:
    file: str
    entry: Entry


def merge(placed: Iterable[Placed]) -> tuple[list[Paper], list[Skip]]:
    """The papers of entries, and what these disagree about."""
    with closing(Pile()) as pile:
        files = []
        for number, item in enumerate(placed):
            pile.add(item.entry, number)
            files.append(item.file)
        pile.arrange(range(len(files)))
        conflicts = list(merge_pile(pile, dict(enumerate(files))))
        make_unique(pile)
        return list(pile.papers()), conflicts


def place(file: str, title: str = TITLE, abstract: str = TEXT, **more: object) -> Placed:
    namespace = more.pop("namespace", None)
    updated = bool(more.pop("updated", False))
    paper = Paper(id=str(more.pop("id", "")), title=title, abstract=abstract, sources=(file,))
    return Placed(file, Entry(replace(paper, **more), 1, str(namespace) if namespace else None, updated))  # type: ignore[arg-type]


def kinds(skips: list[Skip]) -> list[str]:
    return [s.reason.partition(" of '")[0] for s in skips]


def test_metadata_is_the_union() -> None:
    one = place("a", author_count=2, listings=(Listing("a", 3),), organisations=(Organisation("x", "X"),))
    two = place(
        "b",
        authors=("A", "B"),
        url="https://x.org",
        listings=(Listing("b", 1),),
        date=PartialDate("2025", 2025),
    )
    (paper,), conflicts = merge([one, two])
    assert conflicts == []
    assert paper == Paper(
        id="a-title-that-identifies-the-paper",
        title=TITLE,
        abstract=TEXT,
        date=PartialDate("2025", 2025),
        authors=("A", "B"),
        author_count=2,
        organisations=(Organisation("x", "X"),),
        listings=(Listing("a", 3), Listing("b", 1)),
        url="https://x.org",
        sources=("a", "b"),
    )


def test_a_longer_abstract_beats_a_cut_one() -> None:
    for cut in (TEXT[:40], TEXT[:40] + "...", "", TEXT[:41] + "…"):
        for order in ((cut, TEXT), (TEXT, cut)):
            (paper,), conflicts = merge(place(f, abstract=t) for f, t in zip("ab", order, strict=True))
            assert paper.abstract == TEXT
            assert conflicts == []


def test_another_abstract_is_a_conflict_and_the_first_stays() -> None:
    other = TEXT.replace("works", "fails") + " And more."
    (paper,), conflicts = merge([place("a"), place("b", abstract=other)])
    assert paper.abstract == TEXT
    assert [(s.file, s.line, s.kind) for s in conflicts] == [("b", 1, "conflict")]
    assert conflicts[0].reason == "the abstract of 'A title that identifies the paper' differs from a"


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("hf.co", "huggingface.co"),
        TEXT.replace("hf.co", "hf-mirror.example.org"),
        TEXT.replace(" ", "\n  "),
        TEXT.replace("works", r"\textbf{works}"),
    ],
)
def test_mirrors_white_space_and_latex_are_no_conflict(other: str) -> None:
    (paper,), conflicts = merge([place("a"), place("b", abstract=other)])
    assert (paper.abstract, conflicts) == (TEXT, [])


def test_titles_are_compared_folded() -> None:
    papers, conflicts = merge([place("a"), place("b", title="A Title  that identifies\nthe paper")])
    assert [p.title for p in papers] == [TITLE]
    assert conflicts == []


def test_a_short_title_does_not_identify_a_paper() -> None:
    papers, conflicts = merge(
        [place("a", title="Deep Learning"), place("b", title="Deep Learning", abstract="Other words.")]
    )
    assert len(papers) == 2
    assert conflicts == []
    assert papers[0].id == "deep-learning"
    assert papers[1].id.startswith("deep-learning-")
    assert len(papers[1].id) == len("deep-learning-12345678")
    papers, _ = merge(
        [place("a", title="Deep Learning"), place("b", title="Deep Learning", abstract=TEXT[:30])]
    )
    assert len(papers) == 1


def test_an_arxiv_id_gives_the_identity() -> None:
    page, api = place("a"), place("b", id="2401.00001", namespace="arxiv", authors=("A",))
    for order in ((page, api), (api, page)):
        (paper,), conflicts = merge(order)
        assert (paper.id, paper.authors, conflicts) == ("2401.00001", ("A",), [])
    other = place("c", id="W1", namespace="openalex")
    for sources in itertools.permutations((page, api, other)):
        (paper,), _ = merge(sources)
        assert paper.id == "2401.00001"


def test_one_id_is_one_paper_whatever_its_title() -> None:
    one, two = (
        place(f, title=t, id="2401.00001", namespace="arxiv")
        for f, t in (("a", TITLE), ("b", "Renamed since"))
    )
    (paper,), conflicts = merge([one, two])
    assert paper.title == TITLE
    assert kinds(conflicts) == ["the title"]
    # A page under the new title is the same paper as well.
    (paper,), _ = merge([one, two, place("c", title="Renamed since")])
    assert paper.sources == ("a", "b", "c")


def test_two_ids_of_one_kind_are_two_papers() -> None:
    papers, conflicts = merge([place("a", id="x1", namespace="own"), place("a", id="x2", namespace="own")])
    assert [p.id for p in papers] == ["x1", "x2"]
    assert conflicts == []
    # A page goes to the first whose text agrees.
    second = place("a", id="x2", namespace="own", abstract="Other words of another paper.")
    papers, _ = merge(
        [place("a", id="x1", namespace="own"), second, place("b", abstract=second.entry.paper.abstract)]
    )
    assert [p.sources for p in papers] == [("a",), ("a", "b")]


def date(lexical: str, inferred: int | None = None) -> PartialDate:
    if lexical.startswith("--"):
        return PartialDate(
            lexical, None, int(lexical[2:4]), int(lexical[5:]), inferred, "why" if inferred else None
        )
    parts = [int(p) for p in lexical.split("-")] + [None, None]
    return PartialDate(lexical, parts[0], parts[1], parts[2])


@pytest.mark.parametrize(
    ("one", "two", "best", "conflict"),
    [
        ("2025-01-02", "2025-01-02", "2025-01-02", False),
        ("--01-02", "2025-01-02", "2025-01-02", False),
        ("2025-01-02", "--01-02", "2025-01-02", False),
        ("2025", "2025-01-02", "2025-01-02", False),
        ("2025-01-02", "2025-01-03", "2025-01-02", True),
        ("--01-02", "2025-01-03", "2025-01-03", True),
        ("--01-02", "--01-03", "--01-02", True),
    ],
)
def test_dates(one: str, two: str, best: str, conflict: bool) -> None:
    (paper,), conflicts = merge([place("a", date=date(one)), place("b", date=date(two))])
    assert paper.date is not None
    assert paper.date.lexical == best
    assert kinds(conflicts) == (["the date"] if conflict else [])


def test_a_year_that_another_page_lets_infer_is_kept() -> None:
    (paper,), conflicts = merge([place("a", date=date("--01-02")), place("b", date=date("--01-02", 2026))])
    assert paper.date == date("--01-02", 2026)
    assert conflicts == []
    (paper,), conflicts = merge(
        [place("a", date=date("--01-02", 2025)), place("b", date=date("--01-02", 2026))]
    )
    assert paper.date == date("--01-02", 2026)
    assert conflicts == []


def test_a_date_of_publication_beats_one_of_an_update() -> None:
    updated = place("a", date=date("2026-01-01"), updated=True)
    for order in (
        (updated, place("b", date=date("2025-01-02"))),
        (place("b", date=date("2025-01-02")), updated),
    ):
        (paper,), conflicts = merge(order)
        assert paper.date == date("2025-01-02")
        assert conflicts == []


def test_a_number_of_authors_that_differs_is_reported() -> None:
    (paper,), conflicts = merge([place("a", author_count=5), place("b", authors=("A",))])
    assert (paper.author_count, paper.authors) == (5, ("A",))
    assert kinds(conflicts) == ["the number of authors"]


def test_ids_are_unique_and_slugs_give_way_to_ids() -> None:
    titles = ["Same", "Same!", "\u4e2d\u6587", "\u4e2d\u56fd", "!!!", "???"]
    placed = [place(str(n), title=t, abstract=f"Text number {n}.") for n, t in enumerate(titles)]
    papers, _ = merge([*placed, place("z", title="Other", id="same", namespace="own")])
    ids = [p.id for p in papers]
    assert len(set(ids)) == len(papers) == 7
    assert ids[-1] == "same"
    assert ids[0].startswith("same-")
    assert all(i.startswith("paper-") for i in ids[2:6])


def test_the_same_paper_from_a_page_and_the_api() -> None:
    own = {
        "title": TITLE,
        "abstract": TEXT.replace("hf.co", "hf-mirror.com"),
        "listings": [],
        "sources": ["p.txt"],
    }
    api = {
        "paper": {
            "id": "2401.00001",
            "title": TITLE,
            "summary": TEXT,
            "publishedAt": "2024-01-01T00:00:00.000Z",
        }
    }
    text = json.dumps(own) + "\n" + json.dumps(api)
    (paper,), report = read_papers(["-"], stdin=BytesIO(text.encode()))
    assert (paper.id, paper.sources, report.skipped) == ("2401.00001", ("-", "p.txt"), ())
