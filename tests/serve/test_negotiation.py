"""The choice of a media type by the Accept header, and the tags that a client has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.serve.negotiation import names_tag, negotiate

OFFERED = ("text/html", "text/turtle", "application/ld+json")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle;charset=utf-8", "text/turtle"),
        ("text/html;q=0.2, text/turtle;q=0.3", "text/turtle"),
        ("text/*;q=0.5, application/ld+json", "application/ld+json"),
        ("text/*, text/html;q=0", "text/turtle"),
        ("*/*;q=0.1, text/html;q=0", "text/turtle"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=rubbish", None),
        ("text/turtle;q=nan", None),
        ("application/json, */*;q=0.01", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        (",,;;,q=1", None),
    ],
)
def test_the_most_liked_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert negotiate([] if accept is None else [accept], OFFERED) == chosen


@given(st.text(max_size=300))
def test_any_header_gives_an_answer(accept: str) -> None:
    assert negotiate([accept], OFFERED) in (*OFFERED, None)


def test_a_long_header_costs_little() -> None:
    assert negotiate(["a/b;q=0.5," * 20_000], OFFERED) is None


def test_several_headers_count_as_one() -> None:
    assert negotiate(["text/html;q=0.1", "text/turtle"], OFFERED) == "text/turtle"


@pytest.mark.parametrize(
    ("header", "named"),
    [("", False), ('"ab"', True), ('W/"ab"', True), ('"x", W/"ab"', True), ('"abc"', False), ("*", False)],
)
def test_tags(header: str, named: bool) -> None:
    assert names_tag(header, 'W/"ab"') is named
    assert names_tag(header, '"ab"') is named
