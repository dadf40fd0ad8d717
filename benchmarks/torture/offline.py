"""Pages with no network: the same picture, and nothing asked for."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from torture.chromium import chromium, watched
from torture.clients import listener, running, seeds
from torture.frame import ROOT, Case, Measured, row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from paperkg.graph import KnowledgeGraph

NETWORK = (
    "SELECT ?paper ?entity { ?paper pkg:introduces ?entity }",
    "SELECT ?name (COUNT(*) AS ?papers) { [] pkg:mentions/skos:prefLabel ?name } GROUP BY ?name ORDER BY DESC(?papers) LIMIT 9",
)
BROWSERS_OWN = ("google.com", "googleapis.com", "gvt1.com")
"""The browser itself asks these, with any page."""
MOST_OTHER = 100
"""Points of 1,296,000 that may differ: the browser does not draw the round corners of a frame alike each time."""
_OTHER = """
async (pictures) => {
  const [one, other] = await Promise.all(pictures.map(async (text) => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))], { type: "image/png" }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    pen.drawImage(bitmap, 0, 0);
    return new Uint32Array(pen.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
  }));
  return one.length === other.length ? one.reduce((sum, point, n) => sum + (point !== other[n]), 0) : one.length;
}
"""
_DRAWN = """
() => {
  const canvas = [...document.querySelectorAll("canvas")].find((one) => one.width && one.height);
  const colours = new Set();
  if (canvas) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) colours.add(data[at] << 16 | data[at + 1] << 8 | data[at + 2]);
  }
  return {
    marks: window.paperkg?.drawn().length ?? 0,
    names: window.paperkg?.labels().length ?? 0,
    legend: [...document.querySelectorAll("#side .check")].map((one) => one.textContent).join("|"),
    colours: colours.size,
    canvas: Boolean(canvas),
    words: document.body.innerText.replace(/\\d+\\.\\d+ s\\b/g, "s").length,
    fonts: document.fonts.size,
    boxes: [...document.querySelectorAll("body *")].filter((one) => one.getClientRects().length).length,
    styled: getComputedStyle(document.body).fontFamily,
    blank: [...document.images].filter((one) => !one.naturalWidth).length,
  };
}
"""


Shown = dict[str, tuple[dict[str, Any], bytes]]
"""What pages show, by address: facts, and a picture as PNG."""


@dataclass(frozen=True)
class Look:
    """A page to look at.

    Attributes:
        kind: of page.
        url: its address.
        picture: whether a canvas is drawn on it.
    """

    kind: str
    url: str
    picture: bool


@row(
    "33",
    "the explorer (first look, panels, tables, path), the pyvis export, an answer as HTML, docs/ontology.html, and pages and editor of the "
    "server, of the seeds, once with and once without a network",
    passes="no request but to the own file or server, nothing missing: the same picture, the same marks, names, legend, words",
    minutes=30,
)
def offline(case: Case) -> Measured:
    """With a network, names lead to a listener; without, they lead nowhere, and files are opened with the browser offline."""
    import paperkg

    kg = paperkg.load(ROOT / "graphs" / "seeds")
    failures: list[str] = []
    figures: dict[str, object] = {}
    with ExitStack() as stack:
        port, heard = stack.enter_context(listener())
        server = stack.enter_context(running(seeds(case.scratch)))
        looks = list(_looks(case, kg, f"http://127.0.0.1:{server.port}"))
        found: list[Shown] = []
        heard_by_others = (
            ",".join(f"MAP *.{host} ~NOTFOUND" for host in BROWSERS_OWN) + f",MAP * 127.0.0.1:{port}"
        )
        for network, rules in ((True, heard_by_others), (False, "MAP * ~NOTFOUND")):
            with chromium(rules=rules) as browser:
                found.append(_all(browser, looks, failures, network))
                points = {} if network else _other_points(browser, *found)
        figures["sent to other hosts"] = len(heard)
        failures += [f"other hosts heard {one[:60]!r}" for one in heard]
        others = {}
        if case.share >= 0.1:
            with chromium(rules=heard_by_others) as browser:
                others["pyvis"] = _bare_pyvis(browser, case.scratch, kg)
    marks = names = 0
    for look in looks:
        facts, facts_off = (pages[look.url][0] for pages in found)
        marks, names = max(marks, facts_off["marks"]), max(names, facts_off["names"])
        if facts != facts_off:
            failures.append(
                f"{look.url} differs: {[(k, v, facts_off[k]) for k, v in facts.items() if v != facts_off[k]]!r:.300}"
            )
        if points[look.url] > MOST_OTHER:
            failures.append(f"{look.url}: {points[look.url]:,} points differ")
        if look.picture and facts_off["colours"] < 5:
            failures.append(f"{look.url}: the picture has {facts_off['colours']} colours")
        if facts_off["blank"] or facts_off["boxes"] < 3 or not (facts_off["words"] or look.picture):
            failures.append(f"{look.url}: {facts_off!r:.300}")
    failures += _counts(kg, found[1], looks)
    kinds = {look.kind: sum(one.kind == look.kind for one in looks) for look in looks}
    figures |= {
        "pages": ", ".join(f"{count} {kind}" for kind, count in kinds.items()),
        "the same to the last point": sum(not other for other in points.values()),
        "most points that differ": max(points.values()),
    }
    figures |= {"most marks drawn": marks, "most names drawn": names}
    return Measured(figures, failures, others)


def _looks(case: Case, kg: KnowledgeGraph, home: str) -> Iterator[Look]:
    from paperkg.html import render_answer, render_pyvis
    from paperkg.query import example

    papers, entities = list(kg.papers), sorted(kg.entities, key=lambda iri: (-len(kg.edges_of(iri)), iri))
    explorer = (ROOT / "graphs" / "seeds.html").as_uri()
    (case.scratch / "pyvis.html").write_text(render_pyvis(kg), "utf-8")
    answer = kg.query(example("code").query)
    (case.scratch / "answer.html").write_text(render_answer(kg, answer, title="An answer"), "utf-8")
    hashes = ["", "#view=tables", f"#entity={quote(entities[0])}", f"#paper={quote(papers[0])}"]
    hashes += [f"#path=paper:{quote(papers[0])}&to=paper:{quote(papers[-1])}", "#region=apart"]
    hashes += [
        f"#view=tables&table={one}"
        for one in ("results", "models", "time", "papers", "pairs", "regions", "links")
    ]
    few = case.random.sample(papers, case.count(40)) + case.random.sample(entities, case.count(40))
    hashes += [f"#{'entity' if one in kg.entities else 'paper'}={quote(one)}" for one in few]
    for hash_ in hashes[: case.count(len(hashes))]:
        yield Look("of the explorer", explorer + hash_, "tables" not in hash_)
    yield Look("of pyvis", (case.scratch / "pyvis.html").as_uri(), True)
    yield Look("of an answer", (case.scratch / "answer.html").as_uri(), True)
    yield Look("of the ontology", (ROOT / "docs" / "ontology.html").as_uri(), False)
    paths = [
        "/",
        f"/query?query={quote(NETWORK[0])}&view=graph",
        f"/id/paper/{quote(papers[0], safe='')}",
        "/ontology",
    ]
    paths += [
        f"/query?query={quote(NETWORK[1])}&view=chart",
        "/query?example=code",
        "/find?q=causal",
        "/nothing",
        "/find",
    ]
    paths += ["/id/" + iri.removeprefix(kg.base) for iri in few if iri in kg.entities]
    paths += [f"/id/paper/{quote(one, safe='')}" for one in few if one not in kg.entities]
    for path in paths[: case.count(len(paths), least=2)]:
        yield Look("of the server", home + path, path == "/")


def _all(browser: Browser, looks: list[Look], failures: list[str], network: bool) -> Shown:
    """What each page shows, as numbers and as a picture."""
    found: Shown = {}
    for look in looks:
        file = look.url.startswith("file:")
        own = (look.url.partition("#")[0],) if file else ("/".join(look.url.split("/")[:3]) + "/",)
        with watched(browser, own, offline=file and not network) as (page, seen):
            page.goto(look.url)
            _settle(page, look)
            seen.look(page, allowed=("iframe", "img"))
            facts = page.evaluate(_DRAWN)
            found[look.url] = facts, page.screenshot(animations="disabled", mask=[page.locator("#status")])
            failures += seen.failures(f"{look.url} {'with' if network else 'without'} a network")
    return found


def _other_points(browser: Browser, one: Shown, other: Shown) -> dict[str, int]:
    """For each page, how many points of its two pictures differ."""
    with watched(browser, ()) as (page, _):
        return {
            url: page.evaluate(_OTHER, [b64encode(picture).decode(), b64encode(other[url][1]).decode()])
            if picture != other[url][1]
            else 0
            for url, (_, picture) in one.items()
        }


def _settle(page: Page, look: Look) -> None:
    """Wait until all is drawn."""
    page.wait_for_load_state()
    if "/query?" in look.url or (look.picture and "pyvis" not in look.url):
        page.wait_for_selector("html[data-ready]")
    if "view=graph" in look.url:
        page.frame_locator("iframe").locator("html[data-ready]").wait_for()
    page.wait_for_function("document.fonts.status === 'loaded'")
    before, now = b"", page.screenshot()
    for _ in range(40):
        if before == now:
            return
        page.wait_for_timeout(150)
        before, now = now, page.screenshot()


def _counts(kg: KnowledgeGraph, found: Shown, looks: list[Look]) -> list[str]:
    """What the first look of the explorer must say of the graph."""
    facts = found[looks[0].url][0]
    said = {name: int(number.replace(",", "")) for name, number in _legend(facts["legend"])}
    wanted = {"Paper": len(kg.papers), **kg.stats().entities}
    wrong = [
        f"{name}: {said.get(name)} in the legend, not {number}"
        for name, number in wanted.items()
        if said.get(name) != number
    ]
    if not facts["marks"] or not facts["names"]:
        wrong.append(f"{facts['marks']} marks and {facts['names']} names")
    return wrong


def _legend(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("|"):
        name = part.rstrip("0123456789,")
        yield name, part[len(name) :] or "0"


def _bare_pyvis(browser: Browser, scratch: Path, kg: KnowledgeGraph) -> str:
    """What its page asks for, with each way to give it its scripts, and whether it draws when nobody answers."""
    from pyvis.network import Network

    said = []
    for way in ("local", "remote", "in_line"):
        net = Network(cdn_resources=way)
        for title in list(kg.papers)[:20]:
            net.add_node(title, label=title)
        file = scratch / f"bare-{way}.html"
        file.write_text(net.generate_html(), "utf-8")
        with watched(browser, (file.as_uri(),)) as (page, seen):
            page.goto(file.as_uri(), wait_until="commit")
            page.wait_for_timeout(2_000)
            drawn = page.locator("canvas").count() > 0
        hosts = sorted({url.split("/")[2] for url in seen.asked if url.startswith("http")})
        said.append(
            f"{way}: {len(seen.asked)} requests to {len(hosts)} hosts, {'draws' if drawn else 'draws nothing'}"
        )
    return "; ".join(said)
