"""The readers of others' annotation, on made files of their forms."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent.parent.parent / "benchmarks"


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(FOLDER))
    import foreign

    yield foreign
    del sys.modules["foreign"]


def written(text: str, mentions: object) -> list[tuple[str, str]]:
    return [(text[start:end], label) for start, end, label in mentions]  # type: ignore[attr-defined]


def test_tokens_become_running_text(foreign: ModuleType) -> None:
    tokens = ["The", "``", "black", "box", "''", "-LRB-", "BB", "-RRB-", "'s", "cost", ",", "50", "%", "."]
    text, spans = foreign.join_tokens(tokens)
    assert text == 'The "black box" (BB)\'s cost, 50%.'
    assert [text[a:b] for a, b in spans][4:8] == ['"', "(", "BB", ")"]


def test_a_lone_closing_quote_opens(foreign: ModuleType) -> None:
    text, _ = foreign.join_tokens(["a", "''", "b", "''", "c"])
    assert text == 'a "b" c'


def test_scierc_counts_tokens_through_the_abstract(foreign: ModuleType, tmp_path: Path) -> None:
    record = {
        "doc_key": "X1",
        "sentences": [["We", "parse", "."], ["It", "is", "a", "chart", "parser", "."]],
        "ner": [[], [[3, 3, "Generic"], [6, 7, "Method"], [6, 7, "Method"]]],
    }
    path = tmp_path / "part.json"
    path.write_text(json.dumps(record) + "\n\n")
    (text,) = foreign.read_scierc(path)
    assert (text.key, text.text) == ("X1", "We parse. It is a chart parser.")
    assert written(text.text, text.mentions) == [("It", "Generic"), ("chart parser", "Method")]


def test_tdmsci_keeps_offsets_and_ends_mentions(foreign: ModuleType, tmp_path: Path) -> None:
    lines = [
        ("F1", 10, "B-METRIC"),
        ("of", 13, "O"),
        ("word", 16, "B-TASK"),
        ("-", 20, "I-TASK"),
        ("sense", 21, "I-TASK"),
        ("GLUE", 27, "B-DATASET"),
        ("SST", 32, "B-DATASET"),
    ]
    path = tmp_path / "part.conll"
    rows = "".join(f"{w}\t{o}\t{t}\n" for w, o, t in lines)
    path.write_text(f"{rows}\n\nNo\t40\tO\nend\t43\tI-TASK\n")
    first, second = foreign.read_tdmsci(path)
    assert first.text == "F1 of word-sense GLUE SST"
    assert written(first.text, first.mentions) == [
        ("F1", "METRIC"),
        ("word-sense", "TASK"),
        ("GLUE", "DATASET"),
        ("SST", "DATASET"),
    ]
    assert (second.text, written(second.text, second.mentions)) == ("No end", [("end", "TASK")])


def test_scier_takes_the_next_place_of_a_spelling(foreign: ModuleType, tmp_path: Path) -> None:
    record = {
        "doc_id": "7",
        "sentence": "CNN beats CNN .",
        "ner": [["CNN", "Method"], ["CNN", "Method"], ["RNN", "Method"]],
    }
    path = tmp_path / "part.jsonl"
    path.write_text(json.dumps(record))
    (text,) = foreign.read_scier(path)
    assert [m[:2] for m in text.mentions] == [(0, 3), (10, 13)]
