"""The files of a graph: whether they are those that were written, and whether they can be read, changed and asked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg import __version__
from paperkg.doctor.finding import Finding, good, note, size, wrong
from paperkg.errors import PaperkgError
from paperkg.text.plural import count

if TYPE_CHECKING:
    from paperkg.export.manifest import Manifest

_AGAIN = "build it again from its sources, or bring the file back"


def examine_graph(path: str | Path) -> Iterator[Finding]:
    """All checks of a graph.

    Args:
        path: that of its files without ending, or any of them.
    """
    from paperkg.export import find_set, manifest_of

    try:
        stem, manifest = find_set(path), manifest_of(path)
    except (PaperkgError, OSError) as error:
        yield wrong("graph", *_cause(error, "paperkg build makes one"))
        return
    papers = count(manifest.counts.papers, "paper")
    yield good("graph", f"{stem}: {papers} and {count(sum(manifest.counts.entities.values()), 'entity')}")
    yield _files(stem, manifest)
    yield from _maker(manifest)
    yield _writer(stem)
    yield _decisions(stem, manifest)
    yield _store(stem, manifest)
    yield _folder(stem, manifest)


def _cause(error: PaperkgError | OSError, to_do: str) -> tuple[str, str]:
    """What an error says, and what it says is to be done."""
    if isinstance(error, OSError):
        return f"{error.filename or ''}: {error.strerror or error}", "check the path and its permissions"
    place = f"{error.file}:{error.line}" if error.line else error.file
    return (f"{place}: {error.cause}" if place else error.cause), error.hint or to_do


def _files(stem: Path, manifest: Manifest) -> Finding:
    from paperkg.export import changed_files

    try:
        changed = changed_files(stem)
    except OSError as error:
        return wrong("files", *_cause(error, _AGAIN))
    if changed:
        names = ", ".join(file.name for file in changed)
        return wrong("files", f"missing, cut or changed since they were written: {names}", _AGAIN)
    whole = sum(state.size for state in manifest.files.values())
    return good("files", f"{len(manifest.files)}, {size(whole)}, as they were written")


def _maker(manifest: Manifest) -> Iterator[Finding]:
    from paperkg.extraction import extractor

    made = manifest.provenance
    if made.version != __version__:
        yield note(
            "version",
            f"made by paperkg {made.version}, this is {__version__}",
            "build it again for what is new",
        )
    known = {extractor(fast=False), extractor(fast=True)}
    if made.extractor not in known:
        told = f"read by {made.extractor}; this paperkg has {' and '.join(sorted(known))}"
        yield note("extractor", told, "build it again for what is new")
    if left_out := manifest.counts.skipped.get("record"):
        yield note("input", f"{count(left_out, 'record')} could not be read", "paperkg build says which")


def _left_behind(stem: Path) -> list[str]:
    """What a writer that was killed left in the folder and in the store; the next one removes it."""
    staged, store = f".{stem.name}.staged", f"{stem.name}.store"
    left = [staged] if stem.with_name(staged).exists() else []
    with suppress(OSError):
        entries = sorted(entry.name for entry in stem.with_name(store).iterdir())
        left += (f"{store}/{name}" for name in entries if name.startswith(".tmp-"))
    return left


def _writer(stem: Path) -> Finding:
    """Whether somebody writes the graph now, and what one who was killed has left."""
    import fcntl

    try:
        handle = os.open(stem.with_name(f".{stem.name}.lock"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        busy = False
    else:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            busy = False
        except OSError:
            busy = True
        finally:
            os.close(handle)
    if busy:
        return note(
            "writer", "another process is writing the graph now", "wait for it before you change the graph"
        )
    if left_behind := _left_behind(stem):
        told = f"one was killed and left {', '.join(left_behind)}; the graph is whole"
        return note("writer", told, "nothing: who writes it next removes that")
    return good("writer", "nobody writes the graph now")


def _decisions(stem: Path, manifest: Manifest) -> Finding:
    from paperkg.decisions import parse_decisions
    from paperkg.export import decisions_edited

    file = stem.with_name(f"{stem.name}.decisions.tsv")
    apply = f"paperkg decisions {stem} --apply"
    try:
        made = parse_decisions(file.read_bytes(), str(file)) if file.exists() else ()
        edited = decisions_edited(stem, manifest.provenance)
    except (PaperkgError, OSError) as error:
        return wrong("decisions", *_cause(error, "mend the line"))
    if edited:
        return note("decisions", f"{file.name} was changed since the graph was made", f"to apply it: {apply}")
    idle = sum(bool(outcome.reason) for outcome in manifest.provenance.outcomes)
    if idle:
        return note(
            "decisions", f"{len(made)}, {idle} of them without effect", f"paperkg decisions {stem} says why"
        )
    return good("decisions", f"{len(made)}, all in effect" if made else "none")


def _store(stem: Path, manifest: Manifest) -> Finding:
    from paperkg.export.engine import is_stored
    from paperkg.export.files import file_of
    from paperkg.export.graph_set import MANIFEST
    from paperkg.export.staged import read_file
    from paperkg.export.store import open_store

    folder = file_of(stem, "store")
    if not is_stored(manifest.files):
        return good("store", "a graph of this size is asked without one")
    if open_store(folder, read_file(stem, MANIFEST)) is not None:
        return good("store", f"{folder.name} is that of this graph")
    told = "is that of another build, or was cut" if folder.is_dir() else "is not there"
    return note("store", f"{folder.name} {told}", "nothing: the next query makes it, which takes a while")


def _folder(stem: Path, manifest: Manifest) -> Finding:
    """Whether the graph can be written again."""
    folder = stem.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return note("folder", f"{folder} cannot be written by you", "the graph can be read, not changed")
    free = shutil.disk_usage(folder).free
    needed = sum(state.size for state in manifest.files.values())
    if free < needed:
        told = f"{folder} has {size(free)} free, and a change of the graph needs {size(needed)}"
        return wrong("folder", told, "free some space before you change it")
    return good("folder", f"{folder} can be written, {size(free)} free")
