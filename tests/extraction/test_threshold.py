"""What is not sure enough is left out and counted."""

from __future__ import annotations

from paperkg.extraction.threshold import keep_sure
from paperkg.model import EntityRelation, ExtractedEntity, Extraction, LeftOut, Link, Paper, Result, Span

PAPER = Paper("p", "A B", "")
SPAN = Span("title", 0, 1, "A")


def entity(name: str, confidence: float) -> ExtractedEntity:
    return ExtractedEntity(f"Model|{name}", name, "Model", True, "uses", confidence, SPAN, (SPAN,))


def result(confidence: float) -> Result:
    return Result("95%", "absolute", 95.0, "%", SPAN, confidence, system="sure", on="doubtful", metric=None)


EXTRACTION = Extraction(
    PAPER,
    (entity("sure", 0.9), entity("just", 0.5), entity("doubtful", 0.4)),
    (
        EntityRelation("sure", "based_on", "just", 0.7, SPAN),
        EntityRelation("sure", "based_on", "doubtful", 0.9, SPAN),
        EntityRelation("just", "part_of", "sure", 0.3, SPAN),
    ),
    (result(0.6), result(0.2)),
    (Link("https://a.org", "https://a.org", "code", SPAN),),
)


def test_nothing_is_left_out_at_zero() -> None:
    assert keep_sure(EXTRACTION, 0.0) == (EXTRACTION, LeftOut())


def test_what_goes_and_what_stays() -> None:
    kept, left_out = keep_sure(EXTRACTION, 0.5)
    assert [e.name for e in kept.entities] == ["sure", "just"]
    assert [(r.subject, r.object) for r in kept.entity_relations] == [("sure", "just")]
    assert [(r.system, r.on, r.metric) for r in kept.results] == [("sure", None, None)]
    assert kept.links == EXTRACTION.links
    assert left_out == LeftOut(1, 2, 1)
    assert left_out + LeftOut(1, 0, 0) == LeftOut(2, 2, 1)
