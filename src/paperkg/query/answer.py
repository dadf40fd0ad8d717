"""The answer to a query: rows as named tuples with Python values, and every usual format."""

from __future__ import annotations

import csv
from collections import namedtuple
from collections.abc import Iterator
from datetime import date, datetime
from functools import cached_property
from html import escape
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from rdflib.namespace import XSD

from paperkg.errors import FormatError, MissingExtra
from paperkg.query.formats import FORMATS, GRAPH_FORMATS, ROW_FORMATS, TRIPLE_FORMS
from paperkg.rdf.writers import GRAPH_WRITERS, compact
from paperkg.text.controls import CONTROLS
from paperkg.text.xml import mended

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[Any, ...]
"""A named tuple; a variable whose name Python cannot use as a field is called by its place (`_2`)."""

SHOWN = 200
"""So many rows or triples a notebook shows."""
_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
_INTEGERS = frozenset(
    str(XSD[name])
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "gYear")
)
_FLOATS = frozenset(str(XSD[name]) for name in ("decimal", "double", "float"))


class Answer:
    """What a query gave.

    SELECT: iterate over it, or use `rows`. ASK: its truth value. CONSTRUCT and DESCRIBE: `triples`.

    Attributes:
        form: `select`, `ask`, `construct` or `describe`.
        payload: SPARQL's JSON, or N-Triples.
    """

    def __init__(self, form: str, payload: bytes) -> None:
        """For `paperkg.query.Engine`."""
        self.form = form
        self.payload = payload

    @property
    def is_graph(self) -> bool:
        """Whether it consists of triples."""
        return self.form in TRIPLE_FORMS

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of the columns of a SELECT, without `?`."""
        found = self._parsed() if self.form == "select" else None
        return tuple(v.value for v in found.variables) if isinstance(found, ox.QuerySolutions) else ()

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows of a SELECT: named tuples of str (IRIs too), int, float, bool, date or None."""
        make: Any = namedtuple("Row", list(self.variables), rename=True)  # type: ignore[misc]
        return tuple(make(*(python_value(term) for term in solution)) for solution in self._solutions())

    @cached_property
    def triples(self) -> tuple[ox.Triple, ...]:
        """The triples of a CONSTRUCT or DESCRIBE, sorted."""
        if not self.is_graph:
            return ()
        parsed = ox.parse(self.payload, format=ox.RdfFormat.N_TRIPLES)
        return tuple(quad.triple for quad in parsed)

    def __iter__(self) -> Iterator[Row]:
        """The rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """The number of rows or triples."""
        return len(self.triples) if self.is_graph else len(self.rows)

    def __bool__(self) -> bool:
        """The truth value of an ASK; else whether there is any row or triple."""
        if self.form == "ask":
            return bool(self._parsed())
        return len(self) > 0

    def __repr__(self) -> str:
        """Form and size."""
        return f"<Answer: {bool(self)}>" if self.form == "ask" else f"<Answer: {self.form}, {len(self)} rows>"

    def format(self, name: str) -> str:
        """The answer in a format, with an end of line at its end.

        Args:
            name: `table`, `json`, `csv`, `tsv`, `xml` of rows; `ttl`, `nt`, `jsonld`, `rdfxml` of triples. An
                ASK is `true` or `false` as table, CSV and TSV. A table of triples is their Turtle.

        Raises:
            FormatError: the format is unknown or does not fit the query.
        """
        if name not in FORMATS:
            raise FormatError(f"no format {name!r} of answers", hint=f"one of {', '.join(FORMATS)}")
        if self.is_graph:
            name = "ttl" if name == "table" else name
            if name not in GRAPH_FORMATS:
                raise FormatError(f"{name} cannot hold triples", hint=f"one of {', '.join(GRAPH_FORMATS)}")
            return GRAPH_WRITERS[name](self.triples).decode()
        if name not in ROW_FORMATS:
            raise FormatError(
                f"{name} cannot hold rows", hint=f"one of {', '.join(ROW_FORMATS)}, or CONSTRUCT"
            )
        if self.form == "ask" and name in ("table", "csv", "tsv"):
            return f"{str(bool(self)).lower()}\n"
        if name == "table":
            return self._table()
        if name == "csv":
            return self._csv()
        written = self.payload if name == "json" else self._parsed().serialize(format=_RESULTS[name]) or b""
        text = mended(written.decode()) if name == "xml" else written.decode()
        return text if text.endswith("\n") else text + "\n"

    def to_pandas(self) -> pd.DataFrame:
        """The rows of a SELECT as a pandas frame, a column a variable.

        Numbers are numbers, IRIs and texts are str; what is unbound is NaN among numbers, else None or NaN.

        Raises:
            FormatError: the answer has no rows.
            MissingExtra: pandas is not installed.
        """
        if self.form != "select":
            raise FormatError(f"the answer to {self.form.upper()} has no rows", hint="use SELECT")
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtra("a frame needs pandas", hint="pip install pandas") from error
        return pd.DataFrame(list(self.rows), columns=list(self.variables))

    def _repr_html_(self) -> str:
        """What a notebook shows: the first rows or triples."""
        if self.form == "ask":
            return f"<p>{str(bool(self)).lower()}</p>"
        rest = f"<p>{len(self):,} in all</p>" if len(self) > SHOWN else ""
        if self.is_graph:
            return f"<pre>{escape(GRAPH_WRITERS['ttl'](self.triples[:SHOWN]).decode())}</pre>{rest}"
        lines = [("th", self.variables), *(("td", cells) for cells in self.cells(SHOWN))]
        rows = "".join(
            f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>" for tag, cells in lines
        )
        return f"<table>{rows}</table>{rest}"

    def cells(self, most: int | None = None) -> list[tuple[str, ...]]:
        """The rows, or the first of them, for people: short IRIs, no control characters, empty where unbound."""
        return [tuple(_cell(term) for term in solution) for solution in islice(self._solutions(), most)]

    def _csv(self) -> str:
        """https://www.w3.org/TR/sparql11-results-csv-tsv/; pyoxigraph leaves the commas in IRIs bare, and the evidence has such."""
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow(self.variables)
        writer.writerows(map(_lexical, solution) for solution in self._solutions())
        return out.getvalue()

    def _table(self) -> str:
        lines = [self.variables, *self.cells()]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.variables))]
        lines.insert(1, tuple("-" * width for width in widths))
        padded = (
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
        )
        return "".join(f"{line.rstrip()}\n" for line in padded)

    def _solutions(self) -> Iterator[ox.QuerySolution]:
        found = self._parsed() if self.form == "select" else ()
        return iter(found) if isinstance(found, ox.QuerySolutions) else iter(())

    def _parsed(self) -> ox.QuerySolutions | ox.QueryBoolean:
        return ox.parse_query_results(self.payload, format=ox.QueryResultsFormat.JSON)


def _lexical(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    """A term as CSV has it; empty where unbound."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return "" if term is None else str(term)


def python_value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Any:
    """A term as a Python value; a literal whose form does not fit its type stays a str."""
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    datatype, text = term.datatype.value, term.value
    try:
        if datatype in _INTEGERS:
            return int(text)
        if datatype in _FLOATS:
            return float(text)
        if datatype == str(XSD.boolean):
            return text in ("true", "1")
        if datatype == str(XSD.date):
            return date.fromisoformat(text)
        if datatype == str(XSD.dateTime):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    return text


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact(term.value) or term.value
    text = term.value if isinstance(term, ox.Literal) else str(term)
    return CONTROLS.sub("\ufffd", " ".join(text.split()))
