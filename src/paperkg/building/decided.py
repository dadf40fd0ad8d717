"""What people decided on a graph whose papers come and go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from paperkg.decisions import parse_decisions, with_decision, without_decision
from paperkg.export.edited import FORMAT
from paperkg.model import Decision, InputFile, Provenance
from paperkg.resolution import Change, Ledger, Verdict


def decide(
    ledger: Ledger, change: Change, content: bytes, file: Path, moved: Iterable[Decision] | None = None
) -> tuple[bytes, Verdict]:
    """Apply the decisions of a file, and where papers came or went note in it where IRIs went.

    Args:
        ledger: knows the papers.
        change: what it said last.
        content: that of the file of decisions.
        file: its path, for errors and names.
        moved: pointers that are new, if papers came or went; those of earlier changes that lead from an IRI that is
            there again go then. The content stays as it is if None.

    Returns:
        What the file is to hold, and what came of it.

    Raises:
        DecisionError: a line of the file is no decision.
    """
    verdict = ledger.decide(change.clusters, parse_decisions(content, str(file)))
    if moved is None:
        return content, verdict
    papers = verdict.papers
    for decision in moved:
        content = with_decision(content, decision)
    there = {cluster.iri for cluster in change.clusters}
    idle = [
        number
        for number, decision in enumerate(parse_decisions(content, str(file)), 1)
        if decision.verb == "moved" and decision.entity in there
    ]
    for number in reversed(idle):
        content = without_decision(content, number, str(file))
    verdict = ledger.decide(change.clusters, parse_decisions(content, str(file)))
    return content, replace(verdict, papers=papers | verdict.papers)


def with_outcomes(made: Provenance, verdict: Verdict, content: bytes, file: Path) -> Provenance:
    """How a graph is made, with what came of the decisions in a file."""
    files = [known for known in made.files if known.format != FORMAT]
    if content:
        digest = hashlib.sha256(content).hexdigest()
        files.append(InputFile(file.name, digest, FORMAT, len(verdict.outcomes)))
    return replace(
        made,
        files=tuple(sorted(files, key=lambda file: (file.name, file.sha256))),
        outcomes=verdict.outcomes,
        replaced=verdict.replaced,
    )
