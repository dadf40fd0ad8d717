"""The viewer as one file: a template, our scripts and styles, the data.

Nothing in the page comes from another host, and its Content Security Policy forbids asking for it. Data are
JSON in script elements that no browser runs, with `<` escaped; scripts and styles are allowed by their hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from paperkg.html.payload import payload
from paperkg.html.templates import render

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

FIRST_LOOK = 420
"""Nodes of the first look at most."""
MOST_DRAWN = 1500
"""Nodes drawn at once at most, whatever is opened."""
LINKS_EACH = 6
"""Links of one paper that the picture draws as long as nothing is selected, strongest first."""
SCRIPTS = (
    "dom.js",
    "fold.js",
    "graph.js",
    "portrait.js",
    "state.js",
    "filter.js",
    "stage.js",
    "camera.js",
    "marks.js",
    "labels.js",
    "picture.js",
    "pointer.js",
    "search.js",
    "parts.js",
    "sorting.js",
    "results.js",
    "paper.js",
    "entity.js",
    "compare.js",
    "panel.js",
    "facets.js",
    "overview.js",
    "tables.js",
    "save.js",
    "main.js",
)
STYLES = ("base.css", "frame.css", "panel.css")


def _asset(name: str) -> str:
    return (resources.files("paperkg.html") / "assets" / name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """The expression by which a Content Security Policy allows an element with exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def script_policy(scripts: Sequence[str]) -> str:
    """A policy that forbids everything but these scripts; ways of styling are to be added."""
    hashes = " ".join(source_hash(text) for text in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def script() -> str:
    """Our scripts as one, each file a section of one function."""
    parts = "\n".join(f"// {name}\n{_asset(name)}" for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{parts}\n}})();'


def codes_of(kg: KnowledgeGraph, texts: Iterable[str]) -> list[str]:
    """The codes of the nodes with these IRIs, titles or names, each once; other texts are passed over."""
    iris = sorted(kg.entities)
    known = {kg.entities[iri].name: f"e{n}" for n, iri in enumerate(iris)}
    known |= {paper.title: f"p{n}" for n, paper in enumerate(kg.papers.values())}
    known |= {iri: f"e{n}" for n, iri in enumerate(iris)}
    known |= {kg.paper_iri(paper): f"p{n}" for n, paper in enumerate(kg.papers)}
    return list(dict.fromkeys(known[text] for text in texts if text in known))


def render_frame(kg: KnowledgeGraph, *, title: str, height: int = 640) -> str:
    """The viewer in a frame, for the cell of a notebook: its scripts see nothing of the page around it.

    Args:
        kg: the graph.
        title: the heading, plain text.
        height: height of the frame in pixels.
    """
    page = escape(render_page(kg, title=title), quote=True)
    return (
        f'<iframe title="{escape(title, quote=True)}" sandbox="allow-scripts allow-downloads allow-popups" '
        f'style="width:100%;height:{int(height)}px;border:0" srcdoc="{page}"></iframe>'
    )


def _styles() -> str:
    return "\n".join(_asset(name) for name in STYLES)


def page_policy() -> str:
    """The Content Security Policy of the viewer, which `render_page` writes into it; the same for every graph."""
    return f"{script_policy([script()])}; style-src {source_hash(_styles())}"


def render_page(
    kg: KnowledgeGraph, *, title: str, show: Iterable[str] = (), editor: str | None = None
) -> str:
    """The viewer of a graph as one HTML file that works from disk, with no network.

    Args:
        kg: the graph.
        title: the page's heading, plain text.
        show: papers and entities by IRI, title or name: the page opens on them.
        editor: address of an editor of queries to which the page leads, if a server offers one.

    Returns:
        The page; the same text for the same graph and title.
    """
    data = payload(kg)
    core = data.core | {
        "title": title,
        "order": data.order,
        "show": codes_of(kg, show),
        "editor": editor,
        "limits": {"first": FIRST_LOOK, "most": MOST_DRAWN, "linksEach": LINKS_EACH},
        "blocks": len(data.details),
        "version": kg.provenance.version,
        "files": [[f.name, f.records] for f in kg.provenance.files],
    }
    return render(
        "template.html",
        title=title,
        policy=page_policy(),
        styles=_styles(),
        code=script(),
        core=core,
        facts=data.facts,
        details=data.details,
    )
