"""The same thing keeps its IRI when papers come and go, in any order; where it cannot, a pointer leads on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.lexicon import Entry, Lexicon
from paperkg.model import Decision, ExtractedEntity, Extraction, Paper, Span
from paperkg.resolution import DEFAULT_BASE, resolve, resolve_with
from paperkg.resolution.ledger import Ledger
from paperkg.resolution.moves import moved
from paperkg.resolution.rebuild import rebuilt
from paperkg.text.fold import fold
from strategies import piles

EMPTY = Lexicon([])


def paper(number: int, name: str, type_: Any, spelling: str, relation: Any = "uses") -> Extraction:
    span = Span("abstract", 0, len(spelling), spelling)
    entity = ExtractedEntity(
        key=f"{type_}|{fold(name)}",
        name=name,
        type=type_,
        named=True,
        relation=relation,
        confidence=0.9,
        evidence=span,
        mentions=(span,),
        long_form=None,
    )
    return Extraction(Paper(f"p{number:03}", "", spelling), (entity,))


def iris(papers: Sequence[Extraction]) -> dict[str, str]:
    return {x.paper.id: x.entities[0].iri or "" for x in resolve(papers, lexicon=EMPTY)}


THINGS = (
    ("CLadder", "Benchmark", ("CLadder", "CLADDER", "C-Ladder")),
    ("policy gradient", "Method", ("policy gradient", "Policy Gradients")),
    ("Qwen3-8B", "Model", ("Qwen3-8B", "Qwen3 8B", "qwen3-8b")),
)


@st.composite
def piles_of_spellings(draw: st.DrawFn) -> list[Extraction]:
    """Papers that name a few things in several spellings, always as the same type."""
    made = []
    for number in range(draw(st.integers(1, 10))):
        _, type_, spellings = draw(st.sampled_from(THINGS))
        spelling = draw(st.sampled_from(spellings))
        made.append(paper(number, spelling, type_, spelling))
    return made


@given(piles_of_spellings(), st.data())
@settings(max_examples=100, deadline=None)
def test_iris_stay_when_papers_go_and_in_any_order(papers: list[Extraction], data: st.DataObject) -> None:
    whole = iris(papers)
    some = data.draw(st.lists(st.sampled_from(papers), min_size=1, unique_by=lambda x: x.paper.id))
    assert iris(some) == {x.paper.id: whole[x.paper.id] for x in some}


@given(piles_of_spellings(), st.data())
@settings(max_examples=60, deadline=None)
def test_where_types_change_a_pointer_leads_on(papers: list[Extraction], data: st.DataObject) -> None:
    types = st.sampled_from(["Benchmark", "Dataset", "Method", "Model"])
    typed = [replace(x, entities=(replace(x.entities[0], type=data.draw(types)),)) for x in papers]
    some = data.draw(st.lists(st.sampled_from(typed), min_size=1, unique_by=lambda x: x.paper.id))
    with Ledger(EMPTY, DEFAULT_BASE) as ledger:
        for x in some:
            ledger.put(x)
        assert ledger.resolve().moved == ()
        for x in typed:
            if x not in some:
                ledger.put(x)
        pointers = ledger.resolve().moved
    before, after = resolve(some, lexicon=EMPTY), resolve(typed, lexicon=EMPTY)
    done = resolve_with(typed, pointers, lexicon=EMPTY)
    live = {e.iri for x in done.extractions for e in x.entities}
    for extraction in before:
        old = extraction.entities[0].iri
        assert old in live or dict(done.replaced)[old] in live  # type: ignore[index]
    assert list(done.extractions) == after


def test_a_pointer_goes_where_most_mentions_went() -> None:
    went = [
        ("old", "b", 1),
        ("old", "a", 2),
        ("old", "b", 2),
        ("still", "b", 1),
        ("even", "b", 1),
        ("even", "a", 1),
    ]
    assert moved(went, {"a", "b", "still"}) == (Decision("moved", "even", "a"), Decision("moved", "old", "b"))


@given(piles, st.data())
@settings(max_examples=60, deadline=None)
def test_papers_come_and_go_and_nothing_tells(papers: list[Extraction], data: st.DataObject) -> None:
    """A ledger to which papers came, and from which others went, is as one that holds those that are left."""
    left = [place for place in range(len(papers)) if data.draw(st.booleans())]
    with Ledger(EMPTY, DEFAULT_BASE) as ledger:
        numbers = {}
        for place, x in enumerate(papers):
            numbers[place] = ledger.put(x)
            if data.draw(st.booleans()):
                ledger.resolve()
        gone = [place for place in range(len(papers)) if place not in left]
        while gone:
            ledger.remove([numbers[gone.pop()]])
            if data.draw(st.booleans()):
                ledger.resolve()
        ledger.resolve()
        found = [rebuilt(papers[place], ledger.resolved(numbers[place])) for place in left]
    assert found == resolve([papers[place] for place in left], lexicon=EMPTY)


def test_the_first_namesake_keeps_the_plain_iri() -> None:
    by_hand = Decision("split", "MUSE", papers=("p001",))
    old = [paper(n, "MUSE", "Method", "MUSE") for n in range(2)]
    new = [*old, paper(2, "MUSE", "Method", "MUSE")]
    one, two = (resolve_with(papers, [by_hand], lexicon=EMPTY).extractions for papers in (old, new))
    assert [x.entities[0].iri for x in two[:2]] == [x.entities[0].iri for x in one]


def test_the_lexicon_gives_the_type_that_an_iri_is_made_of() -> None:
    lexicon = Lexicon(
        [
            Entry("GSM8K", "Benchmark", True),
            Entry("calibration", "Task", False),
            Entry("GAIA", "Benchmark", True),
        ]
    )

    def found(*types: Any, name: str) -> set[str]:
        papers = [paper(n, name, type_, name) for n, type_ in enumerate(types)]
        return {(x.entities[0].iri or "").rpartition("/id/")[2] for x in resolve(papers, lexicon=lexicon)}

    assert (
        found("Dataset", name="GSM8K") == found("Dataset", "Benchmark", name="GSM8K") == {"benchmark/gsm8k"}
    )
    assert found("Metric", name="calibration") == {"task/calibration"}
    assert found("Method", name="GAIA") == {"method/gaia"}, "a homograph"
