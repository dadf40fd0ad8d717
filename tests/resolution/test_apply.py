"""What decisions do to the entities of a graph, and that they can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.graph.tables import tables
from paperkg.lexicon import Lexicon
from paperkg.model import Decision, ExtractedEntity, Extraction, Paper, Result, Span
from paperkg.resolution import DEFAULT_BASE, Resolution, resolve, resolve_with
from paperkg.text.fold import fold
from strategies import piles

EMPTY = Lexicon([])


def entity(name: str, type_: Any = "Method", **more: Any) -> ExtractedEntity:
    known = {"named": True, "relation": "uses", "confidence": 0.4} | more
    evidence = Span("abstract", 0, 3, "abc")
    mention = Span("abstract", 0, len(name), name)
    return ExtractedEntity(
        key=f"{type_}|{fold(name)}",
        name=name,
        type=type_,
        evidence=evidence,
        mentions=(mention,),
        **known,
    )


def pile(*papers: list[ExtractedEntity]) -> list[Extraction]:
    return [Extraction(Paper(f"p{i}", "", ""), tuple(paper)) for i, paper in enumerate(papers)]


def decided(papers: list[Extraction], *decisions: Decision) -> Resolution:
    return resolve_with(papers, decisions, lexicon=EMPTY)


def iris(resolution: Resolution) -> list[list[str]]:
    return [[str(e.iri).removeprefix(DEFAULT_BASE) for e in x.entities] for x in resolution.extractions]


def iri(path: str) -> str:
    return DEFAULT_BASE + path


PAPERS = pile([entity("Alpha"), entity("Beta", "Model")], [entity("Beta", "Model")], [entity("Gamma")])


def test_merge() -> None:
    done = decided(PAPERS, Decision("merge", iri("model/beta"), "alpha", note="one thing"))
    assert iris(done) == [["method/alpha"], ["method/alpha"], ["method/gamma"]]
    assert [e.name for e in done.extractions[1].entities] == ["Alpha"]
    assert [e.resolved_by for e in done.extractions[1].entities] == ["decision"]
    assert done.replaced == ((iri("model/beta"), iri("method/alpha")),)
    assert [outcome.papers for outcome in done.outcomes] == [2]


def test_a_chain_of_merges_leads_to_the_last() -> None:
    done = decided(
        PAPERS,
        Decision("merge", "Beta", "Alpha"),
        Decision("merge", iri("method/alpha"), iri("method/gamma")),
    )
    assert iris(done) == [["method/gamma"]] * 3
    assert dict(done.replaced) == {
        iri("model/beta"): iri("method/gamma"),
        iri("method/alpha"): iri("method/gamma"),
    }


def test_rename() -> None:
    done = decided(PAPERS, Decision("rename", "Beta", "Delta"))
    assert iris(done)[1] == ["model/delta"]
    assert done.replaced == ((iri("model/beta"), iri("model/delta")),)
    assert done.extractions[1].entities[0].name == "Delta"
    same = decided(PAPERS, Decision("rename", "Beta", "BETA"))
    assert (iris(same)[1], same.replaced) == (["model/beta"], ())
    back = decided(PAPERS, Decision("rename", "Beta", "Delta"), Decision("rename", "Delta", "Beta"))
    assert back.replaced == ((iri("model/delta"), iri("model/beta")),)
    clash = decided(pile([entity("A1"), entity("B1")]), Decision("rename", "A1", "B1"))
    assert "can be merged" in clash.outcomes[0].reason


def test_split_by_papers() -> None:
    papers = pile([entity("MUSE")], [entity("MUSE")], [entity("MUSE")])
    done = decided(papers, Decision("split", "MUSE", papers=("p1",)))
    (one,), (other,), (third,) = iris(done)
    assert one == third == "method/muse"
    assert other.startswith("method/muse--")
    more = decided([*papers, replace(papers[0], paper=Paper("p9", "", ""))], done.outcomes[0].decision)
    assert iris(more)[1] == [other], "its IRI stays when papers come"
    assert decided(papers, Decision("split", "MUSE", papers=("p7",))).outcomes[0].papers == 0


def test_split_by_type_and_by_long_form() -> None:
    typed = pile([entity("GSM8K", "Dataset")], [entity("GSM8K", "Benchmark")], [entity("GSM8K", "Dataset")])
    done = decided(typed, Decision("split", "GSM8K", "by type"))
    assert iris(done) == [["dataset/gsm8k"], ["benchmark/gsm8k"], ["dataset/gsm8k"]]
    long = pile(
        [entity("SCM", long_form="structural causal model")],
        [entity("SCM", long_form="structured causal models")],
    )
    assert len({one for (one,) in iris(decided(long))}) == 1
    done = decided(long, Decision("split", "SCM", "by long-form"))
    assert len({one for (one,) in iris(done)}) == 2


def test_a_split_takes_a_merge_back() -> None:
    plain = decided(PAPERS)
    merge = Decision("merge", iri("model/beta"), iri("method/gamma"))
    done = decided(PAPERS, merge, Decision("split", "Gamma", papers=("p2",)))
    assert len({one for paper in iris(done) for one in paper}) == 3
    assert iris(plain)[1] == ["model/beta"]


def test_edges() -> None:
    done = decided(
        PAPERS,
        Decision("accept", "Alpha", papers=("p0",)),
        Decision("retype", "Beta", "Method", papers=("p0",)),
        Decision("relate", "Beta", "introduces", papers=("p1",)),
        Decision("reject", "Gamma", papers=("p2",)),
    )
    alpha, beta = done.extractions[0].entities
    assert (alpha.confidence, alpha.relation) == (1.0, "uses")
    assert (beta.type, beta.confidence, beta.iri) == ("Method", 1.0, iri("model/beta"))
    assert done.extractions[1].entities[0].relation == "introduces"
    assert done.extractions[2].entities == ()
    assert [outcome.papers for outcome in done.outcomes] == [1, 1, 1, 1]


def test_a_rejected_entity_leaves_no_relation_and_no_result() -> None:
    result = Result("1%", "absolute", 1.0, "%", Span("abstract", 0, 1, "a"), 0.5, "Alpha", "Beta", None)
    papers = [replace(PAPERS[0], results=(result,))]
    done = decided(papers, Decision("reject", "Alpha", papers=("p0",))).extractions
    assert (done[0].results[0].system, done[0].results[0].on) == (None, "Beta")
    assert resolve(done, lexicon=EMPTY) == resolve(papers, lexicon=EMPTY)


def test_what_does_not_apply_is_kept_with_its_reason() -> None:
    done = decided(
        pile(
            [entity("MUSE", relation="introduces"), entity("RISE", "Task")],
            [entity("MUSE", "Dataset", relation="introduces")],
        ),
        Decision("merge", "nothing of the kind", "RISE"),
        Decision("merge", "MUSE", "RISE"),
        Decision("accept", "RISE", papers=("p1",)),
        Decision("split", "RISE", "by type"),
        Decision("merge", "RISE", "rise"),
    )
    reasons = [outcome.reason for outcome in done.outcomes]
    assert reasons[0] == "no entity 'nothing of the kind'"
    assert reasons[1].startswith("'MUSE' names https://")
    assert reasons[2:] == [
        "paper 'p1' does not name it",
        "it has one part only",
        "they are one entity already",
    ]
    assert all(outcome.papers == 0 for outcome in done.outcomes)


def test_pointers() -> None:
    old, new = iri("task/oldbeta"), iri("model/beta")
    moved = Decision("moved", old, new)
    done = decided(PAPERS, Decision("merge", old, "Alpha"), moved)
    assert iris(done)[1] == ["method/alpha"], "a pointer holds from the beginning"
    assert dict(done.replaced) == {old: iri("method/alpha"), new: iri("method/alpha")}
    assert (
        decided(PAPERS, Decision("moved", new, iri("method/gone"))).outcomes[0].reason.endswith("still there")
    )
    circle = (Decision("moved", old, old + "x"), Decision("moved", old + "x", old))
    assert decided(PAPERS, *circle).replaced == ()


paths = st.sampled_from(["CLadder", "GPT-4", "LLM", "GAIA", iri("model/gpt4"), iri("method/llm"), "GPT-4o"])
some_decisions = st.lists(
    st.one_of(
        st.builds(Decision, st.just("merge"), paths, paths),
        st.builds(Decision, st.just("rename"), paths, st.sampled_from(["X", "GPT-4", "Y-1"])),
        st.builds(Decision, st.just("split"), paths, st.sampled_from(["by type", "by long-form"])),
        st.builds(Decision, st.just("split"), paths, st.just(""), st.just(("p0", "p1"))),
        st.builds(
            Decision, st.sampled_from(["accept", "reject"]), paths, st.just(""), st.sampled_from([("p0",)])
        ),
    ),
    max_size=4,
)


@given(piles, some_decisions)
@settings(max_examples=150, deadline=None)
def test_any_decisions_leave_a_whole_graph_and_can_be_taken_back(
    papers: list[Extraction], decisions: list[Decision]
) -> None:
    papers = [replace(x, paper=replace(x.paper, id=f"p{i}")) for i, x in enumerate(papers)]
    done = decided(papers, *decisions)
    tables(done.extractions)
    assert len(done.outcomes) == len(decisions)
    live = {e.iri for x in done.extractions for e in x.entities}
    assert all(old not in live and new in live for old, new in done.replaced)
    assert resolve(done.extractions, lexicon=EMPTY) == resolve(papers, lexicon=EMPTY)
    order = list(reversed(range(len(papers))))
    again = decided([papers[i] for i in order], *decisions)
    assert [again.extractions[order.index(i)] for i in range(len(papers))] == list(done.extractions)
