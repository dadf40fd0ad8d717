"""The spaCy pipeline: `spacy.blank("en")` with the tokeniser and the components of this package.

    tokenizer -> paperkg_sentences -> paperkg_reader -> paperkg_network -> paperkg_recognizer -> paperkg_roles

Each component is registered as a factory through the entry point group `spacy_factories`, so that it loads by name. A
component that recognises entities by other means takes the place of `paperkg_recognizer`: it reads `doc.user_data[READING]`
and writes `doc.user_data[FOUND]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from paperkg.extraction import neural
from paperkg.extraction.coordination import add_coordinated
from paperkg.extraction.decide import Found, decide
from paperkg.extraction.ensemble import relations_by_span, score_candidates
from paperkg.extraction.features import Reading
from paperkg.extraction.frequency import load_frequencies
from paperkg.extraction.known import KnownSpellings
from paperkg.extraction.located import LocatedEntity
from paperkg.extraction.neural.recognizer import THREADS
from paperkg.extraction.reading import GAP, read
from paperkg.extraction.roles import Role, RoleModel, confidence
from paperkg.extraction.scorer import load_scorer
from paperkg.extraction.sentences import set_sentences
from paperkg.extraction.surfaces import add_surfaces
from paperkg.lexicon import Lexicon, load_lexicon

TITLE_END = "paperkg.title_end"
READING = "paperkg.reading"
NETWORK = "paperkg.network"
FOUND = "paperkg.found"
ROLES = "paperkg.roles"


@Language.component("paperkg_sentences", assigns=["token.is_sent_start"])
def sentences_component(doc: Doc) -> Doc:
    """Sets sentence boundaries by rule."""
    return set_sentences(doc)


class Reader:
    """Finds abbreviations, known spellings and candidates; leaves a `Reading` in `doc.user_data`."""

    def __init__(self, nlp: Language, name: str):
        self.name = name
        self.known = KnownSpellings(load_lexicon())
        self.frequencies = load_frequencies()

    def __call__(self, doc: Doc) -> Doc:
        """Reads one text; its title ends at `doc.user_data[TITLE_END]`, else at the first blank line."""
        title_end = doc.user_data.get(TITLE_END)
        if title_end is None:
            title_end = max(0, doc.text.find(GAP))
        doc.user_data[READING] = read(doc, title_end, self.known, self.frequencies)
        return doc


class Network:
    """Lets the network read the text; leaves its scores of spans in `doc.user_data`."""

    def __init__(self, nlp: Language, name: str, threads: int):
        self.name = name
        self.network = neural.Recognizer.load(threads=threads)

    def __call__(self, doc: Doc) -> Doc:
        """Reads one text."""
        reading: Reading = doc.user_data[READING]
        doc.user_data[NETWORK] = self.network.predict([reading.text])[0]
        return doc


class Recognizer:
    """Scores the candidates and decides; the entities stand in `doc.spans["entities"]` too."""

    def __init__(self, nlp: Language, name: str):
        self.name = name
        self.scorer = load_scorer("entities")

    def __call__(self, doc: Doc) -> Doc:
        """Recognises the entities of a text that has been read."""
        reading: Reading = doc.user_data[READING]
        scores = score_candidates(self.scorer, reading, doc.user_data[NETWORK])
        found = add_surfaces(reading, add_coordinated(reading, decide(reading, scores)))
        doc.user_data[FOUND] = found
        doc.spans["entities"] = [
            Span(doc, start, end, label=entity.type, span_id=entity.name)
            for entity in found
            for start, end in entity.spans
        ]
        return doc


class Roles:
    """Decides the paper's relation to each entity that was found."""

    def __init__(self, nlp: Language, name: str):
        self.name = name
        self.model = RoleModel(load_scorer("roles"))

    def __call__(self, doc: Doc) -> Doc:
        """Adds relations; leaves `Role`s in the order of the entities."""
        reading: Reading = doc.user_data[READING]
        network = relations_by_span(doc.user_data[NETWORK], reading)
        doc.user_data[ROLES] = self.model.roles(reading, doc.user_data[FOUND], network)
        return doc


@Language.factory("paperkg_reader")
def make_reader(nlp: Language, name: str) -> Reader:
    """Factory `paperkg_reader`."""
    return Reader(nlp, name)


@Language.factory("paperkg_network", default_config={"threads": THREADS})
def make_network(nlp: Language, name: str, threads: int) -> Network:
    """Factory `paperkg_network`."""
    return Network(nlp, name, threads)


@Language.factory("paperkg_recognizer")
def make_recognizer(nlp: Language, name: str) -> Recognizer:
    """Factory `paperkg_recognizer`."""
    return Recognizer(nlp, name)


@Language.factory("paperkg_roles")
def make_roles(nlp: Language, name: str) -> Roles:
    """Factory `paperkg_roles`."""
    return Roles(nlp, name)


def sentence_pipeline() -> Language:
    """Tokeniser and sentence boundaries alone."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "paperkg.Tokenizer.v1"}}})
    nlp.add_pipe("paperkg_sentences")
    return nlp


def create_pipeline(lexicon: Lexicon | None = None, *, threads: int = THREADS) -> Language:
    """The whole pipeline, ready to run.

    Args:
        lexicon: known names and terms; the one in the package if None.
        threads: for the network.
    """
    nlp = sentence_pipeline()
    nlp.add_pipe("paperkg_reader")
    nlp.add_pipe("paperkg_network", config={"threads": threads})
    nlp.add_pipe("paperkg_recognizer")
    nlp.add_pipe("paperkg_roles")
    if lexicon is not None:
        reader: Any = nlp.get_pipe("paperkg_reader")
        reader.known = KnownSpellings(lexicon)
    return nlp


def located(reading: Reading, found: Sequence[Found], roles: Sequence[Role]) -> list[LocatedEntity]:
    """The entities with character offsets, as the linkers of results and relations take them."""
    tokens = reading.tokens
    return [
        LocatedEntity(
            name=entity.name,
            type=entity.type,
            named=entity.named,
            relation=role.relation,
            confidence=confidence(entity, role.relation, role.confidence),
            spans=tuple((tokens[s].start, tokens[e - 1].end) for s, e in entity.spans),
        )
        for entity, role in zip(found, roles, strict=True)
    ]
