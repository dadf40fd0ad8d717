import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.vocab import Vocab

from paperkg.extraction.tokenizer import MAX_CHARACTERS, PaperTokenizer, split_compound

TOKENIZER = PaperTokenizer(Vocab())


def words(text):
    return [token.text for token in TOKENIZER(text)]


@pytest.mark.parametrize(
    "name", ["GPT-3.5", "CD-NOD", "BLEU-1", "chrF++", "Qwen3-8B", "MS-COCO", "F1", "Who&When", "C#"]
)
def test_a_name_is_one_token(name):
    assert words(f"on {name} we") == ["on", name, "we"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GPT-3.5/4", ["GPT-3.5", "/", "4"]),
        ("LLM-based", ["LLM", "-", "based"]),
        ("GPT-4-based", ["GPT-4", "-", "based"]),
        ("non-LLM", ["non", "-", "LLM"]),
        ("self-supervised", ["self", "-", "supervised"]),
        ("CLadder's", ["CLadder", "'s"]),
        ("GPT-4's", ["GPT-4", "'s"]),
        ("(LPCD)", ["(", "LPCD", ")"]),
        ("25,368 samples", ["25,368", "samples"]),
        ("95.33%.", ["95.33", "%", "."]),
        ("https://github.com/a/b.", ["https://github.com/a/b", "."]),
        ("i.i.d.", ["i", ".", "i", ".", "d", "."]),
    ],
)
def test_splits(text, expected):
    assert words(text) == expected


def test_a_hyphen_at_an_end_leaves_the_word_alone():
    assert split_compound("-foo") == ["-foo"]


@given(st.text(max_size=300))
def test_text_comes_back_unchanged(text):
    assert TOKENIZER(text).text == text


@pytest.mark.parametrize("mark", [*"\"'([{-.,:/&_@#\\", "'s", "a-", "http://", "\n"])
def test_runs_of_one_mark_come_back_unchanged(mark):
    text = (mark * 20_000)[:MAX_CHARACTERS]
    assert TOKENIZER(text).text == text


def test_longer_texts_are_cut():
    assert len(TOKENIZER("ab " * MAX_CHARACTERS).text) <= MAX_CHARACTERS
