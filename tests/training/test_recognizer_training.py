"""Labels of candidate spans, entities from scores, and the training run itself where torch is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from paperkg.extraction.neural import LABELS, SpanScore, input_text
from paperkg.extraction.neural.candidates import STOP_WORDS, find_candidates
from paperkg.extraction.neural.phrases import PhraseTable
from paperkg.extraction.neural.pieces import PieceTokenizer
from paperkg.extraction.neural.recognizer import MODEL_FOLDER, VOCABULARY
from paperkg.extraction.neural.words import split_words
from paperkg.model import RELATIONS
from paperkg.training.recognizer.decode import decode
from paperkg.training.recognizer.labels import (
    IGNORED,
    label_candidates,
    make_located_example,
    make_silver_example,
)

EMPTY = PhraseTable(np.array([7], dtype=np.uint32), np.zeros((1, len(PhraseTable.COLUMNS)), dtype=np.uint8))


def entity(kind: str, layer: str, relation: str, *surfaces: str) -> dict[str, Any]:
    return {
        "name": surfaces[0],
        "type": kind,
        "layer": layer,
        "relation": relation,
        "surfaces": list(surfaces),
    }


def labels_of(abstract: str, entities: Sequence[Mapping[str, Any]]) -> dict[str, set[str]]:
    words = split_words(input_text("", abstract))
    found = find_candidates(words, EMPTY)
    label, relation, _ = label_candidates(words, found, entities)
    out: dict[str, set[str]] = {}
    for i, j, k, r in zip(found.first, found.last, label, relation, strict=True):
        if k == len(LABELS):
            continue
        text = "ignored" if k == IGNORED else " ".join((*LABELS[k], RELATIONS[r]))
        out.setdefault(words.text[words.spans[i][0] : words.spans[j][1]], set()).add(text)
    return out


def span(text: str, surface: str, label: tuple[str, str], relation: str, probability: float) -> SpanScore:
    start = text.index(surface)
    return SpanScore(
        start,
        start + len(surface),
        tuple(probability if pair == label else 0.0 for pair in LABELS),
        tuple(float(r == relation) for r in RELATIONS),
    )


def test_every_spelling_that_folds_alike_is_a_mention() -> None:
    found = labels_of(
        "Causal discovery matters. We do causal-discovery.",
        [entity("Task", "term", "addresses", "causal discovery")],
    )
    assert found == {"Causal discovery": {"Task term addresses"}, "causal-discovery": {"Task term addresses"}}


def test_inside_a_longer_surface_is_no_mention() -> None:
    model = entity("Model", "term", "uses", "language model")
    causal = entity("Model", "term", "uses", "causal language model")
    nested = labels_of("A causal language model.", [model, causal])
    assert nested["language model"] == {"Model term uses"}
    free = labels_of("A causal language model is a language model.", [model, causal])
    assert free["language model"] == {"Model term uses", "ignored"}


def test_a_bare_number_is_ignored() -> None:
    found = labels_of("GPT-3.5 and 4 on 4 tasks.", [entity("Model", "named", "uses", "4")])
    assert found == {"4": {"ignored"}}


def test_offsets_are_labelled_exactly_with_labels_of_others() -> None:
    text = "It is a chart parser."
    mentions = [(0, 2, "Generic"), (8, 20, "Method")]
    tokenizer = PieceTokenizer.read(MODEL_FOLDER / VOCABULARY)
    labels = ["Generic", "Method"]

    def labelled(stop_words: frozenset[str]) -> dict[str, str]:
        example = make_located_example("t", text, mentions, labels, EMPTY, tokenizer, stop_words=stop_words)
        assert not example.relation.any() and (example.label.sum(axis=1) == 1).all()
        spans = example.words.spans
        label = example.label.argmax(axis=1)
        rows = zip(example.candidates.first, example.candidates.last, label, strict=True)
        found = {text[spans[i][0] : spans[j][1]]: labels[k] for i, j, k in rows if k < len(labels)}
        assert example.reached == len(found)
        return found

    assert labelled(STOP_WORDS) == {"chart parser": "Method"}
    assert labelled(STOP_WORDS - {"it"}) == {"It": "Generic", "chart parser": "Method"}


def test_silver_labels_are_soft_and_say_nothing_inside_longer_mentions() -> None:
    paper = {"title": "On causal language models", "abstract": "A language model is good."}
    silver = {
        "pid": "t",
        "labels": {
            "causallanguagemodel": [100, *(900 if pair == ("Model", "term") else 0 for pair in LABELS)],
            "languagemodel": [400, *(600 if pair == ("Model", "term") else 0 for pair in LABELS)],
        },
        "relations": {"languagemodel": [250 if r == "uses" else 125 for r in RELATIONS]},
    }
    tokenizer = PieceTokenizer.read(MODEL_FOLDER / VOCABULARY)
    example = make_silver_example(paper, silver, EMPTY, tokenizer)
    spans = example.words.spans
    column = LABELS.index(("Model", "term"))
    found = {
        example.words.text[spans[i][0] : spans[j][1]] + f" {spans[i][0] > 24}": (label, relation)
        for i, j, label, relation in zip(
            example.candidates.first, example.candidates.last, example.label, example.relation, strict=True
        )
    }
    assert found["causal language models False"][0][column] == pytest.approx(0.9, abs=1e-3)
    assert found["language model True"][0][column] == pytest.approx(0.6, abs=1e-3)
    assert found["language model True"][1][RELATIONS.index("uses")] == pytest.approx(0.25, abs=1e-3)
    assert not found["language models False"][0].any()
    assert found["good True"][0].tolist() == [0] * len(LABELS) + [1]


def test_decoding_joins_spellings_and_abbreviations() -> None:
    text = "The Structural Causal Model (SCM) beats BERT."
    term, named = ("Method", "term"), ("Model", "named")
    scores = [
        span(text, "Structural Causal Model", term, "uses", 0.9),
        span(text, "SCM", term, "uses", 0.8),
        span(text, "BERT", named, "compares_with", 0.3),
    ]
    found = decode("p", text, scores, threshold=0.5)["entities"]
    assert [(e["name"], e["type"], e["named"], e["relation"]) for e in found] == [
        ("Structural Causal Model", "Method", False, "uses")
    ]
    assert [m["text"] for m in found[0]["mentions"]] == ["Structural Causal Model", "SCM"]
    assert len(decode("p", text, scores, threshold=0.2)["entities"]) == 2


def test_padding_changes_no_score() -> None:
    torch = pytest.importorskip("torch")
    from paperkg.extraction.neural.recognizer import window_inputs
    from paperkg.training.recognizer.labels import Example
    from paperkg.training.recognizer.network import SpanNetwork
    from paperkg.training.recognizer.train import Settings, loss_of, make_batch

    def example(text: str) -> Example:
        words = split_words(input_text("A Title", text))
        found = find_candidates(words, EMPTY)
        ends = np.arange(1, len(words) + 2)
        inputs = window_inputs(
            words,
            found,
            np.arange(len(found.first)),
            np.arange(len(words) + 2),
            ends[:-1],
            ends[1:],
            0,
            len(words),
        )
        label = np.zeros((len(found.first), len(LABELS) + 1), dtype=np.float16)
        label[:, -1], label[0] = 1, 0
        label[0, 0] = 1
        relation = np.zeros((len(found.first), len(RELATIONS)), dtype=np.float16)
        relation[0, 0] = 1
        return Example("p", words, found, inputs, label, relation, 1)

    torch.manual_seed(0)
    network = SpanNetwork(100, size=24, layers=2, heads=2, inner=48, hidden=16).eval()
    papers = [example("We train a network on ImageNet."), example("BERT is a large model, and it is good.")]
    with torch.no_grad():
        together, _ = network(make_batch(papers))
        for k, paper in enumerate(papers):
            alone, _ = network(make_batch([paper]))
            assert torch.allclose(alone[0], together[k, : alone.shape[1]], atol=1e-5)
    assert SpanNetwork(100, size=24, layers=1, heads=2, labels=3)(make_batch(papers[:1]))[0].shape[2] == 4
    loss = loss_of(network, make_batch(papers), Settings())
    loss.backward()
    assert all(p.grad is None or torch.isfinite(p.grad).all() for p in network.parameters())
