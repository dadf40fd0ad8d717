"""The trained recogniser of mentions.

A small transformer over words and spans, run by onnxruntime.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from paperkg.extraction.neural.candidates import SPAN_FEATURES, Candidates, find_candidates
from paperkg.extraction.neural.phrases import PhraseTable
from paperkg.extraction.neural.pieces import PieceTokenizer
from paperkg.extraction.neural.words import WORD_FEATURES, Words, split_words
from paperkg.model import ENTITY_TYPES, EntityType

if TYPE_CHECKING:
    import onnxruntime

LAYERS = ("named", "term")
LABELS: tuple[tuple[EntityType, str], ...] = tuple((t, layer) for t in ENTITY_TYPES for layer in LAYERS)
"""The labels of a span: (type, layer), in the order of `SpanScore.label_probs`."""

INPUTS: dict[str, tuple[str | int, ...]] = {
    "piece_ids": ("pieces",),
    "piece_word": ("pieces",),
    "piece_from": ("words",),
    "piece_to": ("words",),
    "word_features": ("words and one", len(WORD_FEATURES)),
    "first": ("spans",),
    "last": ("spans",),
    "span_features": ("spans", len(SPAN_FEATURES) + PhraseTable.WIDTH),
}
"""Inputs of the network with their shapes.

The last row of `word_features` is zero and belongs to [CLS] and [SEP].
"""
OUTPUTS = ("label_probs", "relation_probs")

THREADS = 2
"""More bring little for one text at a time; the scores are the same to the last bit with any number."""
MAX_PIECES = 512
"""The most WordPieces that the network takes at a time, [CLS] and [SEP] included."""
MOST_PIECES = 4 * MAX_PIECES
"""Of a text; what comes after them it does not read. The longest abstract of 130,000 has some 1,100."""
MODEL_FOLDER = Path(__file__).with_name("model")
NETWORK, VOCABULARY, PHRASES = "recognizer.onnx", "vocab.txt", "phrases.npz"


@dataclass(frozen=True, slots=True)
class SpanScore:
    """A span of a text that may be a mention.

    Attributes:
        start: offset of its first character in the text; end: one past the last.
        label_probs: probability of each of LABELS; what is missing to 1 is that it is no mention.
        relation_probs: probability of each of `paperkg.model.RELATIONS`, given that it is a mention; sums to
        1.
    """

    start: int
    end: int
    label_probs: tuple[float, ...]
    relation_probs: tuple[float, ...]


def input_text(title: str, abstract: str) -> str:
    """The text of a paper as the recogniser reads it: title, blank line, abstract."""
    return f"{title}\n\n{abstract}"


class Recognizer:
    """Gives every likely mention in a text the probabilities of its type, layer and relation to the paper.

    Spans may nest and overlap. The network sees one text at a time, at its own length, so that scores depend
    neither on the other texts nor on their order.
    """

    def __init__(self, session: onnxruntime.InferenceSession, tokenizer: PieceTokenizer, table: PhraseTable):
        self._session = session
        self._tokenizer = tokenizer
        self._table = table

    @classmethod
    def load(cls, folder: Path = MODEL_FOLDER, *, threads: int = THREADS) -> Recognizer:
        """Load the model that the package ships, or the one that training wrote into `folder`."""
        # Its import would begin to collect what it does, in a file in the home folder, and to send that away.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )
        return cls(session, PieceTokenizer.read(folder / VOCABULARY), PhraseTable.read(folder / PHRASES))

    def predict(self, texts: Sequence[str], *, floor: float = 0.05) -> list[list[SpanScore]]:
        """Score the spans of each text.

        Args:
            texts: title, blank line, abstract (`input_text`).
            floor: spans that are mentions with a smaller probability are left out.

        Returns:
            For each text its spans in order of (start, end).
        """
        return [self._predict(text, floor) for text in texts]

    def _predict(self, text: str, floor: float) -> list[SpanScore]:
        words = split_words(text)
        candidates = find_candidates(words, self._table)
        piece_ids, piece_from, piece_to = self._tokenizer.encode(words.strings)
        out: list[SpanScore] = []
        for begin, stop in windows(words.sentence, piece_from, piece_to):
            if piece_to[stop - 1] > MOST_PIECES:
                break
            rows = np.flatnonzero((candidates.first >= begin) & (candidates.last < stop))
            if not len(rows):
                continue
            inputs = window_inputs(words, candidates, rows, piece_ids, piece_from, piece_to, begin, stop)
            label, relation = self._session.run(list(OUTPUTS), dict(inputs))
            mention = 1.0 - label[:, len(LABELS)]
            sure = np.flatnonzero(mention >= floor)
            labels = np.round(label[sure, : len(LABELS)].astype(np.float64), 5).tolist()
            relations = np.round(relation[sure].astype(np.float64), 5).tolist()
            for row, own, theirs in zip(rows[sure].tolist(), labels, relations, strict=True):
                start = words.spans[candidates.first[row]][0]
                end = words.spans[candidates.last[row]][1]
                out.append(SpanScore(start, end, tuple(own), tuple(theirs)))
        return out


def windows(
    sentence: npt.NDArray[np.int64], piece_from: npt.NDArray[np.int64], piece_to: npt.NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Ranges of words, whole sentences where they fit, of at most MAX_PIECES pieces.

    Nearly every paper is one range.
    """
    begin = 0
    while begin < len(sentence):
        room = piece_from[begin] + MAX_PIECES - 2
        stop = int(np.searchsorted(piece_to, room, side="right"))
        if stop < len(sentence):
            whole = int(np.searchsorted(sentence, sentence[stop]))
            stop = whole if whole > begin else max(stop, begin + 1)
        yield begin, stop
        begin = stop


def window_inputs(
    words: Words,
    candidates: Candidates,
    rows: npt.NDArray[np.int64],
    piece_ids: npt.NDArray[np.int64],
    piece_from: npt.NDArray[np.int64],
    piece_to: npt.NDArray[np.int64],
    begin: int,
    stop: int,
) -> Mapping[str, npt.NDArray[Any]]:
    """The network's INPUTS for the words `begin` to `stop` and the candidates `rows` in them."""
    count = stop - begin
    shift = piece_from[begin] - 1
    own_from, own_to = piece_from[begin:stop] - shift, piece_to[begin:stop] - shift
    own_ids = np.concatenate(
        [piece_ids[:1], piece_ids[piece_from[begin] : piece_to[stop - 1]], piece_ids[-1:]]
    )
    piece_word = np.full(len(own_ids), count, dtype=np.int64)
    piece_word[1:-1] = np.repeat(np.arange(count), own_to - own_from)
    return {
        "piece_ids": own_ids,
        "piece_word": piece_word,
        "piece_from": own_from,
        "piece_to": own_to,
        "word_features": np.pad(words.features[begin:stop], ((0, 1), (0, 0))),
        "first": candidates.first[rows] - begin,
        "last": candidates.last[rows] - begin,
        "span_features": candidates.features[rows],
    }
