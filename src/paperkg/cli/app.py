"""The group of commands, loaded when they are asked for, and the one place that turns errors into a line."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from paperkg import __version__
from paperkg.cli.console import note, printable
from paperkg.errors import PaperkgError

DONE, FAILED = 0, 1

_COMMANDS = {
    "fetch": "paperkg.cli.fetch",
    "build": "paperkg.cli.build",
    "add": "paperkg.cli.grow",
    "remove": "paperkg.cli.grow",
    "extract": "paperkg.cli.build",
    "stats": "paperkg.cli.stats",
    "diff": "paperkg.cli.diff",
    "query": "paperkg.cli.query",
    "show": "paperkg.cli.show",
    "serve": "paperkg.cli.serve",
    "export": "paperkg.cli.export",
    "validate": "paperkg.cli.validate",
    "review": "paperkg.cli.review",
    **dict.fromkeys(
        ("merge", "split", "rename", "accept", "reject", "retype", "relate", "decisions"),
        "paperkg.cli.decide",
    ),
    "evaluate": "paperkg.cli.evaluate",
    "doctor": "paperkg.cli.doctor",
}

_OS_HINTS = {
    errno.ENOENT: "check the path",
    errno.EACCES: "check the permissions",
    errno.EPERM: "check the permissions",
    errno.EROFS: "choose a folder that can be written, with --out or -o",
    errno.ENOSPC: "free some space and run it again; files that were there are unchanged",
    errno.EDQUOT: "free some space and run it again; files that were there are unchanged",
    errno.EEXIST: "a file has that name; choose another folder",
    errno.EFBIG: "raise the limit on the size of files and run it again",
    errno.EISDIR: "give a file, not a folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.ENAMETOOLONG: "choose a shorter name",
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command, or the list of all, is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which people meet them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(import_module(module), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; if none, an error says which may be meant."""
        if args[0] not in _COMMANDS:
            from difflib import get_close_matches

            if close := get_close_matches(args[0], _COMMANDS, n=3):
                raise click.UsageError(f"no command {args[0]!r} (did you mean {', '.join(close)}?)", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True, "max_content_width": 100},
    epilog="\b\nExamples:\n  paperkg build seeds\n  paperkg query graphs/seeds --example who-evaluates-on",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def paperkg() -> None:
    """Turn a pile of paper abstracts into a knowledge graph that can be queried, viewed and programmed."""


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process.

    Args:
        args: the words after `paperkg`; those of the process if None.
    """
    raw = getattr(sys.stdout, "buffer", None)
    if isinstance(raw, io.RawIOBase):  # PYTHONUNBUFFERED: it may write a part and raise nothing
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), encoding=sys.stdout.encoding)
    sys.exit(run(args))


def run(args: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit status. Nothing but `SystemExit` from a closed pipe passes through.
    """
    if sys.stdout is None:
        return _fail("standard output is closed (open it, or send it to a file)")
    for stream in (sys.stdout, sys.stderr):  # a locale that lacks a character must not end a run
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # those of libraries: nothing that a user could act on
    try:
        status = paperkg.main(args=args, prog_name="paperkg", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        click.echo(printable(told.getvalue()), err=True, nl=False)
        return error.exit_code
    except PaperkgError as error:
        return _fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted (run it again; files that were there are unchanged)")
    except BrokenPipeError:
        _drop_stdout()
        return FAILED
    except OSError as error:
        _drop_stdout()
        return _fail(_describe(error))
    except MemoryError:
        return _fail("out of memory (give it fewer papers at a time)")
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        if f"{type(error).__module__}.{type(error).__name__}" == "sqlite3.OperationalError":
            hint = "make room on that disk, or let TMPDIR name a folder with room"
            return _fail(f"a working file cannot be written: {error} ({hint})")
        cause = f"{type(error).__name__}: {error}"
        return _fail(f"an error in paperkg itself: {cause} (please report it; PYTHONDEVMODE=1 shows where)")
    return status if isinstance(status, int) else DONE


def _fail(message: str) -> int:
    note(message)
    return FAILED


def _describe(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename is not None else ""
    hint = _OS_HINTS.get(error.errno or 0)
    return f"{place}{error.strerror or error}{f' ({hint})' if hint else ''}"


def _drop_stdout() -> None:
    """If standard output is a closed pipe or a full disk, let nothing more be written to it at the end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
