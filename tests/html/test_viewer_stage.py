"""Moving and zooming the picture by mouse, wheel, fingers and size of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from paperkg.graph import KnowledgeGraph

Look = Callable[..., Any]
Point = tuple[float, float]


def point(page: Any, code: str) -> Point:
    at = page.evaluate("code => paperkg.point(code)", code)
    return at["x"], at["y"]


def corner(page: Any) -> Point:
    box = page.locator("#picture").bounding_box()
    return box["x"], box["y"]


def test_drag_moves_the_picture_and_opens_nothing(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    (x, y), (left, top) = point(page, "p0"), corner(page)
    page.mouse.move(left + x, top + y)
    page.mouse.down()
    page.mouse.move(left + x + 40, top + y + 10)
    page.mouse.move(left + x + 80, top + y + 30)
    page.mouse.up()
    assert point(page, "p0") == pytest.approx((x + 80, y + 30))
    assert page.locator("#panel").is_hidden()


def test_wheel_keeps_what_is_under_the_pointer(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    (x, y), (left, top) = point(page, "p0"), corner(page)
    other = point(page, "p1")
    page.mouse.move(left + x, top + y)
    page.mouse.wheel(0, -100)
    page.wait_for_function("p => Math.abs(paperkg.point('p1').x - p) > 1", arg=other[0])
    assert point(page, "p0") == pytest.approx((x, y), abs=0.6)
    now = point(page, "p1")
    factor = 2**0.2
    assert now == pytest.approx((x + (other[0] - x) * factor, y + (other[1] - y) * factor), abs=1)


def test_wheel_ends_somewhere(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    (x, y), (left, top) = point(page, "p0"), corner(page)
    page.mouse.move(left + x, top + y)
    for _ in range(12):
        page.mouse.wheel(0, -5000)
    page.wait_for_timeout(300)
    assert "p0" in page.evaluate("paperkg.drawn()")
    before = point(page, "p1")
    page.mouse.wheel(0, -5000)
    page.wait_for_timeout(100)
    assert point(page, "p1") == pytest.approx(before, abs=1)


def test_two_fingers_zoom_and_move(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    left, top = corner(page)
    touch = page.context.new_cdp_session(page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def fingers(kind: str, *points: Point) -> None:
        places = [{"x": left + x, "y": top + y, "id": i} for i, (x, y) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    one, other = point(page, "p0"), point(page, "p1")
    fingers("touchStart", (400, 300))
    fingers("touchStart", (400, 300), (500, 300))
    fingers("touchMove", (350, 340), (550, 340))
    page.wait_for_function("p => Math.abs(paperkg.point('p0').x - p) > 1", arg=one[0])
    fingers("touchEnd")
    page.wait_for_timeout(50)
    moved = [point(page, code) for code in ("p0", "p1")]
    assert moved[0] == pytest.approx((450 + (one[0] - 450) * 2, 340 + (one[1] - 300) * 2), abs=2)
    assert moved[1] == pytest.approx((450 + (other[0] - 450) * 2, 340 + (other[1] - 300) * 2), abs=2)
    assert page.locator("#panel").is_hidden()


def test_canvas_has_the_size_of_its_place(look: Look, spread: KnowledgeGraph) -> None:
    page = look(spread).page
    page.set_viewport_size({"width": 900, "height": 700})
    page.wait_for_function(
        """() => {
          const [canvas, box] = [document.querySelector("#picture canvas"), document.querySelector("#picture")];
          return canvas.width === Math.round(box.clientWidth * devicePixelRatio)
            && canvas.height === Math.round(box.clientHeight * devicePixelRatio);
        }"""
    )
