from __future__ import annotations

import pytest

from paperkg.resolution.words import loose


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
