"""An engine for the queries on a build: on its store, or in memory from its RDF file, the fastest that holds just it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pyoxigraph as ox

from paperkg import __version__
from paperkg.errors import GraphError
from paperkg.export.files import file_of
from paperkg.export.formats import RENDERED
from paperkg.export.manifest import FileState, Manifest
from paperkg.export.staged import open_file
from paperkg.export.store import Source, fill, open_store, remove_store, write_store
from paperkg.query import Engine

MIN_STORED = 3_000_000
"""From this size of papers.jsonl on a build has a store; loading a smaller one takes half a second at most."""
_RDF = {"trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS}


def engine_of(stem: Path, content: bytes, manifest: Manifest, quads: Callable[[], list[ox.Quad]]) -> Engine:
    """An engine on a build. A large one gets a store if it has none and its folder can be written.

    Args:
        stem: the path of the set without ending. Its files may be of another build by now.
        content: the manifest of the build, as bytes.
        manifest: the same.
        quads: makes those of the build, where no file of the set holds them.
    """
    folder = file_of(stem, "store")
    stored = is_stored(manifest.files)
    if stored and (engine := open_store(folder, content)) is not None:
        return engine
    with _source(stem, manifest, quads) as source:
        if stored:
            # in a folder that only others may write, or that they write now, there is none
            with suppress(GraphError, OSError):
                write_store(folder, content, source)
                if (engine := open_store(folder, content)) is not None:
                    return engine
        store = ox.Store()
        fill(store, source)
        return Engine.over(store)


def is_stored(files: Mapping[str, FileState]) -> bool:
    """Whether a build with these files is large enough for a store; if nothing else holds its quads, it is."""
    known = files.get("papers.jsonl")
    return known is not None and (known.size >= MIN_STORED or not set(RENDERED) & set(files))


def keep_store(stem: Path, content: bytes, files: Mapping[str, FileState], quads: list[ox.Quad]) -> None:
    """Let the store of a set be that of its new build, or none if that is small.

    It is a cache: where it cannot be written, queries do without.
    """
    folder = file_of(stem, "store")
    with suppress(GraphError, OSError):
        if is_stored(files):
            write_store(folder, content, quads)
        else:
            remove_store(folder)


@contextmanager
def _source(stem: Path, manifest: Manifest, quads: Callable[[], list[ox.Quad]]) -> Iterator[Source]:
    """The RDF file of the set if it is as this version of paperkg wrote it for this build; else the quads."""
    if manifest.provenance.version == __version__:
        for ending, format_ in _RDF.items():
            if ending not in manifest.files:
                continue
            with suppress(FileNotFoundError), open_file(stem, ending) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == manifest.files[ending].sha256:
                    file.seek(0)
                    yield file, format_
                    return
    yield quads()
