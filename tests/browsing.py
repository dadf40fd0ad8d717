"""A browser, and a graph that attacks it; the explorer and the server's pages are tested with both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, sync_playwright

from paperkg.graph import KnowledgeGraph
from paperkg.model import (
    ExtractedEntity,
    Extraction,
    Link,
    Listing,
    Organisation,
    Paper,
    PartialDate,
    Provenance,
    Span,
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ATTACK = (
    "</script><script>window.hacked=1</script><!-- <img src=x onerror=window.hacked=1> \"'>"
    '<a href="javascript:window.hacked=1">x</a> {{7*7}} \\u003c ${7*7} &lt;b&gt; http://evil.example/'
)


@pytest.fixture(scope="session")
def hostile() -> KnowledgeGraph:
    """Two papers with attack strings in every field that a source fills."""
    extractions = []
    for n in (1, 2):
        title, abstract = f"{n} {ATTACK}", f"{ATTACK} names {ATTACK}"
        paper = Paper(
            id=f"{n}{ATTACK}",
            title=title,
            abstract=abstract,
            date=PartialDate(ATTACK, None, 2, 8, 2026, ATTACK),
            authors=(ATTACK,),
            organisations=(Organisation(ATTACK, ATTACK),),
            listings=(Listing(ATTACK, 1), Listing(f"{ATTACK}{n}", 2)),
            url="javascript:window.hacked=1",
            sources=(ATTACK,),
        )
        mention = Span("abstract", 0, len(ATTACK), ATTACK)
        entity = ExtractedEntity(
            key=ATTACK,
            name=ATTACK,
            type="Method",
            named=True,
            relation="uses",
            confidence=0.9,
            evidence=Span("abstract", 0, len(abstract), abstract),
            mentions=(mention,),
            long_form=ATTACK,
            family=ATTACK,
            iri="https://w3id.org/paperkg/id/method/x",
        )
        link = Link("javascript:window.hacked=1", "javascript:window.hacked=1", "code", mention)
        extractions.append(
            Extraction(paper, (entity, replace(entity, name="b", iri=f"{entity.iri}{n}")), (), (), (link,))
        )
    return KnowledgeGraph.from_extractions(extractions, Provenance("0.1.0", "rules-1"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or another one that is on the path."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.fail(
            f"no browser to test the viewer with: install one of {', '.join(BROWSERS)}", pytrace=False
        )
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()
