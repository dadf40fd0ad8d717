"""The network.

A BERT-shaped encoder that also sees the words' spelling, and a classifier over spans of words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from paperkg.extraction.neural.candidates import MAX_WIDTH, SPAN_FEATURES
from paperkg.extraction.neural.phrases import PhraseTable
from paperkg.extraction.neural.recognizer import LABELS
from paperkg.extraction.neural.words import WORD_FEATURES
from paperkg.model import RELATIONS


@dataclass(frozen=True, slots=True)
class Batch:
    """Several papers in padded tensors: P papers, L pieces, W words, S spans.

    Attributes:
        piece_ids: (P, L); piece_mask: (P, L) True on pieces, None if there is no padding.
        piece_word: (P, L) index of the word of each piece; [CLS] and [SEP] have that of the empty last row.
        piece_from, piece_to: (P, W) first piece and one past the last piece of each word.
        word_features: (P, W + 1, F), the last row zero.
        first, last: (P, S) first and last word of each span; span_features: (P, S, K).
        label, relation: (P, S, classes) targets as probabilities, zeros where there is none.
    """

    piece_ids: Tensor
    piece_mask: Tensor | None
    piece_word: Tensor
    piece_from: Tensor
    piece_to: Tensor
    word_features: Tensor
    first: Tensor
    last: Tensor
    span_features: Tensor
    label: Tensor
    relation: Tensor


class Layer(nn.Module):
    """One transformer layer of the BERT kind (normalisation after each block)."""

    def __init__(self, size: int, heads: int, inner: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.dropout = dropout
        self.query, self.key, self.value, self.out = (nn.Linear(size, size) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(size, eps=1e-12), nn.LayerNorm(size, eps=1e-12)
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """The pieces' vectors, mixed with each other and transformed; `bias` is added to the attention."""
        papers, length, size = x.shape
        shape = (papers, length, self.heads, size // self.heads)
        q, k, v = (f(x).reshape(shape).transpose(1, 2) for f in (self.query, self.key, self.value))
        # In 32 bits: without matrix units for bfloat16 the fused kernel is slower in it.
        with torch.autocast("cpu", enabled=False):
            attended = F.scaled_dot_product_attention(q.float(), k.float(), v.float(), attn_mask=bias)
        attended = attended.to(v.dtype)
        mixed = self.out(attended.transpose(1, 2).reshape(papers, length, size))
        x = self.norm1(x + F.dropout(mixed, self.dropout, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))


class SpanNetwork(nn.Module):
    """Scores spans of words.

    A span is seen as the sum of projections of its first word, its last word, an attention-weighted mean of
    its words, the words beside it, its width and its features; all but the sum is computed once a word.

    Attributes:
        labels: number of labels of a mention; the label with this number is that of no mention.
    """

    def __init__(
        self,
        vocabulary: int,
        *,
        size: int = 384,
        layers: int = 6,
        heads: int = 12,
        inner: int = 1536,
        hidden: int = 384,
        dropout: float = 0.1,
        labels: int = len(LABELS),
    ):
        super().__init__()
        self.dropout = dropout
        self.labels = labels
        self.pieces = nn.Embedding(vocabulary, size)
        self.positions = nn.Embedding(512, size)
        self.kind = nn.Parameter(torch.zeros(size))
        self.spelling = nn.Linear(len(WORD_FEATURES), size, bias=False)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList(Layer(size, heads, inner, dropout) for _ in range(layers))
        word_size = size + len(WORD_FEATURES)
        self.as_first, self.as_last, self.as_inner, self.as_before, self.as_after = (
            nn.Linear(word_size, hidden) for _ in range(5)
        )
        self.attention = nn.Linear(word_size, 1)
        self.width = nn.Embedding(MAX_WIDTH + 1, hidden)
        self.from_features = nn.Linear(len(SPAN_FEATURES) + PhraseTable.WIDTH, hidden)
        self.span_norm = nn.LayerNorm(hidden)
        self.label_hidden, self.relation_hidden = (
            nn.Linear(hidden, hidden // 2),
            nn.Linear(hidden, hidden // 2),
        )
        self.label_out = nn.Linear(hidden // 2, labels + 1)
        self.relation_out = nn.Linear(hidden // 2, len(RELATIONS))
        with torch.no_grad():
            self.label_out.bias[-1] = 5.0  # most candidates are no mentions

    def encode(self, batch: Batch) -> Tensor:
        """Vectors of words: (P, W + 2, size + F), a zero row before and after the words."""
        features = batch.word_features
        spelled = torch.gather(
            self.spelling(features), 1, batch.piece_word.unsqueeze(2).expand(-1, -1, self.kind.shape[0])
        )
        length = batch.piece_ids.shape[1]
        x = self.pieces(batch.piece_ids) + self.positions.weight[:length] + self.kind + spelled
        x = F.dropout(self.norm(x), self.dropout, self.training)
        bias = None
        if batch.piece_mask is not None:
            bias = torch.zeros(batch.piece_mask.shape).masked_fill(~batch.piece_mask, -1e4)[:, None, None]
        for layer in self.layers:
            x = layer(x, bias)
        sums = F.pad(torch.cumsum(x.float(), 1), (0, 0, 1, 0))
        index = batch.piece_from.unsqueeze(2).expand(-1, -1, x.shape[2])
        until = batch.piece_to.unsqueeze(2).expand(-1, -1, x.shape[2])
        number = (batch.piece_to - batch.piece_from).clamp(min=1).unsqueeze(2)
        words = (torch.gather(sums, 1, until) - torch.gather(sums, 1, index)) / number
        words = torch.cat([words, features[:, :-1]], 2)
        return F.pad(words, (0, 0, 1, 1))

    def score(
        self, words: Tensor, first: Tensor, last: Tensor, span_features: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Logits of labels (P, S, labels + 1) and of relations (P, S, RELATIONS)."""
        words = F.dropout(words, self.dropout, self.training)
        width = self.width(last - first)
        weight = torch.exp(8.0 * torch.tanh(self.attention(words) / 8.0))
        mass = F.pad(torch.cumsum(torch.cat([weight, weight * self.as_inner(words)], 2), 1), (0, 0, 1, 0))

        def rows(table: Tensor, index: Tensor) -> Tensor:
            return torch.gather(table, 1, index.unsqueeze(2).expand(-1, -1, table.shape[2]))

        # Row 0 is the zero row before the text: word i is row i + 1, and its sum runs to row i + 2.
        held = rows(mass, last + 2) - rows(mass, first + 1)
        x = (
            rows(self.as_first(words), first + 1)
            + rows(self.as_last(words), last + 1)
            + rows(self.as_before(words), first)
            + rows(self.as_after(words), last + 2)
            + held[..., 1:] / held[..., :1]
            + width
            + self.from_features(span_features)
        )
        x = F.dropout(F.gelu(self.span_norm(x)), self.dropout, self.training)
        label = F.dropout(F.gelu(self.label_hidden(x)), self.dropout, self.training)
        relation = F.dropout(F.gelu(self.relation_hidden(x)), self.dropout, self.training)
        return self.label_out(label), self.relation_out(relation)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits of labels and relations.

        The classifier always computes in 32 bits, for it takes differences of sums.
        """
        words = self.encode(batch).float()
        with torch.autocast("cpu", enabled=False):
            return self.score(words, batch.first, batch.last, batch.span_features)


def load_pretrained(folder: Path, *, labels: int = len(LABELS)) -> SpanNetwork:
    """A network for so many labels whose encoder has the weights of a BERT-shaped model.

    Args:
        folder: holds the model's `config.json` and `model.safetensors`.
        labels: number of labels of a mention.
    """
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    stored = load_file(folder / "model.safetensors")
    stored = {k.removeprefix("bert."): v for k, v in stored.items()}
    network = SpanNetwork(
        config["vocab_size"],
        size=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        labels=labels,
    )
    own = network.state_dict()
    own["pieces.weight"] = stored["embeddings.word_embeddings.weight"]
    own["positions.weight"] = stored["embeddings.position_embeddings.weight"]
    own["kind"] = stored["embeddings.token_type_embeddings.weight"][0]
    own["spelling.weight"] = torch.zeros_like(own["spelling.weight"])
    parts = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for kind in ("weight", "bias"):
        own[f"norm.{kind}"] = stored[f"embeddings.LayerNorm.{kind}"]
        for i in range(config["num_hidden_layers"]):
            for mine, theirs in parts.items():
                own[f"layers.{i}.{mine}.{kind}"] = stored[f"encoder.layer.{i}.{theirs}.{kind}"]
    network.load_state_dict(own)
    return network
