"""From the Doc of a paper to its `Extraction`: offsets go back to the stored text, names become keys."""

from __future__ import annotations

from spacy.tokens import Doc

from paperkg.extraction.decide import Found
from paperkg.extraction.features import Reading
from paperkg.extraction.links import find_links
from paperkg.extraction.located import LocatedEntity, LocatedResult
from paperkg.extraction.marked import mark
from paperkg.extraction.pipeline import FOUND, READING, ROLES, located
from paperkg.extraction.reading import PaperText
from paperkg.extraction.relations import relations_of
from paperkg.extraction.results import results_of
from paperkg.extraction.roles import Role, sentence_bounds
from paperkg.model import EntityRelation, ExtractedEntity, Extraction, Paper, Result, Span
from paperkg.text.fold import fold


def entity_key(found: Found) -> str:
    """What paper and lexicon alone know of an entity: type, folded name, folded long form where the paper gives one."""
    parts = [found.type, fold(found.name)]
    if found.long_form is not None and fold(found.long_form) != parts[1]:
        parts.append(fold(found.long_form))
    return "|".join(parts)


def _field_order(span: Span) -> tuple[bool, int, int]:
    return (span.field != "title", span.start, span.end)


def _entity(
    paper: Paper, text: PaperText, reading: Reading, found: Found, role: Role, place: LocatedEntity
) -> ExtractedEntity:
    first, last = role.evidence
    evidence = text.span(paper, reading.tokens[first].start, reading.tokens[last - 1].end)
    mentions = {text.span(paper, start, end) for start, end in place.spans}
    return ExtractedEntity(
        key=entity_key(found),
        name=found.name,
        type=found.type,
        named=found.named,
        relation=role.relation,
        confidence=round(place.confidence, 4),
        evidence=evidence,
        mentions=tuple(sorted(mentions, key=_field_order)),
        long_form=found.long_form,
        family=found.entry.family if found.entry else None,
    )


def _result(mention: Span, result: LocatedResult) -> Result:
    return Result(
        value=mention.text,
        kind=result.kind,
        number=result.number,
        unit=result.unit,
        mention=mention,
        confidence=round(result.confidence, 4),
        system=result.system,
        on=result.on,
        metric=result.metric,
    )


def assemble(paper: Paper, text: PaperText, doc: Doc) -> Extraction:
    """The extraction of a paper.

    Args:
        text: what the pipeline read; doc: what it made of it.
    """
    reading: Reading = doc.user_data[READING]
    tokens = reading.tokens
    found: list[Found] = doc.user_data[FOUND]
    roles: list[Role] = doc.user_data[ROLES]
    places = located(reading, found, roles)
    sentences = [(tokens[s].start, tokens[e - 1].end) for s, e in sentence_bounds(tokens) if e > s]
    marked = mark(reading.text, sentences, places)
    return Extraction(
        paper=paper,
        entities=tuple(
            _entity(paper, text, reading, f, r, p) for f, r, p in zip(found, roles, places, strict=True)
        ),
        entity_relations=tuple(
            EntityRelation(
                r.subject, r.predicate, r.object, round(r.confidence, 4), text.span(paper, *r.evidence)
            )
            for r in relations_of(marked)
        ),
        results=tuple(_result(text.span(paper, *r.span), r) for r in results_of(marked)),
        links=find_links(paper),
    )
