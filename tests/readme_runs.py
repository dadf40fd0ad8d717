"""Runs what README.md shows; `python tests/readme_runs.py` writes the real output into it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"

_CONSOLE = re.compile(r"^```console\n\$ ([^\n]+)\n(?:[^`]*\n)?```$", re.MULTILINE)
_PYTHON = re.compile(r"^```python\n((?:[^`]*\n)?)```\n\n```text\n(?:[^`]*\n)?```$", re.MULTILINE)


def _output(*command: str) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")
    return done.stdout


def renewed(text: str) -> str:
    """The text of the README with the output that its commands and its snippet give now."""
    text = _CONSOLE.sub(lambda m: f"```console\n$ {m[1]}\n{_output('sh', '-c', m[1])}```", text)
    return _PYTHON.sub(
        lambda m: f"```python\n{m[1]}```\n\n```text\n{_output(sys.executable, '-c', m[1])}```", text
    )


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8")), "utf-8")
