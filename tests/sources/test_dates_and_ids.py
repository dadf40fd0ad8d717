from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.sources.dates import parse_date
from paperkg.sources.ids import arxiv_id, slug


@pytest.mark.parametrize(
    ("written", "lexical", "datatype"),
    [
        ("2025-05-30", "2025-05-30", "date"),
        ("2025-05-30T12:00:00.000Z", "2025-05-30", "date"),
        ("2025/5/3", "2025-05-03", "date"),
        ("2025/05/30/", "2025-05-30", "date"),
        ("2025-05", "2025-05", "gYearMonth"),
        ("2025", "2025", "gYear"),
        (" May 30, 2025 ", "2025-05-30", "date"),
        ("Feb 8", "--02-08", "gMonthDay"),
        ("Feb 29", "--02-29", "gMonthDay"),
        ("September 1", "--09-01", "gMonthDay"),
        ("--05-31", "--05-31", "gMonthDay"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02", "date"),
        ("jan 2020", "2020-01", "gYearMonth"),
    ],
)
def test_reads_dates(written: str, lexical: str, datatype: str) -> None:
    date = parse_date(written)
    assert date is not None
    assert (date.lexical, date.datatype, date.written) == (lexical, datatype, written.strip())


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2025-13-01",
        "2025-02-29",
        "Feb 30",
        "0000",
        "99",
        "2025-05-30 " + "x" * 100,
        "٢٠٢٥",
        "--13-01",
        "1 2",
    ],
)
def test_refuses_what_is_no_date(written: str) -> None:
    assert parse_date(written) is None


@given(st.text(max_size=30))
def test_no_text_crashes(text: str) -> None:
    parse_date(text)
    arxiv_id(text)
    made = slug(text)
    assert 0 < len(made) <= 80
    assert made.isascii()
    assert made == slug(text)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2406.14539", "2406.14539"),
        ("2406.14539v12", "2406.14539"),
        ("arXiv:2406.14539", "2406.14539"),
        ("https://arxiv.org/pdf/2406.14539v1.pdf", "2406.14539"),
        ("https://huggingface.co/papers/2406.14539", "2406.14539"),
        ("https://doi.org/10.48550/arXiv.2406.14539", "2406.14539"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("math.AG/0601001v2", "math.AG/0601001"),
        ("2413.14539", None),
        ("T001", None),
        ("12406.14539", None),
        ("", None),
    ],
)
def test_knows_arxiv_ids(text: str, known: str | None) -> None:
    assert arxiv_id(text) == known


@pytest.mark.parametrize(
    ("title", "made"),
    [
        ('LLMs Can Get "Brain Rot"!', "llms-can-get-brain-rot"),
        ("What's Missing in VLMs?", "whats-missing-in-vlms"),
        ("Na\u00efve B\u00e4yes", "naive-bayes"),
        ("x" * 200, "x" * 71 + "-" + slug("x" * 200)[-8:]),
    ],
)
def test_makes_slugs(title: str, made: str) -> None:
    assert slug(title) == made


def test_cut_and_lossy_slugs_differ() -> None:
    long = "word " * 30
    assert slug(long + "one") != slug(long + "two")
    assert slug("\u4e2d BERT") != slug("\u56fd BERT") != slug("BERT")
