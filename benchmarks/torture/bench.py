"""Two sets of files of one name, and the commands that make one of the other: what tests of writing work with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from torture.children import (
    Calls,
    Child,
    warm,
)
from torture.frame import Case

NAME = "g"
_MODELS = "GPT-4 BERT LLaMA T5 RoBERTa Qwen3 CLIP ResNet Mistral DeBERTa".split()
_SETS = "ImageNet SQuAD GLUE MMLU GSM8K HumanEval COCO CIFAR-10 HotpotQA TruthfulQA".split()

Contents = dict[str, bytes]
"""What the visible files of a folder hold, by name."""


def write_papers(path: Path, first: int, number: int) -> Path:
    """Made-up papers, as JSON Lines."""
    lines = []
    for n in range(first, first + number):
        own, model, data = f"Torture{n}Net", _MODELS[n % 10], _SETS[n // 10 % 10]
        abstract = (
            f"We propose {own}, a method for question answering. It is based on {model}. "
            f"On {data} it reaches an accuracy of {50 + n % 50}.{n % 10}%, and it outperforms "
            f"{_MODELS[(n + 3) % 10]} by {n % 7}.5 points. We also evaluate on {_SETS[(n + 1) % 10]}."
        )
        lines.append(json.dumps({"id": f"t{n}", "title": f"{own}: Learning to Fall", "abstract": abstract}))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def visible(folder: Path) -> Contents:
    """The files of the set as they stand; the store, a cache whose bytes differ each time, by its entries' names."""
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for store in folder.glob("*.store"):
        found |= {f"{store.name}/{home.name}": b"" for home in store.iterdir()}
    return found


def shown(found: Contents) -> Contents:
    """Without hidden files and the store."""
    return {
        name: content for name, content in found.items() if not name.startswith(".") and ".store/" not in name
    }


class Bench:
    """Two sets of files, old and new, and the command lines that make one of the other, each in a child."""

    def __init__(self, case: Case, *, stored: bool = True, large: bool = False) -> None:
        """Build the sets.

        Args:
            case: the row's.
            stored: they are to have a store, as sets of some size do. This process itself must write none: RocksDB
                would start threads, which its children lack.
            large: they are to be made as those that do not fit into memory.
        """
        import paperkg.building.build
        import paperkg.export.engine

        self.case = case
        self.kind = "large " if large else ""
        self.one = write_papers(case.scratch / "one.jsonl", 0, 12)
        self.more = write_papers(case.scratch / "more.jsonl", 12, 4)
        self.old_folder = self.folder()
        paperkg.export.engine.MIN_STORED = paperkg.building.build.LARGE = 1 << 60
        for _ in range(2):  # the second time it loads what a build finds beside itself
            warm(self.building(self.one, self.old_folder))
        if stored:
            paperkg.export.engine.MIN_STORED = 0
            paperkg.building.build.LARGE = 0 if large else 1 << 60
            if (ended := Child(self.building(self.one, self.old_folder)).wait()).status:
                raise RuntimeError(ended.stderr)
        self.old = visible(self.old_folder)

    def folder(self, like: Path | None = None) -> Path:
        """A new folder with the files of another."""
        number = len(list(self.case.scratch.iterdir()))
        folder = self.case.scratch / f"{number}-{self.case.random.randrange(1 << 30)}"
        if like is None:
            folder.mkdir()
        else:
            shutil.copytree(like, folder)
        return folder

    @staticmethod
    def building(source: Path, folder: Path) -> list[str]:
        """The words that build the set in a folder."""
        return ["build", str(source), "--fast", "--processes", "1", "--out", str(folder), "--name", NAME]

    def changes(self) -> dict[str, Callable[[Path], list[str]]]:
        """The commands that change the old set, as words for a folder."""
        return {
            f"{self.kind}build": lambda folder: self.building(self.more, folder),
            f"{self.kind}merge": lambda folder: ["merge", f"{folder}/{NAME}", "BERT", "GPT-4"],
            f"{self.kind}add": lambda folder: ["add", f"{folder}/{NAME}", str(self.more)],
        }

    def outcome(
        self, words: Callable[[Path], list[str]], begin: Path | None = None
    ) -> tuple[Contents, float, int]:
        """What a command makes of a folder, the old set if None; how long it takes; its calls on files."""
        folder = self.folder(begin or self.old_folder)
        calls, counted = Calls(folder), self.case.scratch / "calls"
        ended = Child(words(folder), first=calls.watch, last=lambda: _note(counted, calls.number)).wait()
        if ended.status:
            raise RuntimeError(f"{words(folder)}: {ended}")
        new = visible(folder)
        shutil.rmtree(folder)
        return new, ended.seconds, int(counted.read_text())


def _note(file: Path, number: int) -> None:
    file.write_text(str(number))


def mixed(folder: Path, old: Contents, new: Contents) -> str:
    """Why a folder holds neither the old set nor the new one whole, once it was opened; nothing if it holds one."""
    from paperkg.export import load
    from paperkg.export.files import locked
    from paperkg.export.graph_set import MANIFEST
    from paperkg.export.staged import has_file

    if not old and not shown(visible(folder)) and not has_file(folder / NAME, MANIFEST):
        return ""
    try:
        with locked(folder / NAME):  # as one who may not write reads it
            before = load(folder / NAME)
        after = load(folder / NAME)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if before != after:
        return "it is read as another graph by those who may not write"
    found = shown(visible(folder))
    if found in (shown(old), shown(new)):
        return ""
    both = {name for name in found if found[name] == old.get(name) != new.get(name)}
    return f"of the old set {sorted(both)}, of {sorted(found)}"
