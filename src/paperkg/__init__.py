"""paperkg turns a pile of abstracts into a knowledge graph whose edges lead to their words.

`build` makes a graph, `load` opens a built one, papers come to it by `add` and go by `remove`; `extract` reads papers without
joining them, `fetch` gets them; `merge`, `split`, `rename`, `accept`, `reject`, `retype`, `relate` correct a built one by hand, `undo` takes that back, and
`review` says what is doubtful, `diff` what changed between two.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperkg.api import add, build, extract, fetch, load, remove
    from paperkg.comparison import diff
    from paperkg.curation import (
        accept,
        apply_decisions,
        merge,
        reject,
        relate,
        rename,
        retype,
        split,
        undo,
    )
    from paperkg.doubts import review
    from paperkg.errors import PaperkgError
    from paperkg.graph import KnowledgeGraph

__version__ = "0.1.0"
__all__ = [
    "KnowledgeGraph",
    "PaperkgError",
    "__version__",
    "accept",
    "add",
    "apply_decisions",
    "build",
    "diff",
    "extract",
    "fetch",
    "load",
    "merge",
    "reject",
    "relate",
    "remove",
    "rename",
    "retype",
    "review",
    "split",
    "undo",
]

_HOMES = {
    "KnowledgeGraph": "paperkg.graph",
    "PaperkgError": "paperkg.errors",
    **dict.fromkeys(("add", "build", "extract", "fetch", "load", "remove"), "paperkg.api"),
    "diff": "paperkg.comparison",
    **dict.fromkeys(
        ("accept", "apply_decisions", "merge", "reject", "relate", "rename", "retype", "split", "undo"),
        "paperkg.curation",
    ),
    "review": "paperkg.doubts",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: `import paperkg` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
