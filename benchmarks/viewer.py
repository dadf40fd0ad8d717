"""Times our page and those of other viewers for the same graph in headless Chromium, without a network.

Usage: python benchmarks/viewer.py GRAPH... [--runs N] [--only WORD...] [--keep FOLDER]

GRAPH is a built graph (`graphs/seeds`). All viewers get the same papers, entities, links and positions, and the
abstracts; all but ours draw everything. Since ours draws a part, a last table shows the others with the nodes of
our first look, of the last graph. `--only` takes the viewers whose names hold one of the words.

  write   seconds of processor time from graph to file, positions included
  first   seconds from navigation to the frame after the first drawing; ours counts from the drawing that has names
  pan     frames a second while the mouse drags the picture to and fro, for two seconds
  zoom    frames a second while the wheel turns
  names   how many are there to read at first, and how many pairs of them overlap

Each page has a browser of its own; figures are medians of N visits, of fewer where those take more than a minute. JavaScript of others comes from the npm registry at locked
versions, checked against locked hashes, and is kept in the user's cache folder; the browser is cut off.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright
from viewers.pages import ALTERNATIVES, Drawing, first_look, whole

import paperkg
from paperkg.html import render_page
from paperkg.html.payload import payload

T = TypeVar("T")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader")
PATIENCE = 60
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "paperkg-benchmarks"
HEAD = """| viewer | MB | write, s | first, s | pan, frames/s | zoom, frames/s | nodes drawn | names |
| --- | --: | --: | --: | --: | --: | --: | --- |"""
READABLE = """
const look = () => {
  if (!window.paperkg?.labels().length) return requestAnimationFrame(look);
  window.firstLabels = paperkg.labels();
  requestAnimationFrame(() => { window.firstDrawn ??= performance.now(); });
};
if (window === window.top) requestAnimationFrame(look);
"""
"""The labels of our page stand in a frame that was drawn before `look` is called."""
OVERLAPPING = """
() => window.firstLabels.flatMap(({ box: a }, i) => window.firstLabels.slice(i + 1)
  .filter(({ box: b }) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3])).length
"""
COUNT = """
() => {
  const times = [];
  window.frameTimes = times;
  const step = (t) => { times.push(t); if (window.frameTimes === times) requestAnimationFrame(step); };
  requestAnimationFrame(step);
}
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured of a page: seconds to the first picture, frames a second, nodes drawn and names."""

    first: float
    pan: float
    zoom: float
    drawn: int | None
    names: str | None


def frames(page: Page, move: str, seconds: float = 2.0) -> float:
    """Frames a second while the mouse pans (`pan`) or zooms (`zoom`)."""
    box = page.locator("canvas").first.bounding_box()
    if box is None:
        raise ValueError("the page has no canvas")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    if move == "pan":
        page.mouse.down()
    page.evaluate(COUNT)
    start = page.evaluate("performance.now()")
    step = 0
    while page.evaluate("performance.now()") - start < seconds * 1000:
        step += 1
        if move == "pan":
            page.mouse.move(x + 120 * ((step % 20) / 10 - 1), y + 60 * ((step % 14) / 7 - 1))
        else:
            page.mouse.wheel(0, -60 if step % 24 < 12 else 60)
    times = page.evaluate("(() => { const t = window.frameTimes; window.frameTimes = null; return t; })()")
    if move == "pan":
        page.mouse.up()
    return (len(times) - 1) / (times[-1] - times[0]) * 1000 if len(times) > 1 else 0.0


def measure(browser: Browser, path: Path, *, ours: bool) -> Figures:
    """The figures of one visit to a page.

    Raises:
        Error: there is no first picture within `PATIENCE` seconds, or the page does not answer the mouse.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    try:
        context.set_default_timeout(PATIENCE * 1000)
        if ours:
            context.add_init_script(READABLE)
        page = context.new_page()
        page.goto(path.resolve().as_uri(), wait_until="commit")
        page.wait_for_function("() => window.firstDrawn")
        first = page.evaluate("window.firstDrawn") / 1000
        page.wait_for_timeout(500)
        drawn = names = None
        if ours:
            drawn = page.evaluate("paperkg.drawn().length")
            overlapping = page.evaluate(OVERLAPPING)
            names = f"{page.evaluate('firstLabels.length')}, {overlapping} overlapping"
        return Figures(first, frames(page, "pan"), frames(page, "zoom"), drawn, names)
    finally:
        context.close()


def figures(playwright: Playwright, path: Path, runs: int, *, ours: bool) -> Figures | None:
    """The medians of some visits, None if the page does not finish."""
    program = next(path for path in map(shutil.which, BROWSERS) if path)
    browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
    try:
        start, rows = time.monotonic(), list[Figures]()
        while len(rows) < runs and time.monotonic() - start < PATIENCE:
            rows.append(measure(browser, path, ours=ours))
    except Error:
        return None
    finally:
        browser.close()
    first, pan, zoom = (
        statistics.median(getattr(row, key) for row in rows) for key in ("first", "pan", "zoom")
    )
    return Figures(first, pan, zoom, rows[0].drawn, rows[0].names)


def timed(make: Callable[[], T]) -> tuple[T, float]:
    """What `make` returns and the seconds of processor time that it takes."""
    start = time.process_time()
    made = make()
    return made, time.process_time() - start


def row(name: str, path: Path, write: float, found: Figures | None, drawn: int, names: str) -> str:
    """A line of the table."""
    begin = f"| {name} | {path.stat().st_size / 1e6:.1f} | {write:.1f} |"
    if found is None:
        return f"{begin} did not finish in {PATIENCE} s | | | {drawn:,} | {names} |"
    rates = f"{found.first:.2f} | {found.pan:.0f} | {found.zoom:.0f}"
    return f"{begin} {rates} | {found.drawn or drawn:,} | {found.names or names} |"


def others(
    playwright: Playwright, drawing: Drawing, positions: float, args: argparse.Namespace, folder: Path
) -> Iterator[str]:
    """The lines of the other viewers."""
    for number, viewer in enumerate(ALTERNATIVES):
        if chosen(viewer.name, args.only):
            text, write = timed(lambda: viewer.write(drawing, CACHE))  # noqa: B023
            path = folder / f"{number}-{len(drawing.nodes)}.html"
            path.write_text(text, encoding="utf-8")
            found = figures(playwright, path, args.runs, ours=False)
            yield row(viewer.name, path, write + positions, found, len(drawing.nodes), viewer.names)


def chosen(name: str, words: Sequence[str]) -> bool:
    """Whether a viewer is asked for."""
    return not words or any(word in name for word in words)


def main() -> None:
    """Prints a table for each graph."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("graphs", nargs="+", type=Path, metavar="GRAPH")
    parser.add_argument("--runs", type=int, default=3, metavar="N")
    parser.add_argument("--only", nargs="+", default=(), metavar="WORD")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the pages here")
    args = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for graph in args.graphs:
            kg = paperkg.load(graph)
            data, positions = timed(lambda: payload(kg))  # noqa: B023
            drawing = whole(data)
            size = f"{len(kg.papers):,} papers, {len(kg.entities):,} entities, {len(drawing.edges):,} links"
            print(f"\n{graph.name}: {size}\n\n{HEAD}", flush=True)
            if chosen("paperkg", args.only):
                text, write = timed(lambda: render_page(kg, title=graph.name))  # noqa: B023
                path = folder / f"paperkg-{len(drawing.nodes)}.html"
                path.write_text(text, encoding="utf-8")
                print(
                    row("paperkg", path, write, figures(playwright, path, args.runs, ours=True), 0, ""),
                    flush=True,
                )
            for line in others(playwright, drawing, positions, args, folder):
                print(line, flush=True)
        part = first_look(data)
        print(f"\n{graph.name}, the {len(part.nodes)} nodes of our first look alone\n\n{HEAD}", flush=True)
        for line in others(playwright, part, positions, args, folder):
            print(line, flush=True)


if __name__ == "__main__":
    main()
