"""Saved listing pages of Hugging Face Daily Papers, as text.

A page is blocks between blank lines. After the head (`Daily Papers`, ..., `Jun 25`) each listing is a
title, an abstract, and often a third block: the number of authors or an organisation, a dot, a date with or
without a year, and the number of comments. Titles and abstracts carry no mark; they are told apart by
length and place, so that a page with a damaged listing still gives the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from paperkg.model import Listing, Organisation, Paper, PartialDate, Skip
from paperkg.sources.dates import parse_date
from paperkg.sources.entry import Entry, checked
from paperkg.sources.files import SourceFile

_HEAD = "Daily Papers"
_CHROME = frozenset(
    {"new", "Get trending papers in your email inbox!", "Subscribe", _HEAD, "byAK and the research community"}
)
_AUTHORS = re.compile(r"(\d{1,6}) authors?")
_DOT = "\u00b7"
_FOOT_LINE = re.compile(r"\u2022[ \t]{0,4}\d{1,6} authors?")
_DATE = re.compile(
    r"((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} \d{1,2}(?:, \d{4})?)(?: (\d{1,6}))?"
)
_DATE_LIKE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\b.{0,20}")
_LONGEST_TITLE = 230
"""Of 130,000 published titles none is longer, and no abstract is shorter than this by more than a hair."""


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    text: str

    @property
    def long(self) -> bool:
        return len(self.text) > _LONGEST_TITLE

    @property
    def sentence(self) -> bool:
        return self.text.endswith(".") and len(self.text.split()) >= 5


@dataclass(frozen=True, slots=True)
class _Foot:
    """The block below an abstract."""

    date: PartialDate | None = None
    comments: int | None = None
    author_count: int | None = None
    organisation: Organisation | None = None
    unread: str = ""


def _blocks(text: str) -> Iterator[_Block]:
    start, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if stripped := line.strip():
            if lines and _FOOT_LINE.fullmatch(stripped):
                yield _Block(start, "\n".join(lines))
                lines = []
            start = start if lines else number
            lines.append(stripped if len(lines) == 0 else line.rstrip())
            # A foot ends with its date, whether or not a blank line follows.
            ended = _DOT in lines[-3:-1] and _DATE.fullmatch(stripped) is not None
        else:
            ended = bool(lines)
        if ended:
            yield _Block(start, "\n".join(lines))
            lines = []
    if lines:
        yield _Block(start, "\n".join(lines))


def _foot(block: _Block) -> _Foot | None:
    """What a block says if it is the foot of a listing: `• 4 authors`, `·`, `Feb 8 2`."""
    lines = [line.strip(" \t\u2022") for line in block.text[:500].split("\n")]
    if len(block.text) > 500 or not (_DOT in lines or any(map(_AUTHORS.fullmatch, lines))):
        return None
    parts = [line for line in lines if line and line != _DOT]
    foot, unread = _Foot(), list[str]()
    for part in parts:
        if match := _AUTHORS.fullmatch(part):
            foot = replace(foot, author_count=int(match[1]))
        elif (match := _DATE.fullmatch(part)) and (date := parse_date(match[1])):
            foot = replace(foot, date=date, comments=int(match[2]) if match[2] else None)
        elif _DATE_LIKE.fullmatch(part) or part is not parts[0]:
            unread.append(part)
        else:
            slug, _, name = part.partition(" ")
            foot = replace(foot, organisation=Organisation(slug, name.strip() or slug))
    if foot.date is None and foot.author_count is None and not unread:
        return None
    return replace(foot, unread=", ".join(unread))


def _page_date(block: _Block) -> PartialDate | None:
    return parse_date(block.text) if _DATE.fullmatch(block.text) else None


def matches(head: str) -> bool:
    """Whether a file begins like a listing page, or has the feet of listings."""
    if any(line.strip() == _HEAD for line in head[:4_000].split("\n")):
        return True
    return re.search(r"\n[ \t]*\u2022 \d{1,6} authors?[ \t\r]*\n\u00b7[ \t\r]*\n", head) is not None


def _with_year(date: PartialDate | None, latest: int | None) -> PartialDate | None:
    if date is None or date.year is not None or latest is None:
        return date
    reason = (
        "the site leaves the year out for the current one, so it is later than every year on the page; "
        f"the latest there is {latest}"
    )
    return replace(date, inferred_year=latest + 1, reason=reason)


def _pairs(blocks: list[_Block]) -> Iterator[tuple[_Block, _Block | None, _Foot] | tuple[_Block, str]]:
    """Title, abstract, foot; or a block that belongs to no listing, with the reason."""
    title: _Block | None = None
    body: _Block | None = None
    for place, block in enumerate(blocks):
        foot = _foot(block)
        if foot is not None:
            if title is not None and (body is not None or not title.sentence):
                yield title, body, foot
            elif title is not None:
                yield title, "a paragraph that is neither a title nor an abstract"
            elif body is not None:
                yield body, "an abstract without a title"
            title = body = None
            continue
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        if title is None and not block.long:
            if body is not None:
                yield body, "an abstract without a title"
            title, body = block, None
        elif title is None:
            if body is not None:
                yield body, "an abstract without a title"
            body = block
        elif body is None:
            ends_here = following is None or _foot(following) is not None
            short_abstract = block.sentence and not (following and following.long)
            if block.long or ends_here or short_abstract:
                body = block
            else:
                yield title, "a title without an abstract"
                title = block
        else:
            yield title, body, _Foot()
            title, body = (None, block) if block.long else (block, None)
    if title is not None and body is not None:
        yield title, body, _Foot()
    elif title is not None:
        yield title, "a title without an abstract"
    elif body is not None:
        yield body, "an abstract without a title"


def read(file: SourceFile) -> Iterator[Entry | Skip]:
    """The listings of a page, in order.

    A date without a year keeps the parts that are known; its year is inferred from the page's other dates
    and marked.

    Yields:
        an `Entry` for each listing, without an id; a `Skip` for a block that is part of no whole listing.
    """
    blocks = list(_blocks(file.text()))
    page_date, begin = None, 0
    for place, block in enumerate(blocks[:12]):
        if block.text in _CHROME:
            begin = place + 1
        elif begin == place and (page_date := _page_date(block)):
            begin = place + 1
            break
    found = list(_pairs([b for b in blocks[begin:] if b.text not in _CHROME]))
    years = [x[2].date.year for x in found if len(x) == 3 and x[2].date and x[2].date.year]
    latest = max(years, default=None)
    page_date = _with_year(page_date, latest)
    position = 0
    for item in found:
        if len(item) == 2:
            yield Skip(file.name, item[0].line, "record", item[1])
            continue
        title, body, foot = item
        position += 1
        if foot.unread:
            yield Skip(
                file.name,
                title.line,
                "field",
                f"below the abstract stands something unknown: {foot.unread[:80]!r}",
            )
        paper = Paper(
            id="",
            title=title.text,
            abstract=body.text if body else "",
            date=_with_year(foot.date, latest),
            author_count=foot.author_count,
            organisations=(foot.organisation,) if foot.organisation else (),
            listings=(Listing(file.name.rpartition("/")[2], position, page_date, foot.comments),),
            sources=(file.name,),
        )
        yield from checked(Entry(paper, title.line), file.name)
