"""A paper's text as the pipeline reads it, and the step from its Doc to a `Reading`."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from paperkg.extraction.abbreviations import find_abbreviations
from paperkg.extraction.candidates import find_candidates, read_tokens, span_text
from paperkg.extraction.features import Reading
from paperkg.extraction.frequency import Frequencies
from paperkg.extraction.known import KnownSpellings, Match
from paperkg.model import Paper, Span
from paperkg.text.clean import CleanText, clean
from paperkg.text.extent import extent
from paperkg.text.fold import fold, words

GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class PaperText:
    """Clean title, a blank line, clean abstract; and the way back to the stored text.

    Attributes:
        text: what the pipeline reads.
        title, abstract: the two parts with their offset maps.
    """

    text: str
    title: CleanText
    abstract: CleanText

    @property
    def title_end(self) -> int:
        """Where the title ends in `text`."""
        return len(self.title.text)

    def span(self, paper: Paper, start: int, end: int) -> Span:
        """The stretch of the stored title or abstract behind (start, end) of `text`."""
        if start < self.title_end:
            first, last = self.title.to_source(start, min(end, self.title_end))
            return Span("title", first, last, paper.title[first:last])
        shift = self.title_end + len(GAP)
        first, last = self.abstract.to_source(max(0, start - shift), max(0, end - shift))
        return Span("abstract", first, last, paper.abstract[first:last])


def paper_text(title: str, abstract: str) -> PaperText:
    """The text of a paper, clean, as far as it is read (`extent`)."""
    title_end, abstract_end = extent(title, abstract)
    clean_title, clean_abstract = clean(title[:title_end]), clean(abstract[:abstract_end])
    return PaperText(clean_title.text + GAP + clean_abstract.text, clean_title, clean_abstract)


def _long_forms(match: Match) -> frozenset[str]:
    """The folded spellings of more than one word that the lexicon has for what was matched."""
    return frozenset(fold(s) for s in match.entry.spellings if len(words(s)) > 1)


def read(doc: Doc, title_end: int, known: KnownSpellings, frequencies: Frequencies) -> Reading:
    """All that the scorer looks at: tokens, candidates, and what lexicon and field know of their spellings."""
    tokens = read_tokens(doc)
    text = doc.text
    matches = known.find(text, tokens)
    abbreviations = find_abbreviations(text)
    candidates = find_candidates(text, tokens, [m.span for m in matches], abbreviations)
    defined = {text[slice(*a.short)]: fold(text[slice(*a.long)]) for a in abbreviations}
    at: dict[tuple[int, int], list[Match]] = {}
    for match in matches:
        # What a paper defines itself is not what the lexicon knows under the same letters.
        long = defined.get(span_text(text, tokens, match.span).removesuffix("s"))
        if long is None or long in _long_forms(match) or not _long_forms(match):
            at.setdefault(match.span, []).append(match)
    known_of = {
        key: tuple(dict.fromkeys(match for span in candidate.spans for match in at.get(span, ())))
        for key, candidate in candidates.items()
    }
    return Reading(
        text=text,
        title_end=title_end,
        tokens=tokens,
        candidates=candidates,
        known={key: found for key, found in known_of.items() if found},
        frequency={key: frequencies(key) for key in candidates},
        sentences=tokens[-1].sentence + 1 if tokens else 0,
    )
