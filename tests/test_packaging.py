"""What is installed: every file that the package needs, and no dependency that only its developers need."""

from __future__ import annotations

import ast
import email
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "paperkg"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

PAPER = (
    '{"id": "1", "title": "CLadder", "abstract": "We introduce CLadder, a benchmark of causal reasoning."}'
)


def _names(requirements: list[str]) -> set[str]:
    return {
        re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower().replace("_", "-") for requirement in requirements
    }


RUNTIME = _names(PROJECT["project"]["dependencies"])
EXTRAS = {name: _names(needs) for name, needs in PROJECT["project"]["optional-dependencies"].items()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "src/paperkg"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    expected = {name.removeprefix("src/") for name in tracked.stdout.split("\0") if name}
    held = set(zipfile.ZipFile(wheel).namelist())
    assert expected - held == set()
    assert "paperkg/py.typed" in held
    outside = {name for name in held if not name.startswith(("paperkg/", "paperkg-"))}
    assert outside == set()


def test_the_metadata(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    message = email.message_from_bytes(archive.read(metadata))
    plain = [need for need in message.get_all("Requires-Dist", []) if "extra ==" not in need]
    assert _names(plain) == RUNTIME
    assert message["License-Expression"] == "MIT AND Apache-2.0 AND CC-BY-4.0"
    licences = {name.partition("/licenses/")[2] for name in archive.namelist()}
    assert set(PROJECT["project"]["license-files"]) <= licences
    assert "src/paperkg/serve/assets/editor.licenses.txt" in licences  # of the JavaScript that is bundled


def test_the_wheel_alone_builds_and_answers(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    (tmp_path / "papers.jsonl").write_text(PAPER + "\n", "utf-8")

    def paperkg(*args: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "paperkg", *args],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import paperkg; print(paperkg.__file__)"],
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert where.stdout.startswith(str(site))
    paperkg("build", "papers.jsonl")
    assert (tmp_path / "graphs" / "papers.html").exists()
    assert "CLadder" in paperkg("query", "graphs/papers", "SELECT ?t { ?p dct:title ?t }")
    assert "papers-of-entity" in paperkg("query", "--examples")


# Names of modules that differ from the names of their distributions.
DISTRIBUTION = {"sklearn": "scikit-learn"}
# What a user who calls `Answer.to_pandas` has already.
BROUGHT_ALONG = {"pandas"}


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _third_party(path: Path) -> set[str]:
    """The distributions that a module imports when it runs."""
    found = set()
    waiting: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
        waiting += [child for child in ast.iter_child_nodes(node) if not _is_for_types(child)]
    names = found - sys.stdlib_module_names - {"paperkg"}
    return {DISTRIBUTION.get(name, name).lower().replace("_", "-") for name in names}


def test_only_declared_dependencies_are_imported() -> None:
    allowed = RUNTIME.union(BROUGHT_ALONG, *EXTRAS.values())
    leaks = {
        path.relative_to(PACKAGE).as_posix(): sorted(_third_party(path) - allowed)
        for path in PACKAGE.rglob("*.py")
        if _third_party(path) - allowed
    }
    assert leaks == {}


def test_every_declared_dependency_is_imported() -> None:
    used = set().union(*(_third_party(path) for path in PACKAGE.rglob("*.py")))
    assert (RUNTIME | EXTRAS["fetch"] | EXTRAS["serve"]) - used == set()


def test_the_lock_has_a_hash_for_everything_and_names_no_index() -> None:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    pinned = [line for line in lines if re.match(r"[a-z0-9]", line)]
    assert all("==" in line and line.endswith("\\") for line in pinned)
    assert not [line for line in lines if "://" in line or line.startswith("-")]
    groups = [
        need for group in PROJECT["dependency-groups"].values() for need in group if isinstance(need, str)
    ]
    wanted = RUNTIME | _names(groups) | EXTRAS["fetch"] | EXTRAS["serve"]
    assert wanted - {line.split("==")[0] for line in pinned} == set()
