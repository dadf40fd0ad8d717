"""Known vulnerabilities of the packages in requirements.lock: `make audit`.

pip-audit asks the registry for the advisories of each pinned version. Where it does not answer, or pip-audit cannot be
had, nothing is known: the program says so, counts what was looked at, and ends well, so that tests run without a network.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
TOOL = ROOT / ".venv" / "audit"
SECONDS = 180


@dataclass(frozen=True)
class Audit:
    """What the advisories say.

    Attributes:
        audited: packages that the registry answered for.
        unknown: those that it does not know.
        vulnerable: `NAME VERSION: ADVISORY, ...; fixed in VERSION` of those with an advisory.
    """

    audited: tuple[str, ...]
    unknown: tuple[str, ...]
    vulnerable: tuple[str, ...]


class NoAnswerError(Exception):
    """Nothing could be learned; the text says why."""


def read_report(content: str) -> Audit:
    """What a report of pip-audit in JSON says."""
    packages = json.loads(content)["dependencies"]
    known = [package for package in packages if "skip_reason" not in package]
    return Audit(
        tuple(package["name"] for package in known),
        tuple(package["name"] for package in packages if "skip_reason" in package),
        tuple(_told(package) for package in known if package["vulns"]),
    )


def _told(package: dict[str, Any]) -> str:
    found = ", ".join(advisory["id"] for advisory in package["vulns"])
    fixed = sorted({version for advisory in package["vulns"] for version in advisory["fix_versions"]})
    return f"{package['name']} {package['version']}: {found}; fixed in {', '.join(fixed) or 'no version yet'}"


def audit(lock: Path = LOCK, tool: Path = TOOL) -> Audit:
    """Ask the registry about every package of a lock file; pip-audit is installed into a folder of its own.

    Raises:
        NoAnswerError: pip-audit cannot be had, or the registry cannot be reached.
    """
    program = tool / "bin" / "pip-audit"
    if not program.exists():
        _run([sys.executable, "-m", "venv", "--clear", str(tool)])
        _run([str(tool / "bin" / "pip"), "install", "--quiet", "pip-audit>=2.9"])
    options = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    output = _run([str(program), *options, "--requirement", str(lock)], fine=(0, 1))
    try:
        return read_report(output)
    except (ValueError, KeyError, TypeError) as error:
        raise NoAnswerError("pip-audit gave no report: is the registry out of reach?") from error


def _run(command: list[str], fine: tuple[int, ...] = (0,)) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise NoAnswerError(f"{Path(command[0]).name}: {type(error).__name__}") from error
    if done.returncode not in fine:
        last = done.stderr.strip().splitlines()[-1:] or ["nothing said"]
        raise NoAnswerError(f"{Path(command[0]).name} ended with {done.returncode}: {last[0]}")
    return done.stdout


def main() -> int:
    """Print what is known; 1 if a package has an advisory."""
    try:
        found = audit()
    except NoAnswerError as error:
        print(f"audit: nothing learned: {error}")
        return 0
    for line in found.vulnerable:
        print(f"audit: {line}")
    asked = len(found.audited) + len(found.unknown)
    if not found.audited:
        print(f"audit: nothing learned: the registry answers for none of {asked} packages")
    else:
        print(
            f"audit: {len(found.audited)} of {asked} packages looked at, {len(found.vulnerable)} with advisories"
        )
    return 1 if found.vulnerable else 0


if __name__ == "__main__":
    sys.exit(main())
