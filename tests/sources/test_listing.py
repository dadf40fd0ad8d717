from __future__ import annotations

import string
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.errors import SourceError
from paperkg.model import Organisation, Paper, SourceReport
from paperkg.sources import read_papers

SEEDS = Path(__file__).parents[2] / "seeds"

HEAD = """new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Jun 25
"""


def abstract(word: str) -> str:
    return f"We study {word} with care. " + f"The {word} is what this long abstract of a test is about. " * 6


def listing(title: str, text: str, *foot: str) -> str:
    return f"\n{title}\n\n{text}\n" + ("\n" + "\n".join(foot) + "\n" if foot else "")


def read(page: str) -> tuple[list[Paper], SourceReport]:
    return read_papers(["-"], stdin=BytesIO(page.encode("utf-8", "surrogatepass")))


def test_the_numbers_of_the_seeds() -> None:
    papers, report = read_papers([SEEDS])
    assert [f.records for f in report.files] == [42, 16, 52, 35, 44]
    assert {f.format for f in report.files} == {"listing"}
    assert report.listings == 189
    assert len(papers) == 118
    assert sum(p.date is not None for p in papers) == 95
    assert sorted(o for p in papers for o in p.organisations) == [
        Organisation("JerzakLabs", "Jerzak Labs"),
        Organisation("Lexsi", "Lexsi Labs"),
        Organisation("UCSC-VLAA", "UCSC-VLAA"),
        Organisation("google", "Google"),
    ]
    assert report.skipped == ()
    assert len({p.id for p in papers}) == 118
    assert all(
        len(p.id) <= 80 and set(p.id) <= set(string.ascii_lowercase + string.digits + "-") for p in papers
    )


def test_stored_texts_are_the_source_s_characters() -> None:
    papers, _ = read_papers([SEEDS])
    pages = {path.name: path.read_text("utf-8") for path in SEEDS.iterdir()}
    for paper in papers:
        page = pages[paper.listings[0].page]
        assert f"\n{paper.title}\n\n{paper.abstract}" in page


def test_what_single_papers_of_the_seeds_say() -> None:
    papers = {p.title: p for p in read_papers([SEEDS])[0]}
    armor = next(p for t, p in papers.items() if t.startswith("CausalArmor"))
    assert armor.date is not None
    assert (armor.date.written, armor.date.lexical, armor.date.datatype) == ("Feb 8", "--02-08", "gMonthDay")
    assert armor.date.inferred_year == 2026
    assert "latest there is 2025" in (armor.date.reason or "")
    assert armor.organisations == (Organisation("google", "Google"),)
    assert armor.author_count is None
    (place,) = armor.listings
    assert (place.page, place.position, place.comments) == ("000_0ef15f7d3150650b.txt", 9, 2)
    assert place.page_date is not None
    assert (place.page_date.written, place.page_date.month, place.page_date.day) == ("Jun 25", 6, 25)
    ability = next(p for t, p in papers.items() if t.startswith("Discovering Hierarchical"))
    assert ability.date is not None
    assert ability.date.lexical == "2025-06-12"
    assert [x.comments for x in ability.listings] == [2, 2, 2, None]
    rot = papers['LLMs Can Get "Brain Rot"!']
    assert rot.date is None
    assert rot.id == "llms-can-get-brain-rot"
    assert len(rot.listings) == 3
    verse = next(p for t, p in papers.items() if t.startswith("CausalVerse"))
    assert "https://hf.samuelbohl.com/CausalVerse" in verse.abstract
    assert len(verse.sources) == len(verse.listings) == 4
    undated = [p for p in papers.values() if p.date and p.date.year is None]
    assert {p.date.inferred_year for p in undated if p.date} == {2026}
    assert next(p for t, p in papers.items() if t.startswith("Contextual Distr")).listings[0].comments == 1


def test_a_year_is_inferred_from_the_page_alone() -> None:
    page = HEAD + listing("A first paper", abstract("x"), "  • 1 authors", "·", "Feb 8 2")
    papers, _ = read(page)
    assert papers[0].date is not None
    assert papers[0].date.inferred_year is None
    papers, _ = read(page + listing("A second paper", abstract("y"), "  • 2 authors", "·", "Mar 1, 2019"))
    assert [p.date.inferred_year for p in papers if p.date] == [2020, None]


def test_a_full_date_of_another_page_wins(tmp_path: Path) -> None:
    one = HEAD + listing("A paper about one thing", abstract("x"), "  • 1 authors", "·", "Feb 8")
    two = HEAD + listing("A paper about one thing", abstract("x"), "  • 1 authors", "·", "Feb 8, 2024")
    (tmp_path / "a.txt").write_text(one, "utf-8")
    (tmp_path / "b.txt").write_text(two, "utf-8")
    (paper,), report = read_papers([tmp_path])
    assert paper.date is not None
    assert paper.date.lexical == "2024-02-08"
    assert report.skipped == ()
    assert [x.page for x in paper.listings] == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("foot", "author_count", "organisation", "date", "comments"),
    [
        (("  • 4 authors", "·", "May 30, 2025"), 4, None, "2025-05-30", None),
        (("  • 1 author", "·", "May 30, 2025 12"), 1, None, "2025-05-30", 12),
        (("google Google", "·", "Feb 8 2"), None, Organisation("google", "Google"), "--02-08", 2),
        (
            ("JerzakLabs Jerzak Labs", "·", "Dec 30, 2025"),
            None,
            Organisation("JerzakLabs", "Jerzak Labs"),
            "2025-12-30",
            None,
        ),
        (("lab", "·", "Feb 29"), None, Organisation("lab", "lab"), "--02-29", None),
        (("  • 4 authors",), 4, None, None, None),
        (("  • 4 authors", "·"), 4, None, None, None),
        (("·", "May 30, 2025"), None, None, "2025-05-30", None),
    ],
)
def test_feet(
    foot: tuple[str, ...], author_count: int, organisation: Organisation, date: str, comments: int
) -> None:
    (first, second), report = read(
        HEAD + listing("A title", abstract("x"), *foot) + listing("Another title", abstract("y"))
    )
    assert first.author_count == author_count
    assert first.organisations == ((organisation,) if organisation else ())
    assert (first.date.lexical if first.date else None) == date
    assert first.listings[0].comments == comments
    assert second.title == "Another title"
    assert report.skipped == ()


def test_a_date_that_is_none_is_reported() -> None:
    (paper,), report = read(HEAD + listing("A title", abstract("x"), "  • 4 authors", "·", "Feb 31, 2025"))
    assert paper.date is None
    assert [(s.kind, s.line) for s in report.skipped] == [("field", 13)]


@pytest.mark.parametrize(
    "title",
    [
        'LLMs Can Get "Brain Rot"!',
        "Can Models Infer Causation from Correlation?",
        "We Show That This Is a Title: Yes",
        "I Predict Therefore I Am",
        "GAN",
        "A·B: C",
        "May 30, 2025 in Review",
        "· 4 authors",
    ],
)
def test_titles_of_all_kinds(title: str) -> None:
    papers, report = read(HEAD + listing("First", abstract("x")) + listing(title, abstract("y")))
    assert [p.title for p in papers] == ["First", title]
    assert report.skipped == ()


def test_a_short_abstract_is_known_by_its_place() -> None:
    papers, report = read(
        HEAD
        + listing("First", "We show X.", "  • 1 authors", "·", "May 1")
        + listing("Second", abstract("y"))
    )
    assert [(p.title, p.abstract[:10]) for p in papers] == [("First", "We show X."), ("Second", "We study y")]
    assert report.skipped == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_marks(end: str) -> None:
    page = "\ufeff" + (HEAD + listing("First", abstract("x"), "  • 1 authors", "·", "May 1, 2024")).replace(
        "\n", end
    )
    (paper,), _ = read(page)
    assert (paper.title, paper.abstract) == ("First", abstract("x").strip())
    papers, _ = read_papers(["-"], stdin=BytesIO(page.removeprefix("\ufeff").encode("utf-16")))
    assert papers[0].title == "First"


def test_a_page_without_its_head_is_known_by_its_feet() -> None:
    page = listing("First", abstract("x"), "  • 1 authors", "·", "May 1") + listing("Second", abstract("y"))
    assert [p.title for p in read(page)[0]] == ["First", "Second"]


def test_a_page_without_papers() -> None:
    with pytest.raises(SourceError, match="no papers in it"):
        read(HEAD)


def test_broken_bytes_cost_one_record() -> None:
    page = (
        HEAD
        + listing("First", abstract("x"))
        + listing("Sec@nd", abstract("y"))
        + listing("Third", abstract("z"))
    )
    papers, report = read_papers(["-"], stdin=BytesIO(page.encode().replace(b"@", b"\xff\xfe")))
    assert [p.title for p in papers] == ["First", "Third"]
    assert [(s.kind, s.line, s.reason[:10]) for s in report.skipped] == [("record", 17, "bytes that")]
    papers, report = read(page.replace("@", "\0"))
    assert [p.title for p in papers] == ["First", "Third"]
    assert [s.reason for s in report.skipped] == ["a NUL character"]


NAMES = [f"Paper number {n} about subject {chr(97 + n)}" for n in range(8)]
FEET: list[tuple[str, ...]] = [
    ("  • 4 authors", "·", "May 30, 2025"),
    (),
    ("google Google", "·", "Feb 8 2"),
    ("  • 1 authors", "·", "Apr 1 1"),
]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_listing_costs_no_other(data: st.DataObject) -> None:
    footed = data.draw(st.booleans())
    records = [
        listing(name, abstract(name), *(FEET[n % 4] if footed else ())) for n, name in enumerate(NAMES)
    ]
    victim = data.draw(st.integers(0, len(records) - 1))
    lines = records[victim].split("\n")
    what = data.draw(st.sampled_from(["drop", "junk", "cut", "swap", "double", "replace"]))
    # The first two places are the blank line and the title, so that the neighbours keep their blank lines.
    place = data.draw(st.integers(1, max(1, len(lines) - 2)))
    noise = data.draw(st.text(st.characters(blacklist_characters="\n"), min_size=1, max_size=60))
    if what == "drop":
        del lines[place]
        lines.append("")
    elif what == "junk":
        lines[place:place] = [noise]
    elif what == "cut":
        lines[place] = lines[place][: len(lines[place]) // 2]
    elif what == "swap":
        lines[1:-1] = lines[-2:0:-1]
    elif what == "double":
        lines[place:place] = [lines[place], ""]
    else:
        lines[place] = noise
    records[victim] = "\n".join(lines) + "\n"
    papers, _ = read(HEAD + "".join(records))
    found = {(p.title, p.abstract) for p in papers}
    for number, name in enumerate(NAMES):
        if number != victim:
            assert (name, abstract(name).strip()) in found, (what, place, name)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text("ab.\n·•1 ", max_size=300).map(str.encode)), st.data())
def test_noise_costs_only_what_it_touches(noise: bytes, data: st.DataObject) -> None:
    footed = data.draw(st.booleans())
    records = [
        listing(n, abstract(n), *(FEET[i % 4] if footed else ())).encode() for i, n in enumerate(NAMES)
    ]
    head = HEAD.encode()
    size = sum(map(len, records))
    place = len(head) + data.draw(st.integers(0, size))
    end = min(place + data.draw(st.integers(0, 400)), len(head) + size)
    page = head + b"".join(records)
    try:
        papers, _ = read_papers(["-"], stdin=BytesIO(page[:place] + noise + page[end:]))
    except SourceError:
        papers = []
    found = {(p.title, p.abstract) for p in papers}
    begin = len(head)
    for record, name in zip(records, NAMES, strict=True):
        # The blank line before a listing belongs to it, and so does the one after it.
        if begin + len(record) + 1 <= place or end < begin:
            assert (name, abstract(name).strip()) in found, name
        begin += len(record)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 3_000), st.integers(0, 400))
def test_no_bytes_crash_the_reader(noise: bytes, place: int, length: int) -> None:
    page = (HEAD + "".join(listing(n, abstract(n), *FEET[i % 4]) for i, n in enumerate(NAMES))).encode()
    try:
        papers, report = read_papers(["-"], stdin=BytesIO(page[:place] + noise + page[place + length :]))
    except SourceError:
        return
    assert papers
    assert report.files[0].records == report.listings
