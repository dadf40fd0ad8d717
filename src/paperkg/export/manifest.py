"""`NAME.manifest.json`: what a set of files holds, from what and how it was made. It has no clock time."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

from paperkg.check import check_provenance
from paperkg.errors import GraphError
from paperkg.model import Decision, InputFile, Outcome, Provenance, Skip, Stats
from paperkg.text.utf8 import json_to_utf8

_ENDING = re.compile(r"[a-z]+(?:\.[a-z]+)*")
LAYOUT = 1
"""The version of the set's layout; a reader refuses later ones."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file of the set: its size in bytes and the SHA-256 of its content in hexadecimal digits."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> FileState:
        """The state of a file with this content."""
        return cls(len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says of its set; `files` by their name without that of the set, with `counts` of what they hold."""

    base: str
    provenance: Provenance
    files: Mapping[str, FileState]
    counts: Stats


class Described(Protocol):
    """What a manifest says of a graph."""

    @property
    def base(self) -> str:
        """The IRI below which its resources stand."""

    @property
    def provenance(self) -> Provenance:
        """How it was made."""

    def stats(self) -> Stats:
        """What it holds, in numbers."""


def render_manifest(kg: Described, files: Mapping[str, FileState]) -> bytes:
    """The manifest of a graph and of the files that were written for it."""
    made = kg.provenance
    record = {
        "layout": LAYOUT,
        "paperkg": made.version,
        "extractor": made.extractor,
        "base": kg.base,
        "settings": dict(made.settings),
        "counts": asdict(kg.stats()),
        "listings": made.listings,
        "inputs": [asdict(file) for file in made.files],
        "skipped": [asdict(skip) for skip in made.skipped],
        "decisions": [asdict(outcome) for outcome in made.outcomes],
        "replaced": dict(made.replaced),
        "files": {name: asdict(state) for name, state in files.items()},
    }
    return json_to_utf8(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def _outcome(record: dict[str, Any]) -> Outcome:
    decision = record["decision"]
    return Outcome(**{**record, "decision": Decision(**{**decision, "papers": tuple(decision["papers"])})})


def _counts(record: dict[str, Any]) -> Stats:
    counts = Stats(**record)
    for field in fields(counts):
        value = getattr(counts, field.name)
        numbers = value.values() if field.type.startswith("Mapping") else (value,)
        if not all(type(number) is int for number in numbers):
            raise ValueError(f"{field.name} is no number")
    return counts


def _ending(name: str) -> str:
    """The name of a file of the set without that of the set: it names none elsewhere."""
    if not _ENDING.fullmatch(name):
        raise ValueError(f"{name!r:.60} is no file of a set")
    return name


def _state(record: dict[str, Any]) -> FileState:
    state = FileState(**record)
    if type(state.size) is not int or not isinstance(state.sha256, str):
        raise ValueError("a file has no size or no hash")
    return state


def read_manifest(content: bytes, *, file: str) -> Manifest:
    """The inverse of `render_manifest`; the user's lexicon has a file of its own.

    Args:
        content: bytes of the file.
        file: its name, for errors.

    Raises:
        GraphError: the content is no manifest, or one of a later layout.
    """
    try:
        record: dict[str, Any] = json.loads(content)
        layout = record["layout"]
        if layout != LAYOUT:
            raise GraphError(f"layout {layout!r} is not known", file=file, hint="a newer paperkg may read it")
        if not content.endswith(b"}\n"):
            raise ValueError("cut behind its last bracket")
        made = Provenance(
            version=record["paperkg"],
            extractor=record["extractor"],
            files=tuple(InputFile(**item) for item in record["inputs"]),
            settings=tuple(record["settings"].items()),
            skipped=tuple(Skip(**item) for item in record["skipped"]),
            listings=record["listings"],
            outcomes=tuple(_outcome(item) for item in record.get("decisions", ())),
            replaced=tuple(record.get("replaced", {}).items()),
        )
        check_provenance(made, record["base"])
        files = {_ending(name): _state(state) for name, state in record["files"].items()}
        return Manifest(record["base"], made, files, _counts(record["counts"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise GraphError(
            "is no manifest of paperkg, or was cut", file=file, hint="build the graph again"
        ) from error
