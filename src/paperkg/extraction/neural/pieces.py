"""WordPiece ids of words, after BERT's uncased vocabulary."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from paperkg.errors import FormatError

MAX_PIECES_PER_WORD = 12
"""Pieces of a longer word are cut: a word that long is a hash or an address."""
_MAX_CHARACTERS = 100
_MOST_KNOWN = 100_000
"""So many words are remembered with their pieces; then remembering begins anew."""
_IDEOGRAPHS = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))


class PieceTokenizer:
    """WordPiece over words that are already split, with [CLS] before and [SEP] after.

    Args:
        vocabulary: the pieces in order of their ids; those that continue a word begin with `##`.
    """

    def __init__(self, vocabulary: Sequence[str]):
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self._known: dict[str, list[int]] = {}
        self._first, self._last, self._unknown = map(self._special, ("[CLS]", "[SEP]", "[UNK]"))

    @classmethod
    def read(cls, path: Path) -> PieceTokenizer:
        """Read a `vocab.txt`, one piece a line."""
        return cls(path.read_text(encoding="utf-8").split("\n"))

    def _special(self, token: str) -> int:
        if token not in self._ids:
            raise FormatError(f"the recogniser's vocabulary has no {token}")
        return self._ids[token]

    def encode(
        self, words: Sequence[str]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Ids of the pieces, and for each word the index of its first piece and one past its last."""
        known = self._known
        if len(known) > _MOST_KNOWN:
            known.clear()
        for word in words:
            if word not in known:
                known[word] = self._pieces(word)
        flat = [known[word] for word in words]
        ends = np.cumsum([1, *map(len, flat)])
        ids = np.array([self._first, *(i for p in flat for i in p), self._last], dtype=np.int64)
        return ids, ends[:-1], ends[1:]

    def _pieces(self, word: str) -> list[int]:
        parts = unicodedata.normalize("NFD", word[: 2 * _MAX_CHARACTERS]).lower()
        plain = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cc", "Cf", "Co", "Cs"))
        if not plain:
            return [self._unknown]
        if any(_is_ideograph(c) for c in plain):
            found = [i for c in plain for i in self._split(c)]
        else:
            found = self._split(plain)
        return found[:MAX_PIECES_PER_WORD]

    def _split(self, word: str) -> list[int]:
        """The longest pieces from the left; a word that they do not cover is unknown as a whole."""
        whole = self._ids.get(word)
        if whole is not None:
            return [whole]
        if len(word) > _MAX_CHARACTERS:
            return [self._unknown]
        out: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                piece = self._ids.get(prefix + word[start:end])
                if piece is not None:
                    out.append(piece)
                    start = end
                    break
            else:
                return [self._unknown]
        return out


def _is_ideograph(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _IDEOGRAPHS)
