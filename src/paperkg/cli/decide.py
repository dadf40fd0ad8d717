"""`paperkg merge`, `split`, `rename`, `accept`, `reject`, `retype`, `relate`, `decisions`: a graph corrected by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from paperkg.cli.console import note, one_line, print_table
from paperkg.cli.options import examples, graph_argument
from paperkg.model import ENTITY_TYPES, RELATIONS
from paperkg.text.plural import count

if TYPE_CHECKING:
    from paperkg.graph import KnowledgeGraph
    from paperkg.model import Outcome

_note_option = click.option(
    "--note",
    "why",
    default="",
    show_default=False,
    metavar="TEXT",
    help="Why; it stands beside the decision.",
)
_paper_argument = click.argument("paper", metavar="PAPER")


def _command(*lines: str) -> Callable[[Callable[..., Any]], click.Command]:
    return click.command(epilog=examples(*lines), no_args_is_help=True)


@_command("paperkg merge graphs/seeds MuCR 'Multimodal Causal Reasoning benchmark' --note 'its long form'")
@graph_argument
@click.argument("entity", metavar="A")
@click.argument("other", metavar="B")
@_note_option
def merge(graph: str, entity: str, other: str, why: str) -> None:
    """Make one entity of two; it keeps the name and IRI of A.

    An entity is named by its IRI or any spelling. B's IRI leads to A's from then on.
    """
    from paperkg import curation

    _tell(graph, curation.merge(graph, entity, other, note=why))


@_command(
    "paperkg split graphs/seeds GSM8K --papers 'The Last Word Often Wins' --note 'a variant'",
    "paperkg split graphs/seeds 'causal analysis' --by type",
)
@graph_argument
@click.argument("name", metavar="NAME")
@click.option(
    "--papers", multiple=True, metavar="PAPER", help="A paper that means another thing; can be repeated."
)
@click.option("--by", type=click.Choice(["type", "long-form"]), help="Make an entity of each.")
@_note_option
def split(graph: str, name: str, papers: tuple[str, ...], by: str | None, why: str) -> None:
    """Make several entities of one.

    Some papers' apart from the rest, or one for each type or long form. The entity is named by its IRI or any spelling, a paper by its id, IRI or title.
    """
    if bool(papers) == bool(by):
        raise click.UsageError("give either --papers or --by")
    from paperkg import curation

    _tell(graph, curation.split(graph, name, papers=papers, by=by or "", note=why))


@_command("paperkg rename graphs/seeds GAIA GAIA-Video")
@graph_argument
@click.argument("name", metavar="NAME")
@click.argument("new", metavar="NEW")
@_note_option
def rename(graph: str, name: str, new: str, why: str) -> None:
    """Give an entity another name, and the IRI made of it.

    The old IRI leads to the new one.
    """
    from paperkg import curation

    _tell(graph, curation.rename(graph, name, new, note=why))


@_command("paperkg accept graphs/seeds crawdad CLadder")
@graph_argument
@_paper_argument
@click.argument("entity", metavar="ENTITY")
@_note_option
def accept(graph: str, paper: str, entity: str, why: str) -> None:
    """Say that a paper's edge to an entity is right."""
    from paperkg import curation

    _tell(graph, curation.accept(graph, paper, entity, note=why))


@_command("paperkg reject graphs/seeds crawdad DeepSeek-R1 --note 'not its subject'")
@graph_argument
@_paper_argument
@click.argument("entity", metavar="ENTITY")
@_note_option
def reject(graph: str, paper: str, entity: str, why: str) -> None:
    """Take away a paper's edge to an entity.

    With it goes what else the paper says of the entity: relations and results.
    """
    from paperkg import curation

    _tell(graph, curation.reject(graph, paper, entity, note=why))


@_command("paperkg retype graphs/seeds crawdad CLadder Dataset")
@graph_argument
@_paper_argument
@click.argument("entity", metavar="ENTITY")
@click.argument("type_", metavar="TYPE", type=click.Choice(ENTITY_TYPES))
@_note_option
def retype(graph: str, paper: str, entity: str, type_: Any, why: str) -> None:
    """Say what type of thing a paper means by an entity.

    TYPE is one of Method, Model, Dataset, Benchmark, Metric, Task.
    """
    from paperkg import curation

    _tell(graph, curation.retype(graph, paper, entity, type_, note=why))


@_command("paperkg relate graphs/seeds crawdad CLadder uses")
@graph_argument
@_paper_argument
@click.argument("entity", metavar="ENTITY")
@click.argument("relation", metavar="RELATION", type=click.Choice(RELATIONS))
@_note_option
def relate(graph: str, paper: str, entity: str, relation: Any, why: str) -> None:
    """Say in which relation a paper stands to an entity.

    RELATION is one of introduces, evaluates_on, evaluates_with, addresses, compares_with, uses, mentions.
    """
    from paperkg import curation

    _tell(graph, curation.relate(graph, paper, entity, relation, note=why))


@_command("paperkg decisions graphs/seeds", "paperkg decisions graphs/seeds --undo 3")
@graph_argument
@click.option("--undo", type=click.IntRange(min=1), metavar="NUMBER", help="Take back a decision.")
@click.option("--apply", is_flag=True, help="Apply them again, after their file was edited.")
def decisions(graph: str, undo: int | None, apply: bool) -> None:
    """List the decisions made by hand on a graph, or take one back.

    They stand in NAME.decisions.tsv beside the graph's other files; each build applies them.
    """
    if undo is not None and apply:
        raise click.UsageError("give either --undo or --apply")
    from paperkg import curation
    from paperkg.export import decisions_edited, manifest_of

    if undo is not None:
        curation.undo(graph, undo)
    elif apply:
        curation.apply_decisions(graph)
    made = manifest_of(graph).provenance
    outcomes = made.outcomes
    if outcomes:
        print_table(
            ["", "verb", "entity", "to", "changed", "note"],
            [_row(number, outcome) for number, outcome in enumerate(outcomes, 1)],
            right=[0],
        )
    note_outcomes(outcomes)
    if decisions_edited(graph, made):
        note(f"their file was edited since: paperkg decisions {graph} --apply")


def note_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Say how many decisions there are, and how many have nothing to change."""
    idle = sum(bool(outcome.reason) for outcome in outcomes)
    tail = f", {idle} of them without effect (paperkg decisions lists them)" if idle else ""
    note(f"{count(len(outcomes), 'decision')} made by hand{tail}")


def _row(number: int, outcome: Outcome) -> list[str]:
    decision = outcome.decision
    to = ", ".join(part for part in (decision.to, *decision.papers) if part)
    changed = f"nothing: {outcome.reason}" if outcome.reason else count(outcome.papers, "paper")
    return [str(number), decision.verb, decision.entity, to, changed, decision.note]


def _tell(graph: str, kg: KnowledgeGraph) -> None:
    """Say what the last decision did, and how to take it back."""
    outcomes = kg.provenance.outcomes
    number, done = len(outcomes), outcomes[-1]
    click.echo(
        one_line(
            f"{done.decision.verb}: {count(done.papers, 'paper')} changed; "
            f"paperkg decisions {graph} --undo {number} takes it back"
        )
    )
