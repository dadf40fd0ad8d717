"""Times pages in headless Chromium: first readable picture, frames while panning and zooming, nodes drawn.

Usage: python benchmarks/viewer.py PAGE.html...

The pages are those of `paperkg build`, of `paperkg export --format pyvis` or of pyvis itself. "First" is the
time from navigation to the frame after the first draw of the canvas. Frames are counted while the mouse drags
the picture, or turns the wheel, for two seconds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIRST = """
new MutationObserver((_, watcher) => {
  if (!document.querySelector("canvas")) return;
  watcher.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.firstDrawn = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
DRAWN = """
window.paperkg ? paperkg.drawn().length
  : JSON.parse(document.getElementById("nodes")?.textContent || "[]").length
"""
PATIENCE = 30
COUNT = """
() => {
  const times = [];
  window.frameTimes = times;
  const step = (t) => { times.push(t); if (window.frameTimes === times) requestAnimationFrame(step); };
  requestAnimationFrame(step);
}
"""


def frames(page: Page, move: str, seconds: float = 2.0) -> float:
    """Frames a second while the mouse pans (`pan`) or zooms (`zoom`)."""
    box = page.locator("canvas").first.bounding_box()
    assert box is not None
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


def measure(browser: Browser, path: Path) -> tuple[float, float, float, int]:
    """Seconds to the first picture, frames a second while panning and zooming, nodes drawn."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    try:
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(FIRST)
        page = context.new_page()
        page.goto(path.resolve().as_uri())
        page.wait_for_function("window.firstDrawn")
        first = page.evaluate("window.firstDrawn") / 1000
        page.wait_for_timeout(500)
        drawn = page.evaluate(DRAWN)
        return first, frames(page, "pan"), frames(page, "zoom"), drawn
    finally:
        context.close()


def main() -> None:
    """Prints one row a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    browser_path = next(path for path in map(shutil.which, BROWSERS) if path)
    print("| page | MB | first, s | pan, frames/s | zoom, frames/s | nodes drawn |")
    print("| --- | --- | --- | --- | --- | --- |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        for path in args.pages:
            size = path.stat().st_size / 1e6
            try:
                rows = [measure(browser, path) for _ in range(args.runs)]
            except Error:
                print(f"| {path.name} | {size:.1f} | does not answer within {PATIENCE} s | | | |", flush=True)
                continue
            first, pan, zoom = (statistics.median(row[i] for row in rows) for i in range(3))
            print(
                f"| {path.name} | {size:.1f} | {first:.2f} | {pan:.0f} | {zoom:.0f} | {rows[0][3]} |",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
