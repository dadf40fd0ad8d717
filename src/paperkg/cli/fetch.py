"""`paperkg fetch`: papers over the network, as JSON Lines that `build` reads."""

from __future__ import annotations

import click

from paperkg.cli.console import note, write_output
from paperkg.cli.options import examples, output_option
from paperkg.cli.summary import note_skips
from paperkg.text.plural import count


class _Listing(click.Command):
    """A command whose help lists the origins that are installed."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help, with a line for each origin."""
        from paperkg.origins import origins

        super().format_help_text(ctx, formatter)
        with formatter.section("Origins"):
            formatter.write_dl([(name, origin.takes) for name, origin in origins().items()])


@click.command(
    cls=_Listing,
    epilog=examples(
        "paperkg fetch daily 2025-05-30 -o day.jsonl",
        "paperkg fetch daily 'causal reasoning' --most 50 -o causal.jsonl",
        "paperkg fetch arxiv 2501.12948 2312.04350 | paperkg build - --name two",
        "paperkg fetch arxiv 'cat:cs.CL AND abs:causal' --most 300 -o causal.jsonl",
    ),
)
@click.argument("origin", metavar="ORIGIN")
@click.argument("wanted", nargs=-1, required=True, metavar="WANTED...")
@click.option("--most", type=click.IntRange(1, 100_000), default=100, metavar="N", help="Papers at most.")
@output_option
def fetch(origin: str, wanted: tuple[str, ...], most: int, output: str) -> None:
    """Get papers over the network, as JSON Lines that build reads.

    ORIGIN says where to ask, and WANTED what for. Answers are kept for an hour.
    """
    from paperkg import api
    from paperkg.records import paper_to_line

    papers, report = api.fetch(origin, *wanted, most=most)
    write_output(
        "".join(f"{paper_to_line(paper)}\n" for paper in papers).encode("utf-8", "surrogatepass"), output
    )
    note_skips(report.skipped)
    note(count(len(papers), "paper"))
