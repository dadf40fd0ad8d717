"""The outlines by which kinds are told apart, as in the explorer, and bars, as SVG."""

from __future__ import annotations

import math


def _ring(points: int, radius: float, turn: float, inner: float = 0.0) -> str:
    count = points * (2 if inner else 1)
    reach = [inner if inner and i % 2 else radius for i in range(count)]
    angles = [turn + i * math.pi * 2 / count for i in range(count)]
    corners = (f"{math.cos(a) * r:.3f} {math.sin(a) * r:.3f}" for a, r in zip(angles, reach, strict=True))
    return f"M{'L'.join(corners)}Z"


OUTLINES = {
    "paper": "M-.78-1H.28L.78-.5V1H-.78Z",
    "method": "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
    "model": _ring(6, 1.1, 0),
    "dataset": "M-.9-.9H.9V.9H-.9Z",
    "benchmark": _ring(5, 1.28, -math.pi / 2, 0.6),
    "metric": _ring(4, 1.22, 0),
    "task": "M0-1.12L1.12.86H-1.12Z",
}
"""Outlines of radius about 1, as SVG paths, by kind."""
