"""What the README shows is what happens."""

from __future__ import annotations

import re

from readme_runs import README, ROOT, renewed


def test_the_output_of_commands_and_snippets() -> None:
    text = README.read_text("utf-8")
    assert renewed(text) == text, "make docs"


def test_every_link_leads_somewhere() -> None:
    pages = [README, *(ROOT / "docs").glob("*.md")]
    missing = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert missing == []


def test_only_blocks_that_are_run_or_plain() -> None:
    text = README.read_text("utf-8")
    assert len(re.findall(r"^```console$", text, re.MULTILINE)) == text.count("\n$ paperkg ")
    assert len(re.findall(r"^```python$", text, re.MULTILINE)) == 1
