"""Draws the learning curve: what is found in held-out papers by recognisers trained on more and more papers.

Usage: python benchmarks/learning_curve.py GOLD PAPERS [--hold-out N:K] [--sizes N...] [--spans N=FILE...] [--svg FILE]

GOLD holds annotations, one a line, PAPERS their texts. The papers on the lines of GOLD (from 0) of which the number modulo N is K
are measured on, as `paperkg evaluate` does; of the others so many are drawn at random (seed 0) and trained on. Measured are
  linear, no lexicon   the linear models of entities and roles, without what the lexicon says of spellings
  linear               the same with the lexicon, of which a part was compiled from the annotation of all papers
  network              with --spans alone: the network alone
FILE holds a network's scores of the held-out papers, `heldout.spans.jsonl` as this writes it for N papers (the same draw):
  python -m paperkg.training.recognizer --gold GOLD --papers PAPERS --hold-out 5:4 --train-papers N ...
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from held_out import HEAD, read_parts, row, score

from paperkg.extraction.candidates import span_text
from paperkg.extraction.coordination import add_coordinated
from paperkg.extraction.decide import decide
from paperkg.extraction.ensemble import score_candidates
from paperkg.extraction.neural import SpanScore
from paperkg.extraction.roles import RoleModel
from paperkg.training.entities import Example, fit_entities, fit_roles, read_spans
from paperkg.training.recognizer.decode import decode

NETWORK_THRESHOLD = 0.75
"""The least probability of a mention where the network decides alone (docs/recognizer.md)."""

Spans = Mapping[str, Sequence[SpanScore]]
Entities = list[dict[str, object]]


def without_lexicon(papers: Iterable[Example]) -> list[Example]:
    """The papers, read by somebody who knows no spelling."""
    return [dataclasses.replace(p, reading=dataclasses.replace(p.reading, known={})) for p in papers]


def linear(train: Sequence[Example], test: Sequence[Example]) -> list[Entities]:
    """What linear models find that were fitted on `train`."""
    scorer, roles = fit_entities(train), RoleModel(fit_roles(train))
    out = []
    for paper in test:
        reading = paper.reading
        found = add_coordinated(reading, decide(reading, score_candidates(scorer, reading, None)))
        said = roles.roles(reading, found, {})
        out.append(
            [
                {
                    "name": entity.name,
                    "type": entity.type,
                    "named": entity.named,
                    "relation": role.relation,
                    "mentions": [{"text": span_text(reading.text, reading.tokens, s)} for s in entity.spans],
                }
                for entity, role in zip(found, said, strict=True)
            ]
        )
    return out


def network(test: Sequence[Example], spans: Spans) -> list[Entities]:
    """What the network finds alone."""
    return [
        decode(paper.gold["pid"], paper.reading.text, spans[paper.gold["pid"]], threshold=NETWORK_THRESHOLD)[
            "entities"
        ]
        for paper in test
    ]


# --- the picture

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 360, 52, 16, 150, 46
COLOURS = ("#0b5394", "#38761d", "#b45f06", "#741b47")
LINE = 16
"""The least distance between the names of two curves."""

Curves = Mapping[str, Mapping[int, float]]


def svg(curves: Curves) -> str:
    """A picture of F1 against papers; each doubling of the papers is equally wide."""
    sizes = sorted({n for curve in curves.values() for n in curve})
    values = [f1 for curve in curves.values() for f1 in curve.values()]
    low, high = math.floor(min(values) * 20) / 20, math.floor(max(values) * 20 + 1) / 20
    width = math.log(sizes[-1] / sizes[0]) or 1.0

    def x(n: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(n / sizes[0]) / width

    def y(f1: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - f1) / (high - low)

    right = WIDTH - RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="13">',
        "<title>F1 of all entities by papers trained on</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for k in range(round(low * 20), round(high * 20) + 1):
        at = y(k / 20)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{right}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#444">{k / 20:.2f}</text>'
        )
    for n in sizes:
        parts.append(
            f'<text x="{x(n):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#444">{n}</text>'
        )
    middle = (LEFT + right) / 2
    parts.append(
        f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle" fill="#444">papers trained on</text>'
    )
    label_at = -math.inf
    for name, curve in sorted(curves.items(), key=lambda c: -c[1][max(c[1])]):
        colour = COLOURS[list(curves).index(name) % len(COLOURS)]
        points = " ".join(f"{x(n):.1f},{y(f1):.1f}" for n, f1 in sorted(curve.items()))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for point in points.split():
            cx, cy = point.split(",")
            parts.append(f'<circle cx="{cx}" cy="{cy}" r="3.5" fill="{colour}"/>')
        last = max(curve)
        label_at = max(y(curve[last]) + 4, label_at + LINE)
        parts.append(f'<text x="{x(last) + 10:.1f}" y="{label_at:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def by_size(pair: str) -> tuple[int, Spans]:
    """`N=FILE`, read."""
    size, _, path = pair.partition("=")
    return int(size), read_spans([Path(path)])


def main() -> None:
    """Train, measure, print the table, draw the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--hold-out", default="5:4", metavar="N:K")
    parser.add_argument("--sizes", type=int, nargs="+", default=[60, 125, 250, 480], metavar="N")
    parser.add_argument("--spans", type=by_size, nargs="*", default=[], metavar="N=FILE")
    parser.add_argument("--svg", type=Path, metavar="FILE")
    args = parser.parse_args()
    train, test = read_parts(args.gold, args.papers, args.hold_out)
    curves: dict[str, dict[int, float]] = {}
    print(HEAD.replace("| |", "| recogniser | papers |").replace("| --- |", "| --- | --: |"))
    for size in args.sizes:
        drawn = random.Random(0).sample(train, min(size, len(train)))
        found = {
            "linear, no lexicon": linear(without_lexicon(drawn), without_lexicon(test)),
            "linear": linear(drawn, test),
        }
        if spans := dict(args.spans).get(size):
            found["network"] = network(test, spans)
        for name, entities in found.items():
            scores = score(test, entities)
            curves.setdefault(name, {})[len(drawn)] = scores.all.f1
            print(row(f"{name} | {len(drawn)}", scores), flush=True)
    if args.svg:
        args.svg.write_text(svg(curves), encoding="utf-8")


if __name__ == "__main__":
    main()
