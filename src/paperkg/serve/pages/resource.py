"""A resource of the graph under its address, as HTML or RDF.

The address of a resource is that of the document about it, too: who publishes a graph lets the permanent
address answer with 303 and this server's address (as w3id.org does), and the two stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from paperkg.query import ANSWER_FORMATS
from paperkg.rdf.writers import GRAPH_WRITERS
from paperkg.serve.negotiation import negotiate
from paperkg.serve.pages.describe import describe, describe_part
from paperkg.serve.pages.sending import send, send_page
from paperkg.serve.pages.site import Site, lost, site
from paperkg.serve.pages.things import ROOT, Thing, Things

HTML = "text/html"
NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdfxml": "RDF/XML"}
"""The forms beside HTML, by their names in `paperkg.rdf.writers`, as readers know them."""
ENDINGS = {"html": ".html", "ttl": ".ttl", "jsonld": ".jsonld", "nt": ".nt", "rdfxml": ".rdf"}
"""What an address may end in, by form."""
TYPES = {"html": HTML} | {name: ANSWER_FORMATS[name].media_type.partition(";")[0] for name in NAMES}


@dataclass(frozen=True, slots=True)
class Target:
    """What an address means.

    Attributes:
        iri: of the resource.
        form: what the end of the address asks for; None if it has none.
        thing: the resource, or the one that it is a part of; None where another took its place.
        part: what is known of a part; None for a resource with a page of its own.
    """

    iri: str
    form: str | None
    thing: Thing | None
    part: list[ox.Triple] | None = None


async def resource(request: Request) -> Response:
    """A resource: in the form that the end of its address says, else as the Accept header likes it."""
    return await run_in_threadpool(_answer, request)


def _answer(request: Request) -> Response:
    here = site(request)
    raw = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
    iri = here.things.iri(raw.removeprefix(ROOT))
    target = find(here.things, iri)
    if target is None:
        return lost(request, _words(iri, here.things.kg.base))
    if target.thing is None:
        ending = ENDINGS[target.form] if target.form else ""
        return RedirectResponse(here.things.path(here.things.kg.replaced[target.iri]) + ending, 301)
    form = target.form or _wanted(request)
    if form is None:
        text = f"This resource comes as {', '.join(TYPES.values())}.\n"
        return Response(text, 406, {"Vary": "Accept"}, "text/plain; charset=utf-8")
    return _send(here, request, target, target.thing, form)


def find(things: Things, iri: str) -> Target | None:
    """What an IRI means that may end like a file's name."""
    readings = [(iri, None)] + [(iri.removesuffix(e), form) for form, e in ENDINGS.items() if iri.endswith(e)]
    for known, form in readings:
        if thing := things.thing(known):
            return Target(known, form, thing)
        if known in things.kg.replaced:
            return Target(known, form, None)
    for known, form in readings:
        owner = things.owner(known)
        part = describe_part(things, owner, known) if owner else []
        if part:
            return Target(known, form, owner, part)
    return None


def _wanted(request: Request) -> str | None:
    kind = negotiate(request.headers.getlist("accept"), list(TYPES.values()))
    return next((form for form, known in TYPES.items() if known == kind), None)


def _send(here: Site, request: Request, target: Target, thing: Thing, form: str) -> Response:
    path = here.things.path(target.iri)
    headers = {"Vary": "Accept", "Content-Location": path + ENDINGS[form]}
    if form != "html":
        triples = describe(here.things, thing) if target.part is None else target.part
        content = GRAPH_WRITERS[form](triples)
        return send(content, request, ANSWER_FORMATS[form].media_type, headers=headers)
    if target.part is not None:  # the page of what it belongs to shows it
        return RedirectResponse(here.things.path(thing.iri), 303, {"Vary": "Accept"})
    formats = [{"name": NAMES[name], "type": TYPES[name], "href": path + ENDINGS[name]} for name in NAMES]
    return send_page(here.thing(thing, formats), request, headers=headers)


def _words(iri: str, base: str) -> str:
    """What a reader may have meant by an address: the last part of it, without an ending."""
    last = iri.removeprefix(base).rstrip("/").rpartition("/")[2]
    for ending in ENDINGS.values():
        last = last.removesuffix(ending)
    return unquote(last, errors="replace").replace("-", " ")
