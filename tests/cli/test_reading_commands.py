"""The commands that read a built graph: query, show, export, validate."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from running import RunCommand

from paperkg.cli import export as export_command
from paperkg.cli import query as query_command
from paperkg.graph import KnowledgeGraph
from paperkg.rdf import Violation

TITLES = "SELECT ?title { ?paper a schema:ScholarlyArticle ; dct:title ?title } ORDER BY ?title"


def test_the_formats_are_those_of_the_library() -> None:
    from paperkg import export, query

    assert query_command.FORMATS == query.FORMATS
    assert set(export_command.FORMATS) == set(export.FORMATS)


# --- query


def test_a_bad_query_names_its_file(small: Path, paperkg: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "bad.rq"
    file.write_text("SELECT *\n{ ?s ?p \n", "utf-8")
    ran = paperkg("query", small, "-f", file)
    assert ran.status == 1
    assert ran.err.startswith(f"paperkg: {file}:3: line 3, column 1: the query ends too early (")


def test_a_query_as_a_table(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("query", small, TITLES)
    assert ran.status == 0
    assert ran.err == ""
    assert "CLadder: A Benchmark for Causal Reasoning" in ran.out
    assert {c for c in ran.out if not c.isprintable()} == {"\n"}


def test_a_query_drawn(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("query", small, TITLES, "--format", "html")
    assert ran.status == 0
    assert ran.out.startswith("<!DOCTYPE html>")
    nothing = paperkg("query", small, "SELECT (1 AS ?one) {}", "--format", "html")
    assert nothing.status == 1
    assert "no paper or entity to draw" in nothing.err


def test_a_query_as_csv_and_json(small: Path, paperkg: RunCommand) -> None:
    rows = list(csv.DictReader(io.StringIO(paperkg("query", small, TITLES, "--format", "csv").out)))
    found = json.loads(paperkg("query", small, TITLES, "--format", "json").out)
    assert len(rows) == len(found["results"]["bindings"]) == 4


def test_a_construct_query(small: Path, paperkg: RunCommand) -> None:
    construct = "CONSTRUCT { ?e skos:prefLabel ?l } WHERE { ?e a pkg:Benchmark ; skos:prefLabel ?l }"
    turtle = paperkg("query", small, construct)
    assert turtle.status == 0
    assert "GSM8K" in turtle.out
    assert turtle.out == paperkg("query", small, construct, "--format", "ttl").out
    assert paperkg("query", small, construct, "--format", "csv").status == 1


def test_an_ask_query(small: Path, paperkg: RunCommand) -> None:
    assert paperkg("query", small, "ASK { ?s ?p ?o }").out == "true\n"


def test_a_query_from_a_file_and_from_standard_input(
    small: Path, paperkg: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    direct = paperkg("query", small, TITLES).out
    file = tmp_path / "titles.rq"
    file.write_text("\ufeff" + TITLES, "utf-8")
    assert paperkg("query", small, "-f", file).out == direct
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TITLES.encode())))
    assert paperkg("query", small, "-f", "-").out == direct


def test_every_shipped_example_is_listed_and_runs(small: Path, paperkg: RunCommand) -> None:
    from paperkg.query import examples

    listed = paperkg("query", "--examples")
    assert listed.status == 0
    for example in examples():
        assert example.name in listed.out
        ran = paperkg("query", small, "--example", example.name)
        assert (ran.status, ran.err) == (0, ""), example.name


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["SELECT nonsense"], "paperkg: line 1"),
        (["--example", "nonsense"], "paperkg: no example query 'nonsense'"),
        (["-f", "missing.rq"], "paperkg: missing.rq: No such file or directory (check the path)"),
        (["SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"], "paperkg: "),
        ([TITLES, "--format", "ttl"], "paperkg: ttl cannot hold rows"),
    ],
)
def test_bad_queries(small: Path, paperkg: RunCommand, args: list[str], line: str) -> None:
    ran = paperkg("query", small, *args)
    assert ran.status == 1
    assert ran.out == ""
    assert ran.err.startswith(line)
    assert ran.err.count("\n") == 1


def test_a_query_with_a_name_that_the_ontology_lacks(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("query", small, "SELECT ?p { ?p a pkg:Papr }", "--format", "csv")
    assert (ran.status, ran.out) == (0, "p\r\n")
    assert ran.err.startswith(
        "paperkg: pkg:Papr is not in the ontology, so nothing has it (did you mean pkg:Paper"
    )
    assert paperkg("query", small, "SELECT ?p { ?p a pkg:Paper . FILTER('pkg:x' != '') } # pkg:y").err == ""


def test_a_query_that_is_not_utf_8(small: Path, paperkg: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "latin.rq"
    file.write_bytes(b"# a\n# \xe9\nASK {}")
    ran = paperkg("query", small, "-f", file)
    assert (ran.status, ran.err) == (1, f"paperkg: {file}:2: not UTF-8 (save the query as UTF-8)\n")


@pytest.mark.parametrize(
    "args",
    [[], [TITLES, "--example", "code"], ["-f", "x.rq", "--example", "code"], [TITLES, "--format", "xls"]],
)
def test_wrong_usage_of_query(small: Path, paperkg: RunCommand, args: list[str]) -> None:
    assert paperkg("query", small, *args).status == 2


@pytest.mark.parametrize("command", ["query", "show", "export", "validate"])
def test_a_graph_that_is_not_there(tmp_path: Path, paperkg: RunCommand, command: str) -> None:
    more = {"query": [TITLES], "show": ["x"], "export": ["--format", "ttl"], "validate": []}[command]
    ran = paperkg(command, tmp_path / "nothing", *more)
    assert ran.status == 1
    assert ran.out == ""
    assert ran.err.startswith(f"paperkg: {tmp_path / 'nothing'}")
    assert ran.err.count("\n") == 1


# --- show


def test_show_an_entity(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("show", small, "cladder")
    assert ran.status == 0
    assert ran.out == paperkg("show", small, "CLADDER").out
    lines = ran.out.splitlines()
    assert lines[0] == "CLadder"
    assert "  spellings: CLADDER (1), CLadder (1), Cladder (1)" in lines
    assert "introduces: papers" in lines
    assert "  CLadder: A Benchmark for Causal Reasoning  2312.04350, 2023-12-07, 0.90" in lines
    assert "evaluates_on: papers" in lines
    assert any("accuracy 0.9533" in line for line in lines)


def test_show_what_an_entity_is_a_version_of(small: Path, paperkg: RunCommand) -> None:
    assert "  version of: GPT-4" in paperkg("show", small, "GPT-4o").out.splitlines()


def test_show_a_spelling_inside_another_once() -> None:
    from rich.padding import Padding
    from rich.text import Text

    from paperkg.cli.show import _evidence
    from paperkg.model import Span

    said = "ab abc d"
    mentions = (Span("abstract", 3, 5, "ab"), Span("abstract", 3, 6, "abc"), Span("abstract", 4, 6, "bc"))
    shown = _evidence(Span("abstract", 0, 8, said), mentions)
    assert isinstance(shown, Padding) and isinstance(shown.renderable, Text)
    assert shown.renderable.plain == said


def test_show_a_paper_by_id_and_by_the_beginning_of_its_title(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("show", small, "2312.04350")
    assert ran.status == 0
    assert ran.out == paperkg("show", small, "CLadder: A Bench").out
    for expected in (
        "id: 2312.04350",
        "date: 2023-12-07",
        "organisation: Causal NLP Lab",
        "code: https://github.com/causalNLP/cladder",
        "introduces",
        "CausalCoT  Method, 0.90",
        "We introduce CLadder, a benchmark",
        "CausalCoT based_on chain-of-thought",
        "CausalCoT on CLadder: accuracy 70.40%",
    ):
        assert expected in ran.out


def test_show_says_that_a_year_is_inferred(small: Path, paperkg: RunCommand) -> None:
    assert "date: Feb 8 (2026 inferred)" in paperkg("show", small, "fine-tuning-for-causal-reasoning").out


def test_show_neutralises_control_characters(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("show", small, "99")
    assert ran.status == 0
    assert {c for c in ran.out if not c.isprintable()} == {"\n"}


def test_show_something_unknown(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("show", small, "CLaddder")
    assert ran.status == 1
    assert ran.err.startswith("paperkg: no paper or entity 'CLaddder' in the graph (did you mean")
    assert "CLadder" in ran.err


# --- export


@pytest.mark.parametrize("name", export_command.FORMATS)
def test_export(small: Path, paperkg: RunCommand, name: str, tmp_path: Path) -> None:
    file = tmp_path / "out"
    ran = paperkg("export", small, "--format", name, "-o", file)
    assert ran == (0, "", "")
    assert file.read_bytes() == paperkg("export", small, "--format", name).out.encode()
    assert b"CLadder" in file.read_bytes() or name == "gold"  # nothing was corrected


def test_export_into_no_folder(small: Path, paperkg: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "none" / "small.ttl"
    ran = paperkg("export", small, "--format", "ttl", "-o", file)
    assert (ran.status, ran.err) == (1, f"paperkg: {file}: No such file or directory (check the path)\n")


def test_export_leaves_a_file_alone_when_it_fails(small: Path, paperkg: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "missing" / "out.ttl"
    ran = paperkg("export", small, "--format", "ttl", "-o", file)
    assert ran.status in (0, 1)
    assert list(tmp_path.rglob("*.tmp")) == []


def test_an_unknown_format_is_wrong_usage(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("export", small, "--format", "docx")
    assert ran.status == 2
    assert "graphml" in ran.err


# --- validate


def test_validate(small: Path, paperkg: RunCommand) -> None:
    ran = paperkg("validate", small)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == f"paperkg: {small}: 4 papers and 19 entities, no violation\n"


def test_validate_with_violations(small: Path, paperkg: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(kg: KnowledgeGraph) -> list[Violation]:
        paper = list(kg.papers.values())[1]
        words = ("pkg:year", "9999", "a year lies between 1500 and 2200", "correct it")
        return [Violation(paper.id, "\x1b[2J", "urn:p", *words), Violation("", "", "urn:r", *words)]

    monkeypatch.setattr("paperkg.rdf.validate", broken)
    ran = paperkg("validate", small)
    told = "pkg:year is '9999', but a year lies between 1500 and 2200; correct it\n"
    assert (ran.status, ran.out) == (
        3,
        f"{small}.papers.jsonl, line 2: paper fine-tuning-for-causal-reasoning (\\x1b[2J): urn:p {told}"
        f"{small}: urn:r {told}",
    )
    assert ran.err.startswith(f"paperkg: {small}: 2 violations (build the graph again")


def test_validate_a_set_with_a_changed_file(small: Path, paperkg: RunCommand, tmp_path: Path) -> None:
    for file in small.parent.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "small.ttl").write_bytes(b"cut")
    (tmp_path / "small.html").unlink()
    ran = paperkg("validate", tmp_path / "small")
    assert ran.status == 3
    assert ran.out.splitlines() == [
        f"{tmp_path / 'small'}.ttl: missing, or not as it was written",
        f"{tmp_path / 'small'}.html: missing, or not as it was written",
    ]
    assert ran.err.startswith(f"paperkg: {tmp_path / 'small'}: 2 violations (")
