"""Templates of this package, which escape what is put into them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def inert_json(value: Any) -> str:
    """JSON that is safe inside a script element: no `<`, so neither `</script` nor `<!--` can stand in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def environment() -> Environment:
    """Finds the templates; `inert` in them is `inert_json`."""
    from jinja2 import Environment, PackageLoader

    found = Environment(loader=PackageLoader("paperkg.html", "."), autoescape=True)
    found.filters["inert"] = inert_json
    return found


def render(template: str, **variables: Any) -> str:
    """A template, filled in."""
    return environment().get_template(template).render(variables)
