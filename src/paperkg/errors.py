"""The exceptions that paperkg raises. The command line turns each into one line."""

from __future__ import annotations


class PaperkgError(Exception):
    """Base of all errors that a user can act on.

    Args:
        cause: what went wrong, one sentence without a full stop at the end.
        file: the file concerned, if one is.
        line: its line, counted from 1, if known.
        hint: what to do next.
    """

    def __init__(
        self, cause: str, *, file: str | None = None, line: int | None = None, hint: str | None = None
    ):
        self.cause = cause
        self.file = file
        self.line = line
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        place = f"{self.file}{line}: " if self.file else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.cause}{hint}"


class SourceError(PaperkgError):
    """An input cannot be read at all: missing, empty, not of a known format, unreadable."""


class FetchError(PaperkgError):
    """Papers cannot be had from their origin: not reachable, refused, or not there."""


class GraphError(PaperkgError):
    """A built graph cannot be opened: missing, incomplete, or changed after it was written."""


class NotInGraph(PaperkgError, KeyError):
    """A paper, an entity or a relation that was asked for by name is not in the graph."""

    __str__ = PaperkgError.__str__


class DecisionError(PaperkgError):
    """A decision made by hand cannot be read, means several things, or does not fit the graph."""


class QueryError(PaperkgError):
    """A SPARQL query is malformed, or asks for something that paperkg refuses."""


class AnswerTooLarge(QueryError):
    """The answer to a query has more bytes than are allowed."""


class FormatError(PaperkgError):
    """An output format that paperkg does not know or that does not fit what was asked."""


class MissingExtra(PaperkgError):
    """A function needs an optional dependency that is not installed."""
