"""The set of files of a graph: `NAME.papers.jsonl`, `NAME.trig`, ..., and last `NAME.manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from paperkg.check import check
from paperkg.decisions import render_decisions
from paperkg.errors import GraphError
from paperkg.export.files import file_of, locked, remove_temporaries, replace_files
from paperkg.export.formats import render
from paperkg.export.manifest import FileState, Manifest, read_manifest, render_manifest
from paperkg.export.node_link import to_json_bytes
from paperkg.model import Extraction
from paperkg.records import extraction_from_json, extraction_to_line

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.query import Engine

PAPERS = "papers.jsonl"
MANIFEST = "manifest.json"
DECISIONS = "decisions.tsv"
LEXICON = "lexicon.tsv"
RENDERED: tuple[str, ...] = ("trig", "ttl", "jsonld", "json", "graphml", "html")
"""The formats that stand in a set beside papers.jsonl; each is also the ending of its file."""
_AGAIN = "build the graph again"
_ENDINGS = (PAPERS, MANIFEST, DECISIONS, LEXICON, "store", *RENDERED)


def papers_bytes(extractions: tuple[Extraction, ...]) -> bytes:
    """The content of papers.jsonl: one JSON object a paper and line."""
    return to_json_bytes("".join(f"{extraction_to_line(extraction)}\n" for extraction in extractions))


class Target:
    """A set of files that this process may write."""

    def __init__(self, path: Path) -> None:
        """For `writing`."""
        self._path = path

    @property
    def decisions_file(self) -> Path:
        """Where the decisions stand."""
        return file_of(self._path, DECISIONS)

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
        contents = {PAPERS: papers_bytes(kg.extractions)} | {
            name: serialize_quads(made, name, base=kg.base) if name in FORMATS else render(kg, name)
            for name in RENDERED
        }
        if kg.provenance.lexicon:
            contents[LEXICON] = kg.provenance.lexicon.encode()
        states = {ending: FileState.of(content) for ending, content in contents.items()}
        contents[MANIFEST] = render_manifest(kg, states)
        if decisions:
            contents = {DECISIONS: decisions} | contents
        files = {file_of(self._path, ending): content for ending, content in contents.items()}
        for file in files:
            remove_temporaries(file)
        replace_files(files)
        if decisions == b"":
            self.decisions_file.unlink(missing_ok=True)
        if not kg.provenance.lexicon:
            file_of(self._path, LEXICON).unlink(missing_ok=True)
        keep_store(self._path, contents[MANIFEST], states, made)


@contextmanager
def writing(path: str | Path) -> Iterator[Target]:
    """Reserve the set of files at `path` (without ending) for as long as a graph is being made for it.

    Raises:
        GraphError: another process has reserved it.
    """
    with locked(Path(path)):
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
    return _graph(_build(path))


def open_engine(path: str | Path) -> Engine:
    """An engine for queries on a built graph, which is loaded itself only if no file of the set has its quads.

    Args:
        path: that of the set without ending (`graphs/seeds`), or any file of the set.

    Raises:
        GraphError: there is no such set, or a file of it that is needed was changed, cut or removed.
    """
    build = _build(path)
    return _engine(build, lambda: _graph(build))


class _Build(NamedTuple):
    """A set of files as it was at one time: its path without ending, its manifest, and what that says."""

    stem: Path
    content: bytes
    manifest: Manifest


def _build(path: str | Path) -> _Build:
    stem = find_set(path)
    file = file_of(stem, MANIFEST)
    content = file.read_bytes()
    return _Build(stem, content, read_manifest(content, file=str(file)))


def _graph(build: _Build) -> KnowledgeGraph:
    """The graph of a build, if its files are still those that its manifest tells of."""
    from paperkg.graph import KnowledgeGraph

    stem, _, manifest = build
    extractions = _papers(file_of(stem, PAPERS), manifest)
    made = manifest.provenance
    if LEXICON in manifest.files:
        lexicon = _checked(file_of(stem, LEXICON), manifest.files[LEXICON])
        made = replace(made, lexicon=lexicon.decode("utf-8", "replace"))
    return KnowledgeGraph.from_extractions(
        extractions, made, base=manifest.base, engine=partial(_engine_of, build)
    )


def _engine_of(build: _Build, kg: KnowledgeGraph) -> Engine:
    return _engine(build, lambda: kg)


def _engine(build: _Build, graph: Callable[[], KnowledgeGraph]) -> Engine:
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
    stem, _, manifest = _build(path)
    files = {file_of(stem, ending): state for ending, state in manifest.files.items()}
    return tuple(f for f, state in files.items() if not f.is_file() or FileState.of(f.read_bytes()) != state)


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
        if stem.name and file_of(stem, MANIFEST).is_file():
            return stem
    raise GraphError("no built graph here", file=str(path), hint=_hint(path))


def _hint(path: Path) -> str:
    folder = path if path.is_dir() else path.parent
    ending = f".{MANIFEST}"
    found = sorted(folder.glob(f"*{ending}")) if folder.is_dir() else []
    if found:
        return f"there is {', '.join(str(file).removesuffix(ending) for file in found[:5])}"
    return "paperkg build makes one"


def _papers(file: Path, manifest: Manifest) -> list[Extraction]:
    """The extractions in papers.jsonl, if it is as the manifest says."""
    content = _checked(file, manifest.files.get(PAPERS))
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


def _checked(file: Path, state: FileState | None) -> bytes:
    """The content of a file of the set, if it is as the manifest says."""
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise GraphError("is missing", file=str(file), hint=_AGAIN) from error
    if FileState.of(content) != state:
        raise GraphError("is not as it was written", file=str(file), hint=_AGAIN)
    return content
