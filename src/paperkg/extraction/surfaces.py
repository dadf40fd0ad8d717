"""Further places of the entities of a paper: what is spelled as they are known, or defined, to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from paperkg.extraction.candidates import TokenSpan, candidate_key, span_text
from paperkg.extraction.decide import Found
from paperkg.extraction.features import Reading


def _keys(reading: Reading, entity: Found) -> Iterator[str]:
    """The candidate keys that spell an entity: of its name, long form and known spellings."""
    written = sorted({span_text(reading.text, reading.tokens, span) for span in entity.spans})
    known = entity.entry.spellings if entity.entry else ()
    for form in (*written, entity.name, entity.long_form or "", *known):
        key = candidate_key(form)
        yield key
        if " " in form or "-" in form:
            yield key.removeprefix("=") if key.startswith("=") else "=" + key


def add_surfaces(reading: Reading, found: Sequence[Found]) -> list[Found]:
    """The entities with the places of their further spellings, in order of their first mention.

    A spelling counts where no mention of another entity stands; one that stands nowhere else is taken inside
    mentions of other entities too, but not at the very place of one.
    """
    owners = {span: i for i, entity in enumerate(found) for span in entity.spans}
    covered: dict[int, set[int]] = {}
    for (start, end), i in owners.items():
        for token in range(start, end):
            covered.setdefault(token, set()).add(i)
    by_key: dict[str, int] = {}
    for i, entity in enumerate(found):
        for key in _keys(reading, entity):
            by_key.setdefault(key, i)
    more: dict[int, set[TokenSpan]] = {}
    for key, candidate in reading.candidates.items():
        i = by_key.get(key, -1)
        if i < 0 or any(span in owners for span in candidate.spans):
            continue
        free = [
            (start, end)
            for start, end in candidate.spans
            if all(covered.get(token, set()) <= {i} for token in range(start, end))
        ]
        more.setdefault(i, set()).update(free or candidate.spans)
    return sorted(
        (
            replace(entity, spans=tuple(sorted({*entity.spans, *more.get(i, ())})))
            for i, entity in enumerate(found)
        ),
        key=lambda entity: entity.spans,
    )
