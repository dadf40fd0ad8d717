"""`paperkg build` and `paperkg extract`: from sources to files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from paperkg.cli.console import data_output
from paperkg.cli.options import (
    cluster_options,
    examples,
    fast_option,
    lexicon_option,
    min_confidence_option,
    output_option,
    processes_option,
    report_option,
    sources_argument,
)
from paperkg.cli.progress import progress
from paperkg.cli.runs import writing_run
from paperkg.cli.summary import note_left_out, note_skips


@click.command(
    epilog=examples(
        "paperkg build seeds",
        "paperkg build pages more.jsonl --out graphs --name mine",
        "paperkg build seeds --name sure --min-confidence 0.7",
        "paperkg build dump.jsonl --fast",
        "paperkg build dump.jsonl --engine ray --address 10.0.0.1:6379",
    )
)
@sources_argument
@click.option("--out", default="graphs", metavar="DIR", help="Folder that gets the files.")
@click.option("--name", metavar="NAME", help="Name of the files.  [default: that of the source]")
@fast_option
@min_confidence_option
@lexicon_option
@processes_option
@cluster_options
@report_option
def build(
    sources: tuple[str, ...],
    out: str,
    name: str | None,
    fast: bool,
    min_confidence: float,
    lexicon: str | None,
    processes: int | None,
    cluster: str | None,
    report: str | None,
) -> None:
    """Build a graph from papers and write it in every format.

    A SOURCE is a file, a folder (searched with all folders in it), or - for standard input: saved pages of
    Hugging Face Daily Papers, JSON Lines, JSON, BibTeX, CSV. Decisions made by hand on a graph of that name
    (NAME.decisions.tsv) are applied.
    """
    if name is not None and (name in ("", ".", "..") or set(name) & {"/", "\\"} or not name.isprintable()):
        hint = "a name without folders and control characters is wanted"
        raise click.BadParameter(hint, param_hint="--name")
    from paperkg.api import default_name
    from paperkg.building import Running, Settings, build_files, read_lexicon
    from paperkg.resolution import DEFAULT_BASE

    path = Path(out) / (name or default_name(*sources))
    with writing_run("build", path, report) as stages:
        settings = Settings(DEFAULT_BASE, fast, min_confidence, read_lexicon(lexicon))
        build_files(path, sources, settings, Running(processes, stages, cluster))


@click.command(epilog=examples("paperkg extract seeds -o papers.jsonl", "paperkg extract - < new.jsonl"))
@sources_argument
@output_option
@fast_option
@min_confidence_option
@lexicon_option
@processes_option
@cluster_options
def extract(
    sources: tuple[str, ...],
    output: str,
    fast: bool,
    min_confidence: float,
    lexicon: str | None,
    processes: int | None,
    cluster: str | None,
) -> None:
    """Extract what each paper names, as JSON Lines.

    One JSON object a paper; entities of different papers are not joined. A SOURCE is what it is for
    `paperkg build`.
    """
    from paperkg.building import Running, Settings, finding, read_lexicon
    from paperkg.export import papers_bytes
    from paperkg.resolution import DEFAULT_BASE

    settings = Settings(DEFAULT_BASE, fast, min_confidence, read_lexicon(lexicon))
    with (
        progress(shown=output != "-" or not sys.stdout.isatty()) as stages,
        finding(sources, settings, Running(processes, stages, cluster)) as found,
        data_output(output) as write,
    ):
        for extraction in found:
            write(papers_bytes((extraction,)))
    note_skips(found.report.skipped)
    note_left_out(found.report.left_out, min_confidence)
