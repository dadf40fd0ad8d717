"""Hypothesis strategies for papers, extractions and graphs with any text in them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from paperkg.graph import KnowledgeGraph
from paperkg.lexicon import Lexicon
from paperkg.model import (
    ENTITY_PREDICATES,
    ENTITY_TYPES,
    LINK_KINDS,
    RELATIONS,
    EntityRelation,
    ExtractedEntity,
    Extraction,
    InputFile,
    Link,
    Listing,
    Organisation,
    Paper,
    PartialDate,
    Provenance,
    Result,
    Skip,
    Span,
)
from paperkg.resolution import resolve
from paperkg.text.fold import fold

ATTACKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]></data><node id='x'/>",
    "&lt;&amp;&#0;",
    "\x00\x01\x0b\x1f\x7f\x85\u2028\u2029",
    "\ufffe\uffff\ufdd0",
    "a\tb\r\nc\rd\ne",
    "‮evil‬ ‏",
    "\U0001f600 é é",
    "=1+cmd|' /C calc'!A0",
    "https://example.org/> . <urn:a> <urn:b> <urn:c> .",
    "../../etc/passwd",
)

unicode_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
"""Any text that UTF-8 can hold."""
any_text = st.one_of(unicode_text, st.sampled_from(ATTACKS), st.just("lone \udc80 surrogate"))
"""Any Python text, also such as UTF-8 cannot hold."""
names = st.one_of(
    st.sampled_from(
        ["CLadder", "CLADDER", "GPT-4", "GPT-4o", "LLM", "LLMs", "large language models", "GAIA", "???"]
    ),
    st.text(min_size=1, max_size=12),
)
"""Names of entities: usual ones, whose spellings collide, and any text."""


@st.composite
def spans(draw: st.DrawFn, paper: Paper) -> Span:
    """A stretch of a paper's title or abstract that is not empty, if the paper has any text."""
    field = draw(st.sampled_from(["abstract", "title"]))
    text = paper.text(field)
    start = draw(st.integers(0, max(0, len(text) - 1)))
    end = draw(st.integers(min(start + 1, len(text)), len(text)))
    return Span(field, start, end, text[start:end])


@st.composite
def dates(draw: st.DrawFn) -> PartialDate:
    """A date of which only a part may be known."""
    day, month, year = draw(st.integers(1, 28)), draw(st.integers(1, 12)), draw(st.integers(1950, 2030))
    return draw(
        st.sampled_from(
            [
                PartialDate("x", year),
                PartialDate("x", year, month),
                PartialDate("x", year, month, day),
                PartialDate("x", None, month, day, inferred_year=year, reason="the page's own"),
            ]
        )
    )


@st.composite
def papers(draw: st.DrawFn, ids: st.SearchStrategy[str] = unicode_text) -> Paper:
    """A paper with any text."""
    return Paper(
        id=draw(ids.filter(bool)),
        title=draw(any_text),
        abstract=draw(any_text),
        date=draw(st.none() | dates()),
        authors=tuple(draw(st.lists(any_text, max_size=2))),
        author_count=draw(st.none() | st.integers(0, 5000)),
        organisations=tuple(Organisation(n, n) for n in draw(st.lists(any_text, max_size=1))),
        listings=tuple(Listing(page, 1, comments=3) for page in draw(st.lists(any_text, max_size=1))),
        url=draw(st.none() | st.just("https://example.org/a?b=1&c=2")),
        sources=tuple(draw(st.lists(any_text, max_size=1))),
    )


confidences = st.floats(0, 1, allow_nan=False)


@st.composite
def entities(draw: st.DrawFn, paper: Paper, name: str) -> ExtractedEntity:
    """An entity that a paper names, not resolved."""
    type_ = draw(st.sampled_from(ENTITY_TYPES))
    found = draw(st.lists(spans(paper), min_size=1, max_size=3, unique=True))
    return ExtractedEntity(
        key=f"{type_}|{fold(name)}",
        name=name,
        type=type_,
        named=draw(st.booleans()),
        relation=draw(st.sampled_from(RELATIONS)),
        confidence=draw(confidences),
        evidence=draw(spans(paper)),
        mentions=tuple(sorted(found, key=lambda s: (s.field != "title", s.start, s.end))),
        long_form=draw(st.none() | st.sampled_from(["large language model", "Gated Image Adapters"]) | names),
        family=draw(st.none() | st.sampled_from(["GPT", "Qwen"])),
    )


@st.composite
def extractions(draw: st.DrawFn, ids: st.SearchStrategy[str] = unicode_text) -> Extraction:
    """All that one paper's text gives, not resolved."""
    paper = draw(papers(ids))
    own = draw(st.lists(names, max_size=5, unique=True))
    some = st.sampled_from(own) if own else st.nothing()
    pairs = draw(st.lists(st.tuples(some, some), max_size=2)) if own else []
    of = st.none() | some
    values: list[Any] = draw(st.lists(st.floats(-1e6, 1e6, allow_nan=False), max_size=2))
    return Extraction(
        paper=paper,
        entities=tuple(draw(entities(paper, name)) for name in own),
        entity_relations=tuple(
            EntityRelation(
                a, draw(st.sampled_from(ENTITY_PREDICATES)), b, draw(confidences), draw(spans(paper))
            )
            for a, b in pairs
        ),
        results=tuple(
            Result(
                f"{n}%",
                "absolute",
                n,
                "%",
                draw(spans(paper)),
                draw(confidences),
                draw(of),
                draw(of),
                draw(of),
            )
            for n in values
        ),
        links=tuple(
            Link(url, "https://example.org/", draw(st.sampled_from(LINK_KINDS)), draw(spans(paper)))
            for url in draw(st.lists(any_text, max_size=1))
        ),
    )


piles = st.lists(extractions(), max_size=5, unique_by=lambda extraction: extraction.paper.id)
"""Extractions of several papers, not resolved."""


@st.composite
def graphs(draw: st.DrawFn) -> KnowledgeGraph:
    """A graph of a few papers."""
    made = Provenance(
        version="0.1.0",
        extractor=draw(any_text),
        files=(InputFile(draw(any_text), "0" * 64, "listing", 2),),
        settings=(("a", draw(any_text)),),
        skipped=(Skip(draw(any_text), 7, "record", draw(any_text)),),
        listings=3,
    )
    return KnowledgeGraph.from_extractions(resolve(draw(piles), lexicon=Lexicon([])), made)
