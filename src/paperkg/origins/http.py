"""Asking politely: with a name, pauses, retries that heed `Retry-After`, and a cache."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from paperkg import __version__
from paperkg.errors import FetchError, MissingExtra
from paperkg.origins.origin import Origin, Request

if TYPE_CHECKING:
    from requests import Response, Session

RETRIES = 4
KEPT_S = 3600
"""How long an answer is used again."""
_LONGEST_WAIT_S = 120
_TIMEOUT_S = (10, 60)
_LATER = (429, 500, 502, 503, 504)


def polite_session(*, backoff: float = 1.0) -> Session:
    """A session with the cache of this user.

    Args:
        backoff: seconds before the second retry; each further one waits twice as long.

    Raises:
        MissingExtra: the extra `fetch` is not installed.
    """
    try:
        from requests.adapters import HTTPAdapter
        from requests_cache import CachedSession
        from urllib3 import Retry
    except ImportError as error:
        raise MissingExtra("fetching needs an optional part", hint="pip install 'paperkg[fetch]'") from error
    session = CachedSession(
        "paperkg",
        use_cache_dir=True,
        expire_after=KEPT_S,
        allowable_methods=("GET", "POST"),
        headers={"User-Agent": f"paperkg/{__version__}"},
    )
    retries = Retry(
        total=RETRIES,
        backoff_factor=backoff,
        backoff_max=_LONGEST_WAIT_S,
        retry_after_max=_LONGEST_WAIT_S,
        status_forcelist=_LATER,
        allowed_methods=("GET", "POST"),  # what is posted here asks and changes nothing
        raise_on_status=False,
    )
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(max_retries=retries))
    return session


def answers(origin: Origin, wanted: Sequence[str], most: int, session: Session) -> Iterator[bytes]:
    """The answers of an origin, each once it has come.

    Raises:
        FetchError: it cannot be reached, or refuses.
    """
    requests = origin.requests(wanted, most)
    try:
        request = next(requests)
        while True:
            response = _ask(origin, request, session)
            yield response.content
            request = requests.send(response.content)
            if not getattr(response, "from_cache", False):
                time.sleep(origin.pause)
    except StopIteration:
        return


def _ask(origin: Origin, request: Request, session: Session) -> Response:
    from requests import RequestException

    url = f"{origin.address}{request.path}"
    try:
        response = session.request(
            "GET" if request.body is None else "POST",
            url,
            params=dict(request.parameters),
            json=request.body,
            timeout=_TIMEOUT_S,
        )
    except RequestException as error:
        hint = "is this machine offline? answers of the last hour are read without a network"
        raise FetchError(
            f"{origin.title} cannot be reached: {type(error).__name__}", file=url, hint=hint
        ) from error
    if not response.ok:
        hint = (
            "it asks to be asked less often: try again later"
            if response.status_code in _LATER
            else "check what was asked for"
        )
        raise FetchError(
            f"{origin.title} answers {response.status_code} {response.reason}", file=response.url, hint=hint
        )
    return response
