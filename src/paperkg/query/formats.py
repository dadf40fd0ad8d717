"""The formats of answers: their names and media types, in the one table that all who write answers read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """A format of answers.

    Attributes:
        media_type: what an HTTP response says it is, with the character set where the type's default is another.
        holds_triples: whether it is for CONSTRUCT and DESCRIBE; else it is for SELECT and ASK.
        accepted: further media types by which a client may ask for it.
    """

    media_type: str
    holds_triples: bool = False
    accepted: tuple[str, ...] = ()


_XML = ("application/xml", "text/xml")
_PLAIN = "text/plain; charset=utf-8"

ANSWER_FORMATS: dict[str, AnswerFormat] = {
    "table": AnswerFormat(_PLAIN),
    "json": AnswerFormat("application/sparql-results+json", accepted=("application/json",)),
    "csv": AnswerFormat("text/csv; charset=utf-8"),
    "tsv": AnswerFormat("text/tab-separated-values; charset=utf-8"),
    "xml": AnswerFormat("application/sparql-results+xml", accepted=_XML),
    "ttl": AnswerFormat("text/turtle; charset=utf-8", True, ("application/x-turtle",)),
    "nt": AnswerFormat("application/n-triples", True, ("text/plain",)),
    "jsonld": AnswerFormat("application/ld+json", True, ("application/json",)),
    "rdfxml": AnswerFormat("application/rdf+xml", True, _XML),
}
"""The formats of `Answer.format` by name: first those of rows, then those of triples."""
ROW_FORMATS = tuple(name for name, known in ANSWER_FORMATS.items() if not known.holds_triples)
GRAPH_FORMATS = tuple(name for name, known in ANSWER_FORMATS.items() if known.holds_triples)
TRIPLE_FORMS = frozenset(("construct", "describe"))
"""The forms of queries whose answers are triples."""
FORMATS = (*ROW_FORMATS, *GRAPH_FORMATS)
"""The names of all of them."""
