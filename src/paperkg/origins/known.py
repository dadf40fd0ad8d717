"""The origins that come with the package."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from paperkg.errors import FetchError
from paperkg.origins.origin import Request, Requests
from paperkg.sources.ids import arxiv_id

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WEEK = re.compile(r"\d{4}-W\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_LONGEST_CAUSE = 500
_FIELDS = "title,abstract,externalIds,publicationDate,year,authors,url"


def _records(answer: bytes) -> int:
    """The number of records in a JSON answer: an array, or an object with `results`."""
    try:
        record = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise FetchError("the answer is no JSON", hint="try again later") from error
    found = record.get("results") if isinstance(record, dict) else record
    return len(found) if isinstance(found, list) else 0


def _parts(wanted: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (wanted[place : place + size] for place in range(0, len(wanted), size))


@dataclass
class DailyPapers:
    """Hugging Face Daily Papers."""

    title: str = "Hugging Face Daily Papers"
    takes: str = "days (2025-05-30), weeks (2025-W22), months (2025-05), or words to search for"
    address: str = "https://huggingface.co/api"
    pause: float = 0.5
    page: int = 100

    def requests(self, wanted: Sequence[str], most: int) -> Requests:
        """See `Origin.requests`."""
        left = most
        for text in wanted:
            parameter = next(
                (
                    name
                    for name, form in (("date", _DAY), ("week", _WEEK), ("month", _MONTH))
                    if form.fullmatch(text)
                ),
                None,
            )
            if parameter is None:
                left -= _records(
                    (yield Request("/papers/search", {"q": text, "limit": min(left, self.page)}))
                )
            else:
                number = 0
                while left > 0:
                    size = min(left, self.page)
                    got = _records(
                        (yield Request("/daily_papers", {parameter: text, "limit": size, "p": number}))
                    )
                    left, number = left - got, number + 1
                    if got < size:
                        break
            if left <= 0:
                return


@dataclass
class Arxiv:
    """arXiv, by its Atom interface, which asks for three seconds between requests."""

    title: str = "arXiv"
    takes: str = "ids (2501.12948 ...), or a query in arXiv's words (cat:cs.CL AND abs:causal)"
    address: str = "https://export.arxiv.org/api"
    pause: float = 3.0
    page: int = 100

    def requests(self, wanted: Sequence[str], most: int) -> Requests:
        """See `Origin.requests`."""
        ids = [arxiv_id(text) for text in wanted]
        if all(ids):
            for part in _parts([known for known in ids if known][:most], self.page):
                self._count((yield Request("/query", {"id_list": ",".join(part), "max_results": len(part)})))
            return
        query, start = " ".join(wanted), 0
        while start < most:
            size = min(self.page, most - start)
            order: dict[str, str | int] = {"sortBy": "submittedDate", "sortOrder": "descending"}
            asked = {"search_query": query, "start": start, "max_results": size, **order}
            got = self._count((yield Request("/query", asked)))
            start += got
            if got < size:
                return

    def _count(self, answer: bytes) -> int:
        head, refused, said = answer.partition(b"://arxiv.org/api/errors")
        if refused and head.endswith((b"<id>http", b"<id>https")):  # no abstract can hold such a tag
            summary = said.partition(b"<summary>")[2].partition(b"</summary>")[0][:_LONGEST_CAUSE]
            cause = " ".join(summary.decode("utf-8", "replace").split())
            raise FetchError(f"{self.title} refuses: {cause}", hint="check the ids, or the query's words")
        return answer.count(b"<entry")


@dataclass
class OpenAlex:
    """OpenAlex."""

    title: str = "OpenAlex"
    takes: str = "ids of works (W2741809807 ...)"
    address: str = "https://api.openalex.org"
    pause: float = 0.2
    page: int = 50

    def requests(self, wanted: Sequence[str], most: int) -> Requests:
        """See `Origin.requests`."""
        ids = [text.rpartition("/")[2] for text in wanted[:most]]
        for text in ids:
            if not re.fullmatch(r"[Ww]\d{1,15}", text):
                raise FetchError(f"{text[:60]!r} is no id of OpenAlex", hint="such an id is a W and digits")
        for part in _parts(ids, self.page):
            yield Request("/works", {"filter": f"openalex:{'|'.join(part)}", "per-page": self.page})


@dataclass
class SemanticScholar:
    """Semantic Scholar."""

    title: str = "Semantic Scholar"
    takes: str = (
        "ids of papers (649def34f8be..., ARXIV:2106.15928, DOI:10.18653/v1/N18-3011 ...); arXiv ids will do"
    )
    address: str = "https://api.semanticscholar.org/graph/v1"
    pause: float = 1.0
    page: int = 500

    def requests(self, wanted: Sequence[str], most: int) -> Requests:
        """See `Origin.requests`."""
        ids = [f"ARXIV:{known}" if (known := arxiv_id(text)) else text for text in wanted[:most]]
        for part in _parts(ids, self.page):
            yield Request("/paper/batch", {"fields": _FIELDS}, {"ids": list(part)})
