import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.extraction.abbreviations import find_abbreviations, is_short_form


def pairs(text):
    return {text[slice(*a.short)]: text[slice(*a.long)] for a in find_abbreviations(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use large language models (LLMs) here.", {"LLM": "large language models"}),
        ("Causal Information Prioritization (CIP), a method", {"CIP": "Causal Information Prioritization"}),
        ("We propose CIP (Causal Information Prioritization).", {"CIP": "Causal Information Prioritization"}),
        ("the area under the curve (AUC)", {"AUC": "area under the curve"}),
        ("a structural causal model (SCM; Pearl, 2009)", {"SCM": "structural causal model"}),
        ("Retrieval-Augmented Generation (RAG) and RAG", {"RAG": "Retrieval-Augmented Generation"}),
        ("chain-of-thought (CoT) prompting", {"CoT": "chain-of-thought"}),
        ("no definition here (see Table 2)", {}),
        ("three datasets (e.g., ImageNet)", {}),
        ("nested (inner (deep) text) brackets", {}),
        ("It ends. Other words (OW)", {"OW": "Other words"}),
    ],
)
def test_definitions(text, expected):
    assert pairs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("LLM", True), ("CoT", True), ("word", False), ("A", False), ("Word", False)]
)
def test_short_forms(text, expected):
    assert is_short_form(text) is expected


@given(st.text(alphabet="aAbB ().,-L", max_size=200))
def test_offsets_are_in_the_text(text):
    for pair in find_abbreviations(text):
        assert 0 <= pair.short[0] < pair.short[1] <= len(text)
        assert 0 <= pair.long[0] < pair.long[1] <= len(text)
