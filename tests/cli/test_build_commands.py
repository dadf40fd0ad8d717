"""The commands that read papers: build and extract."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from running import GOOD, HOSTILE, RunCommand

from paperkg.cli.summary import SKIPS
from paperkg.model import Skip


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Two good records with a bad one between them."""
    lines = [json.dumps(GOOD), '{"id": "broken", ', json.dumps(HOSTILE)]
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_build(papers: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    out = tmp_path / "graphs"
    ran = paperkg("build", papers, "--out", out, "--name", "mine")
    assert ran.status == 0
    assert {path.name for path in out.iterdir() if path.is_file()} == {
        f"mine.{ending}"
        for ending in ("papers.jsonl", "trig", "ttl", "jsonld", "json", "graphml", "html", "manifest.json")
    }
    lines = ran.out.splitlines()
    assert lines[0] == "2 papers from 1 file, 1 left out, 1 part not used"
    assert (
        lines[-1] == f"open {out / 'mine'}.html in a browser, or ask: paperkg query {out / 'mine'} --examples"
    )
    cells = [line.split() for line in lines]
    assert any(row[:1] == ["Model"] and row[2:3] == ["evaluates_on"] for row in cells)
    left_out, not_used = ran.err.splitlines()
    assert left_out.startswith(f"paperkg: left out: {papers.name}:2: ")
    assert not_used.startswith(f"paperkg: part not used: {papers.name}:3: ")
    assert {c for c in ran.out + ran.err if not c.isprintable()} == {"\n"}


def test_every_kind_of_doubt_has_its_words() -> None:
    assert SKIPS.keys() == set(get_args(get_type_hints(Skip)["kind"]))


def test_build_gives_what_query_and_show_read(papers: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    paperkg("build", papers, "--out", tmp_path)
    graph = tmp_path / "papers"
    for given in (graph, graph.with_suffix(".ttl"), graph.with_suffix(".html")):
        shown = paperkg("show", given, "CLadder")
        assert shown.status == 0
        assert "We introduce CLadder" in shown.out
    hostile = paperkg("show", graph, "EvilNet")
    assert {c for c in hostile.out + hostile.err if not c.isprintable()} <= {"\n"}


def test_extract_is_one_object_a_paper(papers: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    ran = paperkg("extract", papers)
    assert ran.status == 0
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert [record["title"] for record in records] == [GOOD["title"], HOSTILE["title"]]
    assert all("iri" not in entity for record in records for entity in record["entities"])
    assert "left out" in ran.err
    file = tmp_path / "out.jsonl"
    assert paperkg("extract", papers, "-o", file).out == ""
    assert file.read_bytes() == ran.out.encode()


def test_extract_from_standard_input(paperkg: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    ran = paperkg("extract", "-")
    assert ran.status == 0
    assert json.loads(ran.out)["id"] == GOOD["id"]


def test_extract_prints_each_paper_when_it_was_read(
    papers: Path, tmp_path: Path, paperkg: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    import paperkg.building.build as building

    read_all = building.read_all

    def read_one(*args: object, **options: object) -> Iterator[object]:
        yield next(read_all(*args, **options))  # type: ignore[arg-type]
        raise OSError(errno.EIO, "Input/output error", "papers.jsonl")

    whole = paperkg("extract", papers, "--fast").out
    monkeypatch.setattr(building, "read_all", read_one)
    ran = paperkg("extract", papers, "--fast")
    assert (ran.status, ran.out) == (1, whole.splitlines(keepends=True)[0])
    file = tmp_path / "out.jsonl"
    file.write_text("before", "utf-8")
    assert paperkg("extract", papers, "--fast", "-o", file).status == 1
    assert file.read_text("utf-8") == "before"


@pytest.mark.parametrize("command", ["build", "extract"])
@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("missing.jsonl", None, None),
        ("empty.txt", b"", None),
        ("prose.txt", b"Dear Sir or Madam,\nthis is no listing.\n", None),
        ("broken.json", b'[{"id": "1",\n "title": }]', 1),
        ("binary.jsonl", bytes(range(256)), None),
    ],
)
def test_unreadable_input_is_one_line(
    tmp_path: Path,
    paperkg: RunCommand,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    name: str,
    content: bytes | None,
    line: int | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = paperkg(command, name)
    assert ran.status == 1
    assert ran.out == ""
    assert ran.err.startswith(f"paperkg: {name}:{line or ''}")
    assert ran.err.count("\n") == 1
    assert list(tmp_path.glob("graphs/*")) == []


def test_an_empty_folder(tmp_path: Path, paperkg: RunCommand) -> None:
    ran = paperkg("build", tmp_path)
    assert ran.status == 1
    assert ran.err.startswith(f"paperkg: {tmp_path}")
    assert ran.err.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="limits of processes are POSIX")
def test_a_limit_on_files_leaves_the_previous_set(papers: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    import resource
    import signal

    paperkg("build", papers, "--out", tmp_path / "graphs")
    before = {path.name: path.read_bytes() for path in (tmp_path / "graphs").iterdir() if path.is_file()}
    papers.write_text(json.dumps(GOOD | {"id": "changed"}), "utf-8")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limit[1]))
        ran = paperkg("build", papers, "--out", tmp_path / "graphs")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert re.match(r"paperkg: \S+/graphs/papers\.[a-z.]+: File too large \(", ran.err)
    assert {
        path.name: path.read_bytes() for path in (tmp_path / "graphs").iterdir() if path.is_file()
    } == before


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/passwd", "two\nlines", "\x1b[31m"])
def test_a_name_is_no_path(papers: Path, paperkg: RunCommand, name: str) -> None:
    assert paperkg("build", papers, "--name", name).status == 2


def test_a_folder_that_is_a_file(papers: Path, paperkg: RunCommand) -> None:
    ran = paperkg("build", papers, "--out", papers)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"paperkg: {papers}: File exists (a file has that name; choose another folder)\n"


def test_one_is_no_plural(papers: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    papers.write_text(json.dumps(GOOD), "utf-8")
    assert paperkg("build", papers, "--out", tmp_path / "graphs").out.startswith(
        "1 paper from 1 file, nothing skipped\n"
    )


def test_the_fast_way_says_so_in_the_manifest(papers: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    for name, options in (("slow", []), ("fast", ["--fast"])):
        assert paperkg("build", papers, "--out", tmp_path, "--name", name, *options).status == 0
    slow, fast = (
        json.loads((tmp_path / f"{name}.manifest.json").read_text("utf-8")) for name in ("slow", "fast")
    )
    assert slow["extractor"] != fast["extractor"]
    assert "We introduce CLadder" in paperkg("show", tmp_path / "fast", "CLadder").out


@pytest.mark.parametrize("way", [[], ["--fast"]])
def test_a_threshold_is_counted_and_shown(
    papers: Path, tmp_path: Path, paperkg: RunCommand, way: list[str]
) -> None:
    everything = json.loads(paperkg("extract", papers, *way).out.splitlines()[0])["entities"]
    least = min(e["confidence"] for e in everything) + 0.0001
    ran = paperkg("extract", papers, *way, "--min-confidence", str(least))
    kept = json.loads(ran.out.splitlines()[0])["entities"]
    assert 0 < len(kept) < len(everything)
    assert all(e["confidence"] >= least for e in kept)
    assert f"paperkg: left out below a confidence of {least:g}: " in ran.err
    built = paperkg("build", papers, *way, "--out", tmp_path, "--min-confidence", str(least))
    assert f"left out below a confidence of {least:g}: " in built.err
    settings = json.loads((tmp_path / "papers.manifest.json").read_text("utf-8"))["settings"]
    assert settings["min_confidence"] == str(least)
    assert int(settings["left_out_entities"]) > 0


@pytest.mark.parametrize("share", ["-0.1", "1.5", "much"])
def test_a_threshold_is_a_share(papers: Path, paperkg: RunCommand, share: str) -> None:
    assert paperkg("extract", papers, "--min-confidence", share).status == 2


def test_an_address_is_that_of_a_cluster(papers: Path, paperkg: RunCommand) -> None:
    ran = paperkg("extract", papers, "--address", "127.0.0.1:1")
    assert (ran.status, ran.out) == (2, "")
    assert "it needs --engine ray" in ran.err


def test_a_cluster_needs_ray(papers: Path, paperkg: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    ran = paperkg("extract", papers, "--fast", "--engine", "ray")
    assert (ran.status, ran.out) == (1, "")
    assert "pip install 'paperkg[ray]'" in ran.err
