"""What the documentation says about the commands is what they say themselves."""

from __future__ import annotations

from pathlib import Path

from help_pages import help_pages

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_help_pages_are_documented() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == help_pages(), "make docs"


def test_every_file_of_the_set_and_every_format_is_documented() -> None:
    from paperkg.export import FORMATS, RENDERED

    formats = (DOCS / "formats.md").read_text("utf-8")
    assert [
        name for name in (*RENDERED, "papers.jsonl", "manifest.json") if f"NAME.{name}`" not in formats
    ] == []
    assert [name for name in FORMATS if f"`{name}`" not in formats] == []
