"""The links of a paper: addresses in its title and abstract, with what stands behind them.

The kind follows from the host and from the words of the sentence before the address.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from paperkg.model import FIELDS, Link, LinkKind, Paper, Span
from paperkg.text.extent import extent
from paperkg.text.urls import CODE_HOSTS, HUB, WrittenUrl, find_urls

_LITERATURE = re.compile(
    r"(?:www\.)?(?:arxiv\.org|openreview\.net|aclanthology\.org|creativecommons\.org|dl\.acm\.org|ieeexplore\.ieee\.org)"
)
_DATA_HOST = re.compile(
    r"(?:www\.)?(?:zenodo\.org|figshare\.com|kaggle\.com|physionet\.org|openneuro\.org|osf\.io|ieee-dataport\.org"
    r"|drive\.google\.com|[a-z0-9-]{1,40}\.figshare\.com)"
)
_DATA_DOI = re.compile(r"/10\.(?:57967/hf|5281/zenodo|6084|5061|21227|17632|7910|18150|34740)", re.IGNORECASE)
_VIDEO_HOST = re.compile(
    r"(?:www\.|m\.)?(?:youtube\.com|youtu\.be|vimeo\.com|bilibili\.com)|colab\.research\.google\.com"
)
_PACKAGE_HOST = re.compile(r"pypi\.org|(?:www\.)?npmjs\.com|cran\.r-project\.org|anonymous\.4open\.science")

_PROJECT = re.compile(
    r"\b(?:project|home|web|demo)[ -]?pages?\b|\bproject (?:web ?)?(?:page|site)s?\b|\bwebsite\b"
)
_CODE = re.compile(
    r"\b(?:codes?|codebase|implementations?|scripts?|models?|checkpoints?|weights|software|toolkit|package|library"
    r"|repository|repo|github|open[- ]source[ds]?|demos?|baselines?|tool|api|framework|notebooks?"
    r"|programs?)\b"
)
_DATA = re.compile(
    r"\b(?:data|datasets?|benchmarks?|corpus|corpora|annotations|test ?(?:set|bed)|leaderboard)\b"
)
_DEMO = re.compile(
    r"\b(?:demos?|playground|try it|demonstrations?|video)\b|\baccessible (?:on|at|via) ?:? ?$"
)
_CODE_ALONE = re.compile(
    r"(?<!and )(?<!and the )(?<!and our )\bcodes?(?: and (?:the )?models?)?(?: (?:of|for) [\w-]{1,30})?"
    r"(?: (?:is|are|will|can|has|have)\b(?! and)[^,;]{0,80}|:?) ?$"
)
_STOP = re.compile(r"[.!?][\"')]?\s+(?=[A-Z\[(])|[.!?](?=[A-Z][a-z]+ )")
_LONGEST_SENTENCE = 300


def _before(text: str, url: WrittenUrl, last: int) -> str:
    """The sentence up to the address, in lower case, without another address."""
    begin = max(last, url.start - _LONGEST_SENTENCE)
    words = text[begin : url.start]
    stops = list(_STOP.finditer(words))
    return " ".join(words[stops[-1].end() if stops else 0 :].lower().split())


def _kind(url: WrittenUrl, before: str) -> LinkKind | None:
    parts = urlsplit(url.normalized)
    host, path = parts.netloc, parts.path.lower()
    code, data = bool(_CODE.search(before)), bool(_DATA.search(before))
    project = bool(_PROJECT.search(before))
    if not path.strip("/") and (host == HUB or host in CODE_HOSTS):
        return None
    if _DATA_DOI.match(path) if host.endswith("doi.org") else _DATA_HOST.fullmatch(host):
        return "data" if data or not code else "code"
    if host.endswith("doi.org") or _LITERATURE.fullmatch(host):
        return None
    if _VIDEO_HOST.fullmatch(host):
        return "demo"
    if host == HUB:
        if path.startswith("/papers"):
            return None
        if path.startswith("/spaces"):
            return "demo"
        return "data" if path.startswith("/datasets") or (data and not code) else "code"
    if host in CODE_HOSTS or host.startswith(("gitlab.", "git.")) or _PACKAGE_HOST.fullmatch(host):
        if project and not re.search(r"\bcodes?\b", before):
            return "project"
        named_data = "dataset" in path.rpartition("/")[2] and "dataset" in before
        return "data" if data and (not code or named_data) else "code"
    if project:
        return "project"
    if _CODE_ALONE.search(before):
        return "code"
    if _DEMO.search(before) and not re.search(r"\bcodes?\b", before):
        return "demo"
    return "data" if data and not code else "project"


def find_links(paper: Paper) -> tuple[Link, ...]:
    """The links to code, data, project pages and demos that a paper's title and abstract give.

    Args:
        paper: its stored texts are read, as far as `extent` says; `mention` and `url` are as written there.

    Returns:
        The links in order of their first mention, one for each normalised address.
    """
    links: dict[str, Link] = {}
    for field, end in zip(FIELDS, extent(paper.title, paper.abstract), strict=True):
        text, last = paper.text(field)[:end], 0
        for url in find_urls(text):
            kind = _kind(url, _before(text, url, last))
            last = url.end
            if kind is not None and url.normalized not in links:
                mention = Span(field, url.start, url.end, url.written)
                links[url.normalized] = Link(url.written, url.normalized, kind, mention)
    return tuple(links.values())
