"""The texts that ship with this room."""

from __future__ import annotations

from importlib.resources import files


def shipped(name: str) -> str:
    """The text of `ontology.ttl`, `ontology.html` or `shapes.ttl`."""
    return (files("paperkg.rdf") / name).read_text("utf-8")
