from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.resolution.words import NEIGHBOURS, definitions_to_compare, loose, same_definition


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WMT14", "WMT 2014"),
        ("VQA v2.0", "VQAv2"),
        ("LLM-as-judge", "LLM-as-a-judge"),
        ("ImageNets", "ImageNet"),
    ],
)
def test_forms_of_one_name_have_one_key(one: str, other: str) -> None:
    assert loose(one) == loose(other)


@pytest.mark.parametrize("name", ["DeiT", "ImageNet", "LongMemEval", "ViT"])
def test_a_size_is_no_plural(name: str) -> None:
    assert loose(f"{name}-S") != loose(name)
    assert loose(f"{name}s") == loose(name)


_WORDS = st.sampled_from(
    ["a", "abc", "structural", "structured", "causal", "model", "network", "reinforcement"]
)


@given(
    st.sampled_from(["s", "rl", "scm", "rlhf"]), st.sets(st.lists(_WORDS, max_size=5).map(tuple), max_size=12)
)
def test_what_can_be_the_same_is_compared(short: str, forms: set[tuple[str, ...]]) -> None:
    def same(pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> set[frozenset[tuple[str, ...]]]:
        return {frozenset(pair) for pair in pairs if same_definition(short, *pair)}

    assert same(definitions_to_compare(short, forms)) == same(combinations(forms, 2))


def test_thousands_of_long_forms_are_not_compared_each_with_each() -> None:
    forms = [("alpha", f"beta{n}", "network") for n in range(3_000)]
    assert len(list(definitions_to_compare("abn", forms))) < 2 * NEIGHBOURS * len(forms)
    assert not list(
        definitions_to_compare("abn", [("alpha", f"{n}beta", "network") for n in range(1_000, 4_000)])
    )
