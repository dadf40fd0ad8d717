"""Extractions as JSON objects and back: the lines of `extract` and of `NAME.papers.jsonl`.

A paper's date is the XML Schema form of what is known (`"date": "--02-08"`); beside it stands how the source
wrote it and, where the year was concluded, that year with its reason. A line can be read as a source again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from paperkg.model import (
    EntityRelation,
    Extracted,
    ExtractedEntity,
    Extraction,
    Link,
    Listing,
    Organisation,
    Paper,
    PartialDate,
    Result,
    Span,
)

Json = dict[str, Any]


def _filled(record: Json) -> Json:
    return {key: value for key, value in record.items() if value is not None and value != () and value != []}


def _date_to_json(date: PartialDate) -> Json:
    return _filled(asdict(date))


def _date_from_json(record: Json | None) -> PartialDate | None:
    return PartialDate(**record) if record else None


def _paper_date(record: Json) -> PartialDate | None:
    if "date" not in record:
        return None
    lexical = record["date"]
    year, parts = (None, lexical[2:]) if lexical.startswith("--") else (int(lexical[:4]), lexical[5:])
    month, day = ([int(p) for p in parts.split("-") if p] + [None, None])[:2]
    return PartialDate(
        written=str(record.get("date_written", lexical)),
        year=year,
        month=month,
        day=day,
        inferred_year=record.get("date_inferred_year"),
        reason=record.get("date_reason"),
    )


def paper_to_json(paper: Paper) -> Json:
    """A paper as a JSON object; what is unknown is left out."""
    record = asdict(paper)
    record["date"] = None
    if paper.date:
        record |= {
            "date": paper.date.lexical,
            "date_written": paper.date.written,
            "date_inferred_year": paper.date.inferred_year,
            "date_reason": paper.date.reason,
        }
    record["listings"] = [
        _filled({**asdict(x), "page_date": _date_to_json(x.page_date) if x.page_date else None})
        for x in paper.listings
    ]
    return _filled(record) | {"abstract": paper.abstract}


def paper_to_line(paper: Paper) -> str:
    """A paper as one line of JSON without its end of line; `build` reads it."""
    return json.dumps(paper_to_json(paper), ensure_ascii=False)


def paper_from_json(record: Json) -> Paper:
    """The inverse of `paper_to_json`; keys that are no part of a paper are ignored."""
    return Paper(
        id=record["id"],
        title=record["title"],
        abstract=record["abstract"],
        date=_paper_date(record),
        authors=tuple(record.get("authors", ())),
        author_count=record.get("author_count"),
        organisations=tuple(Organisation(**o) for o in record.get("organisations", ())),
        listings=tuple(
            Listing(**{**x, "page_date": _date_from_json(x.get("page_date"))})
            for x in record.get("listings", ())
        ),
        url=record.get("url"),
        sources=tuple(record.get("sources", ())),
    )


def extraction_to_json(extraction: Extraction) -> Json:
    """One paper's line of `extract` or of `NAME.papers.jsonl` (docs/formats.md)."""
    record = paper_to_json(extraction.paper) | {
        **_parts_to_json(extraction),
        "links": [asdict(link) for link in extraction.links],
    }
    if extraction.extracted is not None:
        before = _parts_to_json(extraction.extracted)
        record["extracted"] = {
            name: [_difference(part, record[name], _STAYS[name]) for part in parts]
            for name, parts in before.items()
            if record[name] != parts
        }
    return record


def _parts_to_json(parts: Extraction | Extracted) -> Json:
    return {
        "entities": [_filled(asdict(e)) for e in parts.entities],
        "entity_relations": [asdict(r) for r in parts.entity_relations],
        "results": [_filled(asdict(r)) for r in parts.results],
    }


def extraction_from_json(record: Json) -> Extraction:
    """The inverse of `extraction_to_json`.

    Raises:
        KeyError, TypeError: the object lacks a part or has one of the wrong form.
    """
    extracted = None
    if "extracted" in record:
        before = {name: record[name] for name in _STAYS}
        for name, parts in record["extracted"].items():
            after = dict(enumerate(record[name]))
            before[name] = [_applied(part, after) for part in parts]
        extracted = Extracted(**_parts_from_json(before))
    return Extraction(
        paper=paper_from_json(record),
        links=tuple(Link(**{**x, "mention": Span(**x["mention"])}) for x in record["links"]),
        extracted=extracted,
        **_parts_from_json(record),
    )


def _parts_from_json(record: Json) -> dict[str, Any]:
    def span(value: Json) -> Span:
        return Span(**value)

    return {
        "entities": tuple(
            ExtractedEntity(
                **{**e, "evidence": span(e["evidence"]), "mentions": tuple(span(m) for m in e["mentions"])}
            )
            for e in record["entities"]
        ),
        "entity_relations": tuple(
            EntityRelation(**{**r, "evidence": span(r["evidence"])}) for r in record["entity_relations"]
        ),
        "results": tuple(Result(**{**r, "mention": span(r["mention"])}) for r in record["results"]),
    }


# --- what resolution changed, as differences: most entities differ in a name or not at all

_STAYS = {"entities": "key", "entity_relations": "evidence", "results": "mention"}
"""The lists that resolution changes, and by what a part of each is found again: mostly that stays."""
_ABSENT = object()


def _difference(before: Json, after: Sequence[Json], stays: str) -> Json:
    """What is to be changed in one of the parts `after` to get the part `before`; `of` is its place."""
    place = next((place for place, part in enumerate(after) if part[stays] == before[stays]), None)
    if place is None:
        return before
    known = after[place]
    changed = {key: value for key, value in before.items() if known.get(key, _ABSENT) != value}
    return {"of": place} | changed | dict.fromkeys(key for key in known if key not in before)


def _applied(change: Json, after: Mapping[int, Json]) -> Json:
    """The inverse of `_difference`."""
    if "of" not in change:
        return change
    made = after[change["of"]] | change
    return {key: value for key, value in made.items() if key != "of" and value is not None}


def extraction_to_line(extraction: Extraction) -> str:
    """One line of JSON without its end of line."""
    return json.dumps(extraction_to_json(extraction), ensure_ascii=False, separators=(", ", ": "))
