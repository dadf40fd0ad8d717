"""The server and its queries under load and attack."""

from __future__ import annotations
