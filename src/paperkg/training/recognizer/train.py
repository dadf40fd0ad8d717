"""Training of the span network on annotated papers."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from paperkg.extraction.neural.recognizer import LABELS
from paperkg.training.recognizer.labels import Example
from paperkg.training.recognizer.network import Batch, SpanNetwork, load_pretrained


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training run depends on besides the data.

    Attributes:
        length_noise: texts come into a batch in order of their numbers of pieces, to which up to so much is added at random.
    """

    epochs: int = 8
    papers_per_step: int = 6
    encoder_rate: float = 1.5e-4
    layer_decay: float = 0.85
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warmup: float = 0.1
    relation_weight: float = 0.5
    average_decay: float = 0.99
    seed: int = 1
    bfloat16: bool = True
    length_noise: float = 40.0


def make_batch(examples: Sequence[Example]) -> Batch:
    """Pad examples to the longest."""

    def stack(rows: Sequence[npt.NDArray[Any]], value: float = 0) -> Tensor:
        longest = max(len(r) for r in rows)
        tensor = torch.full(
            (len(rows), longest, *rows[0].shape[1:]), value, dtype=torch.from_numpy(rows[0]).dtype
        )
        for k, row in enumerate(rows):
            tensor[k, : len(row)] = torch.from_numpy(row)
        return tensor

    def inputs(name: str, value: float = 0) -> Tensor:
        return stack([e.inputs[name] for e in examples], value)

    # The row that belongs to [CLS], [SEP] and padding must be the last of each paper's, so it moves
    # to the longest's end.
    end = max(len(e.inputs["piece_from"]) for e in examples)
    piece_word = stack(
        [
            np.where(e.inputs["piece_word"] == len(e.inputs["piece_from"]), end, e.inputs["piece_word"])
            for e in examples
        ],
        end,
    )
    return Batch(
        piece_ids=inputs("piece_ids"),
        piece_mask=stack([np.ones(len(e.inputs["piece_ids"]), dtype=np.bool_) for e in examples]),
        piece_word=piece_word,
        piece_from=inputs("piece_from"),
        piece_to=inputs("piece_to"),
        word_features=inputs("word_features"),
        first=inputs("first"),
        last=inputs("last"),
        span_features=inputs("span_features"),
        label=stack([e.label for e in examples]).float(),
        relation=stack([e.relation for e in examples]).float(),
    )


def batches(examples: Sequence[Example], settings: Settings, rng: random.Random) -> Iterator[list[Example]]:
    """Shuffled batches of papers of like length."""
    noise, size = settings.length_noise, settings.papers_per_step
    order = sorted(examples, key=lambda e: len(e.inputs["piece_ids"]) + rng.uniform(-noise, noise))
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(groups)
    yield from groups


def _rate_groups(network: SpanNetwork, settings: Settings) -> list[dict[str, object]]:
    """Parameters by learning rate and decay; the tables of pieces and positions stay as they are."""
    depth = len(network.layers)
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if name.startswith(("pieces.", "positions.")):
            parameter.requires_grad_(False)
            continue
        if name.startswith(("kind", "norm.")):
            rate = settings.encoder_rate * settings.layer_decay**depth
        elif name.startswith("layers."):
            rate = settings.encoder_rate * settings.layer_decay ** (depth - 1 - int(name.split(".")[1]))
        else:
            rate = settings.head_rate
        groups.setdefault((rate, settings.weight_decay if parameter.dim() > 1 else 0.0), []).append(parameter)
    return [{"params": p, "lr": rate, "weight_decay": decay} for (rate, decay), p in groups.items()]


def loss_of(network: SpanNetwork, batch: Batch, settings: Settings) -> Tensor:
    """Cross-entropy of labels over all candidates and of relations over the mentions.

    A mention's worth each.
    """
    label, relation = network(batch)
    mentions = batch.label[..., : network.labels].sum().clamp(min=1)
    of_label = -(batch.label * F.log_softmax(label, -1)).sum()
    of_relation = -(batch.relation * F.log_softmax(relation, -1)).sum()
    return (of_label + settings.relation_weight * of_relation) / mentions


def train(
    examples: Sequence[Example],
    base: Path,
    settings: Settings,
    *,
    report: Callable[[str], None],
    start: Mapping[str, Tensor] | None = None,
    labels: int = len(LABELS),
    after_epoch: Callable[[int, SpanNetwork], None] | None = None,
) -> SpanNetwork:
    """Train from the pre-trained encoder in `base`, or on from the weights `start`.

    Args:
        labels: number of labels of a mention, which `Example.label` counts from 0; the next is that of none.

    Returns:
        The network with the running average of its weights.
    """
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)  # noqa: S311
    network = load_pretrained(base, labels=labels)
    if start:
        network.load_state_dict(start)
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(settings.average_decay)
    )
    optimizer = torch.optim.AdamW(_rate_groups(network, settings), betas=(0.9, 0.98), eps=1e-6, fused=True)
    steps = math.ceil(len(examples) / settings.papers_per_step) * settings.epochs
    warm = max(1, int(settings.warmup * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: (s + 1) / warm if s < warm else max(0.02, (steps - s) / max(1, steps - warm))
    )
    started = time.monotonic()
    for epoch in range(1, settings.epochs + 1):
        network.train()
        total, number = 0.0, 0
        for group in batches(examples, settings, rng):
            with torch.autocast("cpu", torch.bfloat16, enabled=settings.bfloat16):
                loss = loss_of(network, make_batch(group), settings)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average.update_parameters(network)
            total, number = total + float(loss.detach()), number + 1
        report(f"epoch {epoch} loss {total / number:.4f} {time.monotonic() - started:.0f} s")
        if after_epoch:
            after_epoch(epoch, average.module)
    return average.module
