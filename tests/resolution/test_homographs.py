"""Names of several things: what papers are about, and who introduces them, tells them apart."""

from __future__ import annotations

import random

import numpy as np
import pytest

from paperkg.lexicon import Entry, Lexicon
from paperkg.model import EntityType, ExtractedEntity, Extraction, Paper, Relation, Span
from paperkg.resolution import resolve
from paperkg.resolution.meanings import Meaning, likely, load_meanings, with_defined
from paperkg.resolution.namesakes import Use, is_coined, things
from paperkg.resolution.occurrences import Occurrence
from paperkg.resolution.readings import MOST_DEFINED, Definition, Doubt, _several, plain_reading, read_doubts
from paperkg.resolution.topics import load_topics

SPEECH = "Automatic speech recognition of spoken utterances with acoustic encoders, phonemes, speakers and transcripts."
ROBOTS = "A robot arm learns grasping and manipulation policies from demonstrations in simulation with tactile sensors."
LAWS = "Legal documents, court judgments and statutes are classified for judges by retrieval over contracts."
X, Y = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)


def _paper(id_: str, about: str, *, relation: Relation = "uses", type_: str = "Method") -> Extraction:
    here = Span("abstract", 0, 4, "WIZO")
    entity = ExtractedEntity(f"{type_}|wizo", "WIZO", type_, True, relation, 0.9, here, (here,))  # type: ignore[arg-type]
    return Extraction(Paper(id_, "", f"WIZO. {about}"), (entity,))


def _iris(papers: list[Extraction], lexicon: Lexicon | None = None) -> dict[str, str | None]:
    resolved = resolve(papers, lexicon=lexicon or Lexicon([]))
    return {x.paper.id: x.entities[0].iri for x in resolved}


def test_two_papers_that_introduce_a_name_have_two_things_and_users_mean_the_one_of_their_topic() -> None:
    papers = [
        _paper("a", SPEECH, relation="introduces"),
        _paper("b", ROBOTS, relation="introduces"),
        _paper("c", SPEECH),
        _paper("d", ROBOTS),
    ]
    iris = _iris(papers)
    assert iris["a"] != iris["b"]
    assert (iris["c"], iris["d"]) == (iris["a"], iris["b"])
    random.Random(1).shuffle(papers)
    assert _iris(papers) == iris


def test_papers_that_use_an_unknown_name_for_other_ends_mean_other_things() -> None:
    iris = _iris([_paper("a", SPEECH), _paper("b", LAWS), _paper("c", SPEECH)])
    assert iris["a"] == iris["c"] != iris["b"]


def test_the_lexicon_outweighs_the_topic_of_who_uses_a_name() -> None:
    lexicon = Lexicon([Entry("WIZO", "Method", True)])
    assert len(set(_iris([_paper("a", SPEECH), _paper("b", LAWS)], lexicon).values())) == 1


def _use(paper: str, topic: np.ndarray, *, introduces: bool = False, kind: str = "system") -> Use:
    return Use(paper, kind, introduces, topic)


def test_a_lone_thing_has_no_mark() -> None:
    assert things("WIZO", [_use("a", X), _use("b", X)]) == {"a": "", "b": ""}


def test_another_kind_needs_more_likeness() -> None:
    half = np.array([0.9, 0.44], dtype=np.float32)
    low = np.array([0.3, 0.95], dtype=np.float32)
    assert len(set(things("WIZO", [_use("a", X), _use("b", half, kind="data")]).values())) == 1
    assert len(set(things("WIZO", [_use("a", X), _use("b", low, kind="data")]).values())) == 2


@pytest.mark.parametrize(
    ("name", "coined"), [("GroundingDINO", True), ("TruthfulQA", True), ("MoCo", False), ("GAIA", False)]
)
def test_coined_names(name: str, coined: bool) -> None:
    assert is_coined(name) is coined


def _bare(type_: EntityType = "Method", relation: Relation = "uses") -> Occurrence:
    return Occurrence("WIZ", type_, True, relation, None, None, ("WIZ",))


def test_the_meaning_that_is_about_the_same_is_likely() -> None:
    meanings = [Meaning("wise zone", frozenset(), 20, X), Meaning("wide izo", frozenset(), 30, Y)]
    found = likely(meanings, _bare(), X)
    assert found is not None
    assert found.long == "wise zone"
    assert likely(meanings, _bare(), np.array([0.7, 0.7], dtype=np.float32)) is None
    assert likely(meanings, _bare(), -X) is None
    assert likely([], _bare(), X) is None


def test_what_a_paper_introduces_is_seldom_a_known_thing() -> None:
    known = [Meaning("wise zone", frozenset(), 5, X)]
    alike = np.array([0.6, 0.8], dtype=np.float32)
    assert likely(known, _bare(), alike) is not None
    assert likely(known, _bare(relation="introduces"), alike) is None


def test_meanings_that_papers_at_hand_define_are_joined_with_known_ones() -> None:
    known = [Meaning("structural causal model", frozenset(), 60, X)]
    found = with_defined("scm", known, [Meaning("Structured Causal Models", frozenset({"system"}), 2, X)])
    assert [(meaning.long, meaning.papers) for meaning in found] == [("structural causal model", 60)]


def test_the_shipped_tables() -> None:
    topics = load_topics()
    speech, robots = (topics.vector(Paper("p", "", text)) for text in (SPEECH, ROBOTS))
    assert float(speech @ robots) < 0.3
    assert float(np.linalg.norm(speech)) == pytest.approx(1, abs=1e-4)
    assert {meaning.long.lower() for meaning in load_meanings()["asr"]} >= {
        "automatic speech recognition",
        "attack success rate",
    }


def test_two_ways_to_write_the_long_form_of_a_known_name_are_one() -> None:
    long_forms = ("Frechet Inception Distance", "Fréchet Inception Distance")
    meanings = [Meaning(long, frozenset(("metric",)), 9, X) for long in long_forms]
    assert _several(meanings, Lexicon([]))
    assert not _several(meanings, Lexicon([Entry("FID", "Metric", True, aliases=long_forms)]))


def test_of_endless_meanings_those_of_most_papers_are_weighed() -> None:
    said = Occurrence("WIZO", "Method", True, "uses", None, None, ("WIZO",))
    doubt = Doubt("me", X, "WIZO", said, plain_reading(said))
    rare = [Definition(f"p{n}", Y, f"Wide Inner Zone {n} Order", "system") for n in range(3 * MOST_DEFINED)]
    usual = [Definition(f"q{n}", X, "Zealous Wizard Order", "system") for n in range(9)]
    (reading,) = read_doubts("wizo", [doubt], [*rare, *usual], (), Lexicon([]))
    assert (reading.long, reading.concluded) == ("Zealous Wizard Order", True)
    (reading,) = read_doubts("wizo", [doubt], rare, (), Lexicon([]))
    assert reading.long is None
