"""Extractions as JSON objects and back: the lines of `extract` and of `NAME.papers.jsonl`.

A paper's date is the XML Schema form of what is known (`"date": "--02-08"`); beside it stands how the source
wrote it and, where the year was concluded, that year with its reason. A line can be read as a source again.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from paperkg.model import (
    EntityRelation,
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
    return paper_to_json(extraction.paper) | {
        "entities": [_filled(asdict(e)) for e in extraction.entities],
        "entity_relations": [asdict(r) for r in extraction.entity_relations],
        "results": [_filled(asdict(r)) for r in extraction.results],
        "links": [asdict(link) for link in extraction.links],
    }


def extraction_from_json(record: Json) -> Extraction:
    """The inverse of `extraction_to_json`.

    Raises:
        KeyError, TypeError: the object lacks a part or has one of the wrong form.
    """

    def span(value: Json) -> Span:
        return Span(**value)

    return Extraction(
        paper=paper_from_json(record),
        entities=tuple(
            ExtractedEntity(
                **{**e, "evidence": span(e["evidence"]), "mentions": tuple(span(m) for m in e["mentions"])}
            )
            for e in record["entities"]
        ),
        entity_relations=tuple(
            EntityRelation(**{**r, "evidence": span(r["evidence"])}) for r in record["entity_relations"]
        ),
        results=tuple(Result(**{**r, "mention": span(r["mention"])}) for r in record["results"]),
        links=tuple(Link(**{**x, "mention": span(x["mention"])}) for x in record["links"]),
    )


def extraction_to_line(extraction: Extraction) -> str:
    """One line of JSON without its end of line."""
    return json.dumps(extraction_to_json(extraction), ensure_ascii=False, separators=(", ", ": "))
