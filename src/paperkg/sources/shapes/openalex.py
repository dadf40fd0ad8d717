"""Works of OpenAlex, whose abstracts are inverted indexes: `{"word": [places]}`."""

from __future__ import annotations

from paperkg.model import Paper
from paperkg.sources.entry import BadRecord, Entry
from paperkg.sources.shapes.fields import Fields, first_arxiv_id

_MOST_WORDS = 200_000


def matches(record: dict[str, object]) -> bool:
    """Whether the record has what only OpenAlex has."""
    return "abstract_inverted_index" in record or str(record.get("id")).startswith("https://openalex.org/")


def _abstract(index: object) -> str:
    if index is None:
        return ""
    if not isinstance(index, dict):
        raise BadRecord("`abstract_inverted_index` is not an object")
    words: dict[int, str] = {}
    for word, places in index.items():
        if not isinstance(places, list):
            raise BadRecord("`abstract_inverted_index` does not give lists of places")
        for place in places:
            if type(place) is not int or place < 0:
                raise BadRecord("a place in `abstract_inverted_index` is not a number from 0")
            words[place] = word
        if len(words) > _MOST_WORDS:
            raise BadRecord(f"an abstract of more than {_MOST_WORDS:,} words")
    return " ".join(words[place] for place in sorted(words))


def entry(fields: Fields, file: str, line: int) -> Entry:
    """The record as an entry; an arXiv id among its locations is its id."""
    record = fields.record
    addresses: list[object] = [record.get("doi")]
    locations = record.get("locations")
    for place in [record.get("primary_location"), *(locations if isinstance(locations, list) else [])]:
        if isinstance(place, dict):
            addresses.append(place.get("landing_page_url"))
    paper_id, namespace = first_arxiv_id(addresses) or "", "arxiv"
    if not paper_id:
        paper_id, namespace = fields.id("id").removeprefix("https://openalex.org/"), "openalex"
    authorships = record.get("authorships")
    authors = [
        a["author"].get("display_name")
        for a in (authorships if isinstance(authorships, list) else [])
        if isinstance(a, dict) and isinstance(a.get("author"), dict)
    ]
    paper = Paper(
        id=paper_id,
        title=fields.text("title", "display_name"),
        abstract=_abstract(record.get("abstract_inverted_index")),
        date=fields.date("publication_date", "publication_year"),
        authors=tuple(a for a in authors if isinstance(a, str)),
        url=fields.url("doi"),
        sources=(file,),
    )
    return Entry(paper, line, namespace if paper_id else None)
