"""Runs what README.md shows; as a program it writes the real output into it and takes its picture."""

from __future__ import annotations

import os
import re
import shutil
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


def take_picture() -> None:
    """The page of the seeds, opened on an entity."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1360, "height": 820})
        page.goto((ROOT / "graphs" / "seeds.html").as_uri() + "#entity=CLadder")
        page.wait_for_timeout(1_000)
        page.screenshot(path=ROOT / "docs" / "viewer.png")
        browser.close()


if __name__ == "__main__":
    take_picture()
    README.write_text(renewed(README.read_text("utf-8")), "utf-8")
