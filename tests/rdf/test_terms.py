"""The gate for IRIs and literals."""

from __future__ import annotations

import math
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.rdf import terms
from paperkg.resolution import paper_iri, result_iri, segment

BAD_IRIS = [
    "", "x", "relative/path", "//host/path", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://e/x",
    "http://e/a b", "http://e/a\nb", "http://e/a\tb", "http://e/a\x00b", "http://e/<a>", 'http://e/"a"', "http://e/{a}",
    "http://e/a|b", "http://e/a\\b", "http://e/a^b", "http://e/`a`", "http://e/%zz", "http://e/%2", "http://e/\u200f",
    "http://e/\u202eabc", "http://e/\ufeffabc", "http://e/\u200babc", "http://e/\xa0", "http://e/\xad", "http://[::1",
    "http://e/a> . <urn:x> <urn:y> <urn:z", "http://e/\ud800", "http://e/\uffff",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD_IRIS)
def test_bad_iris_are_refused(text: str) -> None:
    with pytest.raises((ValueError, UnicodeEncodeError)):
        terms.iri(text)


@pytest.mark.parametrize(
    "text", ["https://w3id.org/paperkg/id/x", "http://e/%20", "http://e/ü?a=b#c", "urn:x:y"]
)
def test_good_iris_stay_as_they_are(text: str) -> None:
    assert terms.iri(text).value == text


@pytest.mark.parametrize(
    ("url", "iri"),
    [
        ("https://github.com/a/b", "https://github.com/a/b"),
        ("https://e.org/a b", "https://e.org/a%20b"),
        ("https://e.org/<script>", "https://e.org/%3Cscript%3E"),
        ("https://e.org/\u202ea", "https://e.org/%E2%80%AEa"),
        ("https://e.org/ä", "https://e.org/%C3%A4"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//e.org/a", None),
        ("https://", None),
        ("http://[::1", None),
        ("https://e.org/%zz", None),
    ],
)
def test_links_of_strangers(url: str, iri: str | None) -> None:
    found = terms.web_iri(url)
    assert (found.value if found else None) == iri


@given(st.text())
def test_any_link_is_an_iri_or_none(url: str) -> None:
    for written in (url, f"https://e.org/{url}"):
        found = terms.web_iri(written)
        assert found is None or found.value.startswith(("http://", "https://"))


@given(st.text(), st.text())
def test_segments_tell_texts_apart(one: str, other: str) -> None:
    first, second = segment(one), segment(other)
    assert (first == second) == (one == other)
    assert "/" not in first and first not in (".", "..")
    terms.iri(f"https://e.org/{first}")


@pytest.mark.parametrize("paper", [".", "..", "../x", "//e.org", "https://e.org/?a#b", "..%2fx", "\r\n"])
def test_no_address_of_a_paper_leads_elsewhere(paper: str) -> None:
    for iri in (paper_iri(paper, base="http://e/id/"), result_iri(paper, 1, base="http://e/id/")):
        path = iri.removeprefix("http://e/id/")
        assert urljoin("http://e/id/", path) == iri
        assert path.split("/")[1] not in (".", "..")


def test_lone_surrogates_become_one_sign_each() -> None:
    assert terms.text("a\ud800b\udfff").value == "a\ufffdb\ufffd"
    assert terms.text("\U0001f600").value == "\U0001f600"


@pytest.mark.parametrize(
    ("number", "lexical"),
    [
        (95.33, "95.33"),
        (100.0, "100"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (1e21, "1" + 21 * "0"),
        (-2.5, "-2.5"),
        (0.1, "0.1"),
    ],
)
def test_decimals_are_canonical(number: float, lexical: str) -> None:
    literal = terms.decimal(number)
    assert literal.value == lexical
    assert float(literal.value) == number


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_no_decimal_for_what_is_no_number(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        terms.decimal(number)


def test_dates_fit_their_types() -> None:
    assert (
        str(terms.date("--02-08", "gMonthDay")) == '"--02-08"^^<http://www.w3.org/2001/XMLSchema#gMonthDay>'
    )
    for lexical, datatype in (
        ("2025-13-01", "date"),
        ("2025", "date"),
        ("08-02", "gMonthDay"),
        ("2025-01-01\n", "date"),
    ):
        with pytest.raises(ValueError, match="not an xsd"):
            terms.date(lexical, datatype)  # type: ignore[arg-type]


def test_typed_literals_are_the_engine_s_own() -> None:
    """A store that reads them gives them back in the same form."""
    store = ox.Store()
    subject = terms.iri("http://e/s")
    for literal in (
        terms.integer(7),
        terms.decimal(95.5),
        terms.boolean(True),
        terms.year(2025),
        terms.text("x"),
    ):
        quad = ox.Quad(subject, subject, literal)
        store.add(quad)
        assert quad in store
    assert {str(quad.object) for quad in store} >= {'"95.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'}
