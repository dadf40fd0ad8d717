"""Which entities of different papers are one thing, and which are not."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.lexicon import Entry, Lexicon
from paperkg.model import EntityRelation, ExtractedEntity, Extraction, Paper, Result, Span
from paperkg.resolution import DEFAULT_BASE, entity_iri, merges, resolve, slug
from paperkg.text.fold import fold
from strategies import piles

LEXICON = Lexicon(
    [
        Entry("LoRA", "Method", True, aliases=("low-rank adaptation",)),
        Entry("CLadder", "Benchmark", True),
        Entry("large language model", "Model", False, aliases=("LLM",)),
    ]
)
EMPTY = Lexicon([])


def entity(name: str, type_: Any = "Method", **more: Any) -> ExtractedEntity:
    spelled = more.pop("spelled", (name,))
    places = (Span("abstract", 100 * i, 100 * i + len(text), text) for i, text in enumerate(spelled))
    known = {"named": name != name.lower(), "relation": "uses", "confidence": 0.9} | more
    evidence = Span("abstract", 0, 3, "abc")
    return ExtractedEntity(
        key=f"{type_}|{fold(name)}", name=name, type=type_, evidence=evidence, mentions=tuple(places), **known
    )


def pile(*papers: Iterable[ExtractedEntity] | ExtractedEntity) -> list[Extraction]:
    return [
        Extraction(Paper(f"p{i}", "", ""), (paper,) if isinstance(paper, ExtractedEntity) else tuple(paper))
        for i, paper in enumerate(papers)
    ]


def iris(*papers: Iterable[ExtractedEntity] | ExtractedEntity, lexicon: Lexicon = EMPTY) -> list[str]:
    resolved = resolve(pile(*papers), lexicon=lexicon)
    return [str(e.iri).removeprefix(DEFAULT_BASE) for extraction in resolved for e in extraction.entities]


@pytest.mark.parametrize(
    "spellings",
    [
        ("CLADDER", "Cladder", "CLadder"),
        ("LLaMA 2", "LLaMA-2", "LlaMA2", "Llama 2"),
        ("policy gradient", "Policy Gradients"),
        ("LLM-as-a-judge", "LLM-as-judge", "LLM as a Judge"),
        ("vision-and-language navigation", "Vision-Language Navigation"),
        ("vision-language-action model", "vision-language-action (VLA) models"),
        ("WMT 2014", "WMT'14", "WMT-14"),
        ("THUMOS 2014", "THUMOS'14", "THUMOS14"),
        ("tokenisation", "tokenization"),
    ],
)
def test_spellings_of_one_thing(spellings: tuple[str, ...]) -> None:
    assert len(set(iris(*(entity(spelling) for spelling in spellings)))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GPT-4", "GPT-4o"),
        ("CIFAR-10", "CIFAR-100"),
        ("Qwen3", "Qwen3-8B"),
        ("on-policy learning", "policy learning"),
        ("in-context learning", "context learning"),
        ("text-to-image generation", "image generation"),
        ("language model", "large language model"),
        ("C", "C++"),
    ],
)
def test_different_things(one: str, other: str) -> None:
    assert len(set(iris(entity(one), entity(other)))) == 2


def test_an_abbreviation_joins_the_one_long_form_that_exists() -> None:
    assert (
        iris(
            entity("CIP", long_form="Causal Information Prioritization"),
            entity("CIP"),
            entity("causal information prioritization"),
            entity("Causal Information Prioritization", spelled=("Causal Information Prioritization", "CIP")),
        )
        == ["method/causalinformationprioritization"] * 4
    )


def test_two_long_forms_are_two_things() -> None:
    a, b, bare = iris(
        entity("CP", long_form="constraint programming"),
        entity("CP", "Task", long_form="collaborative perception"),
        entity("CP", "Metric"),
    )
    assert (a, b, bare) == ("method/constraintprogramming", "task/collaborativeperception", "metric/cp")


def test_an_abbreviation_joins_the_long_form_of_its_type() -> None:
    assert iris(
        *[entity("MSA", long_form="multi-head self-attention")] * 2,
        *[entity("MSA", "Task", long_form="multimodal sentiment analysis")] * 2,
        entity("MSA", "Task"),
        entity("MSA", "Model"),
    )[4:] == ["task/multimodalsentimentanalysis", "method/multiheadselfattention"]


def test_an_ambiguous_abbreviation_stays_alone() -> None:
    small = [entity("SLM", "Model", long_form="small language model")]
    spoken = [entity("SLM", "Model", long_form="spoken language model")]
    assert iris(*small * 4, *spoken, entity("SLM", "Model"))[-1] == "model/slm"


def test_definitions_of_one_abbreviation_that_mean_the_same() -> None:
    found = iris(
        entity("SCM", long_form="structural causal model"),
        entity("SCM", long_form="Structured Causal Models"),
        entity("ViT", long_form="Vision Transformer"),
        entity("ViT", long_form="Variational Information Transfer"),
    )
    assert [found.count(iri) for iri in found] == [2, 2, 1, 1]


def test_a_version_in_the_abbreviation_counts() -> None:
    sam, sam2 = iris(
        entity("SAM", "Model", long_form="Segment Anything Model"),
        entity("SAM2", "Model", long_form="Segment Anything Model"),
    )
    assert sam != sam2


def test_abbreviations_inside_a_name_are_written_out() -> None:
    defined = entity("large language model", "Model", long_form="large language models", spelled=("LLMs",))
    defined = replace(defined, mentions=(*defined.mentions, Span("abstract", 9, 13, "LLMs")))
    found = iris(
        entity("LLM", "Model", long_form="large language model"),
        entity("multimodal LLMs", "Model", named=False),
        entity("multimodal large language model", "Model"),
    )
    assert found[1] == found[2] == "model/multimodallargelanguagemodel"


def test_bare_words_of_two_kinds_that_papers_introduce_are_two() -> None:
    assert iris(
        entity("RISE", "Benchmark", relation="introduces"),
        entity("RISE", relation="introduces"),
        entity("RISE", "Dataset"),
        entity("RISE", "Model"),
    ) == ["benchmark/rise", "method/rise", "benchmark/rise", "method/rise"]


def test_a_difference_in_types_alone_is_one_node_of_the_commonest_type() -> None:
    assert set(
        iris(entity("GSM8K", "Dataset"), entity("GSM8K", "Benchmark"), entity("GSM8K", "Dataset"))
    ) == {"dataset/gsm8k"}
    assert set(iris(entity("calibration", "Task"), entity("calibration", "Metric"))) == {"metric/calibration"}
    types = [
        e.type
        for x in resolve(pile(entity("FID"), entity("FID", "Metric")), lexicon=EMPTY)
        for e in x.entities
    ]
    assert types == ["Method", "Metric"], "the paper's own type stays on the edge"


def test_the_lexicon_gives_an_iri_that_a_long_form_does_not_change() -> None:
    alone = iris(entity("LoRA"), lexicon=LEXICON)
    both = iris(entity("LoRA"), entity("LoRA", long_form="Low-Rank Adaptation"), lexicon=LEXICON)
    assert {*alone, *both} == {"method/lora"}
    assert iris(entity("LoRA", "Task", long_form="long range antennas"), lexicon=LEXICON) == [
        "task/longrangeantenna"
    ]


def test_a_name_of_several_words_is_believed_unless_the_paper_defines_something_else() -> None:
    def term(name: str, long: str, short: str) -> ExtractedEntity:
        found = entity(name, "Task", named=False, long_form=long, spelled=(short,))
        return replace(found, mentions=(*found.mentions, Span("abstract", 50, 50 + len(long), long)))

    papers = pile(
        term("domain generalization", "domain generalization", "DG"),
        term("domain generalization", "Distractor Generation", "DG"),
        term("vision-language-action model", "Vision-Language-Action", "VLA"),
        entity("vision-language-action model", "Task"),
        term("multimodal large language model", "multimodal LLM", "MLLM"),
        entity("multimodal large language model", "Task"),
    )
    found = [x.entities[0] for x in resolve(papers, lexicon=EMPTY)]
    assert [e.name for e in found[:2]] == ["domain generalization", "distractor generation"]
    assert [str(e.iri).rpartition("/")[2] for e in found] == [
        "domaingeneralization",
        "distractorgeneration",
        *["visionlanguageactionmodel"] * 2,
        *["multimodallargelanguagemodel"] * 2,
    ]


def test_namesakes_in_the_lexicon_are_told_apart_by_type_and_long_form() -> None:
    lexicon = Lexicon(
        [
            Entry("SAM", "Model", True, aliases=("segment anything model",)),
            Entry("SAM", "Method", True, aliases=("sharpness-aware minimization",)),
        ]
    )
    assert iris(
        entity("SAM", "Model"),
        entity("SAM", "Method"),
        entity("SAM", "Model", long_form="Segment Anything Model"),
        entity("SAM", "Method", long_form="Sharpness-Aware Minimization"),
        entity("sharpness-aware minimization"),
        lexicon=lexicon,
    ) == ["model/sam", "method/sam", "model/sam", "method/sam", "method/sam"]


def test_names_and_families_are_harmonised() -> None:
    papers = pile(
        entity("CLADDER", "Benchmark", family="C"),
        entity("CLADDER", "Benchmark"),
        entity("CLadder", "Benchmark"),
    )
    assert {e.name for x in resolve(papers, lexicon=LEXICON) for e in x.entities} == {"CLadder"}
    assert {e.name for x in resolve(papers, lexicon=EMPTY) for e in x.entities} == {"CLADDER"}
    assert {e.family for x in resolve(papers, lexicon=EMPTY) for e in x.entities} == {"C"}
    terms = pile(*[entity("LLM", "Model", named=False, long_form="large language models")] * 3)
    terms += [Extraction(Paper("q", "", ""), (entity("large language model", "Model"),))]
    assert {e.name for x in resolve(terms, lexicon=EMPTY) for e in x.entities} == {"large language model"}


def test_two_entities_of_a_paper_that_are_one_thing_become_one() -> None:
    evidence = Span("abstract", 0, 3, "abc")
    paper = Extraction(
        Paper("p", "", ""),
        (
            entity("chain-of-thought", confidence=0.5),
            entity("CoT", relation="compares_with", confidence=0.4, spelled=("CoT", "CoT prompts")),
            entity("GPT-4", "Model"),
        ),
        (
            EntityRelation("CoT", "variant_of", "chain-of-thought", 0.5, evidence),
            EntityRelation("CoT", "outperforms", "GPT-4", 0.5, evidence),
            EntityRelation("chain-of-thought", "outperforms", "GPT-4", 0.8, evidence),
        ),
        (Result("1%", "absolute", 1.0, "%", evidence, 0.5, system="CoT"),),
    )
    other = pile(entity("CoT", long_form="chain-of-thought"))
    one, _ = resolve([paper, *other], lexicon=EMPTY)
    assert [e.relation for e in one.entities] == ["compares_with", "uses"]
    assert [m.text for m in one.entities[0].mentions] == ["CoT", "chain-of-thought", "CoT prompts"]
    assert [(r.subject, r.predicate, r.object, r.confidence) for r in one.entity_relations] == [
        (one.entities[0].name, "outperforms", "GPT-4", 0.8)
    ]
    assert one.results[0].system == one.entities[0].name


def test_namesakes_of_one_paper_get_different_names() -> None:
    [paper] = resolve(
        pile(
            [
                entity("CP", long_form="constraint programming"),
                entity("C P", "Task", long_form="couch potatoes"),
            ]
        )[:1],
        lexicon=EMPTY,
    )
    assert len({e.name for e in paper.entities}) == 2


def test_each_merge_has_its_record() -> None:
    resolved = resolve(
        pile(
            entity("CIP", long_form="causal information prioritization"),
            entity("CIP"),
            entity("CIP"),
            entity("X1"),
        ),
        lexicon=EMPTY,
    )
    assert [(m.rule, m.papers) for m in merges(resolved)] == [
        ("abbreviation", ("p1", "p2")),
        ("long form", ("p0",)),
    ]


def test_slugs() -> None:
    assert slug("LLaMA-2") == slug("Llama 2") == "llama2"
    assert slug("chrF++") == "chrf%2B%2B"
    assert slug("τ-bench") == "%CF%84bench"
    assert len(slug("word " * 100)) <= 80
    assert slug("word " * 100) != slug("word " * 101)
    assert slug("???") != slug("!!!")
    assert entity_iri("Model", "GPT-4") == "https://w3id.org/paperkg/id/model/gpt4"


@settings(max_examples=150, deadline=None)
@given(piles, st.randoms(use_true_random=False))
def test_the_order_of_papers_changes_nothing(papers: list[Extraction], random: random.Random) -> None:
    shuffled = [*papers]
    random.shuffle(shuffled)
    by_id = {x.paper.id: x for x in resolve(shuffled, lexicon=LEXICON)}
    assert [by_id[x.paper.id] for x in papers] == resolve(papers, lexicon=LEXICON)


@settings(max_examples=150, deadline=None)
@given(piles)
def test_what_always_holds(papers: list[Extraction]) -> None:
    resolved = resolve(papers, lexicon=LEXICON)
    assert [x.paper for x in resolved] == [x.paper for x in papers]
    for before, after in zip(papers, resolved, strict=True):
        names = [e.name for e in after.entities]
        assert len(set(names)) == len(names)
        assert len({e.iri for e in after.entities}) == len(names)
        assert all(e.resolved_by for e in after.entities)
        assert {m for e in before.entities for m in e.mentions} == {
            m for e in after.entities for m in e.mentions
        }
        assert {r.subject for r in after.entity_relations} | {r.object for r in after.entity_relations} <= {
            *names
        }
        assert {r.system for r in after.results} <= {None, *names}
