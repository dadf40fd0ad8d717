"""The command line: the library's verbs as commands. The only room that prints.

Data goes to standard output, all else to standard error. Exit status: 0 done, 1 failed, 2 wrong usage,
3 ran but the check failed.
"""

from __future__ import annotations

from paperkg.cli.app import main

__all__ = ["main"]
