"""Silver labels: what the shipped extraction thinks of raw abstracts, as soft targets for a student network.

    python -m paperkg.training.recognizer.silver PAPERS.jsonl OUT.jsonl

PAPERS has `id`, `title`, `abstract` a line; choose papers that stand in no annotation. For each paper OUT gets `pid`, `labels`
(candidate key -> probabilities of no entity and of `LABELS`, in thousandths; what is left out is no entity) and `relations` (key
-> probabilities of `RELATIONS`, in thousandths). Give both files to `paperkg.training.recognizer --silver`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import cast

import numpy as np
from spacy.language import Language

from paperkg.extraction.decide import decide
from paperkg.extraction.ensemble import Vector, relations_by_span, score_candidates
from paperkg.extraction.features import Reading
from paperkg.extraction.pipeline import NETWORK, READING, TITLE_END, Recognizer, Roles, create_pipeline
from paperkg.extraction.reading import paper_text
from paperkg.extraction.roles import sentence_bounds
from paperkg.training.lines import json_lines, read_lines

LEAST = 0.03
"""Candidates that are less likely than this to be an entity are left out."""
_DOUBTFUL = {True: 0.15, False: 0.15}


def _thousandths(probabilities: Vector) -> list[int]:
    return [int(x) for x in np.rint(probabilities * 1000)]


def label_paper(
    nlp: Language, title: str, abstract: str
) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The soft labels and relations of one paper, by candidate key."""
    text = paper_text(title, abstract)
    doc = nlp.make_doc(text.text)
    doc.user_data[TITLE_END] = text.title_end
    for name, component in nlp.pipeline:
        doc = component(doc)
        if name == "paperkg_network":
            break
    recognizer = cast("Recognizer", nlp.get_pipe("paperkg_recognizer"))
    roles = cast("Roles", nlp.get_pipe("paperkg_roles"))
    reading: Reading = doc.user_data[READING]
    scores = score_candidates(recognizer.scorer, reading, doc.user_data[NETWORK])
    labels = {key: _thousandths(p) for key, p in sorted(scores.items()) if 1 - p[0] >= LEAST}
    bounds, network = sentence_bounds(reading.tokens), relations_by_span(doc.user_data[NETWORK], reading)
    keys = {span: key for key, c in reading.candidates.items() for span in c.spans}
    relations: dict[str, list[int]] = {}
    for entity in decide(reading, scores, _DOUBTFUL):
        row = _thousandths(roles.model.probabilities(reading, bounds, entity, network)[0])
        relations.update({keys[span]: row for span in entity.spans if span in keys})
    return labels, relations


def main() -> None:
    """Label the papers of a file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("papers", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    nlp = create_pipeline()
    with args.out.open("w", encoding="utf-8") as out:
        for paper in read_lines(args.papers):
            with nlp.memory_zone():
                labels, relations = label_paper(nlp, paper["title"], paper["abstract"])
            out.write(json_lines([{"pid": paper["id"], "labels": labels, "relations": relations}]))


if __name__ == "__main__":
    main()
