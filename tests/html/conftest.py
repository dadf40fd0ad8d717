"""A graph to look at, and a browser to look at it with, cut off from any network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from paperkg.graph import KnowledgeGraph
from paperkg.html import render_page
from paperkg.model import (
    ExtractedEntity,
    Extraction,
    Listing,
    Paper,
    PartialDate,
    Provenance,
    Span,
)

PROVENANCE = Provenance("0.1.0", "rules-1")
TYPES = ("Method", "Model", "Dataset", "Benchmark", "Metric", "Task")
ROLES = ("uses", "compares_with", "evaluates_on", "evaluates_on", "evaluates_with", "addresses")


@pytest.fixture(scope="session")
def kg(small_graph: Any) -> KnowledgeGraph:
    """The four papers of the tests as a graph."""
    return KnowledgeGraph.from_extractions(small_graph.extractions, small_graph.provenance)


def spread_graph(papers: int) -> KnowledgeGraph:
    """Papers in groups that share entities; each names one that no other names."""
    extractions = []
    for n in range(papers):
        names = {f"{TYPES[k % 6]} {n % 5}-{k}": k for k in range(n % 4, n % 4 + 6)}
        names |= {f"Own {n}": 0, "everywhere": 5}
        abstract = ". ".join(f"We look at {name} here" for name in names) + "."
        paper = Paper(
            id=f"paper-{n}",
            title=f"Study{n}: of Things",
            abstract=abstract,
            date=PartialDate("", 2024 + n % 2, 1 + n % 12, 1),
            listings=(Listing(f"page{n % 2}.txt", n + 1),),
        )
        entities = []
        for name, k in names.items():
            start = abstract.index(name)
            mention = Span("abstract", start, start + len(name), name)
            begin, end = start - len("We look at "), start + len(name) + len(" here")
            entities.append(
                ExtractedEntity(
                    key=name,
                    name=name,
                    type=TYPES[k % 6],  # type: ignore[arg-type]
                    named=True,
                    relation="introduces" if name.startswith("Own") else ROLES[k % 6],  # type: ignore[arg-type]
                    confidence=0.4 + 0.1 * (k % 6),
                    evidence=Span("abstract", begin, end, abstract[begin:end]),
                    mentions=(mention,),
                    iri=f"https://w3id.org/paperkg/id/x/{name.replace(' ', '-').lower()}",
                )
            )
        extractions.append(Extraction(paper, tuple(entities)))
    return KnowledgeGraph.from_extractions(extractions, PROVENANCE)


@pytest.fixture(scope="session")
def spread() -> KnowledgeGraph:
    """Forty papers."""
    return spread_graph(40)


@pytest.fixture(scope="session")
def large() -> KnowledgeGraph:
    """More nodes than the picture draws at once."""
    return spread_graph(700)


@dataclass
class Shown:
    """A page in the browser, with what it asked for and what went wrong in it."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Notes requests, uncaught errors and error messages from now on."""

        def complain(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.errors.append(message.text)

        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", complain)

    def go(self, fragment: str = "") -> None:
        """Opens the page anew at an address."""
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        self.page.wait_for_selector("html[data-ready]")

    def node(self, text: str) -> str:
        """The code of a drawn node with that label."""
        labels = self.page.evaluate("paperkg.labels()")
        return next(str(label["code"]) for label in labels if label["text"] == text)

    def click(self, code: str) -> None:
        """Clicks a node of the picture."""
        box = self.page.locator("#picture").bounding_box()
        assert box is not None
        point = self.page.evaluate("code => paperkg.point(code)", code)
        self.page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[KnowledgeGraph], Path]:
    """Writes the page of a graph once and gives its place."""
    folder = tmp_path_factory.mktemp("pages")
    places: dict[int, Path] = {}

    def write(kg: KnowledgeGraph) -> Path:
        if id(kg) not in places:
            places[id(kg)] = folder / f"{len(places)}.html"
            places[id(kg)].write_text(render_page(kg, title="Tests"), encoding="utf-8")
        return places[id(kg)]

    return write


@pytest.fixture
def look(
    browser: Browser, tmp_path: Path, written: Callable[[KnowledgeGraph], Path]
) -> Iterator[Callable[..., Shown]]:
    """Opens a page of a graph offline; afterwards nothing was asked for and nothing went wrong."""
    contexts = []
    pages: list[Shown] = []

    def opened(
        what: KnowledgeGraph | str, fragment: str = "", *, width: int = 1440, height: int = 900
    ) -> Shown:
        if isinstance(what, str):
            file = tmp_path / f"page{len(pages)}.html"
            file.write_text(what, encoding="utf-8")
        else:
            file = written(what)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            offline=True,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        shown = Shown(context.new_page(), file.as_uri())
        pages.append(shown)
        shown.watch()
        shown.page.goto(shown.address + fragment)
        shown.page.wait_for_load_state()
        return shown

    yield opened
    for shown in pages:
        asked = [url for url in shown.requests if not url.startswith((shown.address, "about:", "blob:"))]
        assert asked == []
        assert shown.errors == []
    for context in contexts:
        context.close()
