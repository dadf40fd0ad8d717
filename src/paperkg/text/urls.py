"""Addresses in running text: where they stand, and what they should have been.

Abstracts hold addresses with a space inside, glued to a word, wrapped in LaTeX, without a scheme, and on
hosts that mirror the Hugging Face Hub. `find_urls` says where an address stands as written; `normalize_url`
says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

HUB = "huggingface.co"
CODE_HOSTS = frozenset(
    {"github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "gist.github.com", "git.io"}
)
_MIRROR_LABEL = r"(?:hf|huggingface)(?:-?(?:mirror|proxy|cdn|hub))?"
_MIRROR = re.compile(rf"(?:www\.)?{_MIRROR_LABEL}(?:\.[a-z0-9-]{{1,63}}){{1,4}}")
_MIRROR_IN_TEXT = re.compile(rf"(?<![\w.@-]){_MIRROR.pattern}(?![\w@-])", re.IGNORECASE)
_SITES = (
    "github.io",
    "gitlab.io",
    "hf.space",
    "vercel.app",
    "netlify.app",
    "pages.dev",
    "readthedocs.io",
    "web.app",
)
"""Hosts of other people's sites: `hf.github.io` is somebody's page and no mirror."""

_LONGEST = 500
_CHARS = r"[^\s{}<>\"\\^`|$“”‘’«»\x00-\x1f]"
_ESCAPED = r"\\{1,2}[_%&#~]"
# Where another address begins, two are glued together.
_REST = rf"(?:(?!https?://){_CHARS}|{_ESCAPED}){{0,{_LONGEST}}}"
_TOP = r"(?:github\.io|gitlab\.io|com|org|net|io|co|ai|ch|edu|dev)"
_NAMED_SITE = "|".join(s.replace(".", r"\.") for s in _SITES)
_SCHEME = re.compile(rf"https?\s{{0,2}}:\s{{0,2}}/\s{{0,2}}/\s{{0,2}}(?=[A-Za-z0-9]){_REST}", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w.@/-])(?:"
    rf"www\.[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,4}}(?:/{_REST})?"
    rf"|(?:github\.com|gitlab\.com|huggingface\.co|hf\.co|bitbucket\.org|codeberg\.org)/{_REST}"
    rf"|[A-Za-z0-9-]{{1,63}}\.(?:{_NAMED_SITE})(?![\w.-]*@)(?![A-Za-z0-9-])(?:/{_REST})?"
    r")",
    re.IGNORECASE,
)
_BROKEN_HOST = re.compile(rf"\s(?={_TOP}/){_REST}", re.IGNORECASE)
_SIGNS_OF_ADDRESS = (
    "http", "www.", "github", "gitlab", "hugging", "hf.", "bitbucket", "codeberg", "vercel.app", "netlify.app", "pages.dev",
    "readthedocs.io", "web.app",
)  # fmt: skip
"""A text with none of these, in lower case, holds no address; the first address begins at the first one or a label before it."""
_LONGEST_LABEL = 64
_NEXT_WORD = re.compile(r"\s([A-Za-z0-9][\w.-]{0,100}(?:/[\w.-]{1,100})?(?:\\{1,2}_[\w.-]{1,100}){0,5})")
_TRAILING = ".,;:!?'\"*~)]}>-–—…#"
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_WORDS = frozenset(
    (
        "and",
        "or",
        "for",
        "to",
        "soon",
        "upon",
        "after",
        "with",
        "once",
        "under",
        "in",
        "on",
        "at",
        "as",
        "is",
        "are",
        "the",
        "a",
        "we",
        "our",
        "will",
        "when",
        "by",
    )
)
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63}){1,8}(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class WrittenUrl:
    """An address in a text: `text[start:end]` is how it is written, `normalized` what it means."""

    start: int
    end: int
    written: str
    normalized: str


def is_hub_host(host: str) -> bool:
    """Whether a host is the Hugging Face Hub, its short form `hf.co`, or by its name a mirror of it.

    >>> is_hub_host("hf-mirror.com"), is_hub_host("hf.example.org"), is_hub_host("hf.github.io")
    (True, True, False)
    """
    host = host.lower()
    if host.endswith(_SITES) or not _MIRROR.fullmatch(host):
        return False
    labels = host.removeprefix("www.").split(".")
    return labels[0] != "hf" or len(labels) > 2 or host == "hf.co"


def replace_mirrors(text: str) -> str:
    """A text with the host of the Hub in place of its mirrors, to compare texts from different pages."""
    return _MIRROR_IN_TEXT.sub(lambda m: HUB if is_hub_host(m[0]) else m[0], text)


def normalize_url(written: str) -> str | None:
    r"""An address as it should be: absolute, http(s), no blanks, escapes, trailing stop, `.git`, mirror.

    Returns:
        The address, safe to write as an IRI or into HTML once escaped there, or None where there is none.

    >>> normalize_url("https://github.com/layumi/ 3D-Magic-Mirror .")
    'https://github.com/layumi/3D-Magic-Mirror'
    """
    if len(written) > 2 * _LONGEST:
        return None
    text = re.sub(r"\s", "", written)
    text = _trimmed(re.sub(r"\\{1,2}([_%&#~])", r"\1", text))
    scheme, found, rest = text.partition("://")
    if not found:
        scheme, rest = "https", text
    try:
        parts = urlsplit(f"{scheme.lower()}://{rest}")
        path, query, fragment = (_quoted(p) for p in (parts.path, parts.query, parts.fragment))
    except ValueError:
        return None
    host = parts.netloc.lower()
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    if host in ("www.github.com", "www.huggingface.co"):
        host = host.removeprefix("www.")
    if is_hub_host(host):
        host = HUB
    known = host == HUB or host in CODE_HOSTS
    if known:
        path = _without_end(path, whole=not (query or fragment))
    scheme = "https" if known else parts.scheme
    return f"{scheme}://{host}{path}{query and '?' + query}{fragment and '#' + fragment}"


def _without_end(path: str, *, whole: bool) -> str:
    """A repository's path without slashes and `.git` at its end, and what these hid of the sentence where the path ends the address."""
    before = ""
    while path != before:
        before = path
        path = path.rstrip("/").removesuffix(".git")
        path = _trimmed(path) if whole else path
    return path


def _quoted(part: str) -> str:
    """A part of an address with only characters that an IRI may hold."""
    return quote(_BAD_PERCENT.sub("%25", part), safe="/:@!$&'()*+,;=-._~?%")


def _trimmed(text: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that closes one of its own stays."""
    while text:
        last = text[-1]
        if last not in _TRAILING or (last == ")" and text.count("(") >= text.count(")")):
            return text
        text = text[:-1]
    return text


def _repaired_end(text: str, start: int, end: int) -> int:
    """Where an address ends that has a space inside: in its host, or before the name of a repository."""
    if text[end - 1] == "." and (more := _BROKEN_HOST.match(text, end)):
        return more.end()
    address = re.sub(r"\s", "", text[start:end])
    host, _, path = re.sub(r"^https?://", "", address, flags=re.IGNORECASE).partition("/")
    if host.lower() not in CODE_HOSTS and not is_hub_host(host):
        return end
    if (
        not address.endswith(("/", "-"))
        or path.count("/") > 1
        or not (following := _NEXT_WORD.match(text, end))
    ):
        return end
    word = following[1].rstrip(".,-")
    after = text[following.start(1) + len(word) :][:2].strip()
    whole = "/" in word if not path else "/" not in word or path.endswith("-")
    if whole and word.lower() not in _WORDS and (not after or after[0] in ".,;:)}"):
        return following.start(1) + len(word)
    return end


def find_urls(text: str) -> Iterator[WrittenUrl]:
    """The addresses in a text, in order, without overlap."""
    low = text.lower()
    signs = [place for sign in _SIGNS_OF_ADDRESS if (place := low.find(sign)) >= 0]
    if not signs:
        return
    begin = max(0, min(signs) - _LONGEST_LABEL) if len(low) == len(text) else 0
    last = 0
    found = sorted(
        [*_SCHEME.finditer(text, begin), *_BARE.finditer(text, begin)], key=lambda m: (m.start(), -m.end())
    )
    for match in found:
        if match.start() < last:
            continue
        start = match.start()
        end = _repaired_end(text, start, match.end())
        written = _trimmed(text[start:end])
        normalized = normalize_url(written)
        if normalized is not None:
            last = start + len(written)
            yield WrittenUrl(start, last, written, normalized)
