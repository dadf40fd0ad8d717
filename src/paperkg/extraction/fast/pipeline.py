"""The fast pipeline: the tokeniser of `spacy.blank("en")` and one component, `paperkg_fast`.

The component reads a Doc once and leaves what it names in `doc.user_data[FOUND]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from paperkg.extraction.fast.chances import shipped_chances
from paperkg.extraction.fast.contexts import context
from paperkg.extraction.fast.finder import Guess, find
from paperkg.extraction.fast.lexemes import Lexemes
from paperkg.extraction.fast.scan import Scan, TokenSpan, scan
from paperkg.extraction.fast.spellings import spellings
from paperkg.extraction.reading import GAP, PaperText
from paperkg.lexicon import Lexicon
from paperkg.model import Relation

TEXT = "paperkg.text"
SCAN = "paperkg.scan"
FOUND = "paperkg.fast"
LEAST_CHANCE = 0.33
"""What a rule finds that is right less often is left out: it costs more precision than it gives recall."""


_CACHED_WORDS = 200_000
"""The tokeniser remembers this many words with their punctuation; spaCy's own number, 10,000, lasts for some 600 papers."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Something that a text names, and what the paper has to do with it.

    Attributes:
        chance: that it is an entity of its type and that the relation is right, in [0, 1].
        evidence: token span of the sentence that decides the relation.
    """

    guess: Guess
    relation: Relation
    chance: float
    evidence: TokenSpan


class FastReader:
    """Finds entities by rules and lexicon; their chances of being right are constants of the rules."""

    def __init__(self, nlp: Language, name: str):
        self.name = name
        self.lexemes = Lexemes(nlp.vocab.strings, spellings(None))
        self.chances = shipped_chances()

    def __call__(self, doc: Doc) -> Doc:
        """Reads one text: that of `doc.user_data[TEXT]`, else the Doc's own, whose title ends at the first blank line."""
        text: PaperText | None = doc.user_data.get(TEXT)
        if text is None:
            scanned = scan(doc, doc.text, max(0, doc.text.find(GAP)), self.lexemes)
        else:
            scanned = scan(doc, text.text, text.title_end, self.lexemes)
        doc.user_data[SCAN] = scanned
        doc.user_data[FOUND] = self._judged(scanned)
        return doc

    def _judged(self, scanned: Scan) -> list[Judged]:
        """The entities of a text by their first mention; of two with one name the more probable one takes both's places."""
        by_name: dict[str, Guess] = {}
        chance_of = self.chances.entities
        for guess in find(scanned):
            if not guess.spans or chance_of.get(guess.ground, 0.0) < LEAST_CHANCE:
                continue
            other = by_name.setdefault(guess.name.casefold(), guess)
            if other is not guess:
                both = other.spans + guess.spans
                if chance_of[guess.ground] > chance_of[other.ground]:
                    by_name[guess.name.casefold()] = other = guess
                other.spans = both
        out = []
        for guess in by_name.values():
            if len(guess.spans) > 1:
                guess.spans = sorted(set(guess.spans))
            key, evidence = context(scanned, guess)
            relation, share = self.chances.relation(key)
            out.append(Judged(guess, relation, round(chance_of[guess.ground] * share, 4), evidence))
        out.sort(key=lambda judged: judged.guess.spans[0])
        return out


@Language.factory("paperkg_fast")
def make_fast(nlp: Language, name: str) -> FastReader:
    """Factory `paperkg_fast`."""
    return FastReader(nlp, name)


def create_fast_pipeline(lexicon: Lexicon | None = None) -> Language:
    """The fast pipeline, ready to run.

    Args:
        lexicon: known names and terms; the one in the package if None.
    """
    nlp = spacy.blank("en")
    tokenizer: Any = nlp.tokenizer
    tokenizer.max_cache_size = _CACHED_WORDS
    nlp.add_pipe("paperkg_fast")
    if lexicon is not None:
        reader: Any = nlp.get_pipe("paperkg_fast")
        reader.lexemes = Lexemes(nlp.vocab.strings, spellings(lexicon))
    return nlp
