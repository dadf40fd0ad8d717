"""The pages of a server: explorer, query editor, resources as HTML and as RDF, search, scripts and styles."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from paperkg.query import ANSWER_FORMATS
from paperkg.rdf.writers import GRAPH_WRITERS
from paperkg.serve.negotiation import negotiate
from paperkg.serve.pages import assets
from paperkg.serve.pages.context import Context, Contexts
from paperkg.serve.pages.describe import describe, describe_part
from paperkg.serve.pages.query_page import query_page_data
from paperkg.serve.pages.render import render
from paperkg.serve.pages.things import ROOT, Thing, Things
from paperkg.serve.security import PAGE_POLICY
from paperkg.serve.settings import Served, served

HTML = "text/html"


@dataclass(frozen=True, slots=True)
class DataFormat:
    """A form in which a resource is sent, beside HTML: its name for readers and the end of its address."""

    name: str
    ending: str


FORMATS = {
    "ttl": DataFormat("Turtle", ".ttl"),
    "jsonld": DataFormat("JSON-LD", ".jsonld"),
    "nt": DataFormat("N-Triples", ".nt"),
    "rdfxml": DataFormat("RDF/XML", ".rdf"),
}
"""By their names in `paperkg.rdf.writers`."""
_TEMPLATES = {
    "paper": "paper.html",
    "entity": "entity.html",
    "family": "family.html",
    "result": "result.html",
    "organisation": "list.html",
    "page": "list.html",
}


def _plain(name: str) -> str:
    return ANSWER_FORMATS[name].media_type.partition(";")[0]


class Site:
    """The pages of one graph."""

    def __init__(self, shared: Served) -> None:
        self.title = shared.title
        self._shared = shared
        self.things = Things(shared.kg)
        self.contexts = Contexts(self.things)
        self._explorer: bytes | None = None
        self._editor: bytes | None = None
        self._drawing = asyncio.Lock()

    async def explorer(self) -> bytes:
        """The page that `build` writes, made when it is first asked for."""
        async with self._drawing:
            if self._explorer is None:
                self._explorer = await run_in_threadpool(self._draw)
            return self._explorer

    def _draw(self) -> bytes:
        from paperkg.html import render_page

        return render_page(self._shared.kg, title=self.title, editor="/query").encode()

    def editor(self) -> bytes:
        """The page of the query editor."""
        if self._editor is None:
            data = query_page_data(self._shared.kg, seconds=self._shared.settings.query_time)
            self._editor = render("query.html", site=self, title="Query", here="query", data=data)
        return self._editor

    def thing(self, thing: Thing, path: str) -> bytes:
        """The page of a thing that stands under a path."""
        formats = [
            {"name": known.name, "type": _plain(name), "href": path + known.ending}
            for name, known in FORMATS.items()
        ]
        context = self.contexts.of(thing)
        return render(_TEMPLATES[thing.kind], site=self, formats=formats, **{"address": None} | context)

    def search(self, text: str, *, title: str, missing: bool = False) -> bytes:
        """What a search finds."""
        found = self.things.find(text)
        lists: Context = {
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


def _page(
    content: bytes, request: Request, *, status: int = 200, policy: str = PAGE_POLICY, **headers: str
) -> Response:
    return _sent(
        content, request, "text/html; charset=utf-8", status, {"Content-Security-Policy": policy} | headers
    )


def _sent(
    content: bytes, request: Request, media_type: str, status: int, headers: dict[str, str]
) -> Response:
    """A response with a tag made from its bytes, or none of them where the client has them."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"Cache-Control": "no-cache", "ETag": tag} | headers
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if status == 200 and known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, status, headers, media_type)


async def explorer(request: Request) -> Response:
    """The explorer; pages of this server may show it in a frame."""
    from paperkg.html import page_policy

    content = await site(request).explorer()
    return _page(content, request, policy=f"{page_policy()}; frame-ancestors 'self'")


async def query_editor(request: Request) -> Response:
    """The query editor."""
    return _page(site(request).editor(), request)


async def search(request: Request) -> Response:
    """Entities and papers by name or title, for readers without JavaScript too."""
    text = request.query_params.get("q", "").strip()
    return _page(site(request).search(text, title=f"Search: {text}" if text else "Search"), request)


async def asset(request: Request) -> Response:
    """A script or a style sheet."""
    found = assets.asset(request.path_params["name"])
    if found is None:
        return not_found(request)
    fresh = request.url.query == found.digest
    kept = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return _sent(found.content, request, f"{found.media_type}; charset=utf-8", 200, {"Cache-Control": kept})


def not_found(request: Request, text: str = "") -> Response:
    """The page that says so, with what may have been meant."""
    here = site(request)
    return _page(
        here.search(text, title="Nothing stands under this address", missing=True), request, status=404
    )


async def resource(request: Request) -> Response:
    """A resource of the graph as HTML or RDF: by the end of its address, else by the Accept header."""
    things = site(request).things
    raw = request.scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0]
    iri, form = things.iri(raw.removeprefix(ROOT)), None
    thing = things.thing(iri)
    if thing is None:
        for name, ending in (("html", ".html"), *((name, known.ending) for name, known in FORMATS.items())):
            if iri.endswith(ending) and _known(things, iri.removesuffix(ending)):
                iri, form = iri.removesuffix(ending), name
                thing = things.thing(iri)
                break
    owner = None if thing else things.owner(iri)
    if not thing and not owner:
        return not_found(request, _words(iri, things.kg.base))
    if form is None:
        offered = {HTML: "html"} | {_plain(name): name for name in FORMATS}
        chosen = negotiate(request.headers.getlist("accept"), list(offered))
        if chosen is None:
            text = f"This resource comes as {', '.join(offered)}.\n"
            return Response(text, 406, {"Vary": "Accept"}, "text/plain; charset=utf-8")
        form = offered[chosen]
    return await run_in_threadpool(_resource, request, thing, owner, iri, form)


def _known(things: Things, iri: str) -> bool:
    return things.thing(iri) is not None or things.owner(iri) is not None


def _resource(request: Request, thing: Thing | None, owner: Thing | None, iri: str, form: str) -> Response:
    here = site(request)
    path = here.things.path(iri)
    headers = {
        "Vary": "Accept",
        "Content-Location": path + (".html" if form == "html" else FORMATS[form].ending),
    }
    if form == "html":
        if thing:
            return _page(here.thing(thing, path), request, **headers)
        # a part has no page of its own: the page of what it belongs to shows it
        return RedirectResponse(here.things.path(owner.iri if owner else iri), 303, {"Vary": "Accept"})
    triples = (
        describe(here.things, thing) if thing else describe_part(here.things, owner, iri) if owner else []
    )
    if not triples:
        return not_found(request, _words(iri, here.things.kg.base))
    content = GRAPH_WRITERS[form](triples)
    return _sent(content, request, ANSWER_FORMATS[form].media_type, 200, headers)


def _words(iri: str, base: str) -> str:
    """What a reader may have meant by an address: the last part of it, without an ending."""
    from urllib.parse import unquote

    last = iri.removeprefix(base).rstrip("/").rpartition("/")[2]
    return unquote(last, errors="replace").partition(".html")[0].replace("-", " ")


def routes() -> list[Route]:
    """The pages' part of a server; `app.state.served` says what it serves."""
    return [
        Route("/", explorer),
        Route("/query", query_editor),
        Route("/find", search),
        Route(assets.ROOT + "{name}", asset),
        Route(ROOT + "{path:path}", resource),
    ]
