"""The file of decisions: what is written is read again, and what is wrong in it is said."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.decisions import (
    HEAD,
    SPLITS,
    check_decision,
    parse_decisions,
    render_decision,
    with_decision,
    without_decision,
)
from paperkg.errors import DecisionError
from paperkg.model import ENTITY_TYPES, RELATIONS, Decision
from strategies import ATTACKS

texts = st.one_of(st.text(min_size=1, max_size=30), st.sampled_from([*ATTACKS, "a|b\\", "\\|", " a ", "#b"]))
edges = st.tuples(texts)
NO_PAPERS = st.just(())


def made(verb: Any, to: st.SearchStrategy[str], papers: Any = NO_PAPERS) -> st.SearchStrategy[Decision]:
    return st.builds(Decision, st.just(verb), texts, to, papers, st.one_of(st.just(""), texts))


names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=30)
iris = names.map(lambda name: f"https://example.org/{name.encode().hex()}")
decisions = st.one_of(
    made("merge", texts),
    made("rename", names),
    made("split", st.sampled_from(SPLITS)),
    made("split", st.just(""), st.lists(texts, min_size=1, max_size=3).map(tuple)),
    made("accept", st.just(""), edges),
    made("reject", st.just(""), edges),
    made("retype", st.sampled_from(ENTITY_TYPES), edges),
    made("relate", st.sampled_from(RELATIONS), edges),
    st.builds(Decision, st.just("moved"), iris, iris),
)


@given(st.lists(decisions, max_size=4))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(some: list[Decision]) -> None:
    content = b""
    for decision in some:
        check_decision(decision)
        content = with_decision(content, decision)
    assert parse_decisions(content, "x.tsv") == tuple(some)
    for number in range(len(some), 0, -1):
        content = without_decision(content, number, "x.tsv")
    assert content == b""


def test_it_is_a_table_that_people_can_read() -> None:
    line = render_decision(Decision("reject", "CLadder", papers=("2312.1",), note="it is a ladder"))
    assert line == "reject\tCLadder\t\t2312.1\tit is a ladder"
    assert HEAD.splitlines()[-1] == "verb\tentity\tto\tpapers\tnote"


def test_hand_editing_is_tolerated() -> None:
    content = (
        "﻿# a comment\r\n\r\nmerge \t LoRA\tlow-rank adaptation\t\t\t\r\nsplit\tCoT\tby type\n\t\t\n# end"
    )
    assert parse_decisions(content.encode(), "x.tsv") == (
        Decision("merge", "LoRA", "low-rank adaptation"),
        Decision("split", "CoT", "by type"),
    )
    one = with_decision(content.encode(), Decision("accept", "a", papers=("p",)))
    assert one.decode() == content + "\naccept\ta\t\tp\n"
    assert without_decision(one, 3, "x.tsv").decode() == content + "\n"


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("join\ta\tb", "an unknown verb 'join'"),
        ("merge\ta", "merge needs the entity, name or IRI"),
        ("merge\t\tb", "merge needs an entity"),
        ("merge\ta\tb\tp", "merge needs no paper"),
        ("accept\ta", "accept needs one paper"),
        ("accept\ta\tb\tp", "accept needs nothing more"),
        ("relate\ta\tlikes\tp", "relate to 'likes' is not possible (one of introduces"),
        ("retype\ta\tThing\tp", "retype to 'Thing' is not possible"),
        ("split\ta", "split needs either papers or one of"),
        ("split\ta\tby type\tp", "split needs either papers or one of"),
        ("split\ta\tby hand", "split needs either papers or one of"),
        ("moved\ta\tb", "moved needs two IRIs"),
        ("moved\thttps://a.b/<x>\thttps://a.b/c", "moved needs two IRIs"),
        ("rename\ta\t" + "b" * 201, "is no name"),
        ("rename\ta\tb\u202eb", "is no name"),
        ("rename\ta\t\\s\\s", "is no name"),
        ("merge\ta\tb\t\tnote\tmore", "6 cells, not 5"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(line: str, cause: str) -> None:
    with pytest.raises(DecisionError) as error:
        parse_decisions(f"{HEAD}{line}\n".encode(), "g.decisions.tsv")
    assert str(error.value).startswith("g.decisions.tsv:3: ")
    assert cause in str(error.value)


def test_other_bytes() -> None:
    with pytest.raises(DecisionError, match=r"x.tsv:2: not UTF-8 \(save it as UTF-8\)"):
        parse_decisions(b"# a\n\xe9\n", "x.tsv")
    with pytest.raises(DecisionError, match="there is no decision 1"):
        without_decision(b"", 1, "x.tsv")


@pytest.mark.parametrize("line", ["\\" * 100_000, "|" * 100_000, "split\ta\t\t" + "\\|" * 50_000])
def test_lines_made_to_be_slow(line: str) -> None:
    with contextlib.suppress(DecisionError):
        assert len(parse_decisions(line.encode(), "x.tsv")) == 1
