"""Fuzzing that is guided by coverage, with atheris: `python guided.py TARGET SECONDS`, which ends with an error if a target fails."""

from __future__ import annotations

import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["paperkg"]):
    from paperkg.errors import PaperkgError, QueryError
    from paperkg.query.scan import scan, tokens
    from paperkg.serve.guard import _host_name
    from paperkg.serve.messages import Problem
    from paperkg.serve.negotiation import names_tag, negotiate
    from paperkg.serve.request import FORM, QUERY, read_request
    from paperkg.text.clean import clean
    from paperkg.text.urls import normalize_url

OFFERED = ("application/sparql-results+json", "text/csv")
GRAPHS = frozenset({"http://e/own"})


def queries(data: bytes) -> None:
    """Each token lies where it says, and only the named error is raised."""
    text = data.decode("utf-8", "replace")
    try:
        found = list(tokens(text))
        if any(text[one.start : one.start + len(one.text)] != one.text for one in found):
            raise AssertionError("a token is elsewhere")
        form = scan(text, GRAPHS, base="http://e/").form
    except QueryError:
        return
    if form not in ("select", "ask", "construct", "describe"):
        raise AssertionError(f"the form {form}")


def requests(data: bytes) -> None:
    """A request is read, or refused by name."""
    fuzzed = atheris.FuzzedDataProvider(data)
    kind = fuzzed.PickValueInList(
        [None, FORM, QUERY, "", "text/plain; charset=utf-16", fuzzed.ConsumeUnicodeNoSurrogates(30)]
    )
    query_string = fuzzed.ConsumeBytes(fuzzed.ConsumeIntInRange(0, 200))
    body = fuzzed.ConsumeBytes(500) if fuzzed.ConsumeBool() else None
    try:
        asked = read_request(query_string, kind, body)
    except Problem:
        return
    if asked is None and body is not None:
        raise AssertionError("a POST without a query")


def headers(data: bytes) -> None:
    """Accept, If-None-Match and Host are any text."""
    text = data.decode("latin-1")
    if negotiate([text], OFFERED) not in (None, *OFFERED):
        raise AssertionError("not offered")
    names_tag(text, 'W/"a"')
    host = _host_name(text)
    if host is not None and any(letter in host for letter in "/@#?\\ "):
        raise AssertionError(f"the host {host!r}")


def texts(data: bytes) -> None:
    """The clean form of a text leads back to it."""
    text = data.decode("utf-8", "replace")
    found = clean(text)
    start, end = found.to_source(0, len(found.text))
    if not 0 <= start <= end <= len(text):
        raise AssertionError("outside the text")
    try:
        normalize_url(text)
    except PaperkgError:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {
    "queries": queries,
    "requests": requests,
    "headers": headers,
    "texts": texts,
}

if __name__ == "__main__":
    target, seconds, *more = sys.argv[1:]
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            "-max_len=4000",
            "-timeout=5",
            "-rss_limit_mb=2000",
            *more,
        ],
        TARGETS[target],
    )
    atheris.Fuzz()
