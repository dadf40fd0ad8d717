"""The bundle of the editor is what `make assets` makes of the sources that stand beside it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

SERVE = Path(__file__).parent.parent.parent / "src" / "paperkg" / "serve"
MANIFEST = json.loads((SERVE / "assets" / "editor.manifest.json").read_text("utf-8"))
LOCK = json.loads((SERVE / "editor" / "package-lock.json").read_text("utf-8"))


def test_the_files_are_those_of_the_manifest() -> None:
    for folder, files in (("assets", MANIFEST["made"]), ("editor", MANIFEST["sources"])):
        for name, digest in files.items():
            assert hashlib.sha256((SERVE / folder / name).read_bytes()).hexdigest() == digest, (
                f"{folder}/{name} is not what the bundle was made from: run make assets"
            )


def test_every_package_is_locked_and_has_its_licence() -> None:
    licences = (SERVE / "assets" / "editor.licenses.txt").read_text("utf-8")
    for one in MANIFEST["packages"]:
        locked = LOCK["packages"][f"node_modules/{one['name']}"]
        assert locked["version"] == one["version"] and locked["integrity"].startswith("sha512-")
        assert f"{one['name']} {one['version']} (MIT)" in licences
    assert all("resolved" not in one for one in LOCK["packages"].values()), "the lock names no host"


def test_the_bundle_evaluates_no_text_and_names_no_host() -> None:
    code = (SERVE / "assets" / "editor.js").read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|\bfetch\(|XMLHttpRequest|WebSocket|localStorage", code)
    assert set(re.findall(r"https?://[\w.-]+", code)) <= {"http://www.w3.org"}
