"""Answers of the network with bounds: a body of any length, packed tightly or sent slowly, costs no more than these."""

from __future__ import annotations

import time
from typing import Any

from requests import ConnectionError, PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from paperkg.errors import FetchError

LARGEST = 64_000_000
"""Bytes of an answer, unpacked."""
LONGEST_S = 300
"""For an answer to come."""
_PIECE = 65_536


class BoundedAdapter(HTTPAdapter):
    """Reads an answer as a whole, or refuses it."""

    def send(self, request: PreparedRequest, **how: Any) -> Response:  # type: ignore[override]
        """Send a request and read the answer.

        Raises:
            requests.RequestException: no answer comes, or not all of it.
            FetchError: the answer is too large or too slow.
        """
        response = super().send(request, **{**how, "stream": True})
        try:
            response._content, response._content_consumed = self._read(response), True
        except (HTTPError, OSError) as error:
            raise ConnectionError(error, request=request) from error
        finally:
            response.close()
        return response

    @staticmethod
    def _read(response: Response) -> bytes:
        end, content = time.monotonic() + LONGEST_S, bytearray()
        while piece := response.raw.read1(_PIECE, decode_content=True):
            content += piece
            if len(content) > LARGEST:
                raise FetchError(f"the answer has more than {LARGEST:,} bytes", file=response.url)
            if time.monotonic() > end:
                raise FetchError(f"the answer does not end within {LONGEST_S} s", file=response.url)
        return bytes(content)
