"""Answers that say in a line why a request got nothing else."""

from __future__ import annotations

from starlette.responses import PlainTextResponse


class Problem(Exception):
    """A request that is refused.

    Attributes:
        status: of HTTP.
        message: one line for the person who asked.
        headers: further ones.
    """

    def __init__(self, status: int, message: str, **headers: str) -> None:
        """`retry_after="1"` stands for `Retry-After: 1`."""
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(message)

    def response(self) -> PlainTextResponse:
        """The answer that says so."""
        headers = {"Cache-Control": "no-store", **self.headers}
        return PlainTextResponse(f"{self.message}\n", self.status, headers)
