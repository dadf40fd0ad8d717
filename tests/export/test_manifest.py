"""What a manifest says is held against the model before anything is made of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from paperkg.errors import GraphError
from paperkg.export.manifest import FileState, read_manifest, render_manifest
from paperkg.graph import KnowledgeGraph
from paperkg.model import Decision, InputFile, Outcome, Provenance, Skip

MADE = Provenance(
    version="0",
    extractor="e",
    files=(InputFile("a.txt", "0" * 64, "listing", 2),),
    settings=(("base", "https://w3id.org/paperkg/id/"), ("min_confidence", "0.5")),
    skipped=(Skip("a.txt", 7, "record", "no title"),),
    outcomes=(Outcome(Decision("rename", "a", "b"), 1),),
    replaced=(("urn:x:a", "urn:x:b"),),
)


def content(place: Sequence[str | int], value: object) -> bytes:
    """A manifest in which something else stands at a place."""
    kg = KnowledgeGraph.from_extractions([], MADE)
    record: Any = json.loads(render_manifest(kg, {"trig": FileState.of(b"x")}))
    node = record
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    return f"{json.dumps(record)}\n".encode()


def test_a_manifest() -> None:
    read = read_manifest(content(["paperkg"], "0"), file="g.manifest.json")
    assert read.provenance == MADE
    assert dict(read.files) == {"trig": FileState.of(b"x")}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (["base"], ["https://e/"]),
        (["base"], None),
        (["base"], "https://e/> <urn:a> <urn:b"),
        (["paperkg"], 1),
        (["extractor"], None),
        (["listings"], "/etc/passwd"),
        (["listings"], True),
        (["settings", "base"], 1),
        (["settings", "min_confidence"], "much"),
        (["settings", "min_confidence"], "nan"),
        (["inputs", 0, "name"], []),
        (["inputs", 0, "records"], "2"),
        (["skipped", 0, "kind"], "other"),
        (["decisions", 0, "reason"], {}),
        (["decisions", 0, "decision", "papers"], [1]),
        (["decisions", 0, "decision", "verb"], "drop"),
        (["replaced", "urn:x:a"], "no IRI"),
        (["files", "trig", "size"], "1"),
        (["files", "trig", "sha256"], None),
        (["files", "../../x"], {"size": 1, "sha256": ""}),
        (["files", "/etc/passwd"], {"size": 1, "sha256": ""}),
        (["files"], []),
    ],
)
def test_a_manifest_that_no_build_writes(place: Sequence[str | int], value: object) -> None:
    with pytest.raises(GraphError, match="is no manifest of paperkg, or was cut"):
        read_manifest(content(place, value), file="g.manifest.json")
