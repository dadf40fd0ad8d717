"""Versions and families, from names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperkg.model import Entity, EntityType
from paperkg.resolution.families import shorter_names, with_families


def _entities(*names: str, type_: EntityType = "Model", **families: str) -> dict[str, Entity]:
    return {n: Entity(n, n, type_, True, (), family=families.get(n)) for n in names}


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("Qwen2.5-VL-7B", ["Qwen2.5-VL", "Qwen2.5", "Qwen"]),
        ("GPT-4o", ["GPT-4", "GPT"]),
        ("GPT-4 Turbo", ["GPT-4", "GPT"]),
        ("LLaMA2-70B", ["LLaMA2", "LLaMA"]),
        ("CIFAR-100", ["CIFAR"]),
        ("MobileNetV2", ["MobileNet"]),
        ("GPT", []),
    ],
)
def test_the_names_of_which_one_can_be_a_version(name: str, shorter: list[str]) -> None:
    assert [text for text, _ in shorter_names(name)] == shorter


def test_a_version_is_a_variant_of_the_longest_name_that_is_there() -> None:
    made = with_families(_entities("Qwen3", "Qwen3-8B", "Qwen", "GPT-4", "GPT-4o", "CLIP", "CLIP-Adapter"))
    assert {name: entity.variant_of for name, entity in made.items()} == {
        "Qwen": None,
        "Qwen3": "Qwen",
        "Qwen3-8B": "Qwen3",
        "GPT-4": None,
        "GPT-4o": "GPT-4",
        "CLIP": None,
        "CLIP-Adapter": None,
    }


def test_sizes_of_one_name_are_a_family_even_without_its_head() -> None:
    made = with_families(_entities("Wiz-7B", "Wiz-13B", "Solo-7B"))
    assert [made[name].family for name in ("Wiz-7B", "Wiz-13B", "Solo-7B")] == ["Wiz", "Wiz", None]


def test_a_dataset_is_no_version_of_a_model_and_a_homograph_has_none() -> None:
    entities = _entities("Wiz 2", type_="Dataset") | _entities("Wiz")
    assert with_families(entities)["Wiz 2"].variant_of is None
    twice = _entities("Wiz", "Wiz 2")
    twice["other"] = Entity("other", "wiz", "Model", True, ())
    assert with_families(twice)["Wiz 2"].variant_of is None


@given(st.text(max_size=60))
def test_shorter_names_are_beginnings(name: str) -> None:
    assert all(name.startswith(text) and text != name for text, _ in shorter_names(name))
