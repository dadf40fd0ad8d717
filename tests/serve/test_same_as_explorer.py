"""Shapes and words of the server's pages are those of the explorer, which has them in JavaScript."""

from __future__ import annotations

import re
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser

from paperkg.serve.pages.context import DEEDS, LINK_NAMES, ROLES
from paperkg.serve.pages.icons import OUTLINES
from paperkg.serve.pages.texts import MONTHS

CONSTANT = r"^const {} = [\s\S]*?;(?=\n\S|\n\n)"


@pytest.mark.parametrize(
    ("file", "names", "here"),
    [
        ("marks.js", ("ring", "OUTLINES"), OUTLINES),
        ("graph.js", ("DEED",), DEEDS),
        ("graph.js", ("ROLE",), ROLES),
        ("graph.js", ("MONTHS",), list(MONTHS)),
        ("paper.js", ("LINK_NAMES",), LINK_NAMES),
    ],
)
def test_same_as_in_the_explorer(browser: Browser, file: str, names: tuple[str, ...], here: Any) -> None:
    script = (resources.files("paperkg.html") / "assets" / file).read_text("utf-8")
    found = [re.search(CONSTANT.format(name), script, re.MULTILINE) for name in names]
    code = "\n".join(match[0] for match in found if match)
    page = browser.new_page()
    assert page.evaluate(f"() => {{ {code}\nreturn {names[-1]}; }}") == here
    page.close()
