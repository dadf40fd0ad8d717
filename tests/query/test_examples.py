"""Each shipped query answers its question on the small graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paperkg.errors import QueryError
from paperkg.model import RELATIONS
from paperkg.query import Engine, example, examples
from paperkg.rdf import quads

CLADDER = "CLadder: A Benchmark for Causal Reasoning"
TUNED = "Fine-Tuning for Causal Reasoning"
IMAGES = 'Frames "FAR" & <b>images</b>'
BARE = "A survey\twith\x00 \\odd \U0001f600 'characters'\n"

NAMES = (
    "papers-of-entity",
    "who-evaluates-on",
    "who-compares-with",
    "introduced-benchmarks",
    "reused-contributions",
    "benchmark-coverage",
    "models-tested",
    "methods-in-common",
    "tasks-over-time",
    "results-on",
    "leaderboard",
    "code",
    "organisations",
    "pages",
    "aliases",
    "families",
    "extends",
    "co-occurrence",
    "path",
    "weak-edges",
    "evidence",
    "provenance",
    "orphans",
    "metrics-per-task",
    "sure-edges",
)


@pytest.fixture(scope="module")
def engine(small_graph: Any) -> Engine:
    return Engine(quads(small_graph))


def cells(engine: Engine, name: str, *columns: str, **changes: str) -> list[tuple[Any, ...]]:
    """Some columns of the answer to a shipped query in which some words were replaced."""
    query = example(name).query
    for old, new in changes.items():
        assert f'"{old.replace("_", " ")}"' in query
        query = query.replace(f'"{old.replace("_", " ")}"', f'"{new}"')
    return [tuple(getattr(row, column) for column in columns) for row in engine.run(query)]


def test_all_are_there_and_explained() -> None:
    assert tuple(e.name for e in examples()) == tuple(NAMES)
    assert [e.number for e in examples()] == list(range(1, len(NAMES) + 1))
    assert all(e.title and e.explanation.endswith(".") and len(e.title) < 70 for e in examples())


def test_unknown_example() -> None:
    with pytest.raises(QueryError, match="leaderboard"):
        example("leaderbord")


@pytest.mark.parametrize("name", NAMES)
def test_all_run_and_give_something(engine: Engine, name: str) -> None:
    assert len(engine.run(example(name).query)) > 0


@pytest.mark.parametrize("spelling", ["CLadder", "CLADDER", "cladder", "C-Ladder", "C ladder"])
def test_papers_of_entity(engine: Engine, spelling: str) -> None:
    found = cells(engine, "papers-of-entity", "entity", "title", "role", "as_written", CLadder=spelling)
    assert found == [
        ("CLadder", TUNED, "evaluates_on", "CLADDER | Cladder"),
        ("CLadder", CLADDER, "introduces", "CLadder"),
    ]


def test_who_evaluates_on(engine: Engine) -> None:
    assert cells(engine, "who-evaluates-on", "benchmark", "title", "year") == [
        ("GSM8K", TUNED, 2026),
        ("GSM8K", IMAGES, None),
    ]


def test_who_compares_with(engine: Engine) -> None:
    assert cells(engine, "who-compares-with", "group", "model", "title") == [
        ("this model", "GPT-4", CLADDER),
        ("its family", "GPT-4", CLADDER),
        ("its family", "GPT-4o", TUNED),
    ]


def test_introduced_benchmarks(engine: Engine) -> None:
    (row,) = engine.run(example("introduced-benchmarks").query)
    assert row[:3] == ("CLadder", "Benchmark", CLADDER)
    assert str(row[3]) == "2023-12-07" and row[4] is False


def test_reused_contributions(engine: Engine) -> None:
    assert cells(engine, "reused-contributions", "name", "introduced_by", "role", "taken_up_by") == [
        ("CLadder", CLADDER, "evaluates_on", TUNED),
        ("CausalCoT", CLADDER, "compares_with", TUNED),
    ]


def test_benchmark_coverage(engine: Engine) -> None:
    assert cells(engine, "benchmark-coverage", "name", "evaluate_on", "introduce") == [
        ("GSM8K", 2, 0),
        ("CLadder", 1, 1),
        ("ImageNet", 1, 0),
    ]


def test_models_tested(engine: Engine) -> None:
    assert cells(engine, "models-tested", "model", "family", "papers") == [
        ("DiT", None, 1),
        ("GPT-4", "GPT", 1),
        ("GPT-4o", "GPT", 1),
    ]


def test_methods_in_common(engine: Engine) -> None:
    assert cells(engine, "methods-in-common", "first", "second", "shared", "methods") == [
        (CLADDER, TUNED, 2, "CausalCoT | chain-of-thought"),
        (CLADDER, IMAGES, 1, "chain-of-thought"),
        (TUNED, IMAGES, 1, "chain-of-thought"),
    ]


def test_tasks_over_time(engine: Engine) -> None:
    assert cells(engine, "tasks-over-time", "task", "year", "papers") == [
        ("causal discovery", 2024, 1),
        ("causal reasoning", 2023, 1),
        ("causal reasoning", 2026, 1),
    ]


def test_results_on(engine: Engine) -> None:
    assert cells(engine, "results-on", "system", "metric", "value", "kind") == [
        ("CDCR-SFT", "accuracy", "0.9533", "absolute"),
        ("CausalCoT", "accuracy", "70.40%", "absolute"),
        ("GPT-4o", "accuracy", "61.5%", "absolute"),
        ("CDCR-SFT", "accuracy", "12.8%", "change"),
    ]


def test_leaderboard(engine: Engine) -> None:
    """Accuracy from the highest, 0.9533 above 70.40%; FID from the lowest; no change, no single result."""
    assert cells(engine, "leaderboard", "benchmark", "metric", "system", "score") == [
        ("CLadder", "accuracy", "CDCR-SFT", 0.9533),
        ("CLadder", "accuracy", "CausalCoT", 0.704),
        ("CLadder", "accuracy", "GPT-4o", 0.615),
        ("ImageNet", "FID", "FAR", 2.51),
        ("ImageNet", "FID", "DiT", 7.3),
    ]


def test_code(engine: Engine) -> None:
    assert cells(engine, "code", "title", "kind", "link") == [
        (CLADDER, "code", "https://github.com/causalNLP/cladder"),
        (IMAGES, "data", "https://example.org/d?a=1&b=2"),
        (BARE, None, None),
        (TUNED, None, None),
    ]


def test_organisations(engine: Engine) -> None:
    assert cells(engine, "organisations", "organisation", "slug", "title") == [
        ("Causal NLP Lab", "causal-nlp", CLADDER)
    ]


def test_pages(engine: Engine) -> None:
    assert cells(engine, "pages", "title", "pages", "three_or_more", "listed_on") == [
        (CLADDER, 3, True, "a.txt | b.txt | c.txt"),
        (TUNED, 2, False, "b.txt | c.txt"),
        (IMAGES, 1, False, "c.txt"),
    ]


def test_aliases(engine: Engine) -> None:
    assert cells(engine, "aliases", "name", "spelling", "occurrences")[:3] == [
        ("CLadder", "CLADDER", 1),
        ("CLadder", "CLadder", 1),
        ("CLadder", "Cladder", 1),
    ]


def test_families(engine: Engine) -> None:
    assert cells(engine, "families", "family", "model", "version_of", "said_by") == [
        ("GPT", "GPT-4", None, ""),
        ("GPT", "GPT-4o", "GPT-4", "name"),
        ("Qwen", "Qwen3", None, ""),
        ("Qwen", "Qwen3-8B", "Qwen3", "paper"),
    ]


def test_extends(engine: Engine) -> None:
    assert cells(engine, "extends", "entity", "built_from", "evidence") == [
        ("CDCR-SFT", "LoRA", "built on LoRA"),
        ("CausalCoT", "chain-of-thought", "chain-of-thought"),
    ]


def test_co_occurrence(engine: Engine) -> None:
    found = cells(engine, "co-occurrence", "name", "papers")
    assert ("chain-of-thought", 1) in found and all(name != "causal discovery" for name, _ in found)
    assert len(found) == 8


@pytest.mark.parametrize(
    ("start", "end", "way"),
    [
        ("GSM8K", "causal discovery", (2, "GSM8K", IMAGES, None, None, "causal discovery")),
        ("Qwen3 8B", "qwen3", (1, "Qwen3-8B", None, None, None, "Qwen3")),
        ("FlexRoPE", "accuracy", (2, "FlexRoPE", IMAGES, None, None, "accuracy")),
        (CLADDER, "Winoground", (3, CLADDER, "CLadder", TUNED, None, "Winoground")),
        ("GPT-4", "GPT-4o", (1, "GPT-4", None, None, None, "GPT-4o")),
    ],
)
def test_path(engine: Engine, start: str, end: str, way: tuple[Any, ...]) -> None:
    columns = ("steps", "start", "via1", "via2", "via3", "end")
    assert cells(engine, "path", *columns, GSM8K=start, causal_discovery=end) == [way]


def test_weak_edges(engine: Engine) -> None:
    assert cells(engine, "weak-edges", "subject", "relation", "object", "confidence") == [
        (TUNED, "mentions", "Winoground", 0.31),
        (IMAGES, "mentions", "causal discovery", 0.42),
    ]


def test_sure_edges(engine: Engine, small_graph: Any) -> None:
    rows = cells(engine, "sure-edges", "title", "relation", "name", "confidence")
    edges = [e for x in small_graph.extractions for e in x.entities]
    sure = [e for e in edges if e.confidence >= 0.8]
    assert len(rows) == len(sure) < len(edges)
    assert [row[3] for row in rows] == sorted((round(e.confidence, 4) for e in sure), reverse=True)
    assert all(row[1] in RELATIONS for row in rows)


def test_evidence(engine: Engine, small_graph: Any) -> None:
    found = cells(engine, "evidence", "title", "role", "field", "start", "marked")
    assert [row[:4] for row in found] == [
        (CLADDER, "introduces", "title", 0),
        (TUNED, "evaluates_on", "abstract", 93),
        (TUNED, "evaluates_on", "abstract", 237),
    ]
    assert found[0][4] == "[[CLadder]]: A Benchmark for Causal Reasoning"
    abstract = small_graph.extractions[1].paper.abstract
    assert found[1][4] == abstract.replace("CLADDER", "[[CLADDER]]")


def test_provenance(engine: Engine) -> None:
    found = cells(engine, "provenance", "what", "name", "value")
    assert found[:3] == [
        ("1 version", "extractor", "rules-1"),
        ("1 version", "paperkg", "0.1.0"),
        ("2 input", "a.txt", f"sha256 {64 * 'a'}, listing, 2 records"),
    ]
    assert found[-1] == ("4 skipped conflict", "b.txt:7", "two dates")


def test_orphans(engine: Engine) -> None:
    found = cells(engine, "orphans", "what", "name", "title")
    assert found[0] == ("paper without a named entity", None, BARE)
    assert ("entity of one paper", "LoRA", TUNED) in found
    assert not {"CLadder", "accuracy", "GSM8K"} & {row[1] for row in found}


def test_metrics_per_task(engine: Engine) -> None:
    assert cells(engine, "metrics-per-task", "task", "metric", "papers") == [
        ("causal reasoning", "accuracy", 2)
    ]


def test_the_docs_list_them() -> None:
    text = (Path(__file__).parents[2] / "docs" / "queries.md").read_text("utf-8")
    assert all(f"| {e.number} | `{e.name}` | {e.explanation} |" in text for e in examples())
