"""What entities are elsewhere."""

from __future__ import annotations

import pytest
from rdflib.namespace import SKOS

from paperkg.lexicon import load_lexicon
from paperkg.lexicon.ties import load_ties
from paperkg.model import Entity, ExtractedEntity, Extraction, Link, Paper, Span
from paperkg.rdf.ties import known_ties, linked_ties

IRI = "https://w3id.org/paperkg/id/benchmark/wizbench"
HERE = Span("abstract", 0, 8, "WizBench")


def _paper(url: str, relation: str = "introduces") -> Extraction:
    entity = ExtractedEntity(
        "Benchmark|wizbench",
        "WizBench",
        "Benchmark",
        True,
        relation,
        0.9,
        HERE,
        (HERE,),
        iri=IRI,  # type: ignore[arg-type]
    )
    return Extraction(Paper("p", "", "WizBench"), (entity,), links=(Link(url, url, "code", HERE),))


def test_each_tie_is_of_a_known_thing() -> None:
    known = {(entry.name, entry.type) for entry in load_lexicon()}
    assert set(load_ties()) <= known


def test_a_namesake_of_a_known_thing_has_no_tie() -> None:
    known = Entity("https://w3id.org/paperkg/id/dataset/imagenet", "ImageNet", "Dataset", True, ())
    other = Entity("https://w3id.org/paperkg/id/dataset/imagenet--0a1b2c3d", "ImageNet", "Dataset", True, ())
    assert [o.value for _, _, o in known_ties(known)] == ["https://www.image-net.org/"]
    assert list(known_ties(other)) == []


@pytest.mark.parametrize(
    ("url", "relation", "tied"),
    [
        ("https://github.com/lab/WizBench", "introduces", True),
        ("https://huggingface.co/datasets/lab/wiz-bench", "introduces", True),
        ("https://github.com/lab/other", "introduces", False),
        ("https://wizbench.example/WizBench", "introduces", False),
        ("https://github.com/lab/WizBench", "uses", False),
        ("https://github.com/lab/WizBench<script>", "introduces", False),
    ],
)
def test_a_repository_of_its_name_is_what_a_paper_introduces(url: str, relation: str, tied: bool) -> None:
    found = list(linked_ties(_paper(url, relation)))
    assert [(s.value, p, o.value) for s, p, o in found] == ([(IRI, SKOS.closeMatch, url)] if tied else [])
