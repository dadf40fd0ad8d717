"""How things are printed: neutralised text, tables, data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from paperkg.text.controls import CONTROLS

if TYPE_CHECKING:
    from rich.console import Console

CHECK_FAILED = 3
_NO_TERMINAL_WIDTH = 100_000


def printable(text: str) -> str:
    r"""Text whose control characters are written out (`\x1b`); line feeds and tabs stay."""
    return CONTROLS.sub(lambda match: ascii(match[0])[1:-1], text)


def one_line(text: str) -> str:
    """Printable text on one line."""
    return printable(" ".join(text.split()))


def note(message: str) -> None:
    """Tell the user something, on one line of standard error."""
    click.echo(f"paperkg: {one_line(message)}", err=True)


def write_data(data: str | bytes) -> None:
    """Write data to standard output: as UTF-8, unchanged; neutralised where a terminal shows it."""
    if sys.stdout.isatty():
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        click.echo(printable(text), nl=not text.endswith("\n"))
        return
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "backslashreplace")
    sys.stdout.flush()
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()


@contextmanager
def data_output(output: str) -> Iterator[Callable[[bytes], object]]:
    """What writes data to a file, which is there whole or not at all, or to standard output (`-`) at once."""
    if output == "-":
        yield write_data
        return
    from paperkg.export.files import new_file

    with new_file(Path(output).resolve()) as file:  # the file behind a link is replaced, not the link
        yield file.write


def write_output(data: bytes, output: str) -> None:
    """Write data to a file, whole or not at all, or to standard output (`-`)."""
    with data_output(output) as write:
        write(data)


def console() -> Console:
    """A console for standard output; where that is no terminal, lines are as long as they need to be."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _NO_TERMINAL_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Print a table.

    Args:
        columns: their headings.
        rows: a string a column; any text, it is neutralised here.
        right: numbers of the columns, from 0, that are aligned to the right.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(
            Text(one_line(column)), justify="right" if number in right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    out = console()
    with out.capture() as drawn:
        out.print(table)
    click.echo("\n".join(line.rstrip() for line in drawn.get().splitlines()))
