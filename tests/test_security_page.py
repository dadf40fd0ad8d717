"""docs/SECURITY.md names tests that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "SECURITY.md").read_text("utf-8")


def test_every_promise_names_tests_that_there_are() -> None:
    named = re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 25
    for path, function in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert not function or function in functions, f"{path} has no {function}"
    promises = PAGE.partition("## What is promised")[2].partition("## What is not")[0].strip().split("\n\n")
    assert [promise[:60] for promise in promises if "`tests/" not in promise] == []
