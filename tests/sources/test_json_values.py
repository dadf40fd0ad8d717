from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from paperkg.sources import json_values
from paperkg.sources.json_values import Fault, values

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=9),
)
VALUES = st.recursive(
    SCALARS,
    lambda x: st.one_of(st.lists(x, max_size=3), st.dictionaries(st.text(max_size=5), x, max_size=3)),
    max_leaves=5,
)
BLANKS = st.text(" \t\r\n", max_size=4)


def parts(text: str, size: int) -> Iterator[str]:
    return (text[place : place + size] for place in range(0, len(text), size))


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of a few hundred characters, so that short texts reach over many of them."""
    monkeypatch.setattr(json_values, "LONGEST_RECORD", 400)
    monkeypatch.setattr(json_values, "_AHEAD", 450)
    monkeypatch.setattr(json_values, "_USUAL", 120)


@example([({"a" * 90 + "]" + "b" * n + "\\": 1, "c": 2}, "", "") for n in range(40)], 700)
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), BLANKS, BLANKS), max_size=40
    ),
    st.integers(1, 700),
)
def test_whole_arrays_give_what_the_decoder_gives(items: list[tuple[object, str, str]], size: int) -> None:
    text = "[" + ",".join(f"{before}{json.dumps(one)}{after}" for one, before, after in items) + "]"
    found = list(values(parts(text, size)))
    if any(len(json.dumps(one)) > 400 for one, _, _ in items):
        return
    assert [value for value, _ in found] == json.loads(text)
    place = 1
    for (one, before, after), (_, line) in zip(items, found, strict=True):
        assert line == text.count("\n", 0, place + len(before)) + 1
        place += len(before) + len(json.dumps(one)) + len(after) + 1


@settings(max_examples=300, deadline=None)
@given(st.text('[]{}",:\\\n 1ae', max_size=2_000), st.integers(1, 700))
def test_nothing_makes_it_stop_or_run_for_ever(text: str, size: int) -> None:
    found = list(values(parts("[" + text, size)))
    assert len(found) <= len(text) + 2
    assert all(isinstance(value, Fault) or json.dumps(value) for value, _ in found)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 59),
    st.integers(0, 90),
    st.integers(0, 60),
    st.text('"{}[],:\\\n', max_size=3),
    st.integers(1, 700),
)
def test_damage_in_one_record_leaves_the_others(
    number: int, at: int, length: int, new: str, size: int
) -> None:
    records = [
        json.dumps({"id": n, "title": f"Title {n}", "abstract": 'He said "so" {x} [y].'}) for n in range(61)
    ]
    records[number] = records[number][:at] + new + records[number][at + length :]
    found = [value for value, _ in values(parts(f"[{','.join(records)}]", size))]
    ids = {value["id"] for value in found if isinstance(value, dict) and isinstance(value.get("id"), int)}
    assert ids >= {n for n in range(61) if n != number}
