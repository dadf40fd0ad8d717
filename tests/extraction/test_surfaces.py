import pytest

from paperkg.extraction.candidates import find_candidates, read_tokens, span_text
from paperkg.extraction.decide import Found
from paperkg.extraction.features import Reading
from paperkg.extraction.pipeline import sentence_pipeline
from paperkg.extraction.surfaces import add_surfaces
from paperkg.lexicon import Entry


def mentions(text, *found):
    """`found`: name, what is written at its only mention, long form, known spellings."""
    tokens = read_tokens(sentence_pipeline()(text))
    reading = Reading(text, 0, tokens, find_candidates(text, tokens, (), ()), {}, {}, 1)
    entities = []
    for name, written, long_form, known in found:
        start = text.index(written)
        first = next(i for i, t in enumerate(tokens) if t.start == start)
        last = next(i for i, t in enumerate(tokens) if t.end == start + len(written))
        entry = Entry(known[0], "Model", False, aliases=tuple(known[1:])) if known else None
        entities.append(Found(name, "Model", False, 0.9, ((first, last + 1),), long_form, entry))
    return {
        f.name: [span_text(text, tokens, s) for s in f.spans]
        for f in add_surfaces(reading, sorted(entities, key=lambda f: f.spans))
    }


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        (
            "LLMs learn. Large Language Models do.",
            ("large language model", "LLMs", None, ("large language model", "LLM")),
            ["LLMs", "Large Language Models"],
        ),
        ("We run tests. The RUN model is new.", ("RUN", "RUN", None, ()), ["RUN"]),
    ],
)
def test_further_spellings(text, found, expected):
    assert mentions(text, found)[found[0]] == expected


def test_what_stands_alone_is_preferred_to_what_stands_inside_another_entity():
    known = ("language model", "LM")
    inside = "An LM learns. Audio language models learn."
    both = inside + " A language model learns."
    audio = ("audio language model", "Audio language models", None, ())
    model = ("language model", "LM", None, known)
    assert mentions(inside, model, audio)["language model"] == ["LM", "language models"]
    assert mentions(both, model, audio)["language model"] == ["LM", "language model"]


def test_the_mention_of_another_entity_is_not_taken():
    model = ("language model", "LM", None, ("language model", "GPT-4"))
    other = ("GPT-4", "GPT-4", None, ())
    assert mentions("An LM learns. GPT-4 learns.", model, other)["language model"] == ["LM"]
