"""Times pages in headless Chromium: first readable picture, frames while panning and zooming, nodes drawn.

Usage: python benchmarks/viewer.py PAGE.html...   (pages of `paperkg build` or of `paperkg export --format pyvis`)

"First" is the time from navigation to the frame after the first draw of the canvas. Frames are counted while the mouse
drags the picture, or turns the wheel, for two seconds.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIRST = """
new MutationObserver((_, watcher) => {
  if (!document.querySelector("canvas")) return;
  watcher.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.firstDrawn = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
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


def main() -> None:
    """Prints one row a page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    args = parser.parse_args()
    browser_path = next(path for path in map(shutil.which, BROWSERS) if path)
    print("| page | MB | first, s | pan, frames/s | zoom, frames/s | nodes drawn |")
    print("| --- | --- | --- | --- | --- | --- |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        for path in args.pages:
            rows = []
            for _ in range(args.runs):
                context = browser.new_context(viewport={"width": 1440, "height": 900}, offline=True)
                context.add_init_script(FIRST)
                page = context.new_page()
                page.goto(path.resolve().as_uri(), timeout=300_000)
                page.wait_for_function("window.firstDrawn", timeout=300_000)
                first = page.evaluate("window.firstDrawn") / 1000
                page.wait_for_timeout(500)
                drawn = page.evaluate("window.paperkg ? paperkg.drawn().length : null")
                rows.append((first, frames(page, "pan"), frames(page, "zoom"), drawn))
                context.close()
            first, pan, zoom = (statistics.median(row[i] for row in rows) for i in range(3))
            size = path.stat().st_size / 1e6
            print(f"| {path.name} | {size:.1f} | {first:.2f} | {pan:.0f} | {zoom:.0f} | {rows[0][3]} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
