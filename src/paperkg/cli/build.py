"""`paperkg build` and `paperkg extract`: from sources to files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, fields
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paperkg.cli.console import note, one_line, print_table, write_output
from paperkg.cli.decide import note_decisions
from paperkg.cli.options import (
    examples,
    fast_option,
    lexicon_option,
    min_confidence_option,
    output_option,
    processes_option,
    sources_argument,
)
from paperkg.cli.progress import progress
from paperkg.model import LeftOut
from paperkg.text.plural import count

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Skip

_MOST_NOTES = 10
_SKIPS = {"record": "left out", "field": "part not used", "conflict": "conflict", "file": "not read"}


@click.command(
    epilog=examples(
        "paperkg build seeds",
        "paperkg build pages more.jsonl --out graphs --name mine",
        "paperkg build seeds --name sure --min-confidence 0.7",
        "paperkg build dump.jsonl --fast",
    )
)
@sources_argument
@click.option("--out", default="graphs", metavar="DIR", help="Folder that gets the files.")
@click.option("--name", metavar="NAME", help="Name of the files.  [default: that of the source]")
@fast_option
@min_confidence_option
@lexicon_option
@processes_option
def build(
    sources: tuple[str, ...],
    out: str,
    name: str | None,
    fast: bool,
    min_confidence: float,
    lexicon: str | None,
    processes: int | None,
) -> None:
    """Build a graph from papers and write it in every format.

    A SOURCE is a file, a folder (searched with all folders in it), or - for standard input: saved pages of
    Hugging Face Daily Papers, JSON Lines, JSON, BibTeX, CSV. Decisions made by hand on a graph of that name
    (NAME.decisions.tsv) are applied.
    """
    if name is not None and (name in ("", ".", "..") or set(name) & {"/", "\\"} or not name.isprintable()):
        hint = "a name without folders and control characters is wanted"
        raise click.BadParameter(hint, param_hint="--name")
    from paperkg import api

    name = name or api.default_name(*sources)
    with progress() as stages:
        kg = api.build(
            *sources,
            out=out,
            name=name,
            fast=fast,
            min_confidence=min_confidence,
            lexicon=lexicon,
            processes=processes,
            progress=stages,
        )
    note_skips(kg.provenance.skipped)
    settings = dict(kg.provenance.settings)
    _note_left_out(
        LeftOut(*(int(settings.get(f"left_out_{what.name}", 0)) for what in fields(LeftOut))), min_confidence
    )
    if kg.provenance.outcomes:
        note_decisions(kg)
    _summary(kg)
    shown = one_line(str(Path(out) / name))
    click.echo(f"open {shown}.html in a browser, or ask: paperkg query {shown} --examples")


@click.command(epilog=examples("paperkg extract seeds -o papers.jsonl", "paperkg extract - < new.jsonl"))
@sources_argument
@output_option
@fast_option
@min_confidence_option
@lexicon_option
@processes_option
def extract(
    sources: tuple[str, ...],
    output: str,
    fast: bool,
    min_confidence: float,
    lexicon: str | None,
    processes: int | None,
) -> None:
    """Extract what each paper names, as JSON Lines.

    One JSON object a paper; entities of different papers are not joined. A SOURCE is what it is for
    `paperkg build`.
    """
    from paperkg import api
    from paperkg.export import papers_bytes

    with progress(shown=output != "-" or not sys.stdout.isatty()) as stages:
        found, reading = api.extract(
            *sources,
            fast=fast,
            min_confidence=min_confidence,
            lexicon=lexicon,
            processes=processes,
            progress=stages,
        )
    write_output(papers_bytes(tuple(found)), output)
    note_skips(reading.skipped)
    _note_left_out(reading.left_out, min_confidence)


def _note_left_out(left_out: LeftOut, min_confidence: float) -> None:
    """Say how much was not sure enough."""
    if left_out != LeftOut():
        parts = ", ".join(f"{number} {what}" for what, number in asdict(left_out).items())
        note(f"left out below a confidence of {min_confidence:g}: {parts}")


def note_skips(skipped: Sequence[Skip]) -> None:
    """Say what was left out or doubtful: equal reasons together, the most frequent first."""
    groups: dict[tuple[str, str], list[Skip]] = {}
    for skip in skipped:
        groups.setdefault((skip.kind, skip.reason), []).append(skip)
    ordered = sorted(groups.values(), key=len, reverse=True)
    for group in ordered[:_MOST_NOTES]:
        first = group[0]
        place = f"{first.file}:{first.line}" if first.line else first.file
        more = f" (and {len(group) - 1} more like it)" if len(group) > 1 else ""
        note(f"{_SKIPS[first.kind]}: {place}: {first.reason}{more}")
    if len(ordered) > _MOST_NOTES:
        note(f"and {sum(map(len, ordered[_MOST_NOTES:]))} more of other kinds")


def _summary(kg: KnowledgeGraph) -> None:
    """The closing table."""
    stats = kg.stats()
    skips = Counter[str](skip.kind for skip in kg.provenance.skipped)
    papers = count(stats.papers, "paper") + (
        f" from {count(stats.listings, 'listing')}" if stats.listings else ""
    )
    counts = {
        "record": f"{skips['record']} left out",
        "field": f"{count(skips['field'], 'part')} not used",
        "conflict": count(skips["conflict"], "conflict"),
        "file": f"{count(skips['file'], 'file')} not read",
    }
    skipped = ", ".join(counts[kind] for kind in _SKIPS if skips[kind]) or "nothing skipped"
    links = [*stats.edges.items(), *stats.entity_edges.items(), ("results", stats.results)]
    rows = [
        [str(cell) for pair in pairs for cell in (pair or ("", ""))]
        for pairs in zip_longest([*stats.entities.items(), ("all", sum(stats.entities.values()))], links)
    ]
    click.echo(f"{papers}, {skipped}\n")
    print_table(["entities", "number", "links", "number"], rows, right=[1, 3])
    click.echo()
