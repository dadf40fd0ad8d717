"""SHACL: the graph conforms, and what does not is told readably."""

from __future__ import annotations

import builtins
from typing import Any

import pyoxigraph as ox
import pytest

from paperkg.errors import MissingExtra
from paperkg.rdf import quads, terms, validate
from paperkg.rdf.namespaces import OA, PKG
from paperkg.rdf.validate import validate_quads

pytest.importorskip("pyshacl")
BASE = "https://w3id.org/paperkg/id/"


def test_the_small_graph_conforms(small_graph: Any) -> None:
    assert validate(small_graph) == []


def changed(
    small_graph: Any, drop: tuple[str, str], add: ox.Literal | ox.NamedNode | None = None
) -> list[ox.Quad]:
    """The quads with the values of one property of one subject replaced."""
    subject, predicate = drop
    all_quads = quads(small_graph)
    kept = [q for q in all_quads if (q.subject.value, q.predicate.value) != drop]  # type: ignore[union-attr]
    assert len(kept) < len(all_quads)
    return kept + (
        [ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), add, all_quads[0].graph_name)] if add else []
    )


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "paper", "message"),
    [
        ("paper/2312.04350", "http://purl.org/dc/terms/title", None, "2312.04350", "a paper has one title"),
        ("result/2312.04350/1", f"{PKG}number", ox.Literal("70.4"), "2312.04350", "a result is a number"),
        (
            "paper/2312.04350/statement/model/gpt4",
            f"{PKG}confidence",
            terms.decimal(1.2),
            "2312.04350",
            "from 0 to 1",
        ),
        ("paper/2312.04350/statement/model/gpt4", f"{PKG}evidence", None, "2312.04350", "rests on words"),
        (
            "paper/2312.04350/abstract#position=68,73",
            f"{OA}start",
            ox.Literal(74),
            "2312.04350",
            "starts before it ends",
        ),
        ("model/gpt4", "http://www.w3.org/2004/02/skos/core#prefLabel", None, "", "one name"),
        ("metric/fid", f"{PKG}lower_is_better", None, "", "which way is better"),
    ],
)
def test_breaches(
    small_graph: Any, subject: str, predicate: str, value: Any, paper: str, message: str
) -> None:
    found = validate_quads(changed(small_graph, (BASE + subject, predicate), value))
    assert found
    assert all(v.focus == BASE + subject for v in found)
    assert message in found[0].message
    assert found[0].paper == paper
    assert message in str(found[0]) and "\n" not in str(found[0])


def test_two_relations_to_one_entity(small_graph: Any) -> None:
    all_quads = quads(small_graph)
    extra = ox.Quad(
        ox.NamedNode(f"{BASE}paper/2312.04350"),
        ox.NamedNode(f"{PKG}uses"),
        ox.NamedNode(f"{BASE}model/gpt4"),
        all_quads[0].graph_name,
    )
    assert ["one relation" in v.message for v in validate_quads([*all_quads, extra])] == [True]


def test_without_pyshacl(small_graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_pyshacl(name: str, *args: Any, **more: Any) -> Any:
        if name == "pyshacl":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", no_pyshacl)
    with pytest.raises(MissingExtra, match="pip install"):
        validate(small_graph)
