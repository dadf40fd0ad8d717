"""From the trained network to the files that the package ships: int8 ONNX, tokenizer, phrase table."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from paperkg.extraction.neural.recognizer import INPUTS, OUTPUTS
from paperkg.training.recognizer.network import Batch, SpanNetwork


class _OneText(nn.Module):
    """The network on one unpadded text, from plain tensors, giving probabilities."""

    def __init__(self, network: SpanNetwork):
        super().__init__()
        self.network = network

    def forward(
        self,
        piece_ids: Tensor,
        piece_word: Tensor,
        piece_from: Tensor,
        piece_to: Tensor,
        word_features: Tensor,
        first: Tensor,
        last: Tensor,
        span_features: Tensor,
    ) -> tuple[Tensor, Tensor]:
        plain = (
            t.unsqueeze(0) for t in (piece_ids, piece_word, piece_from, piece_to, word_features, first, last)
        )
        ids, word, from_, to, features, i, j = plain
        nothing = torch.zeros(0)
        batch = Batch(
            ids, None, word, from_, to, features, i, j, span_features.unsqueeze(0), nothing, nothing
        )
        label, relation = self.network(batch)
        return label[0].softmax(-1), relation[0].softmax(-1)


def export_onnx(network: SpanNetwork, out: Path) -> None:
    """Write the network as ONNX with weights of matrices and embeddings in int8.

    The network runs on one text of its own length at a time, so the ranges of dynamic quantisation, and with
    them the output, depend on that text alone.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network = network.eval()
    dims: dict[str | int, int] = {"pieces": 11, "words": 7, "spans": 5}
    dims["words and one"] = dims["words"] + 1
    shapes = {name: [dims[d] if isinstance(d, str) else d for d in shape] for name, shape in INPUTS.items()}
    integers = set(INPUTS) - {"word_features", "span_features"}
    example = {
        n: torch.zeros(*s, dtype=torch.long if n in integers else torch.float32) for n, s in shapes.items()
    }
    example["piece_to"] += 1
    axes = {name: {0: str(shape[0])} for name, shape in INPUTS.items()} | {n: {0: "spans"} for n in OUTPUTS}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            _OneText(network).eval(),
            tuple(example.values()),
            str(plain),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            plain,
            out,
            op_types_to_quantize=["MatMul", "Gather"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
