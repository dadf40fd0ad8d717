"""What a built graph holds and what a run did, in numbers: from the manifests of sets of files alone, so that size costs nothing.

The shapes are in docs/reports.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from paperkg.model import LeftOut

if TYPE_CHECKING:
    from paperkg.export.manifest import Manifest
    from paperkg.model import InputFile, Provenance, Skip

Json = dict[str, Any]


def held(manifest: Manifest) -> Json:
    """What a graph holds, and how it was made, as a JSON object."""
    made = manifest.provenance
    return {
        "paperkg": made.version,
        "extractor": made.extractor,
        "base": manifest.base,
        "settings": dict(made.settings),
        **asdict(manifest.counts),
        "left_out": asdict(left_out(made)),
        "decisions": {
            "made": len(made.outcomes),
            "without_effect": sum(bool(outcome.reason) for outcome in made.outcomes),
        },
        "replaced": len(made.replaced),
        "inputs": inputs(made),
        "files": {name: state.size for name, state in manifest.files.items()},
    }


def left_out(made: Provenance) -> LeftOut:
    """How much a graph lacks since it was less sure than was asked for."""
    settings = dict(made.settings)
    return LeftOut(*(int(settings.get(f"left_out_{what.name}", 0)) for what in fields(LeftOut)))


def inputs(made: Provenance) -> dict[str, dict[str, int]]:
    """The files from which a graph was made: of each format how many, with how many records."""
    formats = sorted({file.format for file in made.files})
    return {
        name: {
            "files": sum(file.format == name for file in made.files),
            "records": sum(file.records for file in made.files if file.format == name),
        }
        for name in formats
    }


def new_skips(before: Manifest | None, after: Manifest) -> tuple[Skip, ...]:
    """What was left out of a graph, or was used with a doubt, that was not so before."""
    known = Counter(before.provenance.skipped if before else ())
    return tuple(sorted((Counter(after.provenance.skipped) - known).elements()))


def new_files(before: Manifest | None, after: Manifest) -> tuple[InputFile, ...]:
    """The inputs of a graph that it did not have before."""
    known = set(before.provenance.files if before else ())
    return tuple(file for file in after.provenance.files if file not in known)


def changes(before: Manifest, after: Manifest) -> Json:
    """How much more each count of a graph is than before."""
    return _minus(asdict(after.counts), asdict(before.counts))


def _minus(after: Mapping[str, Any], before: Mapping[str, Any]) -> Json:
    return {
        name: _minus(after.get(name, {}), before.get(name, {}))
        if isinstance(after.get(name, before.get(name)), Mapping)
        else after.get(name, 0) - before.get(name, 0)
        for name in (*after, *(name for name in before if name not in after))
    }


def run_report(
    command: str, graph: str, before: Manifest | None, after: Manifest, seconds: Mapping[str, float]
) -> Json:
    """What a run did to a graph, as a JSON object: but for its `seconds` the same for the same input.

    Args:
        command: `build`, `add` or `remove`.
        graph: path of the set of files without ending.
        before: what the graph was; None where it was built anew.
        after: what it is.
        seconds: how long each stage took.
    """
    return {
        "command": command,
        "graph": graph,
        "read": [asdict(file) for file in new_files(before, after)],
        "skipped": [asdict(skip) for skip in new_skips(before, after)],
        **({"change": changes(before, after)} if before else {}),
        "graph_holds": held(after),
        "seconds": {stage: round(took, 3) for stage, took in seconds.items()},
    }
