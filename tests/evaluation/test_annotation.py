"""Reading gold files and papers.jsonl."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.errors import SourceError
from paperkg.evaluation import Annotation, Entity, Result, parse_found, parse_gold
from paperkg.evaluation.spelling import fold, number, unit
from paperkg.records import extraction_to_line
from timing import seconds

GOLD = {
    "pid": "p",
    "entities": [
        {
            "name": "ACT",
            "type": "Method",
            "layer": "named",
            "relation": "introduces",
            "surfaces": ["ACT", "Action Chunking"],
            "sense": "robots",
        }
    ],
    "entity_relations": [["ACT", "based_on", "BC"]],
    "results": [{"system": "ACT", "on": None, "metric": "success", "value": "80%", "kind": "absolute"}],
    "links": [{"url": "https://a.org", "kind": "code"}],
}
FOUND = {"id": "p", "entities": [{"name": "ACT", "type": "Method", "named": True}]}


def lines(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def test_a_gold_record() -> None:
    entity = Entity("ACT", "Method", True, "introduces", ("ACT", "Action Chunking"), identity="act|robots")
    result = Result("80%", "absolute", system="ACT", metric="success")
    links = (("https://a.org", "code"),)
    expected = Annotation("p", (entity,), (("ACT", "based_on", "BC"),), (result,), links)
    assert parse_gold(b"\xef\xbb\xbf" + lines(GOLD) + b"\r\n \n", "gold.jsonl") == (expected,)


def test_what_build_writes(small_graph) -> None:  # type: ignore[no-untyped-def]
    written = "".join(extraction_to_line(e) + "\n" for e in small_graph.extractions)
    for read, extraction in zip(
        parse_found(written.encode(), "x.papers.jsonl"), small_graph.extractions, strict=True
    ):
        assert read.paper == extraction.paper.id
        assert [(e.name, e.confidence) for e in read.entities] == [
            (e.name, e.confidence) for e in extraction.entities
        ]
        assert [e.spellings for e in read.entities] == [
            tuple(m.text for m in e.mentions) for e in extraction.entities
        ]
        assert read.relations == tuple(
            (r.subject, r.predicate, r.object) for r in extraction.entity_relations
        )
        assert [r.value for r in read.results] == [r.value for r in extraction.results]
        assert read.links == tuple((link.url, link.kind) for link in extraction.links)


def test_a_bare_record_of_another_extractor() -> None:
    (read,) = parse_found(lines(FOUND), "found.jsonl")
    assert read.entities == (Entity("ACT", "Method", True, None, (), identity="act"),)


def changed(record: dict[str, object], **fields: object) -> bytes:
    (entity,) = record["entities"]  # type: ignore[misc]
    return lines({**record, "entities": [{**entity, **fields}]})


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "no record in it"),
        (b"\xff", "not UTF-8"),
        (b"{", "bad JSON"),
        (b"[" * 100_000, "bad JSON: nested too deeply"),
        (b"[]", "not a JSON object"),
        (b"{}", "no text `pid`"),
        (b'{"pid": "p", "entities": {}}', "`entities` is no list"),
        (b'{"pid": "p", "entities": [1]}', "`entities` is no list of objects"),
        (lines(GOLD, GOLD), "the paper 'p' stands on line 1 already"),
        (changed(GOLD, type="Thing"), "an unknown type: 'Thing'"),
        (changed(GOLD, layer=None), "no text `layer`"),
        (changed(GOLD, relation="likes"), "an unknown relation"),
        (changed(GOLD, surfaces=[1]), "`surfaces` is no list of texts"),
        (lines({**GOLD, "entity_relations": [["a", "b"]]}), "a relation is not"),
        (lines({**GOLD, "entity_relations": [["a", "likes", "b"]]}), "an unknown predicate"),
        (lines({**GOLD, "links": [{"url": "u", "kind": "x"}]}), "an unknown kind"),
    ],
)
def test_bad_gold(content: bytes, cause: str) -> None:
    with pytest.raises(SourceError) as raised:
        parse_gold(content, "gold.jsonl")
    assert raised.value.cause.startswith(cause)
    assert str(raised.value).startswith("gold.jsonl")
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (changed(FOUND, named="yes"), "`named` is neither"),
        (changed(FOUND, confidence=2), "a confidence that"),
        (changed(FOUND, confidence=True), "a confidence that"),
        (
            b'{"id": "p", "entities": [{"name": "a", "type": "Task", "named": true, "confidence": NaN}]}',
            "NaN",
        ),
        (lines({**FOUND, "entity_relations": [["a", "based_on", "b"]]}), "`entity_relations` is no list of"),
    ],
)
def test_bad_papers(content: bytes, cause: str) -> None:
    with pytest.raises(SourceError) as raised:
        parse_found(lines({**FOUND, "id": "q"}) + content, "found.jsonl")
    assert raised.value.cause.startswith(cause)
    assert raised.value.line == 2


@given(st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    for parse in (parse_gold, parse_found):
        try:
            parse(content, "x")
        except SourceError as error:
            assert "\n" not in error.cause


@pytest.mark.parametrize(
    "attack", ["1" * 100_000, "," * 100_000, "1," * 50_000, "1 " * 50_000, "." * 100_000]
)
def test_linear(attack: str) -> None:
    assert seconds(lambda: (number(attack), unit(attack), fold(attack))) < 0.1
