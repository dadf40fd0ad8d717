"""The picture of the learning curve."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

FOLDER = Path(__file__).parent.parent.parent / "benchmarks"


def test_the_picture_is_wellformed_whatever_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.syspath_prepend(str(FOLDER))
    import learning_curve

    curves = {"a <b> & c": {60: 0.5, 125: 0.55, 480: 0.61}, "d": {480: 0.6}}
    picture = learning_curve.svg(curves)
    root = ElementTree.fromstring(picture)
    texts = [element.text for element in root.iter() if element.text and element.text.strip()]
    assert {"a <b> & c", "d", "60", "125", "480", "0.50", "0.65"} <= set(texts)
    assert picture == learning_curve.svg(curves)
    for name in ("learning_curve", "held_out"):
        del sys.modules[name]


def test_one_size_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.syspath_prepend(str(FOLDER))
    import learning_curve

    ElementTree.fromstring(learning_curve.svg({"a": {480: 0.6}}))
    for name in ("learning_curve", "held_out"):
        del sys.modules[name]
