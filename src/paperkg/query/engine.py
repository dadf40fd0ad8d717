"""SPARQL over a graph, through Oxigraph in memory."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from paperkg.errors import QueryError
from paperkg.query.answer import Answer
from paperkg.query.scan import scan
from paperkg.rdf.namespaces import PREFIXES

_PLACE = re.compile(r"error at ([0-9]{1,9}):([0-9]{1,9}): ?(?:expected (?:one of )?)?(.*)", re.DOTALL)
_READABLE = re.compile(r"[A-Za-z_]{2,40}|\"[^\"\s]{1,3}\"")
_SENTENCE = re.compile(r"(?:^|, )(The [a-zA-Z ]{10,120})")


_VARIABLES = "each variable after SELECT must occur in WHERE, or in GROUP BY, or be made by AS, and only once"


class Engine:
    """Answers queries on some quads, which it holds in memory.

    The default graph is the union of all named graphs. The prefixes of `paperkg.rdf.namespaces.PREFIXES` are
    declared.
    """

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        """Load the quads."""
        self._store = ox.Store()
        self._store.bulk_extend(quads)
        self._graphs = frozenset(str(graph.value) for graph in self._store.named_graphs())

    def __len__(self) -> int:
        """The number of quads."""
        return len(self._store)

    def run(self, query: str) -> Answer:
        """Run a SELECT, ASK, CONSTRUCT or DESCRIBE query.

        Raises:
            QueryError: the query is malformed, or asks for something that is refused: SERVICE, updates, FROM
            of a graph
                that is not in the store, deep nesting.
        """
        found = scan(query, self._graphs)
        return Answer(found.form, evaluate(self._store, query, union=not found.graphs))


def evaluate(store: ox.Store, query: str, *, union: bool) -> bytes:
    """The answer as bytes: SPARQL's JSON for SELECT and ASK, N-Triples for CONSTRUCT and DESCRIBE.

    All that is known of the answer goes through these bytes, so that another process can stand in for this
    function.

    Raises:
        QueryError: the query cannot be parsed or evaluated.
    """
    try:
        answer = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=union)
        if isinstance(answer, ox.QueryTriples):
            lines = sorted({f"{triple} .\n" for triple in answer})
            return "".join(lines).encode()
        return answer.serialize(format=ox.QueryResultsFormat.JSON) or b""
    except SyntaxError as e:
        raise _syntax_error(query, str(e)) from None
    except (ValueError, RuntimeError, OSError, UnicodeEncodeError) as e:
        raise QueryError(f"the query cannot be answered: {e}") from None


def _syntax_error(query: str, message: str) -> QueryError:
    match = _PLACE.match(message)
    if match is None:
        return QueryError(" ".join(message.split())[:300], hint="check the query's grammar")
    line, column, expected = int(match[1]), int(match[2]), match[3]
    lines = query.splitlines() or [""]
    near = "".join(lines[line - 1 : line])[max(0, column - 1) :].strip()[:30]
    if "Prefix not found" in expected:
        cause, hint = (
            "a prefix that is not declared",
            f"declare it with PREFIX, or use one of {', '.join(PREFIXES)}",
        )
    elif sentence := _SENTENCE.search(expected):
        return QueryError(f"line {line}, column {column}: {sentence[1]}", line=line, hint=_VARIABLES)
    elif not near and not "".join(lines[line:]).strip():
        hint = "close the brackets that are open"
        return QueryError(f"line {line}, column {column}: the query ends too early", line=line, hint=hint)
    else:
        words = list(dict.fromkeys(_READABLE.findall(re.sub(r"\[[^\]]*\]", " ", expected))))
        cause, hint = (
            "not SPARQL",
            f"expected here: {', '.join(words[:8])}" if words else "check brackets and commas",
        )
    return QueryError(
        f"line {line}, column {column}: {cause} near {near or 'the end of the line'!r}", line=line, hint=hint
    )
