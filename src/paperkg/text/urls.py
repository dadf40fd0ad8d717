"""Addresses in running text: where they stand, and what they should have been.

Abstracts hold addresses with a space inside, glued to a word, wrapped in LaTeX, without a scheme, and on hosts that
mirror the Hugging Face Hub. `find_urls` says where an address stands as written; `normalize_url` says what it means.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

HUB = "huggingface.co"
_MIRROR_LABEL = r"(?:hf|huggingface)(?:-?(?:mirror|proxy|cdn|hub))?"
_MIRROR = re.compile(rf"(?:www\.)?{_MIRROR_LABEL}(?:\.[a-z0-9-]{{1,63}}){{1,4}}")
_HOSTED = (
    ".github.io",
    ".gitlab.io",
    ".hf.space",
    ".vercel.app",
    ".netlify.app",
    ".pages.dev",
    ".readthedocs.io",
)
"""Hosts of other people's sites: `hf.github.io` is somebody's page and no mirror."""


def is_hub_host(host: str) -> bool:
    """Whether a host is the Hugging Face Hub, its short form `hf.co`, or by its name a mirror of it.

    >>> is_hub_host("hf-mirror.com"), is_hub_host("hf.example.org"), is_hub_host("hf.github.io")
    (True, True, False)
    """
    host = host.lower()
    if host.endswith(_HOSTED) or host == "hf.space" or not _MIRROR.fullmatch(host):
        return False
    labels = host.removeprefix("www.").split(".")
    return labels[0] != "hf" or len(labels) > 2 or host == "hf.co"


_HOST_IN_TEXT = re.compile(
    rf"(?<![\w.@-])(?:www\.)?{_MIRROR_LABEL}(?:\.[a-z0-9-]{{1,63}}){{1,4}}(?![\w@-])", re.IGNORECASE
)


def replace_mirrors(text: str) -> str:
    """A text with the host of the Hub in place of its mirrors, to compare texts from different pages."""
    return _HOST_IN_TEXT.sub(lambda m: HUB if is_hub_host(m[0]) else m[0], text)
