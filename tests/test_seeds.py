"""The committed graph of the seeds is what the locked dependencies build, byte for byte (see processor.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from processor import is_the_committed_one

ROOT = Path(__file__).parent.parent
COMMITTED = ROOT / "graphs"
SEEDS = sorted((ROOT / "seeds").iterdir())

# Refuses every connection and every write outside the working folder.
GUARD = """
import os, runpy, sys
here = os.path.realpath(".") + os.sep
def guard(event, args):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.Request"):
        raise RuntimeError(f"network: {event} {args}")
    if event == "open" and isinstance(args[0], str) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        if not os.path.realpath(args[0]).startswith(here) and args[0] != os.devnull:
            raise RuntimeError(f"written outside: {args[0]}")
sys.addaudithook(guard)
sys.dont_write_bytecode = True
runpy.run_module("paperkg", run_name="__main__", alter_sys=True)
"""


def _build(folder: Path, sources: list[Path], **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", GUARD, "build", *map(str, sources), "--out", "graphs", "--name", "seeds"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _assert_equal_to_the_committed(folder: Path) -> None:
    built = {path.name: path.read_bytes() for path in (folder / "graphs").iterdir() if path.is_file()}
    committed = {path.name: path.read_bytes() for path in COMMITTED.iterdir() if path.is_file()}
    assert built.keys() == committed.keys()
    different = [name for name in built if built[name] != committed[name]]
    if is_the_committed_one():
        assert different == [], "make graph, look at the difference, and commit graphs/"
        return
    ours, theirs = (_edges(files["seeds.papers.jsonl"]) for files in (built, committed))
    assert len(ours & theirs) >= 0.97 * len(ours | theirs), (
        "more than rounding differs from the committed graph"
    )


def _edges(papers_jsonl: bytes) -> set[tuple[str, str, str]]:
    records = map(json.loads, papers_jsonl.decode("utf-8").splitlines())
    return {
        (paper["id"], entity["iri"], entity["relation"]) for paper in records for entity in paper["entities"]
    }


def test_the_folder_with_one_hash_seed(tmp_path: Path) -> None:
    _build(tmp_path, [ROOT / "seeds"], PYTHONHASHSEED="1")
    _assert_equal_to_the_committed(tmp_path)


def test_shuffled_files_with_another_hash_seed_in_the_c_locale(tmp_path: Path) -> None:
    shuffled = [SEEDS[i] for i in (3, 0, 4, 2, 1)]
    _build(tmp_path, shuffled, PYTHONHASHSEED="12345", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    _assert_equal_to_the_committed(tmp_path)


@pytest.fixture(scope="module")
def papers() -> list[dict[str, object]]:
    lines = (COMMITTED / "seeds.papers.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_the_numbers_of_the_pages(papers: list[dict[str, object]]) -> None:
    assert len(papers) == 118
    assert sum("date" in paper for paper in papers) == 95
    organisations = [tuple(o.values()) for paper in papers for o in paper.get("organisations", ())]  # type: ignore[attr-defined]
    assert sorted(organisations) == [
        ("JerzakLabs", "Jerzak Labs"),
        ("Lexsi", "Lexsi Labs"),
        ("UCSC-VLAA", "UCSC-VLAA"),
        ("google", "Google"),
    ]
    pages: dict[str, int] = {}
    for paper in papers:
        for listing in paper["listings"]:  # type: ignore[attr-defined]
            pages[listing["page"]] = pages.get(listing["page"], 0) + 1
    assert [pages[path.name] for path in SEEDS] == [42, 16, 52, 35, 44]


def test_every_span_is_verbatim(papers: list[dict[str, object]]) -> None:
    def spans(value: object) -> list[dict[str, object]]:
        if isinstance(value, dict):
            own = [value] if value.keys() == {"field", "start", "end", "text"} else []
            return own + [s for item in value.values() for s in spans(item)]
        return [s for item in value for s in spans(item)] if isinstance(value, list) else []

    checked = 0
    for paper in papers:
        for span in spans(paper):
            text = str(paper[str(span["field"])])
            assert text[span["start"] : span["end"]] == span["text"]  # type: ignore[misc]
            checked += 1
    assert checked > 1_000
