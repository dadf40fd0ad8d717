from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.errors import SourceError
from paperkg.model import Paper, SourceReport
from paperkg.sources import read_papers
from timing import seconds


def read(text: str) -> tuple[list[Paper], SourceReport]:
    return read_papers(["-"], stdin=BytesIO(text.encode()))


def test_csv() -> None:
    text = (
        "ID,Title,Abstract,Year,Authors,URL,notes\n"
        '2401.00001v1,"A title, with a comma","Some ""quoted"" text\nover two lines.",'
        '2024,"Bee, A.; Dee, C.",,x\n'
        "\n"
        "x2,Second,Text two.,,,https://x.org/,\n"
    )
    (one, two), report = read(text)
    assert (one.id, one.title) == ("2401.00001", "A title, with a comma")
    assert one.abstract == 'Some "quoted" text\nover two lines.'
    assert one.authors == ("Bee, A.", "Dee, C.")
    assert one.date is not None
    assert one.date.lexical == "2024"
    assert (two.id, two.url, two.date) == ("x2", "https://x.org/", None)
    assert report.skipped == ()
    assert report.files[0].format == "csv"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(delimiter: str) -> None:
    (paper,), _ = read(f"title{delimiter}summary\r\nA title{delimiter}Text, text.\r\n")
    assert (paper.title, paper.abstract) == ("A title", "Text, text.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("p,too few", "2 cells in place of 3"),
        ("p,a,b,c", "4 cells in place of 3"),
        ('p,"a"b,c', "bad CSV"),
        ('p,T,"a quote that nobody closes', "bad CSV"),
        ("p,,text", "no title"),
        ('p,T,"' + "a" * 140_000 + '"', "bad CSV: field larger"),
    ],
)
def test_one_bad_row_costs_no_other(row: str, reason: str) -> None:
    good = [f'p{n},Paper {n},"Text, number {n}."' for n in range(1_000)]
    papers, report = read("\n".join(["id,title,abstract", *good[:500], row, *good[500:]]) + "\n")
    assert [p.id for p in papers] == [f"p{n}" for n in range(1_000)]
    assert [(s.line, s.kind) for s in report.skipped] == [(502, "record")]
    assert report.skipped[0].reason.startswith(reason)


BIB = r"""
@string{v = "Venue"}
@comment{ignored}
@article{bee2020,
  title = {The {B}ayesian {\"O}rder of Things},
  abstract = "We show {it}.",
  author = {Bee, Anna and {The Team} and C. Dee},
  year = 2020, month = jan, journal = v,
  doi = {10.1/x},
}
@misc{dee2024, TITLE={Another title}, eprint={2401.00001v2}, archivePrefix={arXiv}, date={2024-01-03},
  abstract={Text.}, url={https://x.org/}}
"""


def test_bibtex() -> None:
    (one, two), report = read(BIB)
    assert one.id == "bee2020"
    assert one.title == r"The {B}ayesian {\"O}rder of Things"
    assert one.abstract == "We show {it}."
    assert one.authors == ("Anna Bee", "The Team", "C. Dee")
    assert one.date is not None
    assert one.date.lexical == "2020-01"
    assert one.url == "https://doi.org/10.1/x"
    assert (two.id, two.url) == ("2401.00001", "https://x.org/")
    assert two.date is not None
    assert two.date.lexical == "2024-01-03"
    assert report.skipped == ()
    assert report.files[0].format == "bibtex"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("@article{x, title={never closed", "bad BibTeX: unexpected block start"),
        ("@article{x title={no comma}}", "bad BibTeX: expected comma"),
        ("@article{x, abstract={no title}}", "no title"),
        ("@article{x, title={}}", "no title"),
    ],
)
def test_one_bad_entry_costs_no_other(entry: str, reason: str, capfd: pytest.CaptureFixture[str]) -> None:
    good = [
        f"@article{{p{n}, title={{Paper number {n} of many}}, abstract={{Text {n}.}}}}" for n in range(1_000)
    ]
    papers, report = read("\n".join([*good[:500], entry, *good[500:]]))
    assert [p.id for p in papers] == [f"p{n}" for n in range(1_000)]
    assert [(s.line, s.kind) for s in report.skipped] == [(501, "record")]
    assert report.skipped[0].reason.startswith(reason)
    assert capfd.readouterr() == ("", "")


def test_two_entries_with_one_key_are_two() -> None:
    (one, two), report = read(
        "@misc{a, title={First of them}, year={2020}}\n@misc{a, title={Second of them}, year={2021}}"
    )
    assert (one.title, two.title) == ("First of them", "Second of them")
    assert one.id == "a"
    assert two.id.startswith("a-")
    assert report.skipped == ()


@pytest.mark.parametrize("attack", ["{", "@", '"', "@article{", "x={y},", "\\", ",", "#"])
def test_bibtex_bombs_end(attack: str) -> None:
    with pytest.raises(SourceError):
        read("@article{a," + attack * 20_000)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["@article{a, title=", "id,title,abstract\n", "title;abstract\n"]),
    st.one_of(st.text(max_size=60), st.text('{}"@,;=#\n\\a ', max_size=60)),
)
def test_no_text_crashes_the_readers(begin: str, rest: str) -> None:
    try:
        read(begin + rest)
    except SourceError:
        return
    except UnicodeEncodeError:
        return


@pytest.mark.parametrize(
    ("head", "piece", "end"),
    [
        ("", "@article{a, title={One title of them all}, abstract={x}}\n", ""),
        ("", "TY  - JOUR\nTI  - One title of them all\nID  - a\nER  - \n", ""),
        ("TY  - JOUR\nTI  - A title\nAB  - x\n", "y\n" * 200, "ER  - \n"),
    ],
    ids=["entries of one title", "records of one title", "lines of one value"],
)
def test_many_take_linear_time(head: str, piece: str, end: str) -> None:
    """Twice as many take no more than about twice the time."""

    def took(times: int) -> float:
        text = head + piece * times + end

        def work() -> None:
            papers, _ = read(text)
            assert len(papers) == 1

        return seconds(work)

    took(10)
    assert took(3_000) < 3.5 * took(1_500) + 0.3
