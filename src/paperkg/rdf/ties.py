"""What entities are elsewhere, as triples: from the lexicon's ties, and from links of the papers that introduce them."""

from __future__ import annotations

from urllib.parse import urlsplit

from rdflib import URIRef
from rdflib.namespace import SKOS

from paperkg.lexicon.ties import load_ties
from paperkg.model import Entity, Extraction
from paperkg.rdf.knowledge import Triples
from paperkg.rdf.namespaces import SCHEMA
from paperkg.rdf.terms import iri, web_iri
from paperkg.text.fold import fold

REPOSITORIES = frozenset({"github.com", "gitlab.com", "huggingface.co"})
_PREDICATES: dict[str, URIRef] = {
    "exact": SKOS.exactMatch,
    "close": SKOS.closeMatch,
    "home": SCHEMA.url,
}
_QUALIFIED = "--"


def known_ties(entity: Entity) -> Triples:
    """The ties of the lexicon's thing of that name and type; a namesake of it has none."""
    if _QUALIFIED in entity.iri.rpartition("/")[2]:
        return
    for tie in load_ties().get((entity.name, entity.type), ()):
        if address := web_iri(tie.iri):
            yield iri(entity.iri), _PREDICATES[tie.match], address


def linked_ties(extraction: Extraction) -> Triples:
    """The repositories that a paper links to and that are named as something that it introduces."""
    introduced = {
        fold(e.name): e.iri or "" for e in extraction.entities if e.relation == "introduces" and e.named
    }
    for link in extraction.links:
        address = web_iri(link.normalized)
        if address is None:
            continue
        parts = urlsplit(link.normalized)
        name = parts.path.rstrip("/").rpartition("/")[2].removesuffix(".git")
        if parts.netloc.removeprefix("www.") in REPOSITORIES and fold(name) in introduced:
            yield iri(introduced[fold(name)]), SKOS.closeMatch, address
