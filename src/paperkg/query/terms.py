"""Names in a query that nothing can have, because the ontology does not."""

from __future__ import annotations

from difflib import get_close_matches

from paperkg.query.scan import tokens
from paperkg.rdf.namespaces import PKG

_PREFIX = "pkg:"


def unknown_terms(query: str) -> dict[str, tuple[str, ...]]:
    """The names with the prefix `pkg` that the ontology lacks, in their order, each with those that may be meant.

    Args:
        query: has been answered, so that its tokens can be read. To write an unknown name is no error in
            SPARQL; it finds nothing.
    """
    known = PKG.__annotations__
    folded: dict[str, list[str]] = {}
    for term in known:  # Link and link are two
        folded.setdefault(term.casefold(), []).append(term)
    unknown = {}
    for token in tokens(query):
        local = token.text.removeprefix(_PREFIX)
        if token.kind == "name" and local not in ("", token.text) and local not in known:
            close = get_close_matches(local.casefold(), folded, n=2)
            unknown[token.text] = tuple(f"{_PREFIX}{term}" for key in close for term in folded[key])
    return unknown
