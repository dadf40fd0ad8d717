"""What a browser sees of a server: explorer, query editor, and a page for each resource of the graph."""

from __future__ import annotations

from starlette.routing import Route

from paperkg.serve.pages import assets, site, things
from paperkg.serve.pages.resource import resource


def routes() -> list[Route]:
    """The pages' part of a server, to stand last; `app.state.served` says what it serves."""
    return [
        Route("/", site.explorer),
        Route("/query", site.query_editor),
        Route("/find", site.search),
        Route("/ontology", site.ontology),
        Route("/ontology.ttl", site.ontology),
        Route("/.well-known/void", site.void),
        Route(assets.ROOT + "{name}", site.asset),
        Route(things.ROOT + "{path:path}", resource),
        Route("/{path:path}", site.elsewhere),
    ]
