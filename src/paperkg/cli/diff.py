"""`paperkg diff`: what changed between two built graphs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

import click

from paperkg.cli.console import CHECK_FAILED, note, one_line, print_table, write_data
from paperkg.cli.options import examples
from paperkg.cli.progress import progress

if TYPE_CHECKING:
    from paperkg.comparison.difference import Change, ChangedPaper, Difference, NamedEntity, StatedResult

T = TypeVar("T")
_MOST = 10


@click.command(
    epilog=examples(
        "paperkg diff graphs/may graphs/june",
        "paperkg diff graphs/may graphs/june --format json > changes.json",
    )
)
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--format", "format_", type=click.Choice(("table", "json")), default="table", help="How to print it."
)
@click.option(
    "--most",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help=f"Lines of each kind; all are counted.  [default: {_MOST}; for json all]",
)
def diff(old: str, new: str, format_: str, most: int | None) -> int:
    """Show what changed from a built graph A to B.

    Ends with status 0 if both hold the same, 3 if they differ, 1 if they could not be compared. How they were made
    (inputs, settings, version) is shown and makes no difference by itself, nor does the order of papers.
    """
    from paperkg.comparison import diff as compared

    if most is None and format_ == "table":
        most = _MOST
    with progress() as stages:
        found = compared(old, new, most=most, progress=stages)
    if format_ == "json":
        told = {"differ": bool(found), **asdict(found)}
        write_data(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n")
    else:
        _print(found)
    if not found:
        note(f"{old} and {new} hold the same")
    return CHECK_FAILED if found else 0


def _print(found: Difference) -> None:
    for made in found.made:
        click.echo(one_line(f"{made.what}: {made.old or 'none'} -> {made.new or 'none'}"))
    if found.made:
        click.echo()
    if not found:
        return
    rows = [
        [kind, *(str(number) if number else "" for number in (numbers.came, numbers.went, numbers.changed))]
        for kind, numbers in found.numbers.items()
    ]
    print_table(["", "came", "went", "changed"], rows, right=[1, 2, 3])
    papers, entities = found.numbers["papers"], found.numbers["entities"]
    _section("papers that came", papers.came, [[f"+ {p.id}  {p.title}"] for p in found.papers.came])
    _section("papers that went", papers.went, [[f"- {p.id}  {p.title}"] for p in found.papers.went])
    _section("papers that changed", papers.changed, map(_paper, found.changed_papers))
    _section("entities that came", entities.came, [[f"+ {_entity(e)}"] for e in found.entities.came])
    _section("entities that went", entities.went, [[f"- {_entity(e)}"] for e in found.entities.went])
    changed = [[f"~ {e.how}: {_entity(e.old)} -> {_entity(e.new)}"] for e in found.changed_entities]
    _section("entities that changed", entities.changed, changed)


def _section(heading: str, number: int, items: Iterable[Sequence[str]]) -> None:
    """A heading with the number of all, and the lines of those that are listed."""
    if not number:
        return
    click.echo(f"\n{heading} ({number})")
    shown = 0
    for lines in items:
        shown += 1
        for line in lines:
            indent = line[: len(line) - len(line.lstrip(" "))]
            click.echo(f"  {indent}{one_line(line)}")
    if shown < number:
        click.echo(f"  and {number - shown} more (--most {number})")


def _entity(entity: NamedEntity) -> str:
    return f"{entity.name} ({entity.type}) {entity.iri}"


def _paper(paper: ChangedPaper) -> list[str]:
    lines = [f"~ {paper.id}  {paper.title}"]
    if paper.fields:
        lines.append(f"  ~ {', '.join(paper.fields)}")
    for sign in "+-":
        lines += (f"  {sign} {e.relation} {e.name}" for e in _of(paper.edges, sign))
        lines += (f"  {sign} {r.subject} {r.predicate} {r.object}" for r in _of(paper.relations, sign))
        lines += (f"  {sign} {_result(r)}" for r in _of(paper.results, sign))
        lines += (f"  {sign} {link}" for link in _of(paper.links, sign))
    if paper.words:
        lines.append("  ~ words, confidence or types of what stays")
    return lines


def _of(change: Change[T], sign: str) -> tuple[T, ...]:
    return change.came if sign == "+" else change.went


def _result(result: StatedResult) -> str:
    return f"{result.system or '?'} on {result.on or '?'}: {result.metric or '?'} {result.value}"
