"""The set of files of a graph: `NAME.papers.jsonl`, `NAME.trig`, ..., and last `NAME.manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from paperkg.check import check
from paperkg.decisions import render_decisions
from paperkg.errors import GraphError
from paperkg.export.files import file_of
from paperkg.export.formats import RENDERED, render
from paperkg.export.manifest import FileState, Manifest, read_manifest, render_manifest
from paperkg.export.staged import Stage, file_size, file_state, has_file, read_file, reserved, settle, staged
from paperkg.model import Extraction
from paperkg.records import extraction_from_json, extraction_to_line
from paperkg.text.utf8 import json_to_utf8

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.query import Engine

PAPERS = "papers.jsonl"
NQUADS = "nq"
MANIFEST = "manifest.json"
DECISIONS = "decisions.tsv"
LEXICON = "lexicon.tsv"
_T = TypeVar("_T")
_AGAIN = "build the graph again"
_ENDINGS = (PAPERS, MANIFEST, DECISIONS, LEXICON, "store", NQUADS, *RENDERED)


def papers_bytes(extractions: tuple[Extraction, ...]) -> bytes:
    """The content of papers.jsonl: one JSON object a paper and line."""
    return json_to_utf8("".join(f"{extraction_to_line(extraction)}\n" for extraction in extractions))


class Target:
    """A set of files that this process may write."""

    def __init__(self, path: Path) -> None:
        """For `writing`."""
        self.path = path

    @property
    def decisions_file(self) -> Path:
        """Where the decisions stand."""
        return file_of(self.path, DECISIONS)

    @property
    def cache_folder(self) -> Path:
        """Where what can be made again is kept."""
        return file_of(self.path, "store")

    def staged(self) -> AbstractContextManager[Stage]:
        """Change its files, all or none (see `paperkg.export.staged`)."""
        return staged(self.path)

    def decisions(self) -> bytes:
        """What the file of decisions holds now; nothing if there is none."""
        return self.decisions_file.read_bytes() if self.decisions_file.exists() else b""

    def write(self, kg: KnowledgeGraph, decisions: bytes | None = None) -> None:
        """Replace the set by that of a graph; nothing changes unless all files could be written.

        Args:
            kg: the graph.
            decisions: what the file of decisions is to hold; it is removed if that is nothing, and stays as it
                is if None.
        """
        from paperkg.export.engine import keep_store
        from paperkg.rdf import FORMATS, quads, serialize_quads

        made = quads(kg)
        with staged(self.path) as stage:
            if decisions:
                stage.write(DECISIONS, decisions)
            elif decisions is not None:
                stage.remove(DECISIONS)
            stage.write(PAPERS, papers_bytes(kg.extractions))
            stage.remove(NQUADS)
            for name in RENDERED:
                content = serialize_quads(made, name, base=kg.base) if name in FORMATS else render(kg, name)
                stage.write(name, content)
            if kg.provenance.lexicon:
                stage.write(LEXICON, kg.provenance.lexicon.encode())
            else:
                stage.remove(LEXICON)
            states = {ending: state for ending, state in stage.states.items() if ending != DECISIONS}
            manifest = render_manifest(kg, states)
            stage.write(MANIFEST, manifest)
        keep_store(self.path, manifest, states, made)


@contextmanager
def writing(path: str | Path) -> Iterator[Target]:
    """Reserve the set of files at `path` (without ending) for as long as a graph is being made for it.

    Raises:
        GraphError: another process has reserved it.
    """
    with reserved(Path(path)):
        yield Target(Path(path))


def save(kg: KnowledgeGraph, path: str | Path) -> None:
    """Write the set of files of a graph to `path.papers.jsonl`, `path.trig`, ...

    Its decisions are written too, unless there are decisions already. Each file is replaced as a whole; the manifest, with the hashes of the others, comes last.

    Raises:
        GraphError: another process is writing the set.
        OSError: the folder cannot be written; the set is as it was.
    """
    with writing(path) as target:
        target.write(kg, None if target.decisions() else render_decisions(kg.provenance.outcomes))


def load(path: str | Path) -> KnowledgeGraph:
    """Open a built graph.

    Args:
        path: that of the set without ending (`graphs/seeds`), or any file of the set.

    Raises:
        GraphError: there is no such set, or a file of it was changed, cut or removed.
    """
    return _of_one_build(path, _graph)


def open_engine(path: str | Path) -> Engine:
    """An engine for queries on a built graph, which is loaded itself only if no file of the set has its quads.

    Args:
        path: that of the set without ending (`graphs/seeds`), or any file of the set.

    Raises:
        GraphError: there is no such set, or a file of it that is needed was changed, cut or removed.
    """
    return _of_one_build(path, _engine_if_whole)


def manifest_of(path: str | Path) -> Manifest:
    """What the manifest of a set says: counts, inputs, files; nothing else of the set is read.

    Args:
        path: that of the set without ending (`graphs/seeds`), or any file of the set.

    Raises:
        GraphError: there is no such set, or its manifest cannot be read.
    """
    return build_of(path).manifest


class Build(NamedTuple):
    """A set of files as it was at one time: its path without ending, its manifest, and what that says."""

    stem: Path
    content: bytes
    manifest: Manifest


def build_of(path: str | Path) -> Build:
    """What the manifest of a set says now, and its bytes.

    Raises:
        GraphError: there is no such set, or its manifest cannot be read.
    """
    stem = find_set(path)
    content = read_file(stem, MANIFEST)
    return Build(stem, content, read_manifest(content, file=str(file_of(stem, MANIFEST))))


def _of_one_build(path: str | Path, use: Callable[[Build], _T]) -> _T:
    """What is made of a set: all of one build, so again if the set was replaced meanwhile."""
    build = build_of(path)
    while True:
        try:
            return use(build)
        except GraphError:
            now = build_of(path)
            if now.content == build.content:
                raise
            build = now


def _graph(build: Build) -> KnowledgeGraph:
    """The graph of a build, if its files are still those that its manifest tells of."""
    from paperkg.graph import KnowledgeGraph

    stem, _, manifest = build
    extractions = _papers(stem, manifest)
    made = manifest.provenance
    if LEXICON in manifest.files:
        lexicon = _checked(stem, LEXICON, manifest)
        made = replace(made, lexicon=lexicon.decode("utf-8", "replace"))
    return KnowledgeGraph.from_extractions(
        extractions, made, base=manifest.base, engine=partial(_engine_of, build)
    )


def _engine_if_whole(build: Build) -> Engine:
    """An engine on a build whose papers, which the rest is made of, are there uncut, though it may not need them."""
    file = str(file_of(build.stem, PAPERS))
    state = build.manifest.files.get(PAPERS)
    if state is None or file_size(build.stem, PAPERS) != state.size:
        raise GraphError("is missing, or not as it was written", file=file, hint=_AGAIN)
    return _engine(build, lambda: _graph(build))


def _engine_of(build: Build, kg: KnowledgeGraph) -> Engine:
    return _engine(build, lambda: kg)


def _engine(build: Build, graph: Callable[[], KnowledgeGraph]) -> Engine:
    from paperkg.export.engine import engine_of
    from paperkg.rdf import quads

    return engine_of(*build, lambda: quads(graph()))


def changed_files(path: str | Path) -> tuple[Path, ...]:
    """The files of a set that are missing or are not as they were written.

    Args:
        path: that of the set without ending, or any file of the set.

    Raises:
        GraphError: there is no such set, or its manifest cannot be read.
    """
    build, changed = _changed(path)
    while changed and read_file(build.stem, MANIFEST) != build.content:  # it was replaced meanwhile
        build, changed = _changed(path)
    return changed


def _changed(path: str | Path) -> tuple[Build, tuple[Path, ...]]:
    build = build_of(path)
    states = build.manifest.files.items()
    wrong = [ending for ending, state in states if file_state(build.stem, ending) != state]
    return build, tuple(file_of(build.stem, ending) for ending in wrong)


def find_set(path: str | Path) -> Path:
    """The path without ending of the set that `path` names.

    Raises:
        GraphError: there is no manifest of it.
    """
    path = Path(path)
    stems = [
        path,
        *(path.with_name(path.name.removesuffix(f".{e}")) for e in _ENDINGS if path.name.endswith(f".{e}")),
    ]
    for stem in stems:
        if stem.name:
            settle(stem)
            if has_file(stem, MANIFEST):
                return stem
    raise GraphError("no built graph here", file=str(path), hint=_hint(path))


def _hint(path: Path) -> str:
    folder = path if path.is_dir() else path.parent
    ending = f".{MANIFEST}"
    found = sorted(folder.glob(f"*{ending}")) if folder.is_dir() else []
    if found:
        return f"there is {', '.join(str(file).removesuffix(ending) for file in found[:5])}"
    return "paperkg build makes one"


def _papers(stem: Path, manifest: Manifest) -> list[Extraction]:
    """The extractions in papers.jsonl, if it is as the manifest says."""
    content = _checked(stem, PAPERS, manifest)
    file = file_of(stem, PAPERS)
    extractions = []
    for number, line in enumerate(content.split(b"\n")[:-1], 1):
        try:
            extraction = extraction_from_json(json.loads(line))
            check(extraction)
            extractions.append(extraction)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise GraphError(
                "is no extraction of a paper", file=str(file), line=number, hint=_AGAIN
            ) from error
    return extractions


def _checked(stem: Path, ending: str, manifest: Manifest) -> bytes:
    """The content of a file of the set, if it is as the manifest says."""
    file = str(file_of(stem, ending))
    try:
        content = read_file(stem, ending)
    except FileNotFoundError as error:
        raise GraphError("is missing", file=file, hint=_AGAIN) from error
    if FileState.of(content) != manifest.files.get(ending):
        raise GraphError("is not as it was written", file=file, hint=_AGAIN)
    return content
