"""Templates to pages: what comes from the graph is escaped by the templates' own rule, everywhere."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from paperkg.html.templates import inert_json
from paperkg.serve.pages.assets import address
from paperkg.serve.pages.icons import OUTLINES
from paperkg.serve.pages.texts import outward
from paperkg.text.plural import plural

if TYPE_CHECKING:
    from jinja2 import Environment

SHORT = 44


def render(template: str, **variables: Any) -> bytes:
    """A page. `variables` need `site`, an object with the `title` of the graph."""
    return _environment().get_template(template).render({"asked": "", "here": ""} | variables).encode()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("paperkg.serve.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["outlines"] = OUTLINES
    made.filters["asset"] = address
    made.filters["web"] = lambda url: outward(url) is not None
    made.filters["short"] = lambda url: url.removeprefix("https://").removeprefix("http://")[:SHORT]
    made.filters["plural"] = counted
    made.filters["fragment"] = fragment
    made.filters["inert"] = inert_json
    return made


def counted(number: int, noun: str) -> str:
    """`1 paper`, `2,310 papers`."""
    return f"{number:,} {plural(number, noun)}"


def fragment(address: str) -> str:
    """An address of the explorer (`#paper=ID`), percent-encoded."""
    head, _, value = address.partition("=")
    return f"{head}={quote(value, safe='/')}"
