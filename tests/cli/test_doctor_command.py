"""`paperkg doctor`: a line for each check, and the status."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import RunCommand

from paperkg import doctor
from paperkg.doctor import Finding


def test_doctor(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("doctor", small)
    assert ran.status == 0, ran.out
    lines = ran.out.splitlines()
    assert {line.split()[0] for line in lines} <= {"good", "note"}
    assert any(line.startswith(f"good   graph: {small}: 4 papers") for line in lines)
    assert ran.err == f"paperkg: {len(lines)} checks, nothing wrong\n"


def test_what_is_wrong_is_a_line_and_a_status(
    small: Path, tmp_path: Path, paperkg: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        doctor, "examine_installation", lambda: iter([Finding("wrong", "a\x1b[2J", "b\nc", "d")])
    )
    ran = paperkg("doctor", tmp_path / "none")
    assert ran.status == 3
    assert ran.out.splitlines() == [
        r"wrong  a\x1b[2J: b c (d)",
        f"wrong  graph: {tmp_path / 'none'}: no built graph here (paperkg build makes one)",
    ]
    assert ran.err == "paperkg: 2 checks, 2 wrong\n"
