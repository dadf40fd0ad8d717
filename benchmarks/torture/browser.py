"""Strangers' texts in a real browser, and pages with no network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from torture.chromium import Seen, chromium, watched
from torture.clients import Server, listener, serving
from torture.frame import Case, Measured, row
from torture.payloads import attacking_graph, iri_of, payloads
from torture.readers import (
    KEEP_NETWORK,
    PYVIS_NODES_AT,
    ask,
    go,
    hover_pyvis,
    open_everything,
    open_explorer,
    point_and_click,
    read_addresses,
    search,
    type_text,
    walk,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from paperkg.graph import KnowledgeGraph

BASE = "https://w3id.org/paperkg/id/"
CLASSES = "pkg:Paper pkg:Entity pkg:Family pkg:Result pkg:Organisation pkg:Page"
EACH = 4
"""Where the policies are on, each fourth payload is enough: what does not run without them does not run with them."""
AT_ONCE = 25
"""Payloads in one picture: the marks of more would cover each other, and every look at the page would take longer."""


class _Found:
    """What the parts of the row add up to."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.figures: dict[str, object] = {}
        self.seen = {"without the policy": Seen(()), "with it": Seen(())}

    def add(self, where: str, seen: Seen, policy: bool) -> None:
        """Take what happened in one part of the row."""
        self.failures += seen.failures(where)
        total = self.seen["with it" if policy else "without the policy"]
        total.ran |= seen.ran
        total.looks += seen.looks
        for name in ("asked", "stopped", "dialogs", "went", "errors", "odd"):
            getattr(total, name).extend(getattr(seen, name))


@row(
    "32",
    "200 payloads in each field (title, abstract, author, organisation, id, date, page, file, address, entity, family, long form, "
    "result, unit, evidence, decision, setting, name of the graph), in Chromium: load, hover, click, search, focus, every panel, table, tab and "
    "address, with the Content Security Policy switched off, and of each fourth with it; explorer, pyvis export, answers as HTML, pages and editor of the server",
    passes="no script runs, no request, no navigation, no element or attribute of a stranger; each name is shown as it is",
    minutes=90,
)
def payloads_in_the_browser(case: Case) -> Measured:
    """Without its policies, a page has nothing but its escaping; with them, they have nothing to stop."""
    texts = sorted(case.random.sample(payloads(), case.count(200, least=2)))
    kg = attacking_graph(texts)
    found = _Found()
    with (
        listener() as (port, heard),
        chromium(rules=f"MAP pwned.example 127.0.0.1:{port},MAP * ~NOTFOUND") as browser,
    ):
        for policy in (False, True):
            some = texts[:: EACH if policy else 1]
            _explorer(browser, some, case.scratch, found, policy)
            _pyvis(browser, some, case.scratch, found, policy)
        _titles(browser, texts, case.scratch, found)
        _answers(browser, kg, texts, case.scratch, found)
        _served(browser, kg, texts, case.scratch, found)
        sent = sum(b"pwned.example" in one for one in heard)
        if sent:
            found.failures.append(f"a host got {sent} requests")
        others = (
            _bare_pyvis(browser, texts, case.scratch)
            + f"; {sum(b'pwned.example' in one for one in heard) - sent} requests came to their host"
        )
    for name, seen in found.seen.items():
        found.figures[name] = (
            f"{seen.looks:,} states of pages; {len(seen.ran)} payloads ran, {len(seen.asked)} requests, {len(seen.dialogs)} dialogs, "
            f"{len(seen.went)} navigations, {len(seen.stopped)} stopped by the policy, {len(seen.errors)} errors"
        )
    return Measured({"payloads": len(texts)} | found.figures, found.failures, {"pyvis": others})


def _explorer(browser: Browser, texts: Sequence[str], scratch: Path, found: _Found, policy: bool) -> None:
    from paperkg.html import render_page
    from paperkg.text.clean import clean

    file = scratch / "explorer.html"
    where = "explorer" if policy else "explorer without its policy"
    marks = tips = panels = hits = 0
    with watched(browser, (file.as_uri(),), bypass_csp=not policy) as (page, seen):
        for start in range(0, len(texts), AT_ONCE):
            some = texts[start : start + AT_ONCE]
            file.write_text(render_page(attacking_graph(some), title=some[0]), "utf-8")
            open_explorer(page, file.as_uri())
            seen.look(page)
            titles = [clean(text).text for text in some]
            wrong = read_addresses(page, seen, some, titles, [iri_of(some, n) for n in range(len(some))])
            found.failures += [f"{where}: {one}" for one in wrong[:5]]
            marks += len(page.evaluate("paperkg.drawn()"))
            more = point_and_click(page, seen)
            tips, panels = tips + more[0], panels + more[1]
            hits += search(page, seen, some)
            for text in some[::5]:
                go(page, f"#paper={quote(text, safe='')}")
                page.locator("#panel").focus()
                walk(page, seen)
            open_everything(page, seen)
        found.figures[where] = (
            f"{marks} marks, {tips} tips, {panels} panels by click, {hits} of {len(texts)} searches with a hit"
        )
        if min(tips, panels) < 0.9 * marks:
            found.failures.append(f"{where}: {tips} tips and {panels} panels of {marks} marks")
        found.add(where, seen, policy)


def _titles(browser: Browser, texts: Sequence[str], scratch: Path, found: _Found) -> None:
    """The name of the graph, which is the heading: of the explorer, of its frame in a notebook, and of the server's pages."""
    from paperkg.html import render_frame, render_page
    from paperkg.serve.pages.render import render

    file = scratch / "title.html"
    with watched(browser, (file.as_uri(),), bypass_csp=True) as (page, seen):
        for text in texts:
            kg = attacking_graph([text])
            file.write_text(render_page(kg, title=text, editor="/query"), "utf-8")
            open_explorer(page, file.as_uri())
            if page.locator("h1").text_content() != text.replace("\r", "\n"):
                found.failures.append(
                    f"the title {text[:60]!r} is shown as {page.locator('h1').text_content()!r:.80}"
                )
            seen.look(page)
            nothing = {"entities": [], "papers": [], "missing": True}
            file.write_bytes(
                render("found.html", site=SimpleNamespace(title=text), title=text, asked=text, **nothing)
            )
            page.goto(file.as_uri())
            seen.look(page)
            file.write_text(
                f"<!DOCTYPE html><title>A notebook</title>{render_frame(kg, title=text)}", "utf-8"
            )
            page.goto(file.as_uri())
            page.frame_locator("iframe").locator("html[data-ready]").wait_for()
            seen.look(page, allowed=("iframe",))
        seen.asked = [
            url for url in seen.asked if not url.startswith("file:///assets/")
        ]  # where no server is
        found.figures["names of a graph"] = len(texts)
        found.add("name of the graph", seen, policy=False)


def _pyvis(browser: Browser, texts: Sequence[str], scratch: Path, found: _Found, policy: bool) -> None:
    from paperkg.html import render_pyvis

    file = scratch / "pyvis.html"
    where = "pyvis export" if policy else "pyvis export without its policy"
    marks = tips = 0
    with watched(browser, (file.as_uri(),), bypass_csp=not policy) as (page, seen):
        page.add_init_script(KEEP_NETWORK)
        for start in range(0, len(texts), AT_ONCE):
            file.write_text(render_pyvis(attacking_graph(texts[start : start + AT_ONCE])), "utf-8")
            page.goto(file.as_uri())
            nodes = page.evaluate(PYVIS_NODES_AT)
            marks += len(nodes)
            tips += hover_pyvis(page, nodes)
            seen.look(page)
        found.figures[where] = f"{marks} marks, {tips} tips"
        found.add(where, seen, policy)
    if tips < 0.9 * marks:
        found.failures.append(f"{where}: {tips} tips of {marks} marks")


def _answers(
    browser: Browser, kg: KnowledgeGraph, texts: Sequence[str], scratch: Path, found: _Found
) -> None:
    """The viewer opened on an answer, and what a notebook shows, which has no policy."""
    from paperkg.html import render_answer

    file = scratch / "answer.html"
    everything = kg.query("SELECT ?s ?p ?o { ?s ?p ?o }")
    with watched(browser, (file.as_uri(),), bypass_csp=True) as (page, seen):
        file.write_text(render_answer(kg, everything, title=texts[0]), "utf-8")
        open_explorer(page, file.as_uri())
        page.locator("#panel").focus()
        walk(page, seen)
        shown: list[Any] = [
            everything,
            kg.query("CONSTRUCT WHERE { ?s ?p ?o }"),
            kg,
            *map(kg.entity, kg.entities),
        ]
        for text in texts:
            shown += [
                kg.paper(text),
                kg.query(f"SELECT (?o AS ?it) {{ ?s ?p ?o FILTER(STR(?o) = {literal(text)}) }}"),
            ]
        for number in range(0, len(shown), 50):
            cells = "<hr>".join(one._repr_html_() for one in shown[number : number + 50])
            file.write_text(f"<!DOCTYPE html><title>A notebook</title>{cells}", "utf-8")
            page.goto(file.as_uri())
            seen.look(page)
        found.figures["cells of a notebook"] = len(shown)
        found.add("answers as HTML", seen, policy=False)


def literal(text: str) -> str:
    """A text as SPARQL writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _served(browser: Browser, kg: KnowledgeGraph, texts: Sequence[str], scratch: Path, found: _Found) -> None:
    with serving(kg, scratch) as server:
        asked = f"SELECT DISTINCT ?s {{ VALUES ?c {{ {CLASSES} }} ?s a ?c }}"
        rows = json.loads(server.ask(asked).body)["results"]["bindings"]
        things = ["/", *("/id/" + one["s"]["value"].removeprefix(BASE) for one in rows)]
        asked_of = 0
        for policy in (False, True):
            where = "server" if policy else "server without its policy"
            step = EACH if policy else 1
            with watched(browser, (f"http://127.0.0.1:{server.port}/",), bypass_csp=not policy) as (
                page,
                seen,
            ):
                for number, path in enumerate(things[::step]):
                    page.goto(f"http://127.0.0.1:{server.port}{path}")
                    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
                    seen.look(page)
                    if number % 20 == 0:
                        walk(page, seen, press=False)
                _searched(page, seen, server, texts[::step])
                asked_of += _edited(page, seen, server, texts[::step])
                found.add(where, seen, policy)
        found.figures["pages of things"] = len(things)
        found.figures["questions to the editor"] = asked_of


def _searched(page: Page, seen: Seen, server: Server, texts: Sequence[str]) -> None:
    """Typed into the search box of a page, and as an address that leads nowhere."""
    home = f"http://127.0.0.1:{server.port}"
    for text in texts:
        page.goto(f"{home}/find")
        page.locator("input.find").focus()
        type_text(page, text)
        if not page.url.startswith(f"{home}/find?"):  # a line end in the text has sent it
            page.keyboard.press("Enter")
        page.wait_for_url(f"{home}/find?*")
        seen.look(page)
        page.goto(f"{home}/id/{quote(text, safe='')}")
        seen.look(page)


def _edited(page: Page, seen: Seen, server: Server, texts: Sequence[str]) -> int:
    """In the query editor: in literals, IRIs, comments, names of columns, as queries that are none, and typed."""
    number = 0
    page.goto(f"http://127.0.0.1:{server.port}/query")
    page.wait_for_selector("html[data-ready]")
    examples = [
        str(name)
        for name in page.evaluate(
            "[...document.querySelectorAll('[data-example]')].map((one) => one.dataset.example)"
        )
    ]
    addresses = [f"/query?example={quote(name)}" for name in examples]
    for text in texts:
        one = literal(text)
        queries = (
            f"SELECT ?s ?o (1 AS ?n) ({one} AS ?made) (IRI({one}) AS ?iri) {{ ?s ?p ?o FILTER(STR(?o) = {one}) }} LIMIT 20",
            f"# {' '.join(text.split())}\nCONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(STR(?o) = {one}) }}",
            text,
        )
        addresses += [f"/query?query={quote(query, safe='')}" for query in queries]
        addresses.append(f"/query?example={quote(text, safe='')}&view={quote(text, safe='')}")
    for address in addresses:
        number += 1
        ask(page, address)
        seen.look(page, allowed=("iframe", "img"))
    for text in filter(str.isprintable, texts[::5]):
        page.get_by_role("textbox", name="SPARQL query").focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(f"SELECT * {{ ?s ?p {literal(text)} . ?{text} pkg:u")
        seen.look(page, allowed=("iframe", "img"))
        page.keyboard.press("Escape")
    # typing over a selection, Chromium wants to keep the selection's style, whatever the text: no script and no element is its source
    seen.stopped = [one for one in seen.stopped if one.split() != ["style-src-attr", "inline", ":0"]]
    return number


def _bare_pyvis(browser: Browser, texts: Sequence[str], scratch: Path) -> str:
    """The same texts given to pyvis as its examples do: heading, menu of nodes, labels and titles."""
    from pyvis.network import Network

    file = scratch / "bare.html"
    ran = set[int]()
    asked = set[str]()
    with watched(browser, (file.as_uri(),)) as (page, seen):
        for text in texts:
            net = Network(heading=text, select_menu=True, cdn_resources="in_line")
            net.add_node(text, label=text, title=text)
            net.add_node("other", label="other", title=f"{text} href")
            net.add_edge(text, "other", title=text)
            file.write_text(net.generate_html(), "utf-8", "replace")
            page.goto(file.as_uri(), wait_until="commit")
            page.wait_for_timeout(400)
            page.mouse.move(720, 300)
            page.mouse.click(700, 320)
        ran, asked = seen.ran, {url for url in seen.asked if "pwned.example" in url}
    return f"{len(ran)} of {len(texts)} payloads ran, {len(asked)} addresses of theirs were asked for"
