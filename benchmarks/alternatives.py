"""Trains spaCy's own recognisers on the annotation of this package and measures them as `paperkg evaluate` does.

Usage: python benchmarks/alternatives.py GOLD PAPERS [--hold-out N:K] [--only NAME...] [--vectors FOLDER] [--minutes M]

GOLD holds annotations, one a line, PAPERS their texts. The papers on the lines of GOLD (from 0) of which the number modulo N is K
are measured on; a tenth of the others chooses the best round, the rest is trained on. Both components have spaCy's own settings for the
CPU and the tokeniser of this package, which is in their favour:
  ner      the entity recogniser: mentions do not overlap, the longest of those that do is taught
  spancat  the span categoriser over the candidates of this package; all spans of up to 8 tokens are seven times as many
A label is a type with its layer. Mentions of one spelling, and the two forms of an abbreviation that the text defines, are one
entity; its relation to the paper is the commonest one of its label in training.
"""

from __future__ import annotations

import argparse
import collections
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from held_out import HEAD, read_parts, row, score
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example as Taught
from spacy.util import filter_spans, load_model_from_config, minibatch, registry
from thinc.api import Config, Ops, Ragged, fix_random_seed, get_current_ops

from paperkg.extraction.candidates import candidate_key, ngrams, read_tokens
from paperkg.extraction.sentences import set_sentences
from paperkg.training.entities import Example, gold_entities

NAMES = ("ner", "spancat")
BATCH = 16
PATIENCE = 12
"""Rounds without a better score after which training ends."""

Relations = Mapping[str, str]


def spans_of(doc: Doc, example: Example) -> list[Span]:
    """The annotated mentions; a spelling inside a mention of another entity counts where it stands nowhere else."""
    entities = [(found.spans, f"{found.type}/{e_layer(found.named)}") for found, _ in gold_entities(example)]
    out = []
    for own, label in entities:
        others = {span for spans, _ in entities if spans is not own for span in spans}
        free = [(a, b) for a, b in own if not any(c <= a and b <= d and (c, d) != (a, b) for c, d in others)]
        out += [Span(doc, a, b, label=label) for a, b in free or own]
    return out


def e_layer(named: bool) -> str:
    """The layer as the annotation calls it."""
    return "named" if named else "term"


def teach(nlp: Language, name: str, example: Example) -> Taught:
    """A paper as spaCy trains on it."""
    doc = nlp.make_doc(example.reading.text)
    spans = spans_of(doc, example)
    if name == "ner":
        doc.ents = filter_spans(spans)
    else:
        doc.spans["sc"] = spans
    return Taught(nlp.make_doc(example.reading.text), doc)


@registry.misc("paperkg_candidates")
def make_suggester() -> Callable[..., Ragged]:
    """Suggests the stretches of words that could name something."""
    seen: dict[str, list[tuple[int, int]]] = {}

    def suggest(docs: Iterable[Doc], *, ops: Ops | None = None) -> Ragged:
        ops = ops or get_current_ops()
        spans = []
        for doc in docs:
            if doc.text not in seen:
                marked = set_sentences(
                    Doc(doc.vocab, [t.text for t in doc], [bool(t.whitespace_) for t in doc])
                )
                seen[doc.text] = sorted(ngrams(read_tokens(marked)))
            spans.append(seen[doc.text])
        rows = [span for found in spans for span in found]
        lengths = ops.asarray1i([len(found) for found in spans])
        return Ragged(ops.asarray2i(rows) if rows else ops.xp.zeros((0, 2), dtype="i"), lengths)

    return suggest


def make_pipeline(name: str, vectors: Path | None) -> Language:
    """A pipeline of tok2vec and one recogniser."""
    config: Config = init_config(lang="en", pipeline=[name], optimize="accuracy" if vectors else "efficiency")
    config["nlp"]["tokenizer"] = {"@tokenizers": "paperkg.Tokenizer.v1"}
    config["initialize"]["vectors"] = None if vectors is None else str(vectors)
    if name == "spancat":
        config["components"][name]["suggester"] = {"@misc": "paperkg_candidates"}
    return load_model_from_config(config, auto_fill=True)


def rounds(nlp: Language, taught: Sequence[Taught], minutes: float) -> Iterator[float]:
    """Trains on, a round over all papers at a time, until the processor time is spent; gives the loss of each."""
    optimizer = nlp.initialize(lambda: taught)
    until = time.process_time() + 60 * minutes
    draw = random.Random(0)
    while time.process_time() < until:
        order = draw.sample(taught, len(taught))
        losses: dict[str, float] = {}
        for batch in minibatch(order, BATCH):
            nlp.update(batch, sgd=optimizer, losses=losses, drop=0.1)
        yield sum(losses.values())


def entities(doc: Doc, example: Example, relations: Relations) -> list[dict[str, object]]:
    """What was found in a paper, in the form of papers.jsonl."""
    spans = [*doc.ents, *doc.spans.get("sc", ())]
    found = {candidate_key(span.text) for span in spans}
    groups: dict[str, list[Span]] = collections.defaultdict(list)
    for span in spans:
        key = candidate_key(span.text)
        candidate = example.reading.candidates.get(key)
        joins = candidate is not None and candidate.is_short and candidate.partner in found
        groups[str(candidate.partner) if candidate and joins else key].append(span)
    out: list[dict[str, object]] = []
    for key, members in groups.items():
        if key.lstrip("="):
            label = collections.Counter(s.label_ for s in members).most_common(1)[0][0]
            kind, layer = label.split("/")
            mentions = [{"text": s.text} for s in members]
            out.append(
                {
                    "name": members[0].text,
                    "type": kind,
                    "named": layer == "named",
                    "relation": relations.get(label, "mentions"),
                    "mentions": mentions,
                }
            )
    return out


def read(nlp: Language, papers: Sequence[Example], relations: Relations) -> list[list[dict[str, object]]]:
    """What a pipeline finds in papers."""
    docs = nlp.pipe(example.reading.text for example in papers)
    return [entities(doc, example, relations) for doc, example in zip(docs, papers, strict=True)]


def commonest_relations(papers: Sequence[Example]) -> Relations:
    """The commonest relation of each label."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for example in papers:
        for entity in example.gold["entities"]:
            counts[f"{entity['type']}/{entity['layer']}"][entity["relation"]] += 1
    return {label: count.most_common(1)[0][0] for label, count in counts.items()}


def train(name: str, papers: Sequence[Example], vectors: Path | None, minutes: float) -> Language:
    """The pipeline of the round that is best on every tenth paper, which it is not trained on."""
    fix_random_seed(0)
    chosen_on, trained_on = papers[::10], [p for k, p in enumerate(papers) if k % 10]
    relations = commonest_relations(papers)
    nlp = make_pipeline(name, vectors)
    best, state, since = -1.0, b"", 0
    for number, loss in enumerate(rounds(nlp, [teach(nlp, name, p) for p in trained_on], minutes), 1):
        f1 = score(chosen_on, read(nlp, chosen_on, relations)).all.f1
        since += 1
        if f1 > best:
            best, state, since = f1, nlp.to_bytes(), 0
        print(f"{name} round {number} loss {loss:.1f} F1 {f1:.3f}", file=sys.stderr, flush=True)
        if since >= PATIENCE:
            break
    return nlp.from_bytes(state)


def main() -> None:
    """Train, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--hold-out", default="5:4", metavar="N:K")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--vectors", type=Path, metavar="FOLDER", help="a spaCy pipeline with vectors")
    parser.add_argument("--minutes", type=float, default=15.0, metavar="M", help="processor time of each")
    args = parser.parse_args()
    parts = read_parts(args.gold, args.papers, args.hold_out)
    print(HEAD)
    for name in args.only:
        nlp = train(name, parts.train, args.vectors, args.minutes)
        found = read(nlp, parts.test, commonest_relations(parts.train))
        print(row(f"spaCy {name}", score(parts.test, found)), flush=True)


if __name__ == "__main__":
    main()
