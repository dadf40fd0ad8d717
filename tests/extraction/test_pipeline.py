import pytest

from paperkg.extraction import extract_papers
from paperkg.extraction.candidates import read_tokens
from paperkg.extraction.decide import term_name
from paperkg.extraction.known import KnownSpellings
from paperkg.extraction.pipeline import create_pipeline, sentence_pipeline
from paperkg.lexicon import Entry, Lexicon
from paperkg.model import ENTITY_TYPES, RELATIONS, Paper

ABSTRACT = (
    "Large language models (LLMs) struggle with causal reasoning. We introduce FooBench, a benchmark for causal reasoning, and "
    "propose BarNet, a framework that fine-tunes LLaMA2-70B. We evaluate GPT-4 and GPT-3.5 on FooBench and on GSM8K. BarNet "
    "reaches an accuracy of 95.33% on FooBench, and outperforms GPT-4 by 5.4%. Code is at https://github.com/foo/bar."
)
PAPER = Paper("p1", "BarNet: Causal Reasoning with Language Models", ABSTRACT)


@pytest.fixture(scope="module")
def extraction():
    return next(extract_papers([PAPER]))


def by_name(extraction):
    return {e.name: e for e in extraction.entities}


def test_types_and_roles_of_a_plain_abstract(extraction):
    found = by_name(extraction)
    assert found["FooBench"].type == "Benchmark"
    assert found["FooBench"].relation == "introduces"
    assert found["BarNet"].relation == "introduces"
    assert found["GPT-4"].type == "Model"
    assert found["GSM8K"].relation == "evaluates_on"
    assert found["causal reasoning"].type == "Task"
    assert not found["causal reasoning"].named
    assert {m.text for m in found["large language model"].mentions} >= {"Large language models", "LLMs"}


def test_offsets_lead_to_the_stored_text(extraction):
    for entity in extraction.entities:
        for span in (entity.evidence, *entity.mentions):
            assert PAPER.text(span.field)[span.start : span.end] == span.text
        assert entity.type in ENTITY_TYPES
        assert entity.relation in RELATIONS
        assert 0 < entity.confidence < 1
    for relation in extraction.entity_relations:
        assert (
            PAPER.text(relation.evidence.field)[relation.evidence.start : relation.evidence.end]
            == relation.evidence.text
        )


def test_names_are_unique_and_confidence_varies(extraction):
    names = [e.name for e in extraction.entities]
    assert len(names) == len(set(names))
    assert len({e.confidence for e in extraction.entities}) > 3


def test_results_and_links(extraction):
    assert any(r.number == 95.33 and r.unit == "%" and r.kind == "absolute" for r in extraction.results)
    assert [link.url for link in extraction.links] == ["https://github.com/foo/bar"]


def test_every_occurrence_is_a_mention(extraction):
    assert len(by_name(extraction)["FooBench"].mentions) == 3


def test_latex_stays_in_the_stored_text():
    paper = Paper("p", "T", r"We propose \textit{Foo-Net}, a model. It beats GPT-4 on Who\&When by 15\%.")
    extraction = next(extract_papers([paper]))
    for entity in extraction.entities:
        for mention in entity.mentions:
            assert paper.abstract[mention.start : mention.end] == mention.text or mention.field == "title"


@pytest.mark.parametrize(
    "abstract",
    [
        "",
        " ",
        "\n",
        "word " * 4000,
        "GPT-4 " * 3000,
        "(" * 5000,
        '"' * 5000,
        "A, " * 4000,
        "\u202e\u0000x\ud7ff",
        "中文摘要。" * 100,
    ],
)
def test_odd_abstracts_do_no_harm(abstract):
    assert next(extract_papers([Paper("p", "A title", abstract)])).paper.abstract == abstract


def test_the_order_of_papers_changes_nothing():
    other = Paper("p2", "Another", "We evaluate BERT on SQuAD with F1.")
    forward = list(extract_papers([PAPER, other]))
    backward = list(extract_papers([other, PAPER]))
    assert forward == backward[::-1]


def test_progress_counts_papers():
    done = []
    list(extract_papers([PAPER, PAPER], progress=done.append))
    assert done == [1, 1]


def test_components_load_by_name():
    assert create_pipeline().pipe_names == [
        "paperkg_sentences",
        "paperkg_reader",
        "paperkg_network",
        "paperkg_recognizer",
        "paperkg_roles",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Causal Graphs", "causal graph"),
        ("LLM agents", "LLM agent"),
        ("LLMs", "LLM"),
        ("3D reconstruction", "3D reconstruction"),
    ],
)
def test_canonical_names_of_terms(text, name):
    assert term_name(text) == name


def find(text, *entries):
    tokens = read_tokens(sentence_pipeline()(text))
    return [
        (text[tokens[m.span[0]].start : tokens[m.span[1] - 1].end], m.entry.name, m.exact)
        for m in KnownSpellings(Lexicon(entries)).find(text, tokens)
    ]


def test_known_spellings_ignore_hyphens_case_and_plural():
    entry = Entry("pre-trained model", "Model", False)
    assert [f[0] for f in find("Pretrained models, pre-trained model; pre trained Models.", entry)] == [
        "Pretrained models",
        "pre-trained model",
        "pre trained Models",
    ]


def test_known_spellings_say_whether_the_case_is_exact():
    entry = Entry("RUN", "Dataset", True, guard="context")
    assert find("we run on RUN", entry) == [("run", "RUN", False), ("RUN", "RUN", True)]
