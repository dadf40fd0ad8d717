"""The graph that a server serves: opened once, so that all answers come from one build."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg.errors import GraphError
from paperkg.export.graph_set import MANIFEST, find_set
from paperkg.export.manifest import FileState, read_manifest
from paperkg.serve.pool import Data

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Opened:
    """A graph in both of its forms.

    Attributes:
        kg: as objects.
        data: as quads, in an open file.
        title: its name.
        build: hexadecimal digits that are others in every other build.
    """

    kg: KnowledgeGraph
    data: Data
    title: str
    build: str


def open_graph(graph: KnowledgeGraph | str | Path) -> Opened:
    """Open a built graph, or take one that is at hand.

    Raises:
        GraphError: there is no graph, or a file of it was changed, cut or removed.
    """
    return _open_set(graph) if isinstance(graph, str | Path) else _take(graph)


def _open_set(path: str | Path) -> Opened:
    from paperkg import api

    stem = find_set(path)
    manifest_file, quads_file = (stem.with_name(f"{stem.name}.{ending}") for ending in (MANIFEST, "trig"))
    content = manifest_file.read_bytes()
    kg = api.load(stem)
    descriptor = os.open(quads_file, os.O_RDONLY | os.O_CLOEXEC)
    with open(descriptor, "rb", closefd=False) as file:
        state = FileState.of(file.read())
    manifest = read_manifest(content, file=str(manifest_file))
    if manifest_file.read_bytes() != content:
        raise GraphError("was built anew just now", file=str(stem), hint="start again")
    if manifest.files.get("trig") != state:
        raise GraphError("is not as it was written", file=str(quads_file), hint="build the graph again")
    return Opened(kg, Data(descriptor, "trig"), stem.name, hashlib.sha256(content).hexdigest())


def _take(kg: KnowledgeGraph) -> Opened:
    from paperkg.rdf import serialize

    content = serialize(kg, "nq")
    descriptor = os.memfd_create("paperkg")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    return Opened(kg, Data(descriptor, "nq"), f"{len(kg.papers)} papers", hashlib.sha256(content).hexdigest())
