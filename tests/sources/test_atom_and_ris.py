from __future__ import annotations

import time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.errors import SourceError
from paperkg.model import Paper, SourceReport
from paperkg.sources import read_papers
from timing import seconds

FEED = '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n<title>Query</title>\n'


def read(text: str) -> tuple[list[Paper], SourceReport]:
    return read_papers(["-"], stdin=BytesIO(text.encode()))


def entry(number: int) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/2401.{number:05d}v2</id><title>Paper number {number}</title>"
        f"<summary>  Text &lt; {number}\nmore. </summary><published>2024-01-02T00:00:00Z</published>"
        "<updated>2024-03-02T00:00:00Z</updated><author><name>Ann Bee</name></author>"
        "<author><name>C. Dee</name></author>"
        f'<link href="http://arxiv.org/abs/2401.{number:05d}v2" rel="alternate"/>'
        '<link href="x" rel="related"/></entry>'
    )


def test_atom() -> None:
    (paper,), report = read(FEED + entry(7) + "</feed>")
    assert (paper.id, paper.title, paper.abstract) == ("2401.00007", "Paper number 7", "  Text < 7\nmore. ")
    assert (paper.authors, paper.url) == (("Ann Bee", "C. Dee"), "http://arxiv.org/abs/2401.00007v2")
    assert paper.date is not None
    assert paper.date.lexical == "2024-01-02"
    assert report.skipped == ()
    assert report.files[0].format == "atom"


def test_a_long_feed_is_read_piece_by_piece() -> None:
    entries = [
        f"<entry><title>Paper {n}</title><summary>{'x' * (n % 977)}</summary></entry>" for n in range(9_000)
    ]
    entries[4_000] = "<entry><title>" + "x" * 3_000_000 + "</title></entry>"
    entries[5_000] = "<entry><title>"
    papers, report = read(FEED + "\n".join(entries) + "</feed>")
    assert [p.title for p in papers] == [f"Paper {n}" for n in range(9_000) if n not in (4_000, 5_000)]
    begin = FEED.count("\n") + 1
    assert [(s.line, s.reason) for s in report.skipped] == [
        (begin + 4_000, "longer than 500,000 characters"),
        (begin + 5_000, "bad XML: an entry without an end"),
    ]
    with pytest.raises(SourceError, match="a document type declaration") as caught:
        read(FEED + "\n".join([*entries, "<!DOCTYPE x>"]) + "</feed>")
    assert caught.value.line == begin + 9_000


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("<entry><title>a</entry>", "bad XML: mismatched tag"),
        ("<entry><title>a</title>", "bad XML: an entry without an end"),
        ("<entry><title>a &nbsp; b</title></entry>", "bad XML: undefined entity"),
        ("<entry><summary>a</summary></entry>", "no title"),
        ("<entry>" + "<a>" * 100_000 + "</entry>", "bad XML: mismatched tag"),
        ("<entry>" + "<a>" * 50_000 + "</a>" * 50_000 + "</entry>", "no title"),
    ],
)
def test_one_bad_entry_costs_no_other(bad: str, reason: str) -> None:
    good = [entry(n) for n in range(1_000)]
    papers, report = read(FEED + "\n".join([*good[:500], bad, *good[500:]]) + "</feed>")
    assert [p.id for p in papers] == [f"2401.{n:05d}" for n in range(1_000)]
    assert [(s.line, s.kind) for s in report.skipped] == [(4 + 2 * 500, "record")]
    assert report.skipped[0].reason.startswith(reason)


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE feed [<!ENTITY a "x">'
    + "".join(f'<!ENTITY {b} "{("&" + a + ";") * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + ']>\n<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&i;</title></entry></feed>'
)
XXE = (
    '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>&x;</title></entry></feed>'
)


@pytest.mark.parametrize("text", [BOMB, XXE, FEED + "<!doctype x>" + entry(1) + "</feed>"])
def test_a_document_type_is_refused(text: str) -> None:
    def work() -> None:
        with pytest.raises(SourceError, match="a document type declaration"):
            read(text)

    assert seconds(work, time.monotonic) < 0.5


def test_other_xml_is_refused() -> None:
    with pytest.raises(SourceError, match="not an Atom feed"):
        read('<?xml version="1.0"?><feed xmlns="urn:x"></feed>')
    with pytest.raises(SourceError, match="not of a known format"):
        read('<?xml version="1.0"?><rss/>')


RIS = """TY  - JOUR
TI  - A title of a paper
AU  - Bee, Anna
AU  - The Team
PY  - 2024
DA  - 2024/03/01/
AB  - First line
second line.
DO  - 10.1/x
ID  - key1
ER  -

TY  - CONF
T1  - Another title
N2  - Text.
UR  - https://arxiv.org/abs/2401.00001
ER  -
"""


def test_ris() -> None:
    (one, two), report = read(RIS.replace("\n", "\r\n"))
    assert (one.id, one.title, one.abstract) == ("key1", "A title of a paper", "First line\nsecond line.")
    assert (one.authors, one.url) == (("Anna Bee", "The Team"), "https://doi.org/10.1/x")
    assert one.date is not None
    assert one.date.lexical == "2024-03-01"
    assert (two.id, two.abstract) == ("2401.00001", "Text.")
    assert report.skipped == ()
    assert report.files[0].format == "ris"


def test_a_damaged_ris_record_costs_no_other() -> None:
    papers, report = read(RIS.replace("TI  - A title of a paper\n", "").replace("ER  -\n\n", ""))
    assert [p.title for p in papers] == ["Another title"]
    assert [(s.line, s.reason) for s in report.skipped] == [(1, "no title")]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([FEED, "TY  - JOUR\n", "<?xml?><feed "]),
    st.text('<>/entry! -\n"=TIY&;CDA[]', max_size=80),
)
def test_no_text_crashes_the_readers(begin: str, rest: str) -> None:
    try:
        read(begin + rest)
    except SourceError:
        return
