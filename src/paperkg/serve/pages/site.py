"""The pages of a server besides those of resources: explorer, query editor, search, ontology, scripts and styles."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from paperkg.serve.negotiation import negotiate
from paperkg.serve.pages import assets
from paperkg.serve.pages.context import Contexts
from paperkg.serve.pages.query_page import query_page_data
from paperkg.serve.pages.render import render
from paperkg.serve.pages.sending import send, send_page
from paperkg.serve.pages.things import Kind, Thing, Things
from paperkg.serve.settings import Served, served
from paperkg.text.utf8 import to_utf8

_TEMPLATES: dict[Kind, str] = {
    "paper": "paper.html",
    "entity": "entity.html",
    "family": "family.html",
    "result": "result.html",
    "organisation": "list.html",
    "page": "list.html",
}
ONTOLOGY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The page of the ontology has its styles inside, and nothing in it is a stranger's."""


class Site:
    """The pages of one graph."""

    def __init__(self, shared: Served) -> None:
        self.title = shared.title
        self.things = Things(shared.kg)
        self.contexts = Contexts(self.things)
        self._shared = shared
        self._explorer: tuple[bytes, str] | None = None
        self._editor: bytes | None = None
        self._ontology: bytes | None = None
        self._drawing = asyncio.Lock()

    async def explorer(self) -> tuple[bytes, str]:
        """The page that `build` writes, made when it is first asked for, and its policy."""
        async with self._drawing:
            if self._explorer is None:
                self._explorer = await run_in_threadpool(self._draw)
            return self._explorer

    def _draw(self) -> tuple[bytes, str]:
        from paperkg.html import page_policy, render_page

        page = to_utf8(render_page(self._shared.kg, title=self.title, editor="/query"))
        return page, f"{page_policy()}; frame-ancestors 'self'"

    def editor(self) -> bytes:
        """The page of the query editor."""
        if self._editor is None:
            data = query_page_data(self._shared.kg, seconds=self._shared.settings.query_time)
            self._editor = render("query.html", site=self, title="Query", here="query", data=data)
        return self._editor

    def ontology(self) -> bytes:
        """The page of the ontology."""
        from paperkg.rdf.ontology import ontology_page

        if self._ontology is None:
            self._ontology = ontology_page().encode()
        return self._ontology

    def thing(self, thing: Thing, formats: Sequence[dict[str, str]]) -> bytes:
        """The page of a thing; `formats` are its other forms: name, type, href."""
        context = {"address": None} | self.contexts.of(thing)
        return render(_TEMPLATES[thing.kind], site=self, formats=formats, **context)

    def search(self, text: str, *, title: str, missing: bool = False) -> bytes:
        """What a search finds."""
        found = self.things.find(text)
        lists: dict[str, Any] = {
            "entities": [(self.contexts.entity_node(one.iri), len(one.edges())) for one in found.entities],
            "papers": [self.contexts.paper_node(one.id) for one in found.papers],
        }
        return render("found.html", site=self, title=title, asked=text, missing=missing, **lists)


def site(request: Request) -> Site:
    """The site of the server that got a request; made when it is first asked for."""
    state = request.app.state
    if not hasattr(state, "site"):
        state.site = Site(served(request))
    found: Site = state.site
    return found


async def explorer(request: Request) -> Response:
    """The explorer; pages of this server may show it in a frame."""
    content, policy = await site(request).explorer()
    return send_page(content, request, policy=policy)


async def query_editor(request: Request) -> Response:
    """The query editor."""
    return send_page(await run_in_threadpool(site(request).editor), request)


async def search(request: Request) -> Response:
    """Entities and papers by name or title, for readers without JavaScript too."""
    text = request.query_params.get("q", "").strip()
    title = f"Search: {text}" if text else "Search"
    return send_page(await run_in_threadpool(site(request).search, text, title=title), request)


async def ontology(request: Request) -> Response:
    """The ontology as a page or as Turtle."""
    from paperkg.rdf.shipped import shipped

    headers = {"Vary": "Accept"}
    turtle = request.url.path.endswith(".ttl")
    if turtle or negotiate(request.headers.getlist("accept"), ["text/html", "text/turtle"]) == "text/turtle":
        return send(shipped("ontology.ttl").encode(), request, "text/turtle; charset=utf-8", headers=headers)
    page = await run_in_threadpool(site(request).ontology)
    return send_page(page, request, policy=ONTOLOGY_POLICY, headers=headers)


async def void(request: Request) -> Response:
    """Where VoID says that the description of the dataset is looked for; the endpoint gives it."""
    return RedirectResponse("/sparql", 303)


async def asset(request: Request) -> Response:
    """A script or a style sheet."""
    found = assets.asset(request.path_params["name"])
    if found is None:
        return lost(request)
    kept = "public, max-age=31536000, immutable" if request.url.query == found.digest else "no-cache"
    kind = f"{found.media_type}; charset=utf-8"
    return send(found.content, request, kind, headers={"Cache-Control": kept})


def lost(request: Request, text: str = "") -> Response:
    """The page that says that there is nothing, with what may have been meant by a text."""
    content = site(request).search(text, title="Nothing stands under this address", missing=True)
    return send_page(content, request, status=404)


async def elsewhere(request: Request) -> Response:
    """Any other address."""
    return lost(request)
