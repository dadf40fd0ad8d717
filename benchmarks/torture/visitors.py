"""Pages of others against the server of one's own computer, and addresses that nobody would type."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from torture.chromium import chromium, watched
from torture.clients import Server, running, seeds, worked
from torture.frame import ROOT, Case, Measured, row
from torture.payloads import payloads
from torture.queries import works

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SLOW = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f FILTER(?c = ?f && ?a != {number}) }}"
"""Works until its time is over."""
WAYS = (
    "img script module style prefetch preload iframe object embed video track css form post plain fetch no-cors cors-post "
    "simple-post range credentials head beacon websocket events worker"
).split()
_TRY = """
async ([way, url]) => {
  const later = (ms) => new Promise((done) => setTimeout(done, ms, "nothing"));
  const tag = (name, props) => Promise.race([later(1200), new Promise((done) => {
    const node = Object.assign(document.createElement(name), props, { onload: () => done("load"), onerror: () => done("error") });
    document.body.append(node);
  })]);
  const form = (props, enctype, name, value) => {
    const frame = Object.assign(document.createElement("iframe"), { name: `f${Math.random()}` });
    const node = Object.assign(document.createElement("form"), { action: url, target: frame.name, enctype, ...props });
    node.append(Object.assign(document.createElement("input"), { name, value }));
    document.body.append(frame, node);
    node.submit();
    return later(500);
  };
  const load = async (settings) => {
    const response = await fetch(url, { signal: AbortSignal.timeout(1200), ...settings });
    return response.type === "opaque" ? "opaque" : `READ ${(await response.text()).length}`;
  };
  const ways = {
    img: () => tag("img", { src: url }), script: () => tag("script", { src: url }), module: () => tag("script", { type: "module", src: url }),
    style: () => tag("link", { rel: "stylesheet", href: url }), prefetch: () => tag("link", { rel: "prefetch", href: url }),
    preload: () => tag("link", { rel: "preload", as: "fetch", href: url }), iframe: () => tag("iframe", { src: url }),
    object: () => tag("object", { data: url }), embed: () => tag("embed", { src: url }), video: () => tag("video", { src: url }),
    track: () => tag("audio", { src: url, crossOrigin: "anonymous" }),
    css: () => tag("div", { style: `background:url("${url}")` }),
    form: () => form({ method: "GET" }, "", "query", "ASK {}"),
    post: () => form({ method: "POST" }, "application/x-www-form-urlencoded", "query", "ASK {}"),
    plain: () => form({ method: "POST" }, "text/plain", "query", "ASK {}"),
    fetch: () => load({}), "no-cors": () => load({ mode: "no-cors" }),
    "cors-post": () => load({ method: "POST", body: "ASK {}", headers: { "Content-Type": "application/sparql-query" } }),
    "simple-post": () => load({ method: "POST", mode: "no-cors", body: new URLSearchParams({ query: "ASK {}" }) }),
    range: () => load({ mode: "no-cors", headers: { Range: "bytes=0-9" } }), credentials: () => load({ credentials: "include" }),
    head: () => load({ method: "HEAD" }), beacon: async () => String(navigator.sendBeacon(url, new URLSearchParams({ query: "ASK {}" }))),
    websocket: () => Promise.race([later(1200), new Promise((done) => { const one = new WebSocket(url.replace("http", "ws")); one.onopen = () => done("READ 0"); one.onerror = () => done("error"); })]),
    events: () => Promise.race([later(1200), new Promise((done) => { const one = new EventSource(url); one.onmessage = () => done("READ 0"); one.onerror = () => { one.close(); done("error"); }; })]),
    worker: async () => { new Worker(url); return "load"; },
  };
  try { return await ways[way](); } catch (error) { return error.name; }
}
"""


@row(
    "32c",
    "pages of others (another site, another port of this computer, a file, a sandbox) that load, send, frame and open the server's addresses in 26 ways, "
    "and DNS rebinding, in Chromium",
    passes="nothing can be read or framed, no query runs but behind a link, links work",
    minutes=30,
)
def pages_of_others(case: Case) -> Measured:
    """Each query would take all its time: the processor time of the workers tells whether one ran."""
    failures: list[str] = []
    seen: Counter[str] = Counter()
    with (
        _others_pages() as port,
        running(seeds(case.scratch), query_time=5.0) as server,
        chromium(
            rules=f"MAP evil.example 127.0.0.1:{port},MAP rebound.example 127.0.0.1:{server.port},MAP * ~NOTFOUND"
        ) as browser,
    ):
        works(server)
        file = case.scratch / "other.html"
        file.write_text("<!DOCTYPE html><title>A page</title><body>", "utf-8")
        origins = [
            "http://evil.example/",
            f"http://127.0.0.1:{port}/",
            file.as_uri(),
            f"http://127.0.0.1:{port}/sandbox",
        ]
        tries = [(origin, way, n) for origin in origins for way in WAYS for n in range(7)]
        tries = case.random.sample(tries, case.count(len(tries), least=12))
        before = worked(server)
        for origin in origins:
            with watched(browser, (origin, "http://127.0.0.1", "http://localhost")) as (page, _):
                page.goto(origin)
                for number, (_, way, n) in enumerate(one for one in tries if one[0] == origin):
                    said = page.evaluate(_TRY, [way, f"http://127.0.0.1:{server.port}{_target(n, number)}"])
                    seen[said.split()[0]] += 1
                    if said.startswith("READ"):
                        failures.append(f"{way} of {origin} reads {_target(n, number)}: {said}")
                failures += [f"{origin} frames {words!r}" for words in _framed(page, server)]
        used = worked(server) - before
        if used > 0.05:
            failures.append(f"the workers worked for {used:.1f} s")
        failures += _linked(browser, server, port)
        if not works(server)[0]:
            failures.append("the server does not answer afterwards")
    figures = {
        "tries": sum(seen.values()),
        **{f"ends with {how}": count for how, count in sorted(seen.items())},
    }
    return Measured(figures | {"work of the workers": f"{used:.2f} s"}, failures)


def _target(n: int, number: int) -> str:
    slow = quote(SLOW.format(number=number))
    return (
        f"/sparql?query={slow}",
        f"/query?query={slow}",
        "/",
        "/find?q=causal",
        "/ontology.ttl",
        "/sparql",
        "/nothing",
    )[n]


@contextmanager
def _others_pages() -> Iterator[int]:
    """A web server of somebody else: every page is empty, and may do what it likes."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if self.path == "/sandbox":
                self.send_header("Content-Security-Policy", "sandbox allow-scripts allow-forms allow-popups")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>A page</title><body><a id=link>go</a>")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _framed(page: Page, server: Server) -> list[str]:
    """The words of the server that stand in frames of a page."""
    said = []
    for frame in page.frames[1:]:
        words = str(frame.evaluate("document.body?.innerText ?? ''")) if str(server.port) in frame.url else ""
        if "seeds" in words or "xplorer" in words:
            said.append(words[:60])
    return said


def _linked(browser: Browser, server: Server, port: int) -> list[str]:
    """A link leads to the server's page, which the page that it came from cannot touch; another name does not."""
    wrong = []
    with watched(browser, ("http://",)) as (page, _):
        page.goto("http://evil.example/")
        page.evaluate(
            "url => { document.querySelector('#link').href = url; }",
            f"http://127.0.0.1:{server.port}/find?q=causal",
        )
        page.locator("#link").click()
        page.wait_for_url("**/find?q=causal")
        if "causal" not in page.locator("h1").inner_text():
            wrong.append("a link leads to no page")
        page.goto("http://evil.example/")
        with page.context.expect_page() as opening:
            page.evaluate(
                "url => { window.opened = window.open(url); }", f"http://127.0.0.1:{server.port}/query"
            )
        opening.value.wait_for_selector("html[data-ready]")
        if opening.value.evaluate("window.opener") is not None:
            wrong.append("the page has an opener")
        reached = page.evaluate(
            "() => { try { return opened.closed ? '' : opened.document.title; } catch { return ''; } }"
        )
        if reached:
            wrong.append(f"the opener reads {reached!r}")
        response = page.goto("http://rebound.example/find?q=causal")
        if response is None or response.status != 403:
            wrong.append("the server answers for the name of another")
    return wrong


@row(
    "33b",
    "addresses of the explorer and the editor of up to 1 MB, with 10,000 parts, broken escapes, payloads; a pasted search of 1 MB; window.name, stored values, "
    "messages and dropped files from strangers; the explorer in a frame of another page",
    passes="no error, nothing runs, nothing is asked for, each within 2 s (10 s in the tests), and the page works afterwards",
    minutes=30,
)
def odd_addresses(case: Case) -> Measured:
    """The explorer of the seeds and the query editor of their server."""
    failures: list[str] = []
    texts = case.random.sample(payloads(), case.count(200, least=3))
    explorer = (ROOT / "graphs" / "seeds.html").as_uri()
    slowest, looks = (0.0, ""), 0
    with running(seeds(case.scratch)) as server, chromium(rules="MAP * ~NOTFOUND") as browser:
        home = f"http://127.0.0.1:{server.port}/"
        with watched(browser, (explorer,)) as (page, seen):
            page.goto("about:blank")
            page.evaluate("text => { window.name = text; }", texts[0])
            odd = list(_odd())
            for hash_ in (
                *case.random.sample(odd, case.count(len(odd), least=20)),
                *(f"#{text}" for text in texts),
                *(f"#entity={quote(text)}" for text in texts),
            ):
                begun = time.monotonic()
                page.goto(explorer + hash_)
                page.wait_for_selector("html[data-ready]")
                page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
                slowest = max(slowest, (time.monotonic() - begun, hash_[:40]))
                seen.look(page)
                looks += 1
            failures += _strange(page, texts)
            failures += _pasted(page, case)
            page.goto("about:blank")
            page.goto(f"{explorer}#view=tables")
            page.locator("#tables tbody tr").first.wait_for()
            failures += seen.failures("explorer")
        with watched(browser, (home,)) as (page, seen):
            for query in (*(f"query={quote(text)}" for text in texts), *_odd_queries()):
                page.goto(f"{home}query?{query}")
                page.wait_for_selector("html[data-ready]")
                seen.look(page, allowed=("img", "iframe"))
                looks += 1
            failures += seen.failures("editor")
        outer = case.scratch / "outer.html"
        outer.write_text(
            f"<!DOCTYPE html><title>Another</title><iframe src='{explorer}' width=900 height=700></iframe>",
            "utf-8",
        )
        with watched(browser, (outer.as_uri(), explorer)) as (page, seen):
            page.goto(outer.as_uri())
            page.frame_locator("iframe").locator("html[data-ready]").wait_for()
            page.frames[1].evaluate("location.hash = 'view=tables'")
            page.frame_locator("iframe").locator("#tables tbody tr").first.wait_for()
            failures += seen.failures("explorer in a frame of another")
    if slowest[0] > 2 * case.slack:
        failures.append(f"{slowest[0]:.1f} s for {slowest[1]}")
    return Measured({"addresses": looks, "slowest": f"{slowest[0]:.2f} s ({slowest[1]})"}, failures)


def _odd() -> Iterator[str]:
    for key in (
        "entity",
        "paper",
        "family",
        "region",
        "path",
        "view",
        "table",
        "types",
        "since",
        "show",
        "min",
    ):
        for value in (
            "%",
            "%zz",
            "%E0%A4%A",
            "%00",
            "%ff",
            "=",
            "&&&",
            "a" * 100_000,
            "%F0%9F%98%80" * 1_000,
            "__proto__",
            "-1e999",
        ):
            yield f"#{key}={value}"
    yield "#" + "a" * 1_000_000
    yield "#entity=" + "%20" * 300_000
    for key in ("show", "types", "pages", "entity"):
        yield "#" + "&".join(f"{key}={n}" for n in range(10_000))
    yield "#" + "&".join(f"k{n}=v" for n in range(10_000))
    yield "#path=entity:a&to=paper:b&compare=c&paper=d&entity=e&family=f&region=g&show=h&view=tables&table=links&on=i"
    yield "#view=tables&table=links&min=NaN&since=9999-99&until=0000"


def _odd_queries() -> Iterator[str]:
    yield from (
        "query=",
        "query",
        "example=",
        "example=nothing&query=ASK{}",
        "query=ASK{}&query=ASK{}",
        "view=graph",
        "query=%00",
        "query=%ff",
    )
    yield f"query={quote('ASK {} #' + 'a' * 6_000)}"
    yield f"query={quote('SELECT * { ' + '{' * 1_000)}"
    yield f"query={quote('(' * 5_000)}"


def _strange(page: Page, texts: list[str]) -> list[str]:
    """What other pages can leave or send, and files that are dropped."""
    page.evaluate(
        """(texts) => {
          for (const text of texts) {
            try { localStorage.setItem(text, text); sessionStorage.setItem(text, text); } catch { /* a file has none */ }
            postMessage(text, "*");
            postMessage({ type: text, data: text, hash: text }, "*");
            dispatchEvent(new StorageEvent("storage", { key: text, newValue: text }));
          }
          for (const type of ["dragenter", "dragover", "drop", "paste"]) {
            const given = new DataTransfer();
            given.items.add(new File([texts[0]], "a.html", { type: "text/html" }));
            given.setData("text/html", texts[0]);
            const made = type === "paste" ? new ClipboardEvent(type, { clipboardData: given, bubbles: true }) : new DragEvent(type, { dataTransfer: given, bubbles: true });
            for (const id of ["picture", "search", "panel", "stage"]) document.getElementById(id).dispatchEvent(made);
          }
        }""",
        texts,
    )
    page.wait_for_timeout(200)
    return [] if page.locator("#picture canvas").count() else ["the picture is gone"]


_SEARCH = """
(text) => {
  const box = document.getElementById("search");
  box.value = text;
  const begun = performance.now();
  box.dispatchEvent(new Event("input", { bubbles: true }));
  const took = performance.now() - begun;
  box.value = "";
  return took;
}
"""


def _pasted(page: Page, case: Case) -> list[str]:
    """Long texts in the search box."""
    wrong = []
    for what, text in (
        ("a word", "a" * 1_000_000),
        ("words", "causal inference " * 60_000),
        ("signs", "-_ " * 300_000),
        ("markup", "<b>" * 100_000),
    ):
        # setting the value is the browser's work
        took = page.evaluate(_SEARCH, text) / 1000
        if took > 2 * case.slack:
            wrong.append(f"a search for 1 MB of {what} takes {took:.1f} s")
    return wrong
