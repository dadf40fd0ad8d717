"""The fast way: rules and lexicon over spaCy's tokens."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.errors import FormatError
from paperkg.extraction import EXTRACTOR, extract_papers, extractor
from paperkg.extraction.fast.chances import COLUMNS, TABLE, read_chances, shipped_chances
from paperkg.extraction.fast.lexemes import Lexemes, is_name_like
from paperkg.extraction.fast.pipeline import FOUND, create_fast_pipeline
from paperkg.extraction.fast.scan import Scan, scan
from paperkg.extraction.fast.spellings import Spellings, index
from paperkg.extraction.fast.text import quick_text
from paperkg.extraction.reading import paper_text
from paperkg.lexicon import Entry
from paperkg.model import ENTITY_TYPES, RELATIONS, Extraction, Paper
from timing import seconds

ABSTRACT = (
    "Large language models (LLMs) struggle with causal reasoning. We introduce FooBench, a benchmark for causal reasoning, and "
    "propose BarNet, a framework that fine-tunes LLaMA2-70B. We evaluate GPT-4 and GPT-3.5 on FooBench and on GSM8K. BarNet "
    "outperforms GPT-4 by 5.4%. Code is at https://github.com/foo/bar."
)
PAPER = Paper("p1", "BarNet: Causal Reasoning with Language Models", ABSTRACT)
ENTRIES = (
    Entry("GPT-4", "Model", True, family="GPT"),
    Entry("Adam", "Method", True, guard="case"),
    Entry("DROP", "Benchmark", True, guard="context"),
    Entry("language model", "Model", False, prior=0.5),
    Entry("large language model", "Model", False, aliases=("LLM",), prior=0.9),
    Entry("pre-training", "Method", False, prior=0.7),
    Entry("in-context learning", "Method", False, prior=0.9),
)


def fast(*papers: Paper) -> list[Extraction]:
    return list(extract_papers(papers, fast=True))


def scanned(text: str, spellings: Spellings | None = None) -> Scan:
    nlp = spacy.blank("en")
    return scan(nlp.make_doc(text), text, 0, Lexemes(nlp.vocab.strings, spellings or index(ENTRIES)))


def known(text: str) -> list[str]:
    found = scanned(text)
    return [found.written(start, end) for start, end, _ in found.known]


def test_a_plain_abstract() -> None:
    found = {e.name: e for e in fast(PAPER)[0].entities}
    assert (found["BarNet"].type, found["BarNet"].relation) == ("Method", "introduces")
    assert (found["FooBench"].type, found["FooBench"].relation) == ("Benchmark", "introduces")
    assert found["GSM8K"].relation == "evaluates_on"
    assert found["GPT-4"].family == "GPT"
    assert {m.text for m in found["large language model"].mentions} == {"Large language models", "LLMs"}
    assert len(found["BarNet"].mentions) == 3
    assert found["causal reasoning"].named is False


def test_everything_leads_to_the_stored_text() -> None:
    written = Paper(
        "p",
        r"\textbf{BarNet}: a net ",
        r"We propose \textit{Foo-Net} for \emph{ImageNet}. It beats GPT-4 by 5\%.",
    )
    for paper in (PAPER, written):
        extraction = fast(paper)[0]
        assert [link.url for link in extraction.links] == (
            ["https://github.com/foo/bar"] if paper is PAPER else []
        )
        assert extraction.entities
        for entity in extraction.entities:
            for span in (entity.evidence, *entity.mentions):
                assert paper.text(span.field)[span.start : span.end] == span.text
            assert entity.type in ENTITY_TYPES
            assert entity.relation in RELATIONS
            assert 0 < entity.confidence < 1
        names = [e.name for e in extraction.entities]
        assert len(names) == len(set(names))


def test_the_extractor_has_its_own_name() -> None:
    assert extractor() == EXTRACTOR
    assert extractor(fast=True) not in (EXTRACTOR, "")


def test_progress_and_order() -> None:
    other = Paper("p2", "Nothing here", "We say nothing of any name.")
    done: list[int] = []
    both = list(extract_papers([PAPER, other], fast=True, progress=done.append))
    assert done == [1, 1]
    assert [x.paper.id for x in both] == ["p1", "p2"]
    assert list(reversed(both)) == fast(other, PAPER)


def test_it_is_a_component_of_a_spacy_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("paperkg_fast")
    doc = nlp("BarNet: a net\n\nWe propose BarNet, a framework. We evaluate GPT-4.")
    assert {j.guess.name for j in doc.user_data[FOUND]} >= {"BarNet", "GPT-4"}
    assert create_fast_pipeline().pipe_names == ["paperkg_fast"]


def test_the_longest_spelling_whatever_its_hyphens_and_plural() -> None:
    assert known("Large Language Models and a language model") == ["Large Language Models", "language model"]
    assert known("pre-training, pretraining and pre training") == [
        "pre-training",
        "pretraining",
        "pre training",
    ]
    assert known("GPT-4, GPT4 and GPT 4") == ["GPT-4", "GPT4", "GPT 4"]
    assert known("In-context learning in large models") == ["In-context learning"]
    assert known("the language of large models") == []


@pytest.mark.parametrize(
    ("abstract", "found"),
    [("We train with Adam.", True), ("We ask adam and eve.", False), ("Errors drop by half.", False)],
)
def test_guards(abstract: str, found: bool) -> None:
    names = {e.name for e in fast(Paper("p", "A title", abstract))[0].entities}
    assert bool(names & {"Adam", "DROP"}) is found


@pytest.mark.parametrize(
    ("word", "is_name"),
    [
        ("FooBench", True), ("GPT4", True), ("LoRA", True), ("CKBG", True), ("chrF++", True),
        ("Model", False), ("3D", False), ("50k", False), ("https://x.org/A", False), ("AI", False), ("a", False),
        ("LLM)-driven", False), ("70B", False),
    ],
)  # fmt: skip
def test_words_that_look_like_names(word: str, is_name: bool) -> None:
    assert is_name_like(word) is is_name


def test_sentences() -> None:
    text = "A title\n\nFirst, e.g. this. Second? yes it is. Third!"
    found = scanned(text)
    starts = [found.starts[i] for i in found.sentences if i < len(found.words)]
    assert [text[i:].split()[0] for i in starts] == ["A", "First,", "Second?", "Third!"]
    assert found.sentence(0)[0] == 0


def test_a_defined_abbreviation_is_one_thing_with_its_long_form() -> None:
    paper = Paper(
        "p", "A title", "We propose Causal Information Prioritization (CIP), a framework. CIP is fast."
    )
    (entity,) = (e for e in fast(paper)[0].entities if e.name == "CIP")
    assert (entity.long_form, entity.named, entity.relation) == (
        "Causal Information Prioritization",
        True,
        "introduces",
    )
    assert [m.text for m in entity.mentions] == ["Causal Information Prioritization", "CIP", "CIP"]
    assert entity.key == "Method|cip|causalinformationprioritization"


@given(
    st.lists(
        st.sampled_from(
            "We propose FooBench ( GPT-4 ) , a benchmark for : LLMs \n\n . large language models é $x$ \\textbf{A} - – http://a.b ' ＧＰＴ".split(
                " "
            )
        ),
        max_size=40,
    )
)
@settings(max_examples=150, deadline=None)
def test_any_text_gives_spans_of_it(parts: list[str]) -> None:
    paper = Paper("p", " ".join(parts[:6]), " ".join(parts[6:]))
    for entity in fast(paper)[0].entities:
        assert entity.mentions
        for span in (entity.evidence, *entity.mentions):
            assert paper.text(span.field)[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "attack",
    [
        "(",
        "A(",
        "-",
        "A-",
        "GPT-4 ",
        "a.",
        "We propose ",
        "large language ",
        "X: ",
        "(AB) ",
        "\n\n",
        "http://",
        "\U0001d400",
    ],
)
def test_long_texts_take_linear_time(attack: str) -> None:
    paper = Paper("p", "A title", attack * (100_000 // len(attack)))
    fast(PAPER)
    assert seconds(lambda: fast(paper)) < 2


@pytest.mark.parametrize(
    "text", ["", " ", "plain words", "caf\u00e9 \u2014 yes", "a  b", "``x''", "$x$", "a\u00a0b", "x" * 30_000]
)
def test_quick_text_is_the_clean_text(text: str) -> None:
    paper = Paper("p", text, text)
    assert quick_text(paper) == paper_text(paper.title, paper.abstract)


def test_the_chances() -> None:
    chances = shipped_chances()
    assert all(0 < p <= 1 for p in chances.entities.values())
    assert {r for r, _ in chances.relations.values()} <= set(RELATIONS)
    assert chances.relation(("Benchmark named", "name", "2", "-", "evaluate"))[0] == "evaluates_on"
    assert chances.relation(("Task term", "no such ground"))[0] == "addresses"
    assert chances.relation(("nothing",)) == ("mentions", 0.5)
    with pytest.raises(FormatError, match=TABLE):
        read_chances("other\tcolumns\n")
    assert read_chances("\t".join(COLUMNS)).entities == {}
