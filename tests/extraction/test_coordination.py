import pytest

from paperkg.extraction.candidates import read_tokens
from paperkg.extraction.coordination import add_coordinated
from paperkg.extraction.decide import Found
from paperkg.extraction.features import Reading
from paperkg.extraction.pipeline import sentence_pipeline


def names(text, *known):
    tokens = read_tokens(sentence_pipeline()(text))
    reading = Reading(text, 0, tokens, {}, {}, {}, 1)
    found = []
    for name in known:
        first = next(i for i, t in enumerate(tokens) if t.text == name)
        found.append(Found(name, "Model", True, 0.9, ((first, first + 1),), None, None))
    return {
        f.name: [text[tokens[s].start : tokens[e - 1].end] for s, e in f.spans]
        for f in add_coordinated(reading, found)
    }


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("We test GPT-3.5/4.", "GPT-3.5", {"GPT-3.5": ["GPT-3.5"], "GPT-4": ["4"]}),
        ("We test GPT-3.5 and 4 on it.", "GPT-3.5", {"GPT-3.5": ["GPT-3.5"], "GPT-4": ["4"]}),
        ("GPT-3.5 and 4 outperform it.", "GPT-3.5", {"GPT-3.5": ["GPT-3.5"], "GPT-4": ["4"]}),
        ("by BLEU-1, 2 and 3.", "BLEU-1", {"BLEU-1": ["BLEU-1"], "BLEU-2": ["2"], "BLEU-3": ["3"]}),
        ("GPT-4 and 5 others", "GPT-4", {"GPT-4": ["GPT-4"]}),
        ("GPT-4, 95% better", "GPT-4", {"GPT-4": ["GPT-4"]}),
        ("Qwen3 and 4", "Qwen3", {"Qwen3": ["Qwen3"], "Qwen4": ["4"]}),
        ("BERT and 4", "BERT", {"BERT": ["BERT"]}),
    ],
)
def test_numbers_behind_a_numbered_name(text, known, expected):
    assert names(text, known) == expected


def test_a_mention_is_added_to_a_name_that_is_there():
    assert names("GPT-4 beats GPT-3.5/4.", "GPT-4", "GPT-3.5")["GPT-4"] == ["GPT-4", "4"]
