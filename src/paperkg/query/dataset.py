"""The graph as an rdflib dataset on the same store, which can be read and not changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oxrdflib import OxigraphStore
from rdflib import Dataset, Graph, Literal
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import XSD
from rdflib.query import Result

from paperkg.errors import GraphError, QueryError
from paperkg.query.engine import Engine
from paperkg.query.scan import scan
from paperkg.rdf.namespaces import PREFIXES

_READING = frozenset(("query", "quads_for_pattern", "named_graphs", "contains_named_graph", "dump"))


def to_rdflib(engine: Engine) -> Dataset:
    """An rdflib dataset whose queries the store of an engine answers; the default graph is the union of all.

    Its changes raise `GraphError`. A query must be a string, and what `Engine.run` refuses is refused: rdflib
    itself would open the addresses after SERVICE and FROM, and would answer a prepared query without the store.
    """
    dataset = Dataset(_View(engine), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, override=True, replace=True)
    return dataset


class _ReadOnly:
    """What may be called of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine  # all of it, as it holds the store's files

    def __getattr__(self, name: str) -> Any:
        if name in _READING:
            return getattr(self._engine.store, name)
        raise GraphError("this dataset is a view of the graph", hint="copy what you want to change")


class _View(OxigraphStore):
    """The store of an engine, as rdflib sees it."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    @property
    def _inner(self) -> Any:
        return _ReadOnly(self._engine)

    def query(
        self,
        query: object,
        initNs: Any,
        initBindings: Any,
        queryGraph: Any,
        **kwargs: Any,
    ) -> Result:
        if not isinstance(query, str):
            cause = "rdflib would answer a prepared query itself, without the graph's store"
            raise QueryError(cause, hint="give the query as a string, values of variables as initBindings")
        chosen = scan(query, self._engine.graphs).graphs
        try:  # a graph that is handed on would stand in for those after FROM
            found = super().query(query, initNs, initBindings, "" if chosen else queryGraph, **kwargs)
        except NotImplementedError as error:  # to rdflib it would mean: answer it yourself
            raise QueryError(str(error)) from error
        except (SyntaxError, RuntimeError, ValueError) as error:
            raise QueryError(f"the query cannot be answered: {error}") from error
        if found.type == "SELECT":
            found.bindings = ({name: _plain(term) for name, term in row.items()} for row in found.bindings)
        elif found.graph is not None:
            plain = Graph()
            for s, p, o in found.graph:
                plain.add((s, p, _plain(o)))
            found.graph = plain
        return found

    def triples(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for (s, p, o), graphs in super().triples(*args, **kwargs):
            yield (s, p, _plain(o)), graphs

    def add_graph(self, graph: Graph) -> None:
        """Rdflib calls it for each graph that it is about to read."""
        if graph.identifier != DATASET_DEFAULT_GRAPH_ID and str(graph.identifier) not in self._engine.graphs:
            self._inner.add_graph(graph)

    def update(self, *_: Any, **__: Any) -> None:
        self._inner.update()

    open = destroy = update


def _plain(term: Any) -> Any:
    """A text as rdflib makes it from files, which is not equal to one with the datatype string."""
    if isinstance(term, Literal) and term.datatype == XSD.string:
        return Literal(str(term))
    return term
