"""Colours of the kinds: seen against the ground, and told apart by colour-blind readers."""

from __future__ import annotations

import re
from importlib import resources
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Machado, Oliveira and Fernandes 2009, severity 1, for linear RGB.
VISION = {
    "usual": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> Array:
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.asarray(np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4))


def lab(rgb: Array) -> Array:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(linear(c) @ np.array([0.2126, 0.7152, 0.0722])) for c in (one, other))
    return (high + 0.05) / (low + 0.05)


def theme(name: str) -> dict[str, str]:
    css = (resources.files("paperkg.html") / "assets" / "base.css").read_text(encoding="utf-8")
    block = css.split("@media")[0] if name == "light" else css.split('[data-theme="dark"]')[1]
    return dict(re.findall(r"--([\w-]+): (#\w{6})", block))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_colours(name: str) -> None:
    colours = theme(name)
    kinds = {key: value for key, value in colours.items() if key.startswith("k-")}
    assert len(kinds) == 7
    assert all(contrast(colour, colours["ground"]) >= 3 for colour in kinds.values())
    for ink in ("ink", "ink-soft", "link"):
        for ground in ("ground", "plate", "hover"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    types = [colour for key, colour in kinds.items() if key != "k-paper"]
    for matrix in VISION.values():
        seen = [lab(np.array(matrix) @ linear(colour)) for colour in types]
        assert min(float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)) >= 10
