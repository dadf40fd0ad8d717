"""What is printed cannot command the terminal, and data stays as it is."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Terminal

from paperkg.cli import console
from timing import seconds

ATTACKS = [
    "\x1b]0;owned\x07",  # sets the window's title
    "\x1b[2J\x1b[H",  # clears the screen
    "\x9b31m",  # the one-character form of ESC [
    "\rpaperkg: all is well",  # overwrites the line
    "\u202egnp.exe",  # reverses what follows
    "a\x08b",
    "\ud800",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_a_terminal_obeys_is_left(attack: str) -> None:
    shown = console.printable(f"before {attack} after")
    assert shown.isprintable()
    assert shown.startswith("before ")
    assert shown.endswith(" after")


def test_the_escape_is_written_out() -> None:
    assert console.printable("\x1b[31m\x9b\u202e") == r"\x1b[31m\x9b\u202e"


def test_line_feeds_and_tabs_are_text() -> None:
    assert console.printable("a\n\tb") == "a\n\tb"
    assert console.one_line(" a\n\tb ") == "a b"


@given(st.text())
def test_one_line_is_one_printable_line(text: str) -> None:
    shown = console.one_line(text)
    assert len(shown.splitlines()) <= 1
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_plain_text_is_unchanged(text: str) -> None:
    assert console.one_line(text) == text


def test_neutralising_is_linear() -> None:
    assert seconds(lambda: console.one_line("\x1b[\u202e" * 40_000)) < 0.5


def test_data_for_a_pipe_is_unchanged(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    console.write_data(b"\x1b[2J\xff\n")
    console.write_data("é\x9b\n")
    assert capfdbinary.readouterr().out == b"\x1b[2J\xff\n" + "é\x9b\n".encode()


def test_data_for_a_terminal_is_neutralised(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    console.write_data(b"\x1b[2J\n")
    assert terminal.getvalue() == "\\x1b[2J\n"


def test_a_table_in_a_pipe_is_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    long = "word " * 100
    console.print_table(
        ["paper", "number"], [[long, "1"], ["\x1b[2J [bold]x[/bold] :smile:", "22"]], right=[1]
    )
    printed = capsys.readouterr().out
    assert long.strip() in printed
    assert r"\x1b[2J [bold]x[/bold] :smile:" in printed


def test_a_narrow_terminal_gets_every_character(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("TERM", "dumb")
    console.print_table(["a", "b"], [["x" * 50, "y" * 50]])
    assert terminal.getvalue().count("x") == terminal.getvalue().count("y") == 50
