"""What a query may not contain, found before the engine sees it.

The engine has no switch against SERVICE, which opens any address, and overflows its stack on deep nesting. So
a query's tokens are read first. Three places where a reader of tokens and the engine could disagree are
refused outright: an escape outside a literal, an apostrophe inside `<...>` (which may be `less than` and the
start of a literal), and a word that holds SERVICE (the engine needs no blank after a keyword).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin

from paperkg.errors import QueryError
from paperkg.rdf.namespaces import PREFIXES

MAX_LENGTH = 200_000
"""Longest query, in characters."""
MAX_DEPTH = 100
"""Deepest nesting of brackets of all kinds."""
MAX_PARTS = 2_000
"""Most keywords, operators and brackets; each item of a list such as `( 1 2 3 )` or of DESCRIBE counts as two more.

Names, numbers, literals elsewhere, and the rows of VALUES, do not count. A chain of 2,000 BIND or MINUS passes through
the engine, one of 5,000 overflows its stack; an item of a list is two patterns to it.
"""
MAX_SIGNS = 16
"""Most brackets and negations inside what looks like an IRI."""

_TOKEN = re.compile(
    r"""
  [ \t\r\n]*+
  (?:
    (?P<comment>\#[^\r\n]*)
  | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
  | (?P<variable>[?$]\w+)
  | (?P<tag>@[A-Za-z][A-Za-z0-9-]*)
  | (?P<blank>_:\w[\w.\-]*)
  | (?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
  | (?P<quote>\"\"\"|\'\'\'|"|')
  | (?P<word>[^\W\d][\w\-]*(?:\.+[\w\-]+)*)
  | (?P<colon>:)
  | (?P<open>[{(\[])
  | (?P<close>[})\]])
  | (?P<escape>\\)
  | (?P<other>.)
  )
    """,
    re.VERBOSE | re.DOTALL,
)
_LOCAL = re.compile(r"(?:(?![\-.])(?:[\w\-:.%]|\\[_~.\-!$&'()*+,;=/?#@%])+)?")
"""What follows the colon of a name. A full stop or a hyphen there is not part of it: `ex:.SERVICE` are three tokens."""
_END = {
    '"': re.compile(r'[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"'),
    "'": re.compile(r"[^'\\\r\n]*(?:\\[^\r\n][^'\\\r\n]*)*'"),
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""', re.DOTALL),
    "'''": re.compile(r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''", re.DOTALL),
}
_TERMS = frozenset(("iri", "variable", "blank", "number", "string", "name"))
_BOOLEANS = frozenset(("true", "false"))
_UPDATES = frozenset(("insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"))
_FORMS = frozenset(("select", "ask", "construct", "describe"))


class Token(NamedTuple):
    """A token: its kind (a group of `_TOKEN`, `string` or `name`), its text, its place."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What the tokens tell: the form (`select`, `ask`, `construct`, `describe`) and the graphs after FROM."""

    form: str
    graphs: tuple[str, ...]


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query without white space and comments.

    Raises:
        QueryError: a literal is not closed, or an escape stands outside a literal.
    """
    at = 0
    while match := _TOKEN.match(query, at):
        kind = match.lastgroup or "other"
        start, at = match.span(kind)
        if kind == "comment":
            continue
        if kind == "quote":
            end = _END[match[kind]].match(query, at)
            if end is None:
                raise _error(query, start, "a text in quotes is not closed", "add the closing quote")
            kind, at = "string", end.end()
        elif kind == "escape":
            raise _error(query, start, "an escape outside a literal", "write the character itself")
        elif kind in ("word", "colon"):
            rest = 0 if kind == "colon" else query.startswith(":", at)
            if kind == "colon" or rest:
                local = _LOCAL.match(query, at + rest)
                kind, at = "name", local.end() if local else at
        yield Token(kind, query[start:at], start)


class _Names:
    """The IRIs that short and relative names stand for, as far as the prologue has been read."""

    def __init__(self, base: str | None) -> None:
        self._base = base or ""
        self._prefixes = dict(PREFIXES)

    def full(self, token: Token) -> str:
        """The IRI of a token; what cannot be made out stays as it is, and is no known graph."""
        if token.kind == "iri":
            with suppress(ValueError):  # brackets that are no address
                return urljoin(self._base, token.text[1:-1])
            return token.text
        prefix, _, local = token.text.partition(":")
        return self._prefixes[prefix] + local if prefix in self._prefixes else token.text

    def declare(self, prefix: str | None, token: Token) -> None:
        """Read what follows PREFIX and a name, or BASE."""
        if prefix is None:
            self._base = self.full(token)
        else:
            self._prefixes[prefix.removesuffix(":")] = self.full(token)


def scan(query: str, known_graphs: Container[str], *, base: str | None = None) -> Scan:
    """Check a query.

    Args:
        query: the text.
        known_graphs: IRIs that may stand after FROM.
        base: what relative IRIs in the query are relative to.

    Raises:
        QueryError: it is empty, too long or too deep, it changes data, or reaches out of the graph.
    """
    if len(query) > MAX_LENGTH:
        raise QueryError(
            f"the query has {len(query):,} characters", hint=f"at most {MAX_LENGTH:,} are allowed"
        )
    form, parts, graphs = "", 0, []
    opened: list[str] = []
    names, prefix = _Names(base), ""
    before, after_term = "", False
    rows = -1  # the depth at which VALUES stands, while its rows are read
    for token in tokens(query):
        lowered = token.text.lower()
        if token.kind == "iri":
            _check_iri(query, token)
            if before == "base" or prefix:
                names.declare(prefix or None, token)
            elif before in ("from", "named"):
                graphs.append(_own_graph(query, token, names, known_graphs))
        elif token.kind in ("word", "name", "tag"):
            _check_word(query, token)
            if before in ("from", "named") and token.kind == "name":
                graphs.append(_own_graph(query, token, names, known_graphs))
            if not form and token.kind == "word" and lowered in _UPDATES:
                raise _error(
                    query, token.start, f"{token.text.upper()} changes data; paperkg only reads", _READS
                )
            if not form and token.kind == "word" and lowered in _FORMS:
                form = lowered
        elif token.kind == "open":
            if len(opened) == MAX_DEPTH:
                raise _error(
                    query, token.start, f"brackets nested more than {MAX_DEPTH} deep", "write it flatter"
                )
        elif token.kind == "close":
            del opened[-1:]
            if token.text == "}" and len(opened) == rows:
                rows = -1
        is_term = token.kind in _TERMS or lowered in _BOOLEANS
        if rows < 0:
            in_list = opened[-1] == "(" if opened else bool(form)
            listed = in_list and after_term and (is_term or token.kind == "open")
            parts += (token.kind in ("word", "open", "other")) + 2 * listed
            if parts > MAX_PARTS:
                cause = f"more than {MAX_PARTS:,} keywords, operators and brackets"
                raise _error(query, token.start, cause, "split the query")
        if lowered == "values" and token.kind == "word":
            rows = len(opened)
        if token.kind == "open":
            opened.append(token.text)
        after_term = is_term or token.kind in ("tag", "close")
        prefix = token.text if before == "prefix" and token.kind == "name" else ""
        before = lowered if token.kind == "word" and (lowered != "named" or before == "from") else ""
    if not form:
        raise QueryError("this is no SPARQL query", hint=_READS)
    return Scan(form, tuple(graphs))


_READS = "begin with SELECT, ASK, CONSTRUCT or DESCRIBE"


def _check_word(query: str, token: Token) -> None:
    if "service" in token.text.partition(":")[0].lower():
        raise _error(
            query,
            token.start,
            "SERVICE asks another server; paperkg answers from its own graph alone",
            "leave it out",
        )


def _check_iri(query: str, token: Token) -> None:
    text = token.text
    if "'" in text:
        raise _error(
            query,
            token.start,
            "an apostrophe inside < >",
            "write %27 in an IRI; put blanks around 'less than'",
        )
    if ")" in text and "service" in text.lower():
        raise _error(query, token.start, "unclear whether this is an IRI", "put blanks around 'less than'")
    if sum(text.count(sign) for sign in "(!+-^") > MAX_SIGNS + text.count("-"):
        raise _error(query, token.start, "an IRI with too many signs", "put blanks around 'less than'")


def _own_graph(query: str, token: Token, names: _Names, known: Container[str]) -> str:
    iri = names.full(token)
    if iri not in known:
        raise _error(
            query,
            token.start,
            f"FROM {token.text[:200]}, which is no part of this graph",
            "leave FROM out to ask all of it",
        )
    return iri


def _error(query: str, start: int, cause: str, hint: str) -> QueryError:
    line = query.count("\n", 0, start) + 1
    column = start - (query.rfind("\n", 0, start) + 1) + 1
    return QueryError(f"line {line}, column {column}: {cause}", line=line, hint=hint)
