"""Identifiers of papers: arXiv ids in their many spellings, and slugs for papers that have none."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b, sha256

from paperkg.text.fold import fold

_ARXIV_PREFIX = re.compile(
    r"(?:arxiv:\s?|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|https?://huggingface\.co/papers/"
    r"|https?://(?:dx\.)?doi\.org/10\.48550/arxiv\.|10\.48550/arxiv\.)",
    re.IGNORECASE,
)
_ARXIV = re.compile(
    r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z]{2,10}(?:-[a-z]{2,10})?(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?(?:\.pdf)?"
)
_LONGEST_SLUG = 80


def arxiv_id(text: str) -> str | None:
    """The arXiv id that a text is, without its version.

    >>> arxiv_id("http://arxiv.org/abs/2406.14539v2"), arxiv_id("arXiv:hep-th/9901001"), arxiv_id("T001")
    ('2406.14539', 'hep-th/9901001', None)
    """
    text = text.strip()[:200]
    if prefix := _ARXIV_PREFIX.match(text):
        text = text[prefix.end() :]
    match = _ARXIV.fullmatch(text)
    return match[1] if match else None


def short_hash(text: str) -> str:
    """Eight hexadecimal digits that stand for a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def key_of(text: str) -> bytes:
    """Sixteen bytes that stand for a text; nobody can make two texts that have the same ones."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def title_key(title: str) -> bytes:
    """The key under which papers of one title are found, however it is spelled."""
    return key_of(fold(title) or title)


def with_hash(paper_id: str, title: str, abstract: str) -> str:
    """An id that another paper has, with a hash that tells the two apart."""
    return f"{paper_id}-{short_hash(title + chr(10) + abstract)}"


def slug(title: str) -> str:
    """A readable ASCII id for a title, at most 80 characters; with a hash where letters had to be left out.

    >>> slug('LLMs Can Get "Brain Rot"!')
    'llms-can-get-brain-rot'
    """
    folded = unicodedata.normalize("NFKD", title).casefold()
    words = re.findall(
        r"[a-z0-9]+", re.sub(r"['\u2019]", "", "".join(c for c in folded if not unicodedata.combining(c)))
    )
    whole = "-".join(words)
    lost = any(c.isalpha() and not c.isascii() for c in folded)
    if whole and not lost and len(whole) <= _LONGEST_SLUG:
        return whole
    tail = short_hash(" ".join(folded.split()))
    room = _LONGEST_SLUG - len(tail) - 1
    head = whole if len(whole) <= room else whole[: room + 1].rpartition("-")[0] or whole[:room]
    return f"{head or 'paper'}-{tail}"


def is_slug(paper_id: str, title: str) -> bool:
    """Whether an id was made from a title."""
    return re.fullmatch(rf"{slug(title)}(?:-[0-9a-f]{{8}})?(?:-2)*", paper_id) is not None


def without_hash(paper_id: str, title: str, abstract: str) -> str:
    """What an id was before `with_hash`, if it was made so."""
    before = re.sub(r"(?<!-2)(?:-2)+$", "", paper_id) if paper_id.endswith("-2") else paper_id
    head = before[:-9]
    return head if before[-9:-8] == "-" and before == with_hash(head, title, abstract) else paper_id
