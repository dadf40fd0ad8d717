"""Asking politely: with a name, pauses, retries that heed `Retry-After`, and a cache; and with bounds for what comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

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
_MOST_MOVES = 3


def polite_session(*, backoff: float = 1.0) -> Session:
    """A session with the cache of this user.

    Args:
        backoff: seconds before the second retry; each further one waits twice as long.

    Raises:
        MissingExtra: the extra `fetch` is not installed.
    """
    try:
        from requests_cache import CachedSession
        from urllib3 import Retry

        from paperkg.origins.bounded import BoundedAdapter
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
        session.mount(scheme, BoundedAdapter(max_retries=retries))
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

    url, parameters = f"{origin.address}{request.path}", dict(request.parameters)
    try:
        for _ in range(_MOST_MOVES):
            response = session.request(
                "GET" if request.body is None else "POST",
                url,
                params=parameters,
                json=request.body,
                timeout=_TIMEOUT_S,
                allow_redirects=False,
            )
            if not response.is_redirect:
                break
            url, parameters = _moved(origin, url, response), {}
    except RequestException as error:
        hint = "is this machine offline? answers of the last hour are read without a network"
        raise FetchError(
            f"{origin.title} cannot be reached: {type(error).__name__}", file=url, hint=hint
        ) from error
    if response.status_code != 200:
        hint = (
            "it asks to be asked less often: try again later"
            if response.status_code in _LATER
            else "check what was asked for"
        )
        raise FetchError(
            f"{origin.title} answers {response.status_code} {response.reason}", file=response.url, hint=hint
        )
    return response


def _moved(origin: Origin, url: str, response: Response) -> str:
    """Where an answer sends us, which must be on the same host: nobody else is asked."""
    there = urljoin(url, response.headers["Location"])
    if urlsplit(there)[:2] != urlsplit(url)[:2]:
        raise FetchError(
            f"{origin.title} sends to another host, {urlsplit(there).netloc}, which is not asked",
            file=url,
            hint="is there a newer paperkg?",
        )
    return there
