"""A real browser, and all that happens in it: what runs, what is asked for, where it goes, what its policies stop."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE, HIGH = 1440, 900

_TELL = """
addEventListener("securitypolicyviolation", (event) =>
  stopped(`${event.effectiveDirective} ${event.blockedURI} ${event.sample} ${event.sourceFile}:${event.lineNumber}`.slice(0, 200)), true);
"""
_AUDIT = """
(known) => {
  const wrong = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      const tag = node.localName;
      if (known.tags.includes(tag)) wrong.push(`<${tag}>`);
      for (const { name, value } of node.attributes) {
        if (name.startsWith("on")) wrong.push(`${tag} has ${name}`);
        if (["href", "src", "action", "formaction", "data", "srcset", "poster", "xlink:href", "ping"].includes(name)
            && !/^(https?:\\/\\/|[#?]|\\/(?![\\/\\\\])|data:,$|blob:)/.test(value)) wrong.push(`${tag} ${name}=${value}`.slice(0, 80));
      }
    }
  };
  walk(document);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  if (new Set(ids).size < ids.length) wrong.push(`an id stands twice: ${ids.find((id, n) => ids.indexOf(id) < n)}`);
  if ({}.polluted !== undefined) wrong.push("Object.prototype was changed");
  return [...new Set(wrong)];
}
"""
_FOREIGN = (
    "img image iframe frame object embed video audio source track base applet math marquee dialog template xmp plaintext "
    "foreignobject use animate set portal custom-tag mglyph"
).split()
"""Elements that no page of paperkg has; the editor has its own image and frame."""


@dataclass
class Seen:
    """What happened in a context of the browser.

    Attributes:
        own: beginnings of the addresses that may be asked for.
        ran: numbers of the payloads that ran.
        asked: addresses that were asked for beside the own ones.
        stopped: what the Content Security Policy stopped.
        dialogs: their texts.
        went: where the page went, or opened a window, beside the own addresses.
        errors: of scripts.
        odd: what stands in a page that no page of ours has.
        looks: how many states of pages were looked at.
    """

    own: tuple[str, ...]
    ran: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    looks: int = 0

    def is_own(self, url: str) -> bool:
        """Whether an address is one that may be asked for."""
        return url.startswith((*self.own, "about:", "data:,", "chrome-error:")) or (
            url.startswith("blob:") and url[5:].startswith((*self.own, "null"))
        )

    def look(self, page: Page, *, allowed: tuple[str, ...] = ()) -> None:
        """Look at the present state of a page: nothing in it is a stranger's but its texts."""
        self.looks += 1
        for wrong in page.evaluate(_AUDIT, {"tags": [tag for tag in _FOREIGN if tag not in allowed]}):
            if len(self.odd) < 100:
                self.odd.append(f"{wrong} in {page.url[:120]}")

    def failures(self, where: str) -> list[str]:
        """Sentences on all that must not have happened."""
        wrong = {
            "scripts ran": sorted(self.ran),
            "requests went out": self.asked,
            "dialogs": self.dialogs,
            "the page went elsewhere": self.went,
            "stopped by the policy alone": self.stopped,
            "errors of scripts": self.errors,
            "not text": self.odd,
        }
        return [f"{where}: {what}: {len(some)}, as {some[:3]!r}" for what, some in wrong.items() if some]


@contextmanager
def chromium(*, rules: str) -> Iterator[Browser]:
    """A browser whose names lead where the rules say (`MAP * ~NOTFOUND`); addresses of this computer stay.

    Raises:
        RuntimeError: there is none on the path.
    """
    from playwright.sync_api import sync_playwright

    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        raise RuntimeError(f"no browser: install one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules={rules},EXCLUDE 127.0.0.1"]
        running = playwright.chromium.launch(executable_path=found, args=arguments)
        yield running
        running.close()


@contextmanager
def watched(browser: Browser, own: tuple[str, ...], **settings: Any) -> Iterator[tuple[Page, Seen]]:
    """A page in a context of its own, and what happens in it; `own` are beginnings of addresses."""
    seen = Seen(own)
    given = {
        "viewport": {"width": WIDE, "height": HIGH},
        "reduced_motion": "reduce",
        "accept_downloads": True,
    }
    context = browser.new_context(**given | settings)
    try:
        watch(context, seen)
        page = context.new_page()
        page.set_default_timeout(60_000)
        context.on("page", lambda other: seen.went.append(f"a window: {other.url}"))
        yield page, seen
    finally:
        context.close()


def watch(context: BrowserContext, seen: Seen) -> None:
    """Note what happens in all pages of a context."""

    def asked(request: Any) -> None:
        if not seen.is_own(request.url):
            seen.asked.append(request.url[:200])

    def dialog(shown: Any) -> None:
        seen.dialogs.append(shown.message[:200])
        shown.dismiss()

    def went(frame: Any) -> None:
        if not seen.is_own(frame.url):
            seen.went.append(frame.url[:200])

    context.expose_binding("pwned", lambda _, number: seen.ran.add(int(number)))
    context.expose_binding("stopped", lambda _, what: seen.stopped.append(what))
    context.add_init_script(_TELL)
    context.on("request", asked)
    context.on("dialog", dialog)
    context.on("page", lambda page: page.on("framenavigated", went))
    context.on("weberror", lambda error: seen.errors.append(str(error.error)[:300]))
