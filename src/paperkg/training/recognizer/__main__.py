"""Train the recogniser.

    python -m paperkg.training.recognizer --gold train.jsonl --papers train_papers.jsonl --base MODEL
    --phrases phrases.npz --out DIR

GOLD has one annotation a line (`pid`, `entities` with `type`, `layer`, `relation`, `surfaces`), SILVER the
soft labels that `paperkg.training.recognizer.silver` writes, PAPERS the texts of both (`id`, `title`,
`abstract`); of each there may be several files. MODEL is a folder with the `config.json`, `model.safetensors` and
`vocab.txt` of a BERT-shaped encoder; the shipped model starts from the one in the PyPI package gt-all-
minilm-l6-v2. DIR gets the files that `Recognizer.load` reads, `weights.safetensors` to train on from, and
`training.json`.

With `--hold-out N:K` the papers on the lines of all GOLD files together (counted from 0) of which the number modulo N is K are
kept out of the training; then their scores by the exported model are written too (`heldout.spans.jsonl`, and
as entities at the best threshold `heldout.papers.jsonl`), and a table of thresholds.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import logging
import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from paperkg.evaluation import evaluate, parse_found, parse_gold
from paperkg.extraction.neural.phrases import PhraseTable
from paperkg.extraction.neural.pieces import PieceTokenizer
from paperkg.extraction.neural.recognizer import NETWORK, PHRASES, VOCABULARY, Recognizer, input_text
from paperkg.text.clean import clean
from paperkg.training.lines import json_lines, read_lines, said
from paperkg.training.recognizer.decode import decode
from paperkg.training.recognizer.export import export_onnx
from paperkg.training.recognizer.labels import make_example, make_silver_example
from paperkg.training.recognizer.train import Settings, train

_LOG = logging.getLogger("paperkg.training.recognizer")

Record = Mapping[str, Any]


def measure(
    recognizer: Recognizer, gold: Sequence[Record], papers: Mapping[str, Record], out: Path
) -> dict[str, dict[str, str]]:
    """Score held-out papers with the exported model, write its scores, and give F1 by threshold."""
    texts = {
        g["pid"]: input_text(*(clean(papers[g["pid"]][f]).text for f in ("title", "abstract"))) for g in gold
    }
    spans = {pid: recognizer.predict([text])[0] for pid, text in texts.items()}
    wanted = parse_gold(json_lines(gold).encode(), "gold")
    table: dict[str, dict[str, str]] = {}
    best: tuple[float, list[dict[str, Any]]] = (-1.0, [])
    for threshold in (k / 20 for k in range(6, 19)):
        found = [decode(g["pid"], texts[g["pid"]], spans[g["pid"]], threshold=threshold) for g in gold]
        scores = evaluate(wanted, parse_found(json_lines(found).encode(), "found"))
        counts = {name: scores.layers()[name] for name in ("named", "term", "all", "edges")}
        table[f"{threshold:.2f}"] = {name: said(count) for name, count in counts.items()}
        best = max(best, (scores.all.f1, found), key=lambda b: b[0])
    (out / "heldout.papers.jsonl").write_text(json_lines(best[1]), encoding="utf-8")
    read = ({"pid": p, "text": texts[p], "spans": [dataclasses.asdict(s) for s in spans[p]]} for p in texts)
    (out / "heldout.spans.jsonl").write_text(json_lines(read), encoding="utf-8")
    return table


def mean_weights(runs: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of the weights of several runs from one start: a network that has learned from all of them."""
    return {name: torch.stack([run[name] for run in runs]).mean(0) for name in runs[0]}


def main() -> None:
    """Read the arguments, train, export, measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("gold", "silver"):
        parser.add_argument(f"--{name}", type=Path, nargs="+", default=[])
    parser.add_argument("--papers", type=Path, nargs="+", required=True)
    for name in ("base", "phrases", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument(
        "--start",
        type=Path,
        nargs="+",
        default=[],
        metavar="WEIGHTS",
        help="weights.safetensors of an earlier run, or of several, whose mean is taken",
    )
    parser.add_argument(
        "--hold-out", metavar="N:K", help="keep the lines with number %% N == K out of the training"
    )
    parser.add_argument("--train-papers", type=int, metavar="N", help="train on N papers drawn at random")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    for field in dataclasses.fields(Settings):
        flag = f"--{field.name.replace('_', '-')}"
        parser.add_argument(
            flag, type=type(field.default), default=field.default, help="default: %(default)s"
        )
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(args.threads)
    settings = Settings(**{field.name: getattr(args, field.name) for field in dataclasses.fields(Settings)})

    gold = list(read_lines(*args.gold))
    silver = list(read_lines(*args.silver))
    papers = {p["id"]: p for p in read_lines(*args.papers)}
    every, kept_out = map(int, args.hold_out.split(":")) if args.hold_out else (1, 1)
    held = [g for k, g in enumerate(gold) if k % every == kept_out]
    used = [g for k, g in enumerate(gold) if k % every != kept_out]
    if args.train_papers:
        used = random.Random(0).sample(used, args.train_papers)  # noqa: S311
    table, tokenizer = PhraseTable.read(args.phrases), PieceTokenizer.read(args.base / VOCABULARY)
    examples = [make_example(papers[g["pid"]], g, table, tokenizer) for g in used]
    reached, wanted = sum(e.reached for e in examples), sum(len(g["entities"]) for g in used)
    _LOG.info("%d papers, %d entities, of which %d have a candidate span", len(used), wanted, reached)
    examples += [make_silver_example(papers[s["pid"]], s, table, tokenizer) for s in silver]

    start = mean_weights([load_file(path) for path in args.start]) if args.start else None
    network = train(examples, args.base, settings, report=_LOG.info, start=start)
    args.out.mkdir(parents=True, exist_ok=True)
    save_file(network.state_dict(), args.out / "weights.safetensors")
    export_onnx(network, args.out / NETWORK)
    for source, name in ((args.base / VOCABULARY, VOCABULARY), (args.phrases, PHRASES)):
        if source.resolve() != (args.out / name).resolve():
            shutil.copyfile(source, args.out / name)
    held_out = measure(Recognizer.load(args.out), held, papers, args.out) if held else {}
    facts = {
        "settings": dataclasses.asdict(settings),
        "papers": len(used),
        "entities": wanted,
        "silver": len(silver),
        "inputs": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (
                *args.gold,
                *args.silver,
                *args.papers,
                args.phrases,
                *(args.start or [args.base / "model.safetensors"]),
            )
        },
        "held_out": held_out,
    }
    (args.out / "training.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    for threshold, row in held_out.items():
        _LOG.info("%s  %s", threshold, "  ".join(f"{name} {value}" for name, value in row.items()))


if __name__ == "__main__":
    main()
