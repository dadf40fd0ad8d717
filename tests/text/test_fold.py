import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.text.fold import fold, fold_words, singular


@pytest.mark.parametrize(
    "spellings",
    [
        ("CLADDER", "Cladder", "CLadder"),
        ("LLaMA-2", "Llama 2", "LlaMA2"),
        ("pre-training", "pretraining", "Pre training"),
        ("large language models", "Large Language Model"),
        ("MS-COCO", "MSCOCO", "MS COCO"),
        ("point processes", "point process"),
        ("world-model", "world models"),
    ],
)
def test_spellings_of_one_name_have_one_key(spellings):
    assert len({fold(s) for s in spellings}) == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [("GPT-4", "GPT-4o"), ("C", "C++"), ("Qwen2.5-1.5B", "Qwen2.5-15B"), ("CIFAR-10", "CIFAR-100")],
)
def test_two_names_have_two_keys(a, b):
    assert fold(a) != fold(b)


@pytest.mark.parametrize(
    ("plural", "expected"),
    [("policies", "policy"), ("processes", "process"), ("models", "model"), ("bias", "bias"), ("dynamics", "dynamics"), ("metrics", "metric"), ("loss", "loss"), ("analysis", "analysis"),
     ("hypotheses", "hypothesis"), ("corpus", "corpus"), ("caches", "cache"), ("series", "series"), ("gas", "gas")],
)  # fmt: skip
def test_singular(plural, expected):
    assert singular(plural) == expected


@given(st.text(max_size=60))
def test_folding_is_total_and_keeps_no_space(text):
    assert " " not in fold(text)
    assert "".join(fold_words(text)) == fold(text)
