"""What resolution changed can be undone, in memory and from the file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

from hypothesis import given, settings

from paperkg.lexicon import Entry, Lexicon
from paperkg.model import Extraction
from paperkg.records import extraction_from_json, extraction_to_json
from paperkg.resolution import CONFIDENCE, Rule, resolve, unresolved
from strategies import piles

LEXICON = Lexicon([Entry("CLadder", "Benchmark", True), Entry("large language model", "Model", False)])


@given(piles)
@settings(max_examples=150, deadline=None)
def test_resolution_can_be_undone(papers: list[Extraction]) -> None:
    resolved = resolve(papers, lexicon=LEXICON)
    assert [unresolved(extraction) for extraction in resolved] == papers
    assert resolve(resolved, lexicon=LEXICON) == resolved
    for extraction in resolved:
        again = extraction_from_json(json.loads(json.dumps(extraction_to_json(extraction))))
        assert again == extraction
        assert replace(again, extracted=None) == replace(extraction, extracted=None)


def test_only_what_changed_is_written_twice(small_graph: object) -> None:
    records = [extraction_to_json(x) for x in resolve(small_graph.extractions)]  # type: ignore[attr-defined]
    for record in records:
        for part in record.get("extracted", {}).get("entities", ()):
            assert "of" in part
            assert "evidence" not in part


def test_every_rule_has_a_confidence() -> None:
    assert set(CONFIDENCE) == set(get_args(Rule))
