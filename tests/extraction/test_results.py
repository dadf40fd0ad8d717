import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.extraction.located import LocatedEntity
from paperkg.extraction.marked import mark
from paperkg.extraction.results import find_results
from timing import seconds

ROLES = {"Metric": "evaluates_with", "Dataset": "evaluates_on", "Benchmark": "evaluates_on"}


def entity(text, name, type_, relation=None, *surfaces):
    spans = sorted(
        m.span() for s in surfaces or (name,) for m in re.finditer(rf"(?<!\w){re.escape(s)}(?!\w)", text)
    )
    return LocatedEntity(
        name, type_, name != name.lower(), relation or ROLES.get(type_, "uses"), 0.9, tuple(spans)
    )


def sentences(text):
    ends = [m.end() for m in re.finditer(r"[.?!](?= )|\n\n", text)] + [len(text)]
    return [(a, b) for a, b in zip([0, *ends], ends, strict=False) if a < b]


def results(text, *entities):
    return find_results(text, sentences(text), [e for e in entities if e.spans])


TITLE = "BarNet: Causal Reasoning with Language Models\n\n"


def plain(abstract):
    text = TITLE + abstract
    return text, results(
        text,
        entity(text, "BarNet", "Method", "introduces"),
        entity(text, "GPT-4", "Model", "compares_with"),
        entity(text, "FooBench", "Benchmark"),
        entity(text, "BazSet", "Dataset"),
        entity(text, "accuracy", "Metric"),
        entity(text, "F1", "Metric"),
    )


def test_an_absolute_result():
    text, found = plain("We propose BarNet. BarNet achieves an accuracy of 95.33% on FooBench.")
    (result,) = found
    assert (result.value, result.number, result.unit, result.kind) == ("95.33%", 95.33, "%", "absolute")
    assert (result.system, result.on, result.metric) == ("BarNet", "FooBench", "accuracy")
    assert text[slice(*result.span)] == result.value
    assert 0.0 < result.confidence <= 1.0


def test_a_change_over_a_baseline():
    _, (result,) = plain(
        "We propose BarNet. Experiments show that BarNet outperforms GPT-4 by up to 5.4% on FooBench."
    )
    assert (result.value, result.kind, result.on) == ("up to 5.4%", "change", "FooBench")
    assert result.system == "BarNet"


def test_from_to_is_two_absolute_results():
    _, found = plain("We propose BarNet. It improves accuracy from 78.03% to 87.45% on FooBench.")
    assert [(r.number, r.kind, r.metric) for r in found] == [
        (78.03, "absolute", "accuracy"),
        (87.45, "absolute", "accuracy"),
    ]


def test_numbers_go_with_their_own_data():
    _, found = plain(
        "We propose BarNet. BarNet achieves 71.2% accuracy on FooBench and 64.5% accuracy on BazSet."
    )
    assert [(r.number, r.on) for r in found] == [(71.2, "FooBench"), (64.5, "BazSet")]


@pytest.mark.parametrize(
    "abstract",
    [
        "FooBench contains 25,368 samples from 12 domains.",
        "We train BarNet with 8 GPUs in 2024.",
        "The benchmark covers 40 tasks, and we make three contributions: (1) data, (2) models.",
        "Code is at https://example.org/results/95.3.",
    ],
)
def test_counts_years_and_addresses_are_no_results(abstract):
    assert plain(abstract)[1] == ()


def test_without_entities_the_slots_stay_empty():
    text = "We reach an accuracy of 91.5% on our data, outperforming prior work by 3.1%."
    found = results(text)
    assert [r.number for r in found] == [91.5, 3.1]
    assert all(r.system is r.on is r.metric is None for r in found)


def test_empty_text():
    assert find_results("", [], []) == ()


words = st.sampled_from(
    [
        "BarNet",
        "FooBench",
        "accuracy",
        "by",
        "5.4%",
        "71.2",
        ",",
        "and",
        "on",
        ".",
        "(",
        ")",
        "achieves",
        "+3",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=30))
def test_any_text_gives_names_of_its_entities_and_spans_inside(pieces):
    text = " ".join(pieces)
    entities = [
        e
        for e in (
            entity(text, "BarNet", "Method", "introduces"),
            entity(text, "FooBench", "Benchmark"),
            entity(text, "accuracy", "Metric"),
        )
        if e.spans
    ]
    found = find_results(text, sentences(text), entities)
    assert found == find_results(text, sentences(text), entities)
    names = {e.name for e in entities} | {None}
    for result in found:
        assert {result.system, result.on, result.metric} <= names
        assert text[slice(*result.span)] == result.value


@pytest.mark.parametrize("piece", ["5.4% ", "BarNet 5.4% ", "improves by 3.1% and ", "a ", "1,", "BarNet "])
def test_long_texts_take_linear_time(piece):
    text = piece * (20_000 // len(piece))
    entities = [e for e in (entity(text, "BarNet", "Method", "introduces"),) if e.spans]
    assert seconds(lambda: find_results(text, [(0, len(text))], entities)) < 3.0


def test_marked_words_stand_for_entities_and_numbers():
    text = "BarNet (our model) gains 5.4% on FooBench."
    entities = [entity(text, "BarNet", "Model", "introduces"), entity(text, "FooBench", "Benchmark")]
    marked = mark(text, [(0, len(text))], entities)
    assert marked.words == ["<SYS+>", "(", "our", "model", ")", "gains", "#%", "on", "<DATA>", "."]
    assert [m.word for m in marked.order] == [0, 8]
    assert marked.places == [6]


def test_overlapping_mentions_share_a_word():
    text = "the GPT-4 Turbo model"
    entities = [entity(text, "GPT-4 Turbo", "Model"), entity(text, "GPT-4", "Model")]
    marked = mark(text, [(0, len(text))], entities)
    assert marked.words == ["the", "<SYS>", "model"]
    assert [m.word for ms in marked.mentions for m in ms] == [1, 1]


def test_a_link_to_a_doubtful_entity_is_doubtful():
    text = TITLE + "We propose BarNet. BarNet achieves an accuracy of 95.33% on FooBench."
    sure = [
        entity(text, "BarNet", "Method", "introduces"),
        entity(text, "accuracy", "Metric"),
        entity(text, "FooBench", "Benchmark"),
    ]
    doubtful = [*sure[:2], replace(sure[2], confidence=0.3)]
    (first,), (second,) = (find_results(text, sentences(text), found) for found in (sure, doubtful))
    assert second.on == first.on == "FooBench"
    assert second.confidence < first.confidence
