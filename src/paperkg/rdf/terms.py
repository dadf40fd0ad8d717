"""The one gate through which every IRI and every literal of the graph passes.

Text of strangers ends here. An IRI is absolute and has no character that a parser or a reader could stumble
over; a literal has a datatype of a fixed list and a lexical form that fits it. Policy for text: a lone
surrogate, which no encoding can write, becomes U+FFFD (one for one, so that offsets hold); all else is kept
as it is. Only RDF/XML cannot write control characters; `paperkg.rdf.writers` puts U+FFFD for them there.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal as OneOf
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import XSD

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSEEN = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u061c\u115f\u1160\u1680\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff]"
)
_LEXICAL = {
    "date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    "gYearMonth": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])"),
    "gYear": re.compile(r"[0-9]{4}"),
    "gMonthDay": re.compile(r"--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
}

_SHORT = 200
"""Longer texts seldom come again; remembering abstracts would take much memory."""

DateType = OneOf["date", "gYearMonth", "gYear", "gMonthDay"]


@lru_cache(maxsize=4096)
def term(known: URIRef) -> ox.NamedNode:
    """A term of one of our namespaces."""
    return ox.NamedNode(str(known))


def iri(text: str) -> ox.NamedNode:
    """An absolute http(s) or urn IRI.

    Raises:
        ValueError: the text is not one, or holds white space, control characters or characters that cannot be
        seen.
    """
    return _short_iri(text) if len(text) <= _SHORT else _iri(text)


def _iri(text: str) -> ox.NamedNode:
    if _UNSEEN.search(text):
        raise ValueError(f"an IRI with a character that cannot be seen: {text[:80]!r}")
    if not text.startswith(("https://", "http://", "urn:")):
        raise ValueError(f"not an absolute http(s) or urn IRI: {text[:80]!r}")
    return ox.NamedNode(text)


_short_iri = lru_cache(maxsize=1 << 15)(_iri)


def web_iri(url: str) -> ox.NamedNode | None:
    """A link of strangers as an IRI, percent-encoded where it must be; None if it is no http(s) address."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        return iri(quote(url, safe="%/:=&?~#+!$,;@()*'[]-._"))
    except ValueError:
        return None


def text(value: str) -> ox.Literal:
    """A plain string."""
    return _short_text(value) if len(value) <= _SHORT else _text(value)


def _text(value: str) -> ox.Literal:
    return ox.Literal(_SURROGATE.sub("\ufffd", value))


_short_text = lru_cache(maxsize=1 << 15)(_text)


def integer(value: int) -> ox.Literal:
    """A whole number."""
    return _typed(str(int(value)), XSD.integer)


def decimal(value: float) -> ox.Literal:
    """A decimal number in canonical form (`95.33`, `-2`).

    Raises:
        ValueError: the number is infinite or not a number.
    """
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    lexical = format(Decimal(repr(float(value))), "f")
    if "." in lexical:
        lexical = lexical.rstrip("0").rstrip(".")
    return _typed("0" if lexical == "-0" else lexical, XSD.decimal)


def boolean(value: bool) -> ox.Literal:
    """True or false."""
    return _typed("true" if value else "false", XSD.boolean)


def date(lexical: str, datatype: DateType) -> ox.Literal:
    """A date of which only a part may be known.

    Raises:
        ValueError: the lexical form does not fit the datatype.
    """
    if not _LEXICAL[datatype].fullmatch(lexical):
        raise ValueError(f"not an xsd:{datatype}: {lexical[:40]!r}")
    return _typed(lexical, XSD[datatype])


def year(value: int) -> ox.Literal:
    """A year as xsd:gYear."""
    return date(f"{value:04d}", "gYear")


def _typed(lexical: str, datatype: URIRef) -> ox.Literal:
    return ox.Literal(lexical, datatype=term(datatype))
