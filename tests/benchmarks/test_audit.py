"""The audit of the locked packages: what it makes of reports, and of none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "benchmarks"))

import audit

ADVISORY = {"id": "GHSA-1", "fix_versions": ["2.1", "2.0"], "aliases": [], "description": ""}
REPORT = {
    "dependencies": [
        {"name": "safe", "version": "1", "vulns": []},
        {"name": "bad", "version": "1.9", "vulns": [ADVISORY]},
        {"name": "worse", "version": "3", "vulns": [{**ADVISORY, "id": "CVE-2", "fix_versions": []}]},
        {"name": "own", "skip_reason": "not found"},
    ],
    "fixes": [],
}


def test_a_report() -> None:
    found = audit.read_report(json.dumps(REPORT))
    assert found == audit.Audit(
        ("safe", "bad", "worse"),
        ("own",),
        ("bad 1.9: GHSA-1; fixed in 2.0, 2.1", "worse 3: CVE-2; fixed in no version yet"),
    )


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        (f"echo '{json.dumps(REPORT)}'; exit 1", 1, "audit: 3 of 4 packages looked at, 2 with advisories"),
        (
            'echo \'{"dependencies": [{"name": "safe", "vulns": []}]}\'',
            0,
            "audit: 1 of 1 packages looked at, 0",
        ),
        (
            'echo \'{"dependencies": [{"name": "own", "skip_reason": "?"}]}\'',
            0,
            "answers for none of 1 packages",
        ),
        ("echo ConnectionError >&2; exit 1", 0, "nothing learned: pip-audit gave no report"),
        ("echo 'no such option' >&2; exit 2", 0, "nothing learned: pip-audit ended with 2: no such option"),
    ],
)
def test_what_it_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
    status: int,
    said: str,
) -> None:
    program = tmp_path / "bin" / "pip-audit"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(audit, "audit", lambda real=audit.audit: real(tool=tmp_path))
    assert audit.main() == status
    assert said in capsys.readouterr().out


def test_without_a_registry_nothing_is_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "SECONDS", 0.01)
    with pytest.raises(audit.NoAnswerError, match="TimeoutExpired"):
        audit.audit(tool=tmp_path / "tool")
