"""The trained recogniser: words, candidates, phrase table, windows, and the shipped model."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.errors import FormatError
from paperkg.extraction.neural import LABELS, Recognizer, SpanScore, input_text
from paperkg.extraction.neural.candidates import find_candidates
from paperkg.extraction.neural.phrases import PhraseTable, phrase_hashes, singular, word_hash
from paperkg.extraction.neural.recognizer import MAX_PIECES, windows
from paperkg.extraction.neural.words import WORD_FEATURES, Words, split_words
from paperkg.model import RELATIONS
from timing import seconds

TEXT = input_text(
    "CLadder: Assessing Causal Reasoning",
    "We evaluate causal masked language models (LMs) on CLadder, e.g. with GPT-3.5/4. It works in-context.",
)
PAPER = input_text(
    "LadderNet: A Benchmark-Driven Approach to Image Classification",
    "We propose LadderNet, a convolutional neural network for image classification. On CIFAR-10 and ImageNet "
    "it reaches an accuracy of 95.3%, and outperforms ResNet-50. Large language models (LLMs) are no need.",
)
ATTACKS = [
    "(" * 50_000,
    "a-" * 50_000,
    "A" * 100_000,
    "A.b" * 30_000,
    " " * 100_000,
    "\n\n" * 50_000,
    "é\u0301" * 30_000,
]


def strings(words: Words, table: PhraseTable) -> set[str]:
    found = find_candidates(words, table)
    return {
        words.text[words.spans[i][0] : words.spans[j][1]]
        for i, j in zip(found.first, found.last, strict=True)
    }


def feature(words: Words, name: str) -> list[str]:
    return [s for s, row in zip(words.strings, words.features, strict=True) if row[WORD_FEATURES.index(name)]]


def table_of(*phrases: tuple[str, int]) -> PhraseTable:
    rows = {}
    for phrase, count in phrases:
        parts = phrase.split()
        hashes = np.array([word_hash(w) for w in parts], dtype=np.uint64)
        ends = np.array([word_hash(singular(w)) for w in parts], dtype=np.uint64)
        key = phrase_hashes(hashes, ends, np.array([0]), len(parts))[0]
        rows[int(key)] = [count, *[0] * (len(PhraseTable.COLUMNS) - 1)]
    keys = sorted(rows)
    return PhraseTable(np.array(keys, dtype=np.uint32), np.array([rows[k] for k in keys], dtype=np.uint8))


TABLE = table_of(("language model", 9), ("cladder", 4))


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def test_words_carry_their_spelling() -> None:
    words = split_words(TEXT)
    assert all(words.text[a:b] == s for (a, b), s in zip(words.spans, words.strings, strict=True))
    assert feature(words, "in title") == ["CLadder", ":", "Assessing", "Causal", "Reasoning"]
    assert feature(words, "mixed case") == ["CLadder", "LMs", "CLadder"]
    assert feature(words, "plural acronym") == ["LMs"]
    assert feature(words, "in parentheses") == ["LMs"]
    assert feature(words, "sentence start") == ["CLadder", "We", "It"]


def test_candidates_nest_and_keep_within_sentences() -> None:
    found = strings(split_words(TEXT), TABLE)
    assert {"causal masked language models", "language models", "LMs", "CLadder", "GPT-3.5", "4"} <= found
    assert "in-context" in found
    assert not any("It" in s.split() and len(s.split()) > 1 and s.index("It") for s in found)
    assert not any(s.startswith(("on ", "We ", "with ")) for s in found)


def test_the_phrase_table_ignores_case_and_plural_and_survives_writing(tmp_path: Path) -> None:
    TABLE.write(tmp_path / "t.npz")
    for table in (TABLE, PhraseTable.read(tmp_path / "t.npz")):
        rows = table.look_up(
            ("language", "models", "cladder", "x"), np.array([0, 0, 2, 3]), np.array([1, 0, 2, 3])
        )
        assert rows[:, 0].tolist() == [9 / 8, 0, 4 / 8, 0]
        assert rows[:, len(PhraseTable.COLUMNS)].tolist() == [1, 0, 1, 0]


def test_a_table_of_another_hash_is_refused(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "t.npz", steps=np.zeros(1), counts=np.zeros((1, 6), dtype=np.uint8), probe=np.uint64(1)
    )
    with pytest.raises(FormatError, match="another hash"):
        PhraseTable.read(tmp_path / "t.npz")


def test_word_hashes_are_fixed() -> None:
    assert word_hash("clip") == 0xD333F7DB0F478AE0
    assert word_hash("clips") != 0xD333F7DB0F478AE0
    assert isinstance(word_hash("\ud800"), int)


@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=400))
def test_windows_cover_every_word_once(pieces: list[tuple[int, bool]]) -> None:
    ends = np.cumsum([1, *(n for n, _ in pieces)])
    sentence = np.cumsum([new for _, new in pieces], dtype=np.int64)
    ranges = list(windows(sentence, ends[:-1], ends[1:]))
    assert [i for begin, stop in ranges for i in range(begin, stop)] == list(range(len(pieces)))
    assert all(ends[stop] - ends[begin] <= MAX_PIECES - 2 for begin, stop in ranges)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_gives_words_and_candidates(text: str) -> None:
    words = split_words(text)
    found = find_candidates(words, TABLE)
    assert np.isfinite(found.features).all()
    assert (found.first <= found.last).all()


def test_the_shipped_model_finds_what_is_plain(recognizer: Recognizer) -> None:
    best: dict[str, tuple[str, str, str]] = {}
    for s in recognizer.predict([PAPER], floor=0.5)[0]:
        kind, layer = LABELS[int(np.argmax(s.label_probs))]
        best[PAPER[s.start : s.end]] = (kind, layer, RELATIONS[int(np.argmax(s.relation_probs))])
    assert best["image classification"] == ("Task", "term", "addresses")
    assert best["accuracy"] == ("Metric", "term", "evaluates_with")
    assert best["CIFAR-10"][1:] == ("named", "evaluates_on")
    assert best["LadderNet"][1:] == ("named", "introduces")


def test_scores_are_probabilities_in_order(recognizer: Recognizer) -> None:
    scores = recognizer.predict([PAPER])[0]
    assert [(s.start, s.end) for s in scores] == sorted({(s.start, s.end) for s in scores})
    for s in scores:
        assert len(s.label_probs) == len(LABELS)
        assert len(s.relation_probs) == len(RELATIONS)
        assert 0.05 <= sum(s.label_probs) <= 1.001
        assert sum(s.relation_probs) == pytest.approx(1, abs=1e-3)


def test_scores_depend_on_no_other_text(recognizer: Recognizer) -> None:
    texts = [PAPER, TEXT, PAPER[:100], TEXT * 3]
    together = recognizer.predict(texts)
    assert recognizer.predict(texts[::-1])[::-1] == together
    assert [recognizer.predict([t])[0] for t in texts] == together


def test_long_and_empty_texts(recognizer: Recognizer) -> None:
    assert recognizer.predict(["", "\n\n", "...", "the"]) == [[], [], [], []]
    long = PAPER + " The end of it is here." * 200 + " We use BERT and CIFAR-10."
    found = {long[s.start : s.end]: s for s in recognizer.predict([long])[0]}
    assert isinstance(found["BERT"], SpanScore)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: repr(a[:3]))
def test_attacks_take_linear_time(attack: str) -> None:
    def took(text: str) -> float:
        return seconds(lambda: find_candidates(split_words(text), TABLE))

    took(attack[:1000])
    assert took(attack[: len(attack) // 2]) < 8 * took(attack[: len(attack) // 8]) + 0.5


def test_the_runtime_sends_no_reports() -> None:
    """Its import would open a file in the home folder and look up a host."""
    program = (
        "import os, paperkg.extraction.neural.recognizer as r; r.Recognizer.load(threads=1);"
        "assert os.environ['ORT_DISABLE_TELEMETRY'] == '1'"
    )
    with tempfile.TemporaryDirectory() as home:
        subprocess.run([sys.executable, "-c", program], env={**os.environ, "HOME": home}, check=True)
        assert list(Path(home).iterdir()) == []
