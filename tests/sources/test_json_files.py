from __future__ import annotations

import json
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.errors import SourceError
from paperkg.model import Listing, Organisation, Paper, PartialDate, SourceReport
from paperkg.records import paper_to_json
from paperkg.sources import read_papers
from timing import seconds


def read(text: str | bytes) -> tuple[list[Paper], SourceReport]:
    return read_papers(["-"], stdin=BytesIO(text if isinstance(text, bytes) else text.encode()))


def one(record: object) -> Paper:
    (paper,), report = read(json.dumps(record))
    assert report.skipped == ()
    return paper


def test_plain_records() -> None:
    paper = one(
        {
            "id": "T001",
            "title": " A  title\n",
            "abstract": "Some\ntext.",
            "date": "2025-05-30",
            "authors": ["Ann Bee", " C. Dee "],
            "url": "https://x.org/a",
            "other": 1,
        }
    )
    assert paper == Paper(
        id="T001",
        title=" A  title\n",
        abstract="Some\ntext.",
        date=PartialDate("2025-05-30", 2025, 5, 30),
        authors=("Ann Bee", "C. Dee"),
        url="https://x.org/a",
        sources=("-",),
    )


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2406.14539v2", "2406.14539"),
        ("arXiv:2406.14539", "2406.14539"),
        ("http://arxiv.org/abs/hep-th/9901001v1", "hep-th/9901001"),
        ("T001", "T001"),
        (17, "17"),
        (None, "a-title"),
        ("", "a-title"),
    ],
)
def test_ids(given: object, stored: str) -> None:
    assert one({"id": given, "title": "A title", "abstract": ""}).id == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 2406.1),
        ("id", [1]),
        ("id", "a\nb"),
        ("date", "soon"),
        ("date", "2025-02-30"),
        ("date", [2025]),
        ("url", "javascript:alert(1)"),
        ("url", "x"),
        ("url", "http://[::1"),
        ("url", "https://:80/x"),
        ("authors", 5),
        ("authors", [[1]]),
        ("id", "x" * 301),
    ],
)
def test_a_bad_field_costs_only_itself(field: str, value: object) -> None:
    (paper,), report = read(json.dumps({"title": "A title", "abstract": "x", field: value}))
    assert (paper.id, paper.date, paper.url, paper.authors) == ("a-title", None, None, ())
    assert [(s.kind, s.line) for s in report.skipped] == [("field", 1)]
    assert f"`{field}`" in report.skipped[0].reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": ', "bad JSON: expecting value at column 11"),
        ('{"title": "a"', "bad JSON: expecting ',' delimiter at column 14"),
        ("{'title': 'a'}", "bad JSON: expecting property name enclosed in double quotes at column 2"),
        ('{"title": NaN}', "bad JSON: NaN is no JSON"),
        ('{"title": "a", "n": ' + "9" * 5_000 + "}", "bad JSON: Exceeds the limit"),
        ('{"title": "a", "n": ' + "[" * 100_000, "bad JSON: nested too deeply"),
        ("[1, 2]", "not a JSON object"),
        ('"x"', "not a JSON object"),
        ('{"abstract": "x"}', "no title"),
        ('{"title": "  "}', "no title"),
        ('{"title": 5}', "`title` is not a string"),
        ('{"title": "a", "abstract": ["x"]}', "`abstract` is not a string"),
        ('{"title": "a\\ud800"}', "bytes that are not UTF-8"),
        ('{"title": "a\\u0000"}', "a NUL character"),
        ('{"title": "' + "a" * 3_000 + '"}', "a title of more than 2,000 characters"),
        ('{"title": "' + "a" * 4_100_000 + '"}', "longer than 4,000,000 characters"),
        (b'{"title": "\xff"}', "bytes that are not UTF-8"),
        ("\x00\x01", "bad JSON"),
    ],
)
def test_one_bad_line_costs_no_other(line: str | bytes, reason: str) -> None:
    good = [
        json.dumps({"id": f"p{n}", "title": f"Paper {n}", "abstract": "x"}).encode() for n in range(1_000)
    ]
    bad = line if isinstance(line, bytes) else line.encode()
    papers, report = read(b"\n".join([*good[:500], bad, *good[500:]]))
    assert [p.id for p in papers] == [f"p{n}" for n in range(1_000)]
    assert [(s.line, s.kind) for s in report.skipped] == [(501, "record")]
    assert report.skipped[0].reason.startswith(reason)


def test_a_long_abstract_is_kept_and_noted() -> None:
    (paper,), report = read(json.dumps({"title": "A", "abstract": "x" * 30_000}))
    assert len(paper.abstract) == 30_000
    assert [(s.kind, s.reason[:30]) for s in report.skipped] == [("field", "an abstract of 30,000 characte")]


@pytest.mark.parametrize("layout", ["[%s]", '{"results": [%s]}', '{"total": 2, "data": [%s]}', "[\n%s\n]"])
def test_arrays_and_answers_of_services(layout: str) -> None:
    records = ",\n ".join(json.dumps({"id": i, "title": f"T{i}", "abstract": "x"}) for i in ("a", "b"))
    papers, report = read(layout % records)
    assert [p.id for p in papers] == ["a", "b"]
    assert report.skipped == ()


def _array(records: list[str], between: str = ",") -> str:
    return f"[{between.join(records)}]"


def _records(count: int) -> list[dict[str, object]]:
    return [
        {
            "id": f"p{n}",
            "title": f"Paper number {n}",
            "abstract": 'He said "so", {and} [then].',
            "authors": [{"name": "Ann Bee", "id": n}, {"name": "C. Dee"}],
        }
        for n in range(count)
    ]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("layout", ["[%s]", '{"results": [%s]}', "[\n%s\n]\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"title": "Paper number 3"', '"title": '),
        ('"title": "Paper number 3"', '"title": NaN'),
        ('"title": "Paper number 3"', '"title": "Paper "number" 3"'),
        ('"title": "Paper number 3"', '"title": "Paper number 3'),
        ('"title": "Paper number 3"', 'title: "Paper number 3"'),
        ('"title": "Paper number 3"', '"title": "Paper\tnumber 3"'),
        ('"title": "Paper number 3"', '"title": "\\x"'),
        ('"title": "Paper number 3"', '"title": ' + "[" * 100_000),
        ('"id": "p3"', "\0"),
    ],
)
def test_a_bad_record_of_an_array_costs_no_other(indent: int | None, layout: str, old: str, new: str) -> None:
    records = [json.dumps(x, indent=indent) for x in _records(8)]
    assert old in records[3]
    records[3] = records[3].replace(old, new)
    papers, report = read(layout % ",".join(records))
    assert [p.id for p in papers] == [f"p{n}" for n in range(8) if n != 3]
    assert [s.kind for s in report.skipped] == ["record"]
    assert report.skipped[0].line == (layout % ",".join(records[:3])).count("\n") - layout[2:].count("\n") + 1


@pytest.mark.parametrize("cut", ['"}', '"}]', "}", "]}", "", ' "id": 3}]}', '"abstract": "x"}'])
@pytest.mark.parametrize("begin", [True, False])
def test_records_around_a_piece_of_a_record_are_kept(cut: str, begin: bool) -> None:
    records = [json.dumps(x) for x in _records(8)]
    records[3] = records[3][: -len(cut)] if begin and cut else cut
    papers, report = read(_array(records, ", "))
    assert [p.id for p in papers] == [f"p{n}" for n in range(8) if n != 3]
    assert report.skipped or not cut


def test_arrays_in_a_row_and_records_in_a_row_are_read() -> None:
    records = [json.dumps(x, indent=1) for x in _records(4)]
    for text in ("\n".join(records), _array(records, " "), _array([*records, ""])):
        papers, report = read(text)
        assert [p.id for p in papers] == ["p0", "p1", "p2", "p3"]
        assert report.skipped == ()
    papers, report = read(_array(records[:2]) + "\n" + _array(records[2:]))
    assert [p.id for p in papers] == ["p0", "p1", "p2", "p3"]
    assert len(report.skipped) == 1


def test_a_long_array_is_read_piece_by_piece() -> None:
    records = [json.dumps({**x, "abstract": str(n) * 300_000}) for n, x in enumerate(_records(40))]
    records[20] = '{"id": "p20", "title": "' + "x" * 9_000_000 + '"}'
    records[30] = '{"id": "p30", "title": "' + "x" * 5_000_000
    papers, report = read(_array(records))
    assert [p.id for p in papers] == [f"p{n}" for n in range(40) if n not in (20, 30)]
    reasons = [s.reason for s in report.skipped if s.kind == "record"]
    assert reasons == ["longer than 4,000,000 characters"] * 2


DAMAGE = st.tuples(st.integers(0, 200), st.integers(0, 60), st.text('"{}[],:\\\n\0x', max_size=4))


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 7), DAMAGE, st.sampled_from([None, 1]))
def test_damage_stays_in_its_record(number: int, damage: tuple[int, int, str], indent: int | None) -> None:
    records = [json.dumps(x, indent=indent) for x in _records(8)]
    at, length, new = damage
    records[number] = records[number][:at] + new + records[number][at + length :]
    papers, _ = read(_array(records))
    assert {p.id for p in papers} >= {f"p{n}" for n in range(8) if n != number}


@pytest.mark.parametrize(
    "piece",
    ['{{"id":1},', '{"id":"},', '{"id":{"id":', "[", '{"id":1}}', '",', "x", '{"', "]", '{"id":[{"id":'],
)
def test_no_damaged_array_takes_long(piece: str) -> None:
    def work() -> None:
        with pytest.raises(SourceError):
            read("[" + piece * (300_000 // len(piece)))

    assert seconds(work) < 5


def test_a_pretty_printed_record() -> None:
    assert read(json.dumps({"id": "a", "title": "T", "abstract": "x"}, indent=2))[0][0].id == "a"


def test_an_array_of_all_sorts() -> None:
    papers, report = read('[{"title": "T"},\n 5,\n {"id": "x"},\n {"title": "U"}]')
    assert [p.title for p in papers] == ["T", "U"]
    assert [(s.line, s.reason) for s in report.skipped] == [(2, "not a JSON object"), (3, "no title")]


def test_arxiv_records() -> None:
    paper = one(
        {
            "id": "0704.0001",
            "submitter": "x",
            "authors": "C. Bal\\'azs, E. L. Berger and P. M. Nadolsky",
            "title": "Calculation of\n  prompt",
            "abstract": "  A fully\ndifferential.\n",
            "update_date": "2008-11-26",
            "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
            "authors_parsed": [["Bal\u00e1zs", "C.", ""], ["Berger", "E. L.", "Jr"]],
        }
    )
    assert (paper.id, paper.title, paper.abstract) == (
        "0704.0001",
        "Calculation of\n  prompt",
        "  A fully\ndifferential.\n",
    )
    assert paper.authors == ("C. Bal\u00e1zs", "E. L. Berger Jr")
    assert paper.date is not None
    assert paper.date.lexical == "2007-04-02"
    paper = one(
        {
            "id": "0704.0001",
            "authors": "A. Bee, C. Dee and E. Eff",
            "title": "T",
            "abstract": "x",
            "update_date": "2008-11-26",
        }
    )
    assert paper.authors == ("A. Bee", "C. Dee", "E. Eff")
    assert paper.date is not None
    assert paper.date.lexical == "2008-11-26"


@pytest.mark.parametrize("wrapped", [True, False])
def test_records_of_the_daily_papers_api(wrapped: bool) -> None:
    inner = {
        "id": "2501.12345",
        "title": "A title",
        "summary": "We show\nit.",
        "publishedAt": "2025-01-21T18:59:59.000Z",
        "authors": [{"_id": "x", "name": "Ann Bee", "hidden": False}, {"name": "C. Dee"}],
        "organization": {"_id": "y", "name": "google", "fullname": "Google", "avatar": "z"},
        "upvotes": 12,
    }
    paper = one(
        [{"paper": inner, "publishedAt": "2025-01-22T00:00:00.000Z", "title": "A title"}]
        if wrapped
        else inner
    )
    assert (paper.id, paper.abstract, paper.authors) == ("2501.12345", "We show\nit.", ("Ann Bee", "C. Dee"))
    assert paper.organisations == (Organisation("google", "Google"),)
    assert paper.date is not None
    assert paper.date.lexical == "2025-01-21"


def test_openalex_records() -> None:
    paper = one(
        {
            "results": [
                {
                    "id": "https://openalex.org/W1",
                    "doi": "https://doi.org/10.1/x",
                    "display_name": "A title",
                    "publication_date": "2024-03-01",
                    "abstract_inverted_index": {"We": [0], "show": [1, 3], "and": [2]},
                    "authorships": [{"author": {"display_name": "Ann Bee"}}],
                    "primary_location": {"landing_page_url": "https://x.org"},
                }
            ]
        }
    )
    assert (paper.id, paper.abstract, paper.authors) == ("W1", "We show and show", ("Ann Bee",))
    assert paper.url == "https://doi.org/10.1/x"
    paper = one(
        {"id": "https://openalex.org/W2", "title": "T", "doi": "https://doi.org/10.48550/arxiv.2401.00001"}
    )
    assert paper.id == "2401.00001"


@pytest.mark.parametrize("index", [5, {"a": 1}, {"a": ["x"]}, {"a": [-1]}, {"a": [True]}])
def test_a_bad_inverted_index_costs_its_record(index: object) -> None:
    _, report = read(
        json.dumps({"id": "https://openalex.org/W1", "title": "T", "abstract_inverted_index": index})
        + '\n{"title": "good"}'
    )
    assert "abstract_inverted_index" in report.skipped[0].reason


def test_semantic_scholar_records() -> None:
    record = {
        "paperId": "abc",
        "externalIds": {"ArXiv": "2401.00001", "DOI": "10.1/x"},
        "title": "A title",
        "abstract": None,
        "year": 2024,
        "authors": [{"authorId": "1", "name": "Ann Bee"}],
        "url": "https://www.semanticscholar.org/paper/abc",
    }
    paper = one({"total": 1, "data": [record]})
    assert (paper.id, paper.abstract, paper.authors) == ("2401.00001", "", ("Ann Bee",))
    assert paper.date is not None
    assert paper.date.lexical == "2024"
    assert one({**record, "externalIds": None}).id == "abc"


TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40)
DATES = st.one_of(
    st.none(),
    st.builds(
        lambda y, m, d: PartialDate(f"{y:04d}-{m:02d}-{d:02d}", y, m, d),
        st.integers(1, 9999),
        st.integers(1, 12),
        st.integers(1, 28),
    ),
    st.builds(
        lambda m, d: PartialDate(f"x {m} {d}", None, m, d, 2026, "because"),
        st.integers(1, 12),
        st.integers(1, 28),
    ),
)
PAPERS = st.builds(
    Paper,
    id=st.integers().map(lambda n: f"id{n}"),
    title=TEXT.filter(lambda t: bool(t.strip())),
    abstract=TEXT,
    date=DATES,
    authors=st.lists(TEXT.map(str.strip).filter(bool), max_size=3).map(tuple),
    author_count=st.one_of(st.none(), st.integers(1, 99)),
    organisations=st.lists(st.builds(Organisation, TEXT, TEXT), max_size=2, unique=True).map(
        lambda x: tuple(sorted(x))
    ),
    listings=st.lists(st.builds(Listing, TEXT, st.integers(1, 99), DATES, st.integers(0, 9)), max_size=1).map(
        tuple
    ),
    url=st.sampled_from([None, "https://x.org/a"]),
    sources=st.just(("a.txt", "b.txt")),
)


@settings(max_examples=200, deadline=None)
@given(PAPERS)
def test_own_records_come_back(paper: Paper) -> None:
    line = json.dumps(paper_to_json(paper) | {"entities": []}, ensure_ascii=False)
    (again,), report = read(line)
    assert again == paper
    assert report.skipped == ()


def test_a_slug_of_an_earlier_build_is_no_id_of_a_source() -> None:
    own = {
        "id": "a-long-title-of-four-words",
        "title": "A long title of four words",
        "abstract": "x",
        "sources": ["p"],
    }
    api = {"id": "2401.00001", "title": "A long title of four words", "abstract": "x"}
    (paper,), _ = read(json.dumps(own) + "\n" + json.dumps(api))
    assert paper.id == "2401.00001"


@pytest.mark.parametrize(
    "more",
    [
        {"listings": 5},
        {"listings": [{"page": 1, "position": 2}]},
        {"listings": [{}]},
        {"organisations": [{"x": 1}]},
        {"sources": [5]},
        {"author_count": "x", "entities": []},
        {"date": "--13-40", "entities": []},
        {"date": "x", "listings": []},
        {"date": 5, "listings": []},
    ],
)
def test_a_damaged_own_record_is_left_out(more: dict[str, object]) -> None:
    papers, report = read(json.dumps({"title": "T", "abstract": "", **more}) + '\n{"title": "good"}')
    assert [p.title for p in papers] == ["good"]
    assert report.skipped[0].kind == "record"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda x: st.one_of(st.lists(x, max_size=3), st.dictionaries(st.text(max_size=5), x, max_size=3)),
    max_leaves=6,
)
KEYS = [
    "id",
    "title",
    "abstract",
    "summary",
    "date",
    "year",
    "authors",
    "url",
    "paper",
    "publishedAt",
    "organization",
    "versions",
    "authors_parsed",
    "update_date",
    "abstract_inverted_index",
    "authorships",
    "locations",
    "doi",
    "externalIds",
    "paperId",
    "listings",
    "organisations",
    "sources",
    "entities",
    "author_count",
]


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=8))
def test_no_record_crashes_the_reader(record: dict[str, object]) -> None:
    papers, report = read('{"title": "good", "id": "good"}\n' + json.dumps(record))
    assert papers[0].id == "good"
    assert len(papers) == 2 or report.skipped


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_no_bytes_crash_the_reader(noise: bytes) -> None:
    try:
        read(noise)
        read(b"[" + noise)
    except SourceError:
        return


def test_of_endless_lists_the_beginning_is_kept() -> None:
    paper = paper_to_json(Paper("a", "A title", "Words.", authors=("Ann Bee",) * 7_000, sources=("a.txt",)))
    assert len(one(paper | {"authors": ["Ann Bee"] * 5_999}).authors) == 5_999
    (kept,), report = read(json.dumps(paper))
    assert (len(kept.authors), kept.sources) == (5_999, ("a.txt",))
    assert [(s.line, s.kind, s.reason) for s in report.skipped] == [
        (1, "field", "7,000 authors: the first 5,999 are kept")
    ]
    listings = [{"page": f"{n}.txt", "position": n} for n in range(6_001)]
    (kept,), report = read(json.dumps(paper | {"sources": ["b.txt"], "listings": listings}))
    assert (len(kept.listings), kept.authors) == (5_999, ())
    assert [s.reason for s in report.skipped] == [
        "6,001 listings: the first 5,999 are kept",
        "7,000 authors: the first 0 are kept",
    ]
