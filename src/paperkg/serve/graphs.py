"""The graph that a server serves: opened once, so that all answers come from one build."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg.errors import GraphError
from paperkg.export import open_engine
from paperkg.export.files import file_of
from paperkg.export.graph_set import MANIFEST, find_set
from paperkg.export.manifest import Manifest, read_manifest
from paperkg.export.staged import open_file, read_file
from paperkg.export.store import open_store
from paperkg.serve.keeper import FORMATS
from paperkg.serve.processes import Data

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

ATTEMPTS = 5
"""How often a set is opened that is built anew meanwhile."""
BYTES_HELD = 8
"""What a byte of TriG or N-Quads takes in memory, at most."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A graph in both of its forms.

    Attributes:
        kg: as objects.
        data: as quads.
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
    """One build; if another takes its place meanwhile, that one."""
    stem = find_set(path)
    for _ in range(ATTEMPTS):
        content = read_file(stem, MANIFEST)
        try:
            opened = _open_build(stem, content)
        except GraphError:
            if read_file(stem, MANIFEST) == content:
                raise
            continue
        if read_file(stem, MANIFEST) == content:
            return opened
        os.close(opened.data.file)
    raise GraphError("is built anew all the time", file=str(stem), hint="start again when that is done")


def _open_build(stem: Path, content: bytes) -> Opened:
    from paperkg import api

    manifest = read_manifest(content, file=str(file_of(stem, MANIFEST)))
    kg = api.load(stem)
    return Opened(kg, _data(stem, content, manifest), stem.name, hashlib.sha256(content).hexdigest())


def _data(stem: Path, content: bytes, manifest: Manifest) -> Data:
    """The quads of a build: in memory, where that has room for them; else in its store."""
    ending = next((known for known in FORMATS if known in manifest.files), None)
    folder = file_of(stem, "store")
    if ending is None or manifest.files[ending].size * BYTES_HELD > _free_memory() // 2:
        open_engine(stem)  # makes the store if there is none
        if open_store(folder, content):
            return Data(_in_memory(content), "store", str(folder))
    if ending is None:
        raise GraphError(
            "neither its RDF nor its store is there", file=str(stem), hint="build the graph again"
        )
    with open_file(stem, ending) as quads:
        if hashlib.file_digest(quads, "sha256").hexdigest() != manifest.files[ending].sha256:
            file = str(file_of(stem, ending))
            raise GraphError("is not as it was written", file=file, hint="build the graph again")
        return Data(os.dup(quads.fileno()), ending)


def _free_memory() -> int:
    """The bytes that processes can still take without harm to others."""
    for line in Path("/proc/meminfo").read_text("ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def _take(kg: KnowledgeGraph) -> Opened:
    from paperkg.rdf import serialize

    content = serialize(kg, "nq")
    digest = hashlib.sha256(content).hexdigest()
    return Opened(kg, Data(_in_memory(content), "nq"), f"{len(kg.papers)} papers", digest)


def _in_memory(content: bytes) -> int:
    """The descriptor of a file that is nowhere else."""
    descriptor = os.memfd_create("paperkg")
    with open(descriptor, "wb", closefd=False) as file:
        file.write(content)
    return descriptor
