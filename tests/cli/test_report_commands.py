"""What users see of a run and of a graph in numbers: --report, stats, diff."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from running import GOOD, HOSTILE, RunCommand

import paperkg as library


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two graphs, `one` of one paper and `two` of two."""
    folder = tmp_path_factory.mktemp("built")
    for name, records in (("one", [GOOD]), ("two", [GOOD, HOSTILE])):
        source = folder / f"{name}.jsonl"
        source.write_text("".join(json.dumps(record) + "\n" for record in records) + "{broken\n", "utf-8")
        library.build(source, out=folder, fast=True)
    return folder


def test_a_report(tmp_path: Path, paperkg: RunCommand) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_text(json.dumps(GOOD) + "\n{broken\n", "utf-8")
    reports = []
    for number in (1, 2):
        file = tmp_path / f"report{number}.json"
        assert paperkg("build", source, "--fast", "--out", tmp_path, "--report", file).status == 0
        reports.append(json.loads(file.read_text("utf-8")))
    seconds = [report.pop("seconds") for report in reports]
    assert reports[0] == reports[1]
    assert all(list(s) == ["reading", "extracting", "resolving", "writing"] for s in seconds)
    report = reports[0]
    assert (report["command"], report["graph"]) == ("build", str(tmp_path / "papers"))
    assert [(file["name"], file["records"]) for file in report["read"]] == [("papers.jsonl", 1)]
    assert [(s["file"], s["line"], s["kind"]) for s in report["skipped"]] == [("papers.jsonl", 2, "record")]
    held = report["graph_holds"]
    assert held["papers"] == 1
    assert held["skipped"] == {"record": 1}
    assert sum(held["resolved_by"].values()) == sum(held["edges"].values()) > 0
    assert "change" not in report
    files = json.loads((tmp_path / "papers.manifest.json").read_text("utf-8"))["files"]
    assert held["files"] == {name: state["size"] for name, state in files.items()}


def test_a_report_that_has_no_place_is_refused_at_once(tmp_path: Path, paperkg: RunCommand) -> None:
    ran = paperkg("build", "nothing", "--out", tmp_path, "--report", tmp_path / "none" / "report.json")
    assert ran.status == 2
    assert "no such folder" in ran.err


def test_stats(built: Path, paperkg: RunCommand) -> None:
    ran = paperkg("stats", built / "two")
    assert ran.status == 0
    assert ran.out.startswith("2 papers from 1 file, 1 left out, 1 part not used\n")
    rows = [line.split() for line in ran.out.splitlines()]
    kg = library.load(built / "two")
    assert ["all", str(len(kg.entities))] in [row[:2] for row in rows]
    assert f"{len(kg.edges())} entities of papers are {len(kg.entities)} of the graph: " in ran.out
    assert ["json", "1", "2"] in rows or ["jsonl", "1", "2"] in rows
    size = (built / "two.papers.jsonl").stat().st_size
    assert ["papers.jsonl", f"{size:,}"] in rows


def test_stats_as_json(built: Path, paperkg: RunCommand) -> None:
    ran = paperkg("stats", built / "two.html", "--format", "json")
    told = json.loads(ran.out)
    kg = library.load(built / "two")
    stats = kg.stats()
    assert (told["papers"], told["mentions"], told["links"]) == (2, stats.mentions, stats.links)
    assert told["edges"] == dict(stats.edges)
    assert told["entities"] == dict(stats.entities)
    assert ran.err == ""


def test_stats_read_the_manifest_alone(built: Path, tmp_path: Path, paperkg: RunCommand) -> None:
    manifest = json.loads((built / "two.manifest.json").read_text("utf-8"))
    manifest["counts"]["papers"] = 3_000_000
    manifest["skipped"] = [
        {"file": "a.jsonl", "line": line, "kind": "record", "reason": "cut"} for line in range(50_000)
    ]
    (tmp_path / "huge.manifest.json").write_text(json.dumps(manifest) + "\n", "utf-8")
    begin = time.perf_counter()
    ran = paperkg("stats", tmp_path / "huge")
    assert time.perf_counter() - begin < 2
    assert ran.out.startswith("3000000 papers from 1 file, 50000 left out\n")


@pytest.mark.parametrize(
    "counts",
    [
        {"papers": "\x1b[2J"},
        {"papers": True},
        {"entities": 7},
        {"entities": {"Method": None}},
        {"more": 1},
        {"links": {}},
    ],
)
def test_counts_that_are_none_are_refused(
    built: Path, tmp_path: Path, paperkg: RunCommand, counts: dict[str, object]
) -> None:
    manifest = json.loads((built / "two.manifest.json").read_text("utf-8"))
    manifest["counts"] |= counts
    (tmp_path / "bad.manifest.json").write_text(json.dumps(manifest) + "\n", "utf-8")
    for command in (("stats", tmp_path / "bad"), ("diff", tmp_path / "bad", built / "one")):
        ran = paperkg(*command)
        assert ran.status == 1
        assert "bad.manifest.json: is no manifest of paperkg, or was cut" in ran.err


def test_names_in_a_manifest_cannot_command_the_terminal(
    built: Path, tmp_path: Path, paperkg: RunCommand
) -> None:
    manifest = json.loads((built / "two.manifest.json").read_text("utf-8"))
    evil = "\x1b]0;owned\x07\n"
    manifest["counts"] |= {name: {evil: 1} for name in ("entities", "edges", "resolved_by", "skipped")}
    manifest |= {"extractor": evil, "paperkg": evil, "settings": {evil: evil}}
    manifest["files"] = {"ttl": {"size": 1, "sha256": evil}}
    (tmp_path / "evil.manifest.json").write_text(json.dumps(manifest) + "\n", "utf-8")
    for command in (("stats", tmp_path / "evil"), ("doctor", tmp_path / "evil")):
        ran = paperkg(*command)
        assert ran.status in (0, 3)
        assert {c for c in ran.out + ran.err if not c.isprintable()} == {"\n"}


def test_diff(built: Path, paperkg: RunCommand) -> None:
    same = paperkg("diff", built / "one", built / "one.ttl")
    assert (same.status, same.out) == (0, "")
    assert same.err.endswith("hold the same\n")
    ran = paperkg("diff", built / "one", built / "two")
    assert ran.status == 3
    assert "papers that came (1)" in ran.out
    assert r"+ 2jwe-introduce-script-alert-1-script \x1b[2JWe \u202eintroduce" in ran.out
    assert {c for c in ran.out + ran.err if not c.isprintable()} == {"\n"}
    assert ["papers", "1"] in [line.split()[:2] for line in ran.out.splitlines()]


def test_diff_lists_as_much_as_is_asked_for(built: Path, paperkg: RunCommand) -> None:
    ran = paperkg("diff", built / "one", built / "two", "--most", "1")
    number = next(line for line in ran.out.splitlines() if line.startswith("entities that came"))
    all_ = int(number.removeprefix("entities that came (").removesuffix(")"))
    assert f"  and {all_ - 1} more (--most {all_})" in ran.out
    none = paperkg("diff", built / "one", built / "two", "--most", "0")
    assert "EvilNet" not in none.out


def test_diff_as_json(built: Path, paperkg: RunCommand) -> None:
    ran = paperkg("diff", built / "two", built / "one", "--format", "json")
    assert ran.status == 3
    told = json.loads(ran.out)
    assert told["differ"] is True
    assert [paper["id"] for paper in told["papers"]["went"]] == ["2jwe-introduce-script-alert-1-script"]
    assert len(told["entities"]["went"]) == told["numbers"]["entities"]["went"] > 0
    same = paperkg("diff", built / "two", built / "two", "--format", "json")
    assert (same.status, json.loads(same.out)["differ"]) == (0, False)


def test_diff_of_what_is_not_there(built: Path, paperkg: RunCommand) -> None:
    ran = paperkg("diff", built / "one", built / "none")
    assert ran.status == 1
    assert ran.err.startswith(f"paperkg: {built / 'none'}: no built graph here")
    assert paperkg("diff", built / "one").status == 2
