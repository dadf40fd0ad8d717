"""What is said of a graph in numbers, at the end of a run and by `paperkg stats`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

import click

from paperkg.cli.console import note, one_line, print_table
from paperkg.model import LeftOut
from paperkg.sources.skips import by_kind
from paperkg.text.plural import count

if TYPE_CHECKING:
    from paperkg.export.manifest import Manifest
    from paperkg.model import Skip

SKIPS = {"record": "left out", "field": "part not used", "conflict": "conflict", "file": "not read"}
_MOST_NOTES = 10
_NO_SOURCES = ("decisions", "lexicon")


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
        note(f"{SKIPS[first.kind]}: {place}: {first.reason}{more}")
    if len(ordered) > _MOST_NOTES:
        rest = by_kind(chain.from_iterable(ordered[_MOST_NOTES:])).total()
        note(f"and {rest} more of other kinds")


def note_left_out(left_out: LeftOut, min_confidence: float) -> None:
    """Say how much was not sure enough."""
    if left_out != LeftOut():
        parts = ", ".join(f"{number} {what}" for what, number in asdict(left_out).items())
        note(f"left out below a confidence of {min_confidence:g}: {parts}")


def print_counts(manifest: Manifest, skipped: Sequence[Skip], before: Manifest | None = None) -> None:
    """Print how many papers, entities and links a graph has, and how many more than before."""
    from paperkg.report import changes

    counts = asdict(manifest.counts)
    change = changes(before, manifest) if before else None
    sources = [file for file in manifest.provenance.files if file.format not in _NO_SOURCES]
    listings = f"{count(counts['listings'], 'listing')} in " if counts["listings"] else ""
    more = f" ({change['papers']:+})" if change else ""
    papers = f"{count(counts['papers'], 'paper')}{more} from {listings}{count(len(sources), 'file')}"
    click.echo(f"{papers}, {_skipped(skipped)}\n")
    pairs = zip_longest(_lines(counts, change, _ENTITIES), _lines(counts, change, _LINKS))
    empty = ["", "", ""] if change else ["", ""]
    head = ["number", "change"] if change else ["number"]
    rows = [[*(left or empty), *(right or empty)] for left, right in pairs]
    numbers = [place for place in range(2 * len(empty)) if place % len(empty)]
    print_table(["entities", *head, "links", *head], rows, right=numbers)
    click.echo()
    entities, named = sum(counts["entities"].values()), sum(counts["edges"].values())
    rules = sorted(counts["resolved_by"].items(), key=lambda item: (-item[1], item[0]))
    if rules:
        joined = ", ".join(f"{number} by {rule}" for rule, number in rules)
        click.echo(
            one_line(f"{count(named, 'entity')} of papers are {entities} of the graph: {joined}") + "\n"
        )


_NAMES = {"results": "results", "links": "web links"}
_ENTITIES, _LINKS = ("entities",), ("edges", "entity_edges", "results", "links")


def _lines(
    counts: Mapping[str, Any], change: Mapping[str, Any] | None, parts: Sequence[str]
) -> list[list[str]]:
    """The cells of each number: its name, itself, and how much more it is."""

    def flat(numbers: Mapping[str, Any]) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in parts:
            found |= numbers[part] if isinstance(numbers[part], Mapping) else {_NAMES[part]: numbers[part]}
        return found | ({"all": sum(found.values())} if parts == _ENTITIES else {})

    now, more = flat(counts), flat(change) if change else None
    return [
        [name, str(now[name]), *([f"{more[name]:+}" if more[name] else ""] if more else [])] for name in now
    ]


def _skipped(skipped: Sequence[Skip]) -> str:
    kinds = by_kind(skipped)
    said = {
        "record": f"{kinds['record']} left out",
        "field": f"{count(kinds['field'], 'part')} not used",
        "conflict": count(kinds["conflict"], "conflict"),
        "file": f"{count(kinds['file'], 'file')} not read",
    }
    return ", ".join(said[kind] for kind in SKIPS if kinds[kind]) or "nothing skipped"
