import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.extraction.located import LocatedEntity
from paperkg.extraction.relations import find_relations
from timing import seconds


def entity(text, name, type_, relation):
    spans = tuple(m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text))
    return LocatedEntity(name, type_, name != name.lower(), relation, 0.9, spans)


def sentences(text):
    ends = [m.end() for m in re.finditer(r"[.?!](?= )|\n\n", text)] + [len(text)]
    return [(a, b) for a, b in zip([0, *ends], ends, strict=False) if a < b]


def relations(text, *entities):
    located = [entity(text, *e) for e in entities]
    return find_relations(text, sentences(text), [e for e in located if e.spans])


def triples(found):
    return {(r.subject, r.predicate, r.object) for r in found}


def test_outperforms_with_the_sentence_that_says_so():
    text = "BarNet: Better Reasoning\n\nWe propose BarNet. Experiments show that BarNet outperforms GPT-4 and Claude."
    found = relations(
        text,
        ("BarNet", "Method", "introduces"),
        ("GPT-4", "Model", "compares_with"),
        ("Claude", "Model", "compares_with"),
    )
    assert triples(found) == {("BarNet", "outperforms", "GPT-4"), ("BarNet", "outperforms", "Claude")}
    for relation in found:
        assert "outperforms GPT-4" in text[slice(*relation.evidence)]
        assert 0.0 < relation.confidence <= 1.0


def test_parts_of_what_the_paper_introduces():
    text = (
        "BarNet: Better Reasoning\n\nWe propose BarNet, a framework that consists of two components: Causal Router and "
        "Effect Memory."
    )
    found = relations(
        text,
        ("BarNet", "Method", "introduces"),
        ("Causal Router", "Method", "introduces"),
        ("Effect Memory", "Method", "introduces"),
    )
    assert triples(found) == {("Causal Router", "part_of", "BarNet"), ("Effect Memory", "part_of", "BarNet")}


def test_based_on():
    text = "BarNet\n\nWe introduce BarNet, a model built on Qwen2.5-VL-7B and fine-tuned for charts."
    found = relations(text, ("BarNet", "Model", "introduces"), ("Qwen2.5-VL-7B", "Model", "uses"))
    assert ("BarNet", "based_on", "Qwen2.5-VL-7B") in triples(found)


def test_sizes_are_variants():
    text = "Qwen3\n\nWe introduce Qwen3, a family of models. The family includes Qwen3-8B and Qwen3-32B."
    found = relations(
        text,
        ("Qwen3", "Model", "introduces"),
        ("Qwen3-8B", "Model", "introduces"),
        ("Qwen3-32B", "Model", "introduces"),
    )
    assert {("Qwen3-8B", "variant_of", "Qwen3"), ("Qwen3-32B", "variant_of", "Qwen3")} <= triples(found)
    assert ("Qwen3", "variant_of", "Qwen3-8B") not in triples(found)


def test_a_part_has_one_whole():
    text = (
        "BarNet: Better Reasoning\n\nWe propose BarNet, which consists of a Router and a Memory. "
        "The Memory consists of a Cache, a component of BarNet."
    )
    found = relations(
        text, *((name, "Method", "introduces") for name in ("BarNet", "Router", "Memory", "Cache"))
    )
    parts = [r.subject for r in found if r.predicate == "part_of"]
    assert parts
    assert len(parts) == len(set(parts))


def test_unrelated_entities():
    text = "A Study\n\nMany people use ImageNet. Elsewhere, BLEU is common. Some like dropout."
    entities = (
        ("ImageNet", "Dataset", "mentions"),
        ("BLEU", "Metric", "mentions"),
        ("dropout", "Method", "mentions"),
    )
    assert relations(text, *entities) == ()


def test_empty_text():
    assert find_relations("", [], []) == ()


words = st.sampled_from(
    ["BarNet", "BarNet-7B", "GPT-4", "outperforms", "and", ".", ",", "based on", "part of", "with"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=30))
def test_relations_are_between_two_entities_and_never_both_ways(pieces):
    text = " ".join(pieces)
    entities = (
        ("BarNet", "Method", "introduces"),
        ("BarNet-7B", "Model", "introduces"),
        ("GPT-4", "Model", "compares_with"),
    )
    found = relations(text, *entities)
    said = triples(found)
    assert len(said) == len(found)
    for subject, predicate, object_ in said:
        assert subject != object_
        assert (object_, predicate, subject) not in said


@pytest.mark.parametrize("piece", ["BarNet outperforms GPT-4 ", "BarNet ", "word ", "BarNet. GPT-4. "])
def test_long_texts_take_linear_time(piece):
    text = piece * (20_000 // len(piece))
    entities = (("BarNet", "Method", "introduces"), ("GPT-4", "Model", "compares_with"))
    assert seconds(lambda: relations(text, *entities)) < 3.0
