"""Each measure on cases that are counted by hand, and gold held against itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.evaluation import Annotation, Bin, Counts, Entity, Mistake, Result, evaluate
from paperkg.model import ENTITY_PREDICATES, ENTITY_TYPES, LINK_KINDS, RELATIONS


def entity(
    name: str, type_: str = "Method", relation: str = "uses", *spellings: str, **more: object
) -> Entity:
    made = Entity(name, type_, True, relation, spellings, identity=name)
    return replace(made, **more)  # type: ignore[arg-type]


def of(paper: str, *entities: Entity, **more: object) -> Annotation:
    return replace(Annotation(paper, entities), **more)  # type: ignore[arg-type]


# --- entities


def test_layers_types_and_relations() -> None:
    gold = of(
        "p",
        entity("LoRA", "Method", "introduces"),
        entity("GPT-4", "Model", "uses"),
        entity("MMLU", "Benchmark", "evaluates_on"),
        entity("reward model", "Model", "uses", named=False),
        entity("missed one", "Task", "addresses", named=False),
    )
    found = of(
        "p",
        entity("lora", "Method", "introduces"),
        entity("GPT 4", "Method", "uses"),  # of the wrong type
        entity("MMLU", "Dataset", "uses"),  # counts as the right type; the relation is wrong
        entity("reward models", "Model", "uses"),  # of the wrong layer
        entity("extra", "Task", "mentions", named=False),
    )
    scores = evaluate([gold], [found])
    assert scores.named == Counts(hits=2, gold=3, found=4)
    assert scores.term == Counts(hits=0, gold=2, found=1)
    assert scores.all == Counts(hits=3, gold=5, found=5)
    assert scores.edges == Counts(hits=2, gold=5, found=5)
    assert scores.untyped == Counts(hits=4, gold=5, found=5)
    assert scores.type_accuracy == 3 / 4
    assert scores.relation_accuracy == 2 / 3
    assert scores.types == {
        "Method": Counts(1, 1, 2),
        "Model": Counts(1, 2, 1),
        "Dataset": Counts(1, 1, 1),
        "Metric": Counts(0, 0, 0),
        "Task": Counts(0, 1, 1),
    }
    assert scores.relations["uses"] == Counts(1, 2, 3)
    assert scores.relations["evaluates_on"] == Counts(0, 1, 0)
    assert scores.mistakes == (
        Mistake("extra", "Task", "extra", 1),
        Mistake("missed", "Task", "missed one", 1),
        Mistake("relation", "evaluates_on -> uses", "MMLU", 1),
        Mistake("type", "Model -> Method", "GPT-4", 1),
    )


def test_precision_recall_and_f1() -> None:
    counts = Counts(hits=3, gold=4, found=6)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.75, pytest.approx(0.6))
    nothing = Counts(0, 0, 0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)


def test_any_shared_spelling_matches_and_each_entity_once() -> None:
    gold = of("p", entity("structural causal model", "Model", "uses", "SCM", "SCMs"))
    found = of("p", entity("SCM", "Model", "uses"), entity("Structural Causal Models", "Model", "uses"))
    assert evaluate([gold], [found]).all == Counts(hits=1, gold=1, found=2)


def test_the_same_type_comes_first_then_the_most_shared_spellings() -> None:
    gold = of("p", entity("ACT", "Method"), entity("ACT", "Model"))
    found = of("p", entity("ACT", "Model"), entity("ACT", "Method"))
    assert evaluate([gold], [found]).all.hits == 2
    gold = of("p", entity("a", "Method", "uses", "b"), entity("c", "Method", "mentions", "b"))
    found = of("p", entity("b", "Method", "mentions", "c"), entity("b", "Method", "uses"))
    assert evaluate([gold], [found]).edges.hits == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("CLADDER", "CLadder"), ("GPT-4", "GPT 4"), ("LLMs", "llm"), ("ﬁne tuning", "fine-tuning")],
)
def test_spellings_that_are_one(one: str, other: str) -> None:
    assert evaluate([of("p", entity(one))], [of("p", entity(other))]).all.hits == 1


@pytest.mark.parametrize(
    ("one", "other"), [("GPT-4", "GPT-4o"), ("C", "C++"), ("bus", "bu"), ("loss", "los")]
)
def test_spellings_that_are_two(one: str, other: str) -> None:
    assert evaluate([of("p", entity(one))], [of("p", entity(other))]).all.hits == 0


def test_surfaces() -> None:
    gold = of("p", entity("LLM", "Model", "uses", "LLM", "LLMs", "large language model", "Language Models"))
    found = of("p", entity("LLM", "Model", "uses", "LLMs", "large language models"))
    assert evaluate([gold], [found]).surfaces == 3 / 4


def test_a_paper_that_was_not_read_counts_as_missed_and_one_without_gold_as_nothing() -> None:
    gold = [of("p", entity("LoRA")), of("q", entity("LoRA"))]
    scores = evaluate(gold, [of("q", entity("LoRA")), of("r", entity("LoRA"))])
    assert scores.all == Counts(hits=1, gold=2, found=1)
    assert (scores.papers, scores.missing) == (2, ("p",))


# --- what stands beside entities


def test_entity_relations_by_the_names_of_gold() -> None:
    gold = of(
        "p",
        entity("LLaMA 2", "Model", "uses", "LlaMA2"),
        relations=(("TimeLlama", "based_on", "LLaMA 2"), ("a", "part_of", "b")),
    )
    found = of(
        "p",
        entity("LlaMA2", "Model", "uses"),
        relations=(("TimeLlama", "based_on", "LlaMA2"), ("b", "part_of", "a"), ("b", "part_of", "A")),
    )
    assert evaluate([gold], [found]).entity_relations == Counts(hits=1, gold=2, found=2)


@pytest.mark.parametrize(
    ("wanted", "had", "loose", "strict"),
    [
        (Result("95.33%", "absolute"), Result("95.33 percent", "absolute"), 1, 1),
        (Result("95.33%", "absolute"), Result("95.33", "absolute"), 1, 0),
        (Result("up to 5.4%", "change"), Result("5.4%", "absolute"), 1, 0),
        (Result("1,000x", "change"), Result("1000 times", "change"), 1, 1),
        (Result("2 points", "change"), Result("2 point", "change"), 1, 1),
        (Result("5%", "absolute"), Result("6%", "absolute"), 0, 0),
        (Result("best", "absolute"), Result("Best", "absolute"), 1, 1),
        (Result("5%", "absolute", metric="F1"), Result("5%", "absolute"), 0, 0),
        (Result("5%", "absolute", metric="F1", on="X"), Result("5%", "absolute", on="X"), 1, 0),
        (Result("5%", "absolute", system="S"), Result("5%", "absolute"), 1, 0),
        (Result("5%", "absolute", "S", "F1", "X"), Result("5%", "absolute", "s", "f1", "x"), 1, 1),
        (Result("5%", "absolute", on="X"), Result("5%", "absolute", "S", "F1", "X"), 1, 1),
    ],
)
def test_results(wanted: Result, had: Result, loose: int, strict: int) -> None:
    scores = evaluate([of("p", results=(wanted,))], [of("p", results=(had,))])
    assert scores.results == Counts(loose, 1, 1)
    assert scores.results_strict == Counts(strict, 1, 1)


def test_a_result_hits_once() -> None:
    one = Result("5%", "absolute")
    assert evaluate([of("p", results=(one, one))], [of("p", results=(one,))]).results == Counts(1, 2, 1)


def test_links() -> None:
    gold = of("p", links=(("https://Github.com/a/b", "code"), ("https://a.org", "project")))
    found = of("p", links=(("https://github.com/a/b/.", "code"), ("https://a.org", "demo")))
    assert evaluate([gold], [found]).links == Counts(1, 2, 2)


# --- one thing across papers, and confidence


def test_resolution() -> None:
    # Gold: {1, 2, 3}, {4}; found: {1, 2}, {3, 4}.
    gold = [of(str(n), entity("ACT", identity=identity)) for n, identity in enumerate("aaab")]
    found = [of(str(n), entity("ACT", identity=identity)) for n, identity in enumerate("xxyy")]
    scores = evaluate(gold, found)
    assert scores.resolution == pytest.approx(2 * 1 / (3 + 2))
    precision, recall = (1 + 1 + 1 / 2 + 1 / 2) / 4, (2 / 3 + 2 / 3 + 1 / 3 + 1) / 4
    assert scores.b_cubed == pytest.approx(2 * precision * recall / (precision + recall))


def test_confidence() -> None:
    gold = of("p", entity("a"), entity("b"), entity("c"))
    found = of(
        "p",
        entity("a", confidence=0.95),
        entity("b", confidence=1.0),
        entity("c", "Task", confidence=0.9),  # wrong
        entity("d", confidence=0.3),  # wrong
        entity("e"),  # wrong, without confidence
    )
    scores = evaluate([gold], [found])
    assert scores.sure_precision == 2 / 3
    assert scores.sure_share == 3 / 5
    assert scores.bins == (Bin(0.3, 1, 0.3, 0.0), Bin(0.9, 3, pytest.approx(0.95), 2 / 3))
    assert scores.calibration == pytest.approx((abs(0.95 + 1.0 + 0.9 - 2) + 0.3) / 5)


def test_nothing_at_all() -> None:
    scores = evaluate([], [])
    assert set(scores.layers().values()) == {Counts(0, 0, 0)}
    assert set(scores.shares().values()) == {0.0}


# --- gold against itself

WORDS = st.text("abcXYZ-4 ", min_size=1, max_size=8).map(lambda text: f"w{text}")
ENTITIES = st.builds(
    Entity,
    name=WORDS,
    type=st.sampled_from(ENTITY_TYPES),
    named=st.booleans(),
    relation=st.sampled_from(RELATIONS),
    spellings=st.lists(WORDS, max_size=3).map(tuple),
    identity=st.sampled_from("xyz"),
)
RESULTS = st.builds(
    Result,
    value=st.from_regex(r"(up to )?[0-9]{1,3}(\.[0-9])?(%| percent|x|)", fullmatch=True),
    kind=st.sampled_from(("absolute", "change")),
    system=st.none() | WORDS,
    metric=st.none() | WORDS,
    on=st.none() | WORDS,
)
ANNOTATIONS = st.builds(
    Annotation,
    paper=st.text("pq", min_size=1, max_size=4),
    entities=st.lists(ENTITIES, max_size=6).map(tuple),
    relations=st.lists(st.tuples(WORDS, st.sampled_from(ENTITY_PREDICATES), WORDS), max_size=3).map(tuple),
    results=st.lists(RESULTS, max_size=4).map(tuple),
    links=st.lists(st.tuples(WORDS, st.sampled_from(LINK_KINDS)), max_size=3).map(tuple),
)
PAPERS = st.lists(ANNOTATIONS, max_size=4, unique_by=lambda annotation: annotation.paper)


@given(PAPERS)
def test_gold_against_itself(papers: list[Annotation]) -> None:
    scores = evaluate(papers, papers)
    for counts in [*scores.layers().values(), *scores.types.values(), *scores.relations.values()]:
        assert counts.f1 == (1.0 if counts.gold else 0.0)
    some = float(any(p.entities for p in papers))
    assert scores.type_accuracy == scores.relation_accuracy == some
    assert scores.b_cubed == pytest.approx(some)
    assert scores.resolution in (0.0, 1.0)
    assert scores.mistakes == ()


@given(PAPERS, PAPERS)
def test_groups_add_up_and_shares_are_shares(gold: list[Annotation], found: list[Annotation]) -> None:
    scores = evaluate(gold, found)
    for total, groups in ((scores.all, scores.types), (scores.edges, scores.relations)):
        parts = list(groups.values())
        summed = (sum(c.hits for c in parts), sum(c.gold for c in parts), sum(c.found for c in parts))
        assert summed == (total.hits, total.gold, total.found)
    assert all(0 <= counts.hits <= min(counts.gold, counts.found) for counts in scores.layers().values())
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in scores.shares().values())
