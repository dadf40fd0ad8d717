import pytest

from paperkg.extraction.abbreviations import find_abbreviations
from paperkg.extraction.candidates import candidate_key, find_candidates, is_shaped, read_tokens, span_text
from paperkg.extraction.pipeline import sentence_pipeline

NLP = sentence_pipeline()


def candidates(text):
    tokens = read_tokens(NLP(text))
    found = find_candidates(text, tokens, (), find_abbreviations(text))
    return tokens, found


def spellings(text):
    tokens, found = candidates(text)
    return {span_text(text, tokens, span) for c in found.values() for span in c.spans}


def test_ngrams_cross_no_function_word_and_no_punctuation():
    found = spellings("We train a causal language model on images, text and code.")
    assert {"causal language model", "language model", "images", "code"} <= found
    assert not {"model on images", "images, text", "a causal"} & found


def test_hyphens_tie_function_words_to_terms():
    assert {"text-to-image generation", "in-context learning"} <= spellings(
        "text-to-image generation by in-context learning"
    )


def test_abbreviation_and_long_form_are_partners():
    _, found = candidates("We study large language models (LLMs).")
    short, long = found["=llm"], found["largelanguagemodel"]
    assert (short.partner, long.partner) == ("largelanguagemodel", "=llm")
    assert short.is_short and not long.is_short


@pytest.mark.parametrize(
    ("text", "shaped"),
    [
        ("RUN", True),
        ("run", False),
        ("Run", False),
        ("GPT-4", True),
        ("CLadder", True),
        ("BLEU", True),
        ("Causal Net", False),
    ],
)
def test_shape(text, shaped):
    assert is_shaped(text) is shaped
    assert candidate_key(text).startswith("=") is shaped


def test_a_name_and_a_word_of_the_same_letters_are_two_candidates():
    _, found = candidates("We run RUN on data.")
    assert "=run" in found


@pytest.mark.parametrize("text", ["", " ", "\n\n", "...", "((((", "a", "-", "https://x.y"])
def test_odd_texts(text):
    candidates(text)


def test_the_plural_of_two_letters_is_the_same_candidate():
    assert candidate_key("LMs") == candidate_key("LM") == "=lm"
    assert candidate_key("Gas") == "gas"


def test_a_text_that_is_no_prose_has_short_candidates_only():
    text = " ".join(f"Word{n}" for n in range(2_000))
    _, found = candidates(text)
    assert len(found) == 2_000
    assert all(end - start == 1 for c in found.values() for start, end in c.spans)
