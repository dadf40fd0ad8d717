"""A small graph, written by hand, that several rooms are tested with."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from browsing import browser, hostile  # noqa: F401
from paperkg.graph.tables import tables
from paperkg.model import (
    Entity,
    EntityRelation,
    ExtractedEntity,
    Extraction,
    Field,
    InputFile,
    Link,
    Listing,
    Organisation,
    Paper,
    PartialDate,
    Provenance,
    Result,
    Skip,
    Span,
)
from paperkg.resolution import DEFAULT_BASE, entity_iri
from paperkg.text.fold import fold

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
SKIPPED = dict(
    line.split("\t") for line in (Path(__file__).parent / "skipped.tsv").read_text("utf-8").splitlines()[1:]
)
"""The tests that may be skipped, with the reason; any other that is skipped has failed."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a skipped test fail, unless it is listed."""
    return _unskipped((yield), item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let a file that skips all its tests fail, unless it is listed."""
    return _unskipped((yield), collector.nodeid)


def _unskipped(report: Report, name: str) -> Report:
    if report.skipped and not hasattr(report, "wasxfail") and name not in SKIPPED:
        report.outcome = "failed"
        report.longrepr = f"{name} was skipped and is not listed in tests/skipped.tsv: {report.longrepr}"
    return report


@dataclass(frozen=True)
class SmallGraph:
    """The parts of a graph that the writers of RDF read."""

    extractions: list[Extraction]
    entities: dict[str, Entity]
    provenance: Provenance
    base: str = DEFAULT_BASE


def span(paper: Paper, words: str) -> Span:
    """The first place of some words in a paper."""
    fields: tuple[Field, ...] = ("title", "abstract")
    for field in fields:
        start = paper.text(field).find(words)
        if start >= 0:
            return Span(field, start, start + len(words), words)
    raise ValueError(f"{words!r} is not in paper {paper.id}")


def entity(paper: Paper, name: str, type_: Any, relation: Any, *written: str, **more: Any) -> ExtractedEntity:
    """An entity that a paper names in these spellings, or by its name."""
    mentions = sorted(
        (span(paper, words) for words in written or (name,)), key=lambda s: (s.field != "title", s.start)
    )
    home = paper.text(mentions[0].field)
    sentence = Span(mentions[0].field, 0, len(home), home)
    known: dict[str, Any] = {
        "named": name != name.lower(),
        "confidence": 0.9,
        "resolved_by": "spelling",
    } | more
    return ExtractedEntity(
        key=known.pop("key", f"{type_}:{fold(name)}"),
        name=name,
        type=type_,
        relation=relation,
        evidence=sentence,
        mentions=tuple(mentions),
        iri=known.pop("iri", entity_iri(known.pop("as_type", type_), name)),
        **known,
    )


def result(
    paper: Paper, value: str, number: float, unit: str, *of: str | None, kind: Any = "absolute"
) -> Result:
    """A result; `of` is system, collection, metric."""
    return Result(value, kind, number, unit, span(paper, value), 0.8, *of)


def small_extractions() -> list[Extraction]:
    """Four papers that use each part of the model."""
    cladder = Paper(
        id="2312.04350",
        title="CLadder: A Benchmark for Causal Reasoning",
        abstract="We introduce CLadder, a benchmark for causal reasoning. We evaluate GPT-4 and propose "
        "CausalCoT, a chain-of-thought strategy. CausalCoT reaches an accuracy of 70.40% on CLadder. "
        "Code: https://github.com/causalNLP/cladder.git.",
        date=PartialDate("Dec 7, 2023", 2023, 12, 7),
        authors=("Zoë Jin", "Y. Chen"),
        author_count=13,
        organisations=(Organisation("causal-nlp", "Causal NLP Lab"),),
        listings=(
            Listing("a.txt", 1, PartialDate("Jun 25", month=6, day=25), comments=2),
            Listing("b.txt", 3),
            Listing("c.txt", 2),
        ),
        url="https://huggingface.co/papers/2312.04350",
        sources=("a.txt", "b.txt", "c.txt"),
    )
    tuned = Paper(
        id="fine-tuning-for-causal-reasoning",
        title="Fine-Tuning for Causal Reasoning",
        abstract="CDCR-SFT is built on LoRA and fine-tunes Qwen3-8B, a size of Qwen3, for causal "
        "reasoning. On CLADDER it reaches an accuracy of 0.9533 and improves by 12.8%, ahead of GPT-4o "
        "with 61.5%. It outperforms CausalCoT with chain-of-thought. The Cladder data and Winoground are "
        "public, and GSM8K is used.",
        date=PartialDate(
            "Feb 8", month=2, day=8, inferred_year=2026, reason="the page leaves out the current year"
        ),
        author_count=4,
        listings=(Listing("b.txt", 1), Listing("c.txt", 1)),
        sources=("b.txt", "c.txt"),
    )
    images = Paper(
        id="paper/../3",
        title='Frames "FAR" & <b>images</b>',
        abstract="FAR has a part FlexRoPE. FAR achieves an FID of 2.51 on ImageNet, DiT one of 7.3. "
        "Chain-of-thought is not causal discovery. Data at https://example.org/d?a=1&b=2, and GSM8K "
        "gives 41.0% accuracy.",
        listings=(Listing("c.txt", 3),),
        sources=("c.txt",),
    )
    bare = Paper(
        id="99",
        title="A survey\twith\u0000 \\odd \U0001f600 'characters'\n",
        abstract="Causal discovery is a problem.",
        date=PartialDate("2024", 2024),
        sources=("a.txt",),
    )
    gpt: dict[str, Any] = {"family": "GPT"}
    return [
        Extraction(
            cladder,
            (
                entity(cladder, "CLadder", "Benchmark", "introduces"),
                entity(cladder, "CausalCoT", "Method", "introduces"),
                entity(cladder, "accuracy", "Metric", "evaluates_with"),
                entity(cladder, "causal reasoning", "Task", "addresses"),
                entity(cladder, "GPT-4", "Model", "compares_with", **gpt),
                entity(cladder, "chain-of-thought", "Method", "uses"),
            ),
            (
                EntityRelation(
                    "CausalCoT", "based_on", "chain-of-thought", 0.7, span(cladder, "chain-of-thought")
                ),
            ),
            (result(cladder, "70.40%", 70.4, "%", "CausalCoT", "CLadder", "accuracy"),),
            (
                Link(
                    "https://github.com/causalNLP/cladder.git",
                    "https://github.com/causalNLP/cladder",
                    "code",
                    span(cladder, "https://github.com/causalNLP/cladder.git"),
                ),
            ),
        ),
        Extraction(
            tuned,
            (
                entity(tuned, "CDCR-SFT", "Method", "introduces"),
                entity(
                    tuned, "CLadder", "Dataset", "evaluates_on", "CLADDER", "Cladder", as_type="Benchmark"
                ),
                entity(tuned, "accuracy", "Metric", "evaluates_with"),
                entity(tuned, "causal reasoning", "Task", "addresses"),
                entity(tuned, "GPT-4o", "Model", "compares_with", **gpt),
                entity(tuned, "CausalCoT", "Method", "compares_with"),
                entity(tuned, "LoRA", "Method", "uses"),
                entity(tuned, "Qwen3", "Model", "uses", "Qwen3,", family="Qwen"),
                entity(tuned, "Qwen3-8B", "Model", "uses", family="Qwen"),
                entity(tuned, "chain-of-thought", "Method", "uses"),
                entity(tuned, "GSM8K", "Benchmark", "evaluates_on"),
                entity(tuned, "Winoground", "Benchmark", "mentions", confidence=0.31),
            ),
            (
                EntityRelation("CDCR-SFT", "based_on", "LoRA", 0.8, span(tuned, "built on LoRA")),
                EntityRelation(
                    "CDCR-SFT", "outperforms", "CausalCoT", 0.8, span(tuned, "outperforms CausalCoT")
                ),
                EntityRelation("Qwen3-8B", "variant_of", "Qwen3", 0.9, span(tuned, "a size of Qwen3")),
            ),
            (
                result(tuned, "0.9533", 0.9533, "", "CDCR-SFT", "CLadder", "accuracy"),
                result(tuned, "12.8%", 12.8, "%", "CDCR-SFT", "CLadder", "accuracy", kind="change"),
                result(tuned, "61.5%", 61.5, "%", "GPT-4o", "CLadder", "accuracy"),
            ),
        ),
        Extraction(
            images,
            (
                entity(images, "FAR", "Model", "introduces"),
                entity(images, "FlexRoPE", "Method", "introduces"),
                entity(images, "ImageNet", "Dataset", "evaluates_on"),
                entity(images, "GSM8K", "Benchmark", "evaluates_on"),
                entity(images, "FID", "Metric", "evaluates_with"),
                entity(images, "accuracy", "Metric", "evaluates_with"),
                entity(images, "DiT", "Model", "compares_with"),
                entity(images, "chain-of-thought", "Method", "mentions", "Chain-of-thought"),
                entity(images, "causal discovery", "Task", "mentions", confidence=0.42),
            ),
            (EntityRelation("FlexRoPE", "part_of", "FAR", 0.8, span(images, "a part FlexRoPE")),),
            (
                result(images, "2.51", 2.51, "", "FAR", "ImageNet", "FID"),
                result(images, "7.3", 7.3, "", "DiT", "ImageNet", "FID"),
                result(images, "41.0%", 41.0, "%", None, "GSM8K", "accuracy"),
            ),
            (
                Link(
                    "https://example.org/d?a=1&b=2",
                    "https://example.org/d?a=1&b=2",
                    "data",
                    span(images, "https://example.org/d?a=1&b=2"),
                ),
            ),
        ),
        Extraction(bare, (entity(bare, "causal discovery", "Task", "addresses", "Causal discovery"),)),
    ]


def small_graph_of(extractions: list[Extraction]) -> SmallGraph:
    """The graph of some resolved extractions."""
    return SmallGraph(
        extractions=extractions,
        entities=tables(extractions).entities,
        provenance=Provenance(
            version="0.1.0",
            extractor="rules-1",
            files=(InputFile("a.txt", "a" * 64, "listing", 2), InputFile("b.txt", "b" * 64, "listing", 2)),
            settings=(("base", DEFAULT_BASE),),
            skipped=(Skip("b.txt", 7, "conflict", "two dates"),),
            listings=6,
        ),
    )


@pytest.fixture(scope="session")
def small_graph() -> SmallGraph:
    """Four papers."""
    return small_graph_of(small_extractions())
