"""The rules of docs/architecture.md, held by tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "paperkg"
MODULES = sorted(PACKAGE.rglob("*.py"))

MOST_LINES = 400
NETWORK = """
    socket socketserver ssl asyncio urllib.request http ftplib smtplib telnetlib xmlrpc requests httpx
    webbrowser aiohttp urllib3
"""
HEAVY = """
    spacy numpy networkx rdflib pyoxigraph pyvis jinja2 rich pyshacl bibtexparser pydantic onnxruntime
    starlette uvicorn
"""


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.fixture(params=MODULES, ids=_name, scope="module")
def module(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def test_one_direction_of_imports() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_its_line_in_the_docs() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = [p.name for p in PACKAGE.iterdir() if p.is_dir() and (p / "__init__.py").exists()]
    assert [room for room in rooms if f"`{room}/`" not in text] == []


def test_length(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= MOST_LINES


def test_no_network(module: Path, tree: ast.Module) -> None:
    if module.is_relative_to(PACKAGE / "serve") or module.is_relative_to(PACKAGE / "origins"):
        return  # the room that others reach over the network, and the one that asks others for papers
    parts = {".".join(name.split(".")[:n]) for name in _imports(tree) for n in (1, 2)}
    assert parts & set(NETWORK.split()) == set()


def test_no_assert_for_validation(tree: ast.Module) -> None:
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


def test_only_the_command_line_and_the_programs_of_training_print(module: Path, tree: ast.Module) -> None:
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }
    printing = {"print", "sys.stdout.write", "sys.stderr.write", "sys.exit", "click.echo"} & calls
    assert (
        not printing or module.is_relative_to(PACKAGE / "cli") or module.is_relative_to(PACKAGE / "training")
    )


def test_importing_is_light() -> None:
    code = (
        "import sys, paperkg, paperkg.cli.app as app\n"
        "[app.paperkg.get_command(None, name) for name in app._COMMANDS]\n"
        f"print(*sorted(set({HEAVY!r}.split()) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
