"""Which entities of different papers are one thing."""

from __future__ import annotations

from paperkg.resolution.apply import BY_HAND
from paperkg.resolution.changes import Change, Verdict
from paperkg.resolution.clusters import Rule
from paperkg.resolution.consensus import common_type, commonest
from paperkg.resolution.families import with_families
from paperkg.resolution.iris import DEFAULT_BASE, entity_iri, family_iri, paper_iri, result_iri, segment, slug
from paperkg.resolution.ledger import Ledger
from paperkg.resolution.merges import CONFIDENCE, Merge, merges
from paperkg.resolution.occurrences import Occurrence
from paperkg.resolution.rebuild import Resolved, rebuilt, unresolved
from paperkg.resolution.resolve import Resolution, resolve, resolve_with

__all__ = [
    "BY_HAND",
    "CONFIDENCE",
    "DEFAULT_BASE",
    "Change",
    "Ledger",
    "Merge",
    "Occurrence",
    "Resolution",
    "Resolved",
    "Rule",
    "Verdict",
    "common_type",
    "commonest",
    "entity_iri",
    "family_iri",
    "merges",
    "paper_iri",
    "rebuilt",
    "resolve",
    "resolve_with",
    "result_iri",
    "segment",
    "slug",
    "unresolved",
    "with_families",
]
