"""From what the fast way found in a text to the `Extraction` of its paper."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from spacy.tokens import Doc

from paperkg.extraction.fast.pipeline import FOUND, SCAN, Judged
from paperkg.extraction.fast.scan import Scan, TokenSpan
from paperkg.extraction.links import find_links
from paperkg.extraction.reading import GAP, PaperText
from paperkg.model import ExtractedEntity, Extraction, Paper, Span
from paperkg.text.fold import fold


def _sentence_end(scanned: Scan, sentence: TokenSpan) -> TokenSpan:
    """A sentence without the white space at its end."""
    first, last = sentence
    while last > first + 1 and scanned.words[last - 1].gap:
        last -= 1
    return first, last


def _stored(paper: Paper, text: PaperText, scanned: Scan, spans: Iterable[TokenSpan]) -> list[Span]:
    """The stored text of token spans; as `PaperText.span` has it, but quick where nothing was cleaned."""
    starts, words, read = scanned.starts, scanned.words, scanned.text
    title_end, shift = text.title_end, text.title_end + len(GAP)
    places = [(starts[first], starts[end - 1] + len(words[end - 1].text)) for first, end in spans]
    if text.title.layers or text.abstract.layers:
        return [text.span(paper, start, end) for start, end in places]
    return [
        Span("title", start, end, read[start:end])
        if start < title_end
        else Span("abstract", start - shift, end - shift, read[start:end])
        for start, end in places
    ]


def _entity(judged: Judged, evidence: Span, mentions: tuple[Span, ...]) -> ExtractedEntity:
    guess = judged.guess
    key = guess.key or f"{guess.type}|{fold(guess.name)}"
    if guess.long_form is not None and not key.endswith(long := f"|{fold(guess.long_form)}"):
        key += long
    return ExtractedEntity(
        key=key,
        name=guess.name,
        type=guess.type,
        named=guess.named,
        relation=judged.relation,
        confidence=judged.chance,
        evidence=evidence,
        mentions=mentions,
        long_form=guess.long_form,
        family=guess.entry.family if guess.entry else None,
    )


def assemble_fast(paper: Paper, text: PaperText, doc: Doc) -> Extraction:
    """The extraction of a paper.

    Args:
        text: what the pipeline read; doc: what it made of it.
    """
    found: list[Judged] = doc.user_data[FOUND]
    scanned: Scan = doc.user_data[SCAN]
    mentions = iter(_stored(paper, text, scanned, [span for judged in found for span in judged.guess.spans]))
    sentences = list({judged.evidence: None for judged in found})
    stored = _stored(paper, text, scanned, [_sentence_end(scanned, sentence) for sentence in sentences])
    evidence = dict(zip(sentences, stored, strict=True))
    return Extraction(
        paper=paper,
        entities=tuple(
            [
                _entity(judged, evidence[judged.evidence], tuple(islice(mentions, len(judged.guess.spans))))
                for judged in found
            ]
        ),
        links=find_links(paper),
    )
