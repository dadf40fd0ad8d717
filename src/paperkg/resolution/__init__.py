"""Which entities of different papers are one thing."""

from __future__ import annotations

from paperkg.resolution.iris import DEFAULT_BASE, entity_iri, family_iri, paper_iri, result_iri, slug

__all__ = ["DEFAULT_BASE", "entity_iri", "family_iri", "paper_iri", "result_iri", "slug"]
