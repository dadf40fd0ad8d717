"""Changing the decisions of a built set of files, and the set with them: no paper is read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg import __version__
from paperkg.decisions import parse_decisions
from paperkg.export.files import file_of
from paperkg.export.graph_set import DECISIONS, find_set, load, writing
from paperkg.lexicon import load_lexicon, parse_lexicon
from paperkg.model import Extraction, InputFile, Provenance
from paperkg.resolution import resolve_with

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph

_FORMAT = "decisions"


def renew(
    path: str | Path,
    change: Callable[[KnowledgeGraph, bytes], bytes],
    check: Callable[[KnowledgeGraph], None] = lambda _: None,
) -> KnowledgeGraph:
    """Change the decisions of a set, and write both again, together.

    Args:
        path: that of the set without ending, or any file of the set.
        change: from the graph as it is and the content of its file of decisions to the new content.
        check: is given the new graph before anything is written, and may raise an error.

    Returns:
        The graph with the new decisions.

    Raises:
        GraphError: there is no such set, or another process is writing it.
        DecisionError: a line of the file is no decision; or `change` or `check` raised it. Nothing has changed then.
    """
    with writing(find_set(path)) as target:
        kg = load(path)
        decisions = change(kg, target.decisions())
        new = decided_graph(kg.extractions, kg.provenance, kg.base, decisions, target.decisions_file)
        check(new)
        target.write(new, decisions)
    return new


def decisions_edited(path: str | Path, made: Provenance) -> bool:
    """Whether the file of decisions of a set is another one than that with which the graph was made."""
    file = file_of(find_set(path), DECISIONS)
    content = file.read_bytes() if file.exists() else b""
    known = {known.sha256 for known in made.files if known.format == _FORMAT}
    return known != ({hashlib.sha256(content).hexdigest()} if content else set())


def decided_graph(
    extractions: Iterable[Extraction], made: Provenance, base: str, decisions: bytes, file: Path
) -> KnowledgeGraph:
    """The graph of some extractions as rules, lexicon and decisions resolve them.

    Args:
        extractions: one a paper, fresh or resolved before.
        made: how they were made, with the user's own lexicon.
        base: IRI under which all resources stand.
        decisions: content of the file of decisions.
        file: that file.

    Raises:
        DecisionError: a line of the file is no decision.
    """
    from paperkg.graph import KnowledgeGraph

    parsed = parse_decisions(decisions, str(file))
    files = [file for file in made.files if file.format != _FORMAT]
    if decisions:
        files.append(InputFile(file.name, hashlib.sha256(decisions).hexdigest(), _FORMAT, len(parsed)))
    lexicon = load_lexicon(parse_lexicon(made.lexicon.encode(), "lexicon.tsv"))
    resolution = resolve_with(extractions, parsed, base=base, lexicon=lexicon)
    provenance = replace(
        made,
        version=__version__,
        files=tuple(sorted(files, key=lambda file: (file.name, file.sha256))),
        outcomes=resolution.outcomes,
        replaced=resolution.replaced,
    )
    return KnowledgeGraph.from_extractions(resolution.extractions, provenance, base=base)
