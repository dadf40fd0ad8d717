"""SPARQL over a graph, through Oxigraph."""

from __future__ import annotations

import io
import os
import re
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from paperkg.errors import AnswerTooLarge, QueryError
from paperkg.query.answer import Answer
from paperkg.query.scan import scan
from paperkg.rdf.namespaces import PREFIXES

if TYPE_CHECKING:
    from typing_extensions import Buffer

_PLACE = re.compile(r"error at ([0-9]{1,9}):([0-9]{1,9}): ?(?:expected (?:one of )?)?(.*)", re.DOTALL)
_READABLE = re.compile(r"[A-Za-z_]{2,40}|\"[^\"\s]{1,3}\"")
_SENTENCE = re.compile(r"(?:^|, |one of )((?:The|Duplicated) [a-zA-Z ]{10,120})")
_VARIABLES = "each variable after SELECT must occur in WHERE, or in GROUP BY, or be made by AS, and only once"


class Engine:
    """Answers queries on a store, which it only reads.

    The default graph is the union of all named graphs. The prefixes of `paperkg.rdf.namespaces.PREFIXES` are
    declared.

    Attributes:
        store: holds the quads; not to be changed.
        graphs: the IRIs of its named graphs.
    """

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        """Load quads into memory."""
        self.store = ox.Store()
        self.store.bulk_extend(quads)
        self.graphs = _names(self.store)

    @classmethod
    def over(cls, store: ox.Store, *, held: int | None = None) -> Engine:
        """An engine on a store.

        Args:
            store: in memory, or opened to read.
            held: a file descriptor to be closed when the engine goes.
        """
        engine = cls.__new__(cls)
        engine.store = store
        engine.graphs = _names(store)
        if held is not None:
            weakref.finalize(engine, os.close, held)
        return engine

    def __len__(self) -> int:
        """The number of quads."""
        return len(self.store)

    def run(self, query: str) -> Answer:
        """Run a SELECT, ASK, CONSTRUCT or DESCRIBE query.

        Raises:
            QueryError: the query is malformed, or asks for something that is refused: SERVICE, updates, FROM
                of a graph that is not in the store, deep nesting.
        """
        found = scan(query, self.graphs)
        return Answer(found.form, evaluate(self.store, query, union=not found.graphs))


def _names(store: ox.Store) -> frozenset[str]:
    return frozenset(str(graph.value) for graph in store.named_graphs())


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a request chooses, whatever the query says: IRIs of named graphs of the store.

    Attributes:
        default: their union is the default graph.
        named: those that GRAPH finds.
    """

    default: tuple[str, ...]
    named: tuple[str, ...]


def evaluate(
    store: ox.Store,
    query: str,
    *,
    union: bool,
    dataset: Dataset | None = None,
    base: str | None = None,
    room: int | None = None,
) -> bytes:
    """The answer as bytes: SPARQL's JSON for SELECT and ASK, N-Triples for CONSTRUCT and DESCRIBE.

    All that is known of the answer goes through these bytes, so that another process can stand in for this
    function.

    Args:
        store: the quads.
        query: has passed `scan`.
        union: whether the default graph is the union of all named graphs.
        dataset: the graphs to read instead.
        base: what relative IRIs in the query are relative to; they are errors if None.
        room: the most bytes that the answer may have; no limit if None.

    Raises:
        AnswerTooLarge: the answer has more.
        QueryError: the query cannot be parsed or evaluated.
    """
    out = _Buffer(room)
    try:
        answer = store.query(
            query,
            base_iri=base,
            prefixes=PREFIXES,
            use_default_graph_as_union=union and dataset is None,
            default_graph=None if dataset is None else [ox.NamedNode(iri) for iri in dataset.default],
            named_graphs=None if dataset is None else [ox.NamedNode(iri) for iri in dataset.named],
        )
        if isinstance(answer, ox.QueryTriples):
            lines = set[str]()
            for triple in answer:
                line = f"{triple} .\n"
                if line not in lines:
                    lines.add(line)
                    out.count(len(line))
            return "".join(sorted(lines)).encode()
        answer.serialize(out, format=ox.QueryResultsFormat.JSON)
        return out.getvalue()
    except SyntaxError as e:
        raise _syntax_error(query, str(e)) from None
    except (ValueError, RuntimeError, OSError, UnicodeEncodeError) as e:
        raise QueryError(f"the query cannot be answered: {e}") from None


class _Buffer(io.BytesIO):
    """Takes an answer as long as there is room for it."""

    def __init__(self, room: int | None) -> None:
        super().__init__()
        self._room = room
        self._size = 0

    def count(self, size: int) -> None:
        self._size += size
        if self._room is not None and self._size > self._room:
            raise AnswerTooLarge(
                f"the answer has more than {self._room:,} bytes", hint="ask for less, or use LIMIT and OFFSET"
            )

    def write(self, data: Buffer, /) -> int:
        self.count(memoryview(data).nbytes)
        return super().write(data)


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
        words = list(dict.fromkeys(_READABLE.findall(re.sub(r"\[[^\]]{0,100}\]", " ", expected))))
        cause, hint = (
            "not SPARQL",
            f"expected here: {', '.join(words[:8])}" if words else "check brackets and commas",
        )
    return QueryError(
        f"line {line}, column {column}: {cause} near {near or 'the end of the line'!r}", line=line, hint=hint
    )
