"""The IRIs of the graph below its base: made from content, the same in every build, no blank nodes.

Those of papers, entities, families and results come from `paperkg.resolution`; the others are made here.

| thing | path below the base |
| --- | --- |
| paper | `paper/<id>` |
| stored text | `paper/<id>/abstract` |
| a stretch of it, its selectors | `...abstract#char=<start>,<end>` (RFC 5147), `#position=`, `#quote=` |
| statement of a paper about an entity | `paper/<id>/statement/<the entity's own path>` |
| relation of two entities in a paper | `paper/<id>/relation/<digest>` |
| link | `paper/<id>/link/<place>`, place as `abstract-940-947` |
| page, listing, organisation | `page/<name>`, `page/<name>/<position>`, `organisation/<slug>` |
| run, input file | `run/<digest>`, `file/<sha256>/<name>` |
| the graph as a dataset, its parts | `graph`, `graph/class/<class>`, `graph/property/<property>`, `graph/links/...` |
| named graph | `graph/knowledge`, `graph/evidence`, `graph/provenance`, `graph/description` |
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from paperkg.model import Field, Span
from paperkg.rdf.terms import iri
from paperkg.resolution import family_iri, paper_iri, result_iri, segment


@lru_cache(maxsize=64)
def _paper_iri(paper_id: str, base: str) -> str:
    return paper_iri(paper_id, base=base)


def digest(*parts: str) -> str:
    """Twelve hexadecimal digits that stand for these texts in this order."""
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.sha256(joined).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Minter:
    """Makes the IRIs below one base, which ends in `/` or `#`."""

    base: str

    def dataset(self) -> ox.NamedNode:
        """The graph as a whole."""
        return iri(f"{self.base}graph")

    def graph(self, name: str) -> ox.NamedNode:
        """A named graph."""
        return iri(f"{self.base}graph/{name}")

    def paper(self, paper_id: str) -> ox.NamedNode:
        """A paper."""
        return iri(_paper_iri(paper_id, self.base))

    def family(self, name: str) -> ox.NamedNode:
        """A family of entities."""
        return iri(family_iri(name, base=self.base))

    def result(self, paper_id: str, number: int) -> ox.NamedNode:
        """The result with that number, from 1, in a paper."""
        return iri(result_iri(paper_id, number, base=self.base))

    def within(self, parent: ox.NamedNode, *path: str) -> ox.NamedNode:
        """A thing that belongs to another."""
        return iri("/".join((parent.value, *(segment(part) for part in path))))

    def stored_text(self, paper_id: str, field: Field) -> ox.NamedNode:
        """The title or the abstract of a paper as stored."""
        return self.within(self.paper(paper_id), field)

    def stretch(self, paper_id: str, span: Span, part: str = "char") -> ox.NamedNode:
        """A stretch of a stored text (`char`), its position or its quote."""
        return iri(f"{self.stored_text(paper_id, span.field).value}#{part}={span.start},{span.end}")

    def link(self, paper_id: str, span: Span) -> ox.NamedNode:
        """The link that a paper has at one place."""
        return self.within(self.paper(paper_id), "link", f"{span.field}-{span.start}-{span.end}")

    def statement(self, paper_id: str, entity_iri: str) -> ox.NamedNode:
        """What a paper says of an entity."""
        own = entity_iri.removeprefix(self.base)
        path = own if own != entity_iri else segment(entity_iri)
        return iri(f"{self.paper(paper_id).value}/statement/{path}")

    def relation(self, paper_id: str, *parts: str) -> ox.NamedNode:
        """What a paper says of two entities."""
        return self.within(self.paper(paper_id), "relation", digest(*parts))

    def mention(self, paper_id: str, entity_iri: str, span: Span) -> ox.NamedNode:
        """One occurrence of an entity in a paper."""
        place = f"{span.field}-{span.start}-{span.end}"
        return iri(f"{self.statement(paper_id, entity_iri).value}/mention/{place}")

    def evidence(self, claim: ox.NamedNode) -> ox.NamedNode:
        """The annotation of the words on which a statement, relation, result or link rests."""
        return self.within(claim, "evidence")

    def top(self, kind: str, *path: str) -> ox.NamedNode:
        """Something of its own: an organisation, a page, a file."""
        return iri(self.base + "/".join((kind, *(segment(part) for part in path))))
