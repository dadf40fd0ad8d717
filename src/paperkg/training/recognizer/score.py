"""Precision, recall and F1 of entities, for choosing a threshold and drawing curves while training."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from paperkg.text.fold import fold

_LENIENT = {"Benchmark": "Dataset"}


@dataclass(slots=True)
class Count:
    """Right, wanted and found entities."""

    right: int = 0
    wanted: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        """Share of the found that are right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the wanted that were found."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / (self.wanted + self.found) if self.wanted + self.found else 0.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f} R {self.recall:.3f} F1 {self.f1:.3f}"


def score(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, Count]:
    """Score (gold, predicted) records, micro-averaged: counts of `named`, `term`, `all` and `edges`.

    An entity is found if a spelling of the one equals one of the other after folding; each takes part in one
    match. It is right if the type is (Dataset and Benchmark are one), in a layer if that is too, as an edge
    if the paper's relation to it is.
    """
    counts = {name: Count() for name in ("named", "term", "all", "edges")}
    for gold, predicted in pairs:
        wanted, found = gold["entities"], predicted["entities"]
        for entity in wanted:
            counts[entity["layer"]].wanted += 1
        for entity in found:
            counts["named" if entity["named"] else "term"].found += 1
        for name in ("all", "edges"):
            counts[name].wanted += len(wanted)
            counts[name].found += len(found)
        for mine, theirs in _match(wanted, found):
            if not _same_type(mine["type"], theirs["type"]):
                continue
            counts["all"].right += 1
            counts[mine["layer"]].right += (mine["layer"] == "named") == theirs["named"]
            counts["edges"].right += mine["relation"] == theirs["relation"]
    return counts


def _same_type(a: str, b: str) -> bool:
    return _LENIENT.get(a, a) == _LENIENT.get(b, b)


def _match(
    wanted: list[Mapping[str, Any]], found: list[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """One-to-one matches, those of the same type first, then those with more spellings in common."""
    mine = [{fold(s) for s in (e["name"], *e["surfaces"])} - {""} for e in wanted]
    theirs = [{fold(s) for s in (e["name"], *(m["text"] for m in e["mentions"]))} - {""} for e in found]
    possible = sorted(
        (wanted[i]["type"] != found[j]["type"], -len(a & b), i, j)
        for i, a in enumerate(mine)
        for j, b in enumerate(theirs)
        if a & b
    )
    left, right, out = set(range(len(mine))), set(range(len(theirs))), []
    for _, _, i, j in possible:
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            out.append((wanted[i], found[j]))
    return out
