"""The IRIs of a graph's resources: made of what they are, so that they stay when other papers come and go."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from paperkg.model import EntityType
from paperkg.text.fold import fold

DEFAULT_BASE = "https://w3id.org/paperkg/id/"
MAX_SLUG = 80
"""Longest slug in characters before percent-encoding; a longer one is cut and ends in a hash of the whole."""


def slug(text: str) -> str:
    """The folded form of a name or a long form, percent-encoded: one for all spellings that `fold` equates.

    A text without any letter or digit gets a hash as its slug.
    """
    folded = fold(text)
    if not folded or len(folded) > MAX_SLUG:
        digest = hashlib.sha256((folded or text).encode("utf-8", "surrogatepass")).hexdigest()[:12]
        folded = f"{folded[: MAX_SLUG - 13]}-{digest}".lstrip("-")
    return segment(folded)


def segment(text: str) -> str:
    """Any text as one segment of a path, percent-encoded; different texts give different segments."""
    encoded = quote(text.encode("utf-8", "surrogatepass"), safe="")
    # a browser or proxy would drop these two segments
    return encoded.replace(".", "%2E") if encoded in (".", "..") else encoded


def entity_iri(type_: EntityType, text: str, *, base: str = DEFAULT_BASE) -> str:
    """The IRI of an entity from its type and its long form, or its name where it has none."""
    return f"{base}{type_.lower()}/{slug(text)}"


def paper_iri(paper_id: str, *, base: str = DEFAULT_BASE) -> str:
    """The IRI of a paper: its id, percent-encoded; different ids give different IRIs."""
    return f"{base}paper/{segment(paper_id)}"


def family_iri(family: str, *, base: str = DEFAULT_BASE) -> str:
    """The IRI of a family of models or collections, by its canonical name."""
    return f"{base}family/{slug(family)}"


def result_iri(paper_id: str, number: int, *, base: str = DEFAULT_BASE) -> str:
    """The IRI of the reported result with that number (from 1) in the paper."""
    return f"{base}result/{segment(paper_id)}/{number}"
