"""Writes docs/cli.md: the help pages of all commands."""

from __future__ import annotations

import sys

from paperkg.cli.app import paperkg

HEAD = """# The commands

Each page below is what `paperkg COMMAND --help` prints. Data goes to standard output, all else to standard
error; the exit status is 0 done, 1 failed, 2 wrong usage, 3 ran but the check failed.
[formats.md](formats.md) says what a SOURCE and a GRAPH are.
"""


def help_pages() -> str:
    """The text of docs/cli.md."""
    group = paperkg.make_context("paperkg", [], resilient_parsing=True, terminal_width=90)
    pages = [("paperkg", paperkg.get_help(group))]
    for name in paperkg.list_commands(group):
        command = paperkg.get_command(group, name)
        if command is None:
            raise LookupError(name)
        context = command.make_context(name, [], parent=group, resilient_parsing=True, terminal_width=90)
        pages.append((f"paperkg {name}", command.get_help(context)))
    return HEAD + "".join(f"\n## {title}\n\n```text\n{page}\n```\n" for title, page in pages)


if __name__ == "__main__":
    sys.stdout.write(help_pages())
