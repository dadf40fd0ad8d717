"""What can be asked for papers. A further origin is a class and an entry point of the group `paperkg_origins`."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any, Protocol

from paperkg.errors import FetchError

GROUP = "paperkg_origins"


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        path: below the address of the origin, with a leading slash.
        parameters: of the query.
        body: is sent as JSON, by POST; None asks by GET.
    """

    path: str
    parameters: Mapping[str, str | int]
    body: Mapping[str, Any] | None = None


Requests = Generator[Request, bytes, None]
"""Gives requests one after the other; each answer is sent back into it, so that it knows whether to go on."""


class Origin(Protocol):
    """A place that gives papers in a form that `paperkg.sources` reads.

    Attributes:
        title: its name for people.
        takes: what can be asked for, for the help of the command.
        address: https address of its interface, without a slash at the end.
        pause: seconds between two requests that its rules ask for.
    """

    title: str
    takes: str
    address: str
    pause: float

    def requests(self, wanted: Sequence[str], most: int) -> Requests:
        """The requests for at most so many papers.

        Raises:
            FetchError: `wanted` is not something that this origin takes, or an answer is a refusal.
        """
        ...


def origins() -> dict[str, Origin]:
    """The origins that are installed, by name, sorted."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    return {name: found[name].load()() for name in sorted(found)}


def origin(name: str) -> Origin:
    """The origin of that name.

    Raises:
        FetchError: there is none.
    """
    known = origins()
    if name not in known:
        raise FetchError(f"no origin {name!r}", hint=f"there are {', '.join(known)}")
    return known[name]
