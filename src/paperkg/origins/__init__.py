"""Getting papers over the network: the one room that opens a connection, and only when it is asked to."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from paperkg.errors import FetchError, SourceError
from paperkg.model import Paper, SourceReport
from paperkg.origins.origin import Origin, Request, origin, origins

if TYPE_CHECKING:
    from requests import Session

__all__ = ["Origin", "Request", "fetch", "origin", "origins"]


def fetch(
    asked: Origin, wanted: Sequence[str], *, most: int = 100, session: Session | None = None
) -> tuple[list[Paper], SourceReport]:
    """Ask an origin for papers.

    Answers are kept for an hour in the user's cache folder.

    Args:
        asked: an origin, by `origin(name)`.
        wanted: what the origin takes: ids, a date, words to search for.
        most: papers at most.
        session: does the asking; one with retries and the cache if None.

    Returns:
        The papers in the origin's order, and what was read and left out.

    Raises:
        FetchError: the origin cannot be reached, refuses, or has no such paper.
        MissingExtra: the extra `fetch` is not installed.
    """
    from paperkg.origins.http import answers, polite_session
    from paperkg.sources import read_papers
    from paperkg.sources.ids import slug

    asking = nullcontext(session) if session else polite_session()
    with tempfile.TemporaryDirectory(prefix="paperkg-fetch-") as folder, asking as opened:
        for number, answer in enumerate(answers(asked, wanted, most, opened), 1):
            Path(folder, f"{slug(asked.title)}-{number:05d}").write_bytes(answer)
        try:
            papers, report = read_papers([folder])
        except SourceError as error:
            hint = f"{asked.title} was asked for {', '.join(wanted)}"
            raise FetchError(f"no papers found: {error.cause}", hint=hint) from error
    return papers[:most], report
