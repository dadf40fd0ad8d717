"""What readers do with the pages of paperkg, with mouse, keys and addresses, while somebody watches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from torture.chromium import Seen

TABLES = (
    "benchmarks results models families introduced tasks time papers pairs regions entities links".split()
)
TYPED = 12
"""Characters of a payload that are typed into a search box."""
TABS = 25
"""How often the focus is moved in one state of a page."""

_GO = """
async (hash) => {
  if (location.hash !== new URL(hash, location.href).hash) {
    await new Promise((done) => {
      addEventListener("hashchange", () => setTimeout(done), { once: true });
      location.hash = hash;
      setTimeout(done, 1000);
    });
  }
  for (const button of document.querySelectorAll("#panel .unfold, #panel .more, #panel .value, #tables .more, #tables .value")) button.click();
  for (const box of document.querySelectorAll("details:not(.menu)")) box.open = true;
  return document.querySelector("#panel h2")?.textContent ?? "";
}
"""
_LEADS_OUT = "document.activeElement?.closest?.('.out, a[target=_blank]') !== null"


def go(page: Page, hash_: str) -> str:
    """Open an address of the explorer and all that can be unfolded there; the heading of its panel."""
    return str(page.evaluate(_GO, hash_))


def open_explorer(page: Page, url: str) -> None:
    """Load it."""
    page.goto(url)
    page.wait_for_selector("html[data-ready]")


def read_addresses(
    page: Page, seen: Seen, texts: Sequence[str], shown: Sequence[str], iris: Sequence[str]
) -> list[str]:
    """Every kind of address with each text in it: paper and entity `n` are shown as `shown[n]` and `texts[n]`."""
    wrong = []
    for n, text in enumerate(texts):
        one, other = quote(text, safe=""), quote(texts[n - 1], safe="")
        wrong += _named(go(page, f"#paper={one}"), shown[n], f"paper {n + 1}")
        seen.look(page)
        wrong += _named(go(page, f"#entity={quote(iris[n], safe='')}"), text, f"entity {n + 1}")
        seen.look(page)
        for hash_ in (
            f"#entity={one}",
            f"#paper={one}&entity={one}",
            f"#family={one}",
            f"#paper={one}&compare={other}",
            f"#path=paper:{one}&to=entity:{other}",
            f"#show={one}&show={other}",
            f"#region={one}",
            f"#entity={text}",
            f"#entity=no{one}",
            f"#view={one}&table={one}&types={one}&relations={one}&pages={one}&since={one}&until={one}&min={one}",
            f"#{one}={one}",
        ):
            go(page, hash_)
            seen.look(page)
    # each table holds all of them
    last = quote(texts[-1], safe="")
    for hash_ in (*(f"table={name}" for name in (*TABLES, last)), f"table=results&on={last}"):
        go(page, f"#view=tables&{hash_}")
        seen.look(page)
    return wrong


def _named(heading: str, wanted: str, what: str) -> list[str]:
    return [] if heading == wanted else [f"{what} is shown as {heading[:60]!r} and not as {wanted[:60]!r}"]


def point_and_click(page: Page, seen: Seen) -> tuple[int, int]:
    """The pointer on each mark of the picture, then a click on it; how many tips and how many panels that opened."""
    tips = panels = 0
    for code in page.evaluate("paperkg.drawn()"):
        go(page, "#")
        page.locator("#picture").focus()
        page.keyboard.press("0")
        box = page.locator("#picture").bounding_box() or {"x": 0, "y": 0}
        at = page.evaluate("code => paperkg.point(code)", code)
        page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        tips += page.evaluate("!document.querySelector('#tip').hidden")
        page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
        panels += page.evaluate("!document.querySelector('#panel').hidden")
        seen.look(page)
    return tips, panels


def search(page: Page, seen: Seen, texts: Iterable[str]) -> int:
    """A part of each text typed into the search box, and the first hit opened; how many of them found something."""
    found = 0
    for text in texts:
        go(page, "#")
        page.locator("#search").focus()
        type_text(page, text[:TYPED])
        seen.look(page)
        if page.locator("#search-list .hit").count():
            found += 1
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            seen.look(page)
        page.locator("#search").fill(text)
        seen.look(page)
        page.locator("#search").fill("")
    return found


def type_text(page: Page, text: str) -> None:
    """Key by key, but for what no key types."""
    if text.isprintable():
        page.keyboard.type(text)
    else:
        page.keyboard.insert_text(text)


def walk(page: Page, seen: Seen, *, press: bool = True) -> None:
    """The focus moved by keyboard through what is shown; every few steps what has it is pressed, unless it leads out."""
    for step in range(TABS):
        page.keyboard.press("Tab")
        if press and step % 6 == 5 and not page.evaluate(_LEADS_OUT):
            page.keyboard.press("Enter")
    seen.look(page)


def open_everything(page: Page, seen: Seen) -> None:
    """Menus, filters, the other colours, a narrow window and the print of the explorer."""
    go(page, "#")
    for name in ("Save", "Help"):
        page.get_by_label(name, exact=True).first.click()
        seen.look(page)
        page.keyboard.press("Escape")
    for box in page.locator("#side input[type=checkbox]").all()[:30]:
        box.uncheck(force=True)
        box.check(force=True)
    seen.look(page)
    page.get_by_label("Light or dark").click()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 390, "height": 844})
    seen.look(page)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 900})


_ASK = """
async (address) => {
  delete document.documentElement.dataset.ready;
  history.pushState(null, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
  for (let n = 0; n < 300 && !document.documentElement.dataset.ready; n++) await new Promise((done) => setTimeout(done, 10));
  if (document.getElementById("answer").hidden) return;
  for (const tab of [...document.querySelectorAll("[role=tab]:not(:disabled)")].map((tab) => tab.id)) document.getElementById(tab).click();
  document.querySelector("[role=tab]")?.click();
}
"""


def ask(page: Page, address: str) -> None:
    """An address of the query editor, which is open, and each way to show the answer."""
    page.evaluate(_ASK, address)


KEEP_NETWORK = """
window.vis = {};
let Network;
Object.defineProperty(window.vis, "Network", { configurable: true, enumerable: true, set(made) { Network = made; },
  get() { return function (...given) { return (window.network = new Network(...given)); }; } });
"""
"""Keeps the network that a page of vis-network makes, so that its marks can be found on the screen."""
PYVIS_NODES_AT = """
() => {
  network.moveTo({ animation: false });
  return network.body.nodeIndices.map((id) => network.canvasToDOM(network.getPosition(id)));
}
"""
_TIP_MS = 350
"""How long the pointer rests on a mark until vis-network tells of it."""


def hover_pyvis(page: Page, places: Iterable[dict[str, float]]) -> int:
    """The pointer on each mark until its tip is there, then a click; how many tips there were."""
    tips = 0
    for at in places:
        page.mouse.move(at["x"] + 1, at["y"])
        page.mouse.move(at["x"], at["y"])
        page.wait_for_timeout(_TIP_MS)
        tips += page.evaluate(
            "getComputedStyle(document.querySelector('.vis-tooltip') ?? document.head).visibility === 'visible'"
        )
        page.mouse.click(at["x"], at["y"])
    return tips
