"""A request of the SPARQL 1.1 Protocol, read from its parts.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from paperkg.serve.messages import Problem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
MOST_PARAMETERS = 200

_CHARSETS = ("utf-8", "utf8", "us-ascii")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and the graphs that the request chooses for it: default and named, None if it chooses none."""

    query: str
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None


def read_request(query_string: bytes, content_type: str | None, body: bytes | None) -> Asked | None:
    """What is asked.

    Args:
        query_string: the part of the URL after `?`.
        content_type: of the body; None if the request says none.
        body: of a POST; None for other methods.

    Returns:
        The query, or None for a GET that has none.

    Raises:
        Problem: the request does not follow the protocol, or wants to change data.
    """
    fields = _fields(query_string, "the URL")
    if body is not None:
        kind, charset = _media_type(content_type)
        if kind == UPDATE:
            raise _no_updates()
        if kind not in (FORM, QUERY):
            known = f"{FORM} or {QUERY}"
            raise Problem(
                415,
                f"a POST with {'no media type' if not kind else kind[:100]}: send {known}",
                accept_post=f"{FORM}, {QUERY}",
            )
        if charset not in _CHARSETS:
            raise Problem(415, f"a body in {charset[:40]}: send UTF-8")
        if kind == FORM:
            for name, values in _fields(body, "the form").items():
                fields.setdefault(name, []).extend(values)
        else:
            fields.setdefault("query", []).append(_text(body, "the query"))
    if "update" in fields or "using-graph-uri" in fields or "using-named-graph-uri" in fields:
        raise _no_updates()
    queries = fields.get("query", [])
    if len(queries) > 1:
        raise Problem(400, f"{len(queries)} queries in one request: send one")
    dataset = _dataset(fields)
    if not queries:
        if body is None and dataset is None:
            return None
        raise Problem(400, "the request has no query: send it as the parameter query")
    return Asked(queries[0], dataset)


def _dataset(fields: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    default, named = (tuple(fields.get(f"{kind}-graph-uri", ())) for kind in ("default", "named"))
    return (default, named) if default or named else None


def _fields(encoded: bytes, where: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
            separator="&",
        )
    except UnicodeDecodeError:
        raise Problem(400, f"{where} is not percent-encoded UTF-8") from None
    except ValueError:
        raise Problem(400, f"{where} has more than {MOST_PARAMETERS} parameters") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _media_type(content_type: str | None) -> tuple[str, str]:
    """Media type and charset, both in lower case."""
    kind, *parameters = (content_type or "").lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return kind.strip(), value.strip().strip('"')
    return kind.strip(), "utf-8"


def _text(body: bytes, what: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, f"{what} is not UTF-8 (at byte {error.start})") from None


def _no_updates() -> Problem:
    return Problem(403, "this endpoint takes no updates: it only reads")
