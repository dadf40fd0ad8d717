"""Puts the texts beside an annotation: they are not in the repository, their ids are.

    python -m paperkg.training.texts GOLD.jsonl METADATA.jsonl ... --out PAPERS.jsonl

METADATA: files of papers, one record a line with `id`, `title`, `abstract`, packed with gzip or not, such as the snapshot of
arXiv's metadata. A paper is known there by the `arxiv` of its annotation, else by its `pid`.
"""

from __future__ import annotations

from pathlib import Path

import click

from paperkg.training.lines import json_lines, read_lines


@click.command(help=__doc__)
@click.argument("gold", type=click.Path(exists=True, path_type=Path))
@click.argument("metadata", type=click.Path(exists=True, path_type=Path), nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(gold: Path, metadata: tuple[Path, ...], out: Path) -> None:
    """Writes the texts in the order of the annotation, and says how many were not found."""
    wanted = {record.get("arxiv") or record["pid"]: record["pid"] for record in read_lines(gold)}
    found: dict[str, dict[str, str]] = {}
    for path in metadata:
        for record in read_lines(path):
            pid = wanted.get(record["id"])
            if pid is not None and pid not in found:
                texts = {name: " ".join(record[name].split()) for name in ("title", "abstract")}
                found[pid] = {"id": pid, **texts}
    texts_found = json_lines(found[pid] for pid in wanted.values() if pid in found)
    out.write_text(texts_found, encoding="utf-8")
    click.echo(f"{len(found)} of {len(wanted)} papers written, {len(wanted) - len(found)} not found")


if __name__ == "__main__":
    main()
