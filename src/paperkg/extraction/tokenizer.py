"""A tokeniser for scientific abstracts: one pass, linear in the text whatever it holds.

It keeps names whole that spaCy's English rules split (`GPT-3.5`, `CD-NOD`, `BLEU-1`, `chrF++`, `Who&When`),
and splits what names are glued to: `GPT-3.5/4` gives three tokens, `LLM-based` gives `LLM`, `-`, `based`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from spacy.tokens import Doc
from spacy.vocab import Vocab

MAX_CHARACTERS = 20_000
"""Longer texts are cut before tokenisation; no abstract is that long."""

_TOKEN = re.compile(
    r"""
      https?://[^\s<>"]{1,2000}                                   # an address is one token
    | \d{1,3}(?:,\d{3}){1,20}(?:\.\d{1,60})?                    # 25,368
    | \d{1,60}\.\d{1,60}                                          # 95.33
    | [^\W_]{1,60}                                                # words, versions
      (?:(?:[-‐‑–'’&_@]|\.(?=\d)|(?<=\d)\.(?=[^\W\d_]))[^\W_]{1,60}){0,20}[+#]{0,2}
    | \s+
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_HYPHENS = "-‐‑–"
_PART = re.compile(f"[{_HYPHENS}]|[^{_HYPHENS}]+")


def _is_plain(part: str) -> bool:
    """A part of a compound that is an ordinary lower-case word and no part of a name."""
    return len(part) >= 3 and part.isalpha() and part.islower()


def split_compound(word: str) -> list[str]:
    """Splits a hyphenated word where an ordinary word is glued to another word or to a name.

    A compound of names and numbers stays whole (`GPT-4`, `CD-NOD`, `Qwen3-8B`, `MS-COCO`).
    """
    parts = _PART.findall(word)
    if len(parts) == 1:
        return parts
    words = parts[::2] if parts[0] not in _HYPHENS else parts[1::2]
    if len(parts) != 2 * len(words) - 1:
        return [word]
    plain = [_is_plain(w) for w in words]
    if all(p or (len(w) <= 3 and w.islower()) for w, p in zip(words, plain, strict=True)):
        return parts
    # Only leading and trailing ordinary words come off: `non-LLM`, `GPT-4-based`.
    first = next(i for i, p in enumerate(plain) if not p)
    last = len(plain) - next(i for i, p in enumerate(reversed(plain)) if not p)
    core = "".join(parts[2 * first : 2 * last - 1])
    return [*parts[: 2 * first], core, *parts[2 * last - 1 :]]


class PaperTokenizer:
    """The tokeniser in the form that spaCy expects of `nlp.tokenizer`."""

    def __init__(self, vocab: Vocab):
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Makes a Doc whose text equals `text` (at most `MAX_CHARACTERS` of it)."""
        words: list[str] = []
        spaces: list[bool] = []
        for match in _TOKEN.finditer(text[:MAX_CHARACTERS]):
            token = match[0]
            if token == " " and words and not spaces[-1]:  # noqa: S105
                spaces[-1] = True
                continue
            if token.startswith("http"):
                core = token.rstrip(".,;:)]}'\"")
                pieces = [core, *token[len(core) :]] if core else list(token)
            else:
                pieces = self._pieces(token)
            words.extend(pieces)
            spaces.extend([False] * len(pieces))
        return Doc(self.vocab, words=words, spaces=spaces)

    @staticmethod
    def _pieces(token: str) -> list[str]:
        if len(token) > 3 and token.endswith(("'s", "’s")):
            return [*PaperTokenizer._pieces(token[:-2]), token[-2:]]
        return split_compound(token) if any(h in token for h in _HYPHENS) else [token]

    # spaCy asks each tokeniser for these; the rules are code, so there is nothing to write.
    def to_bytes(self, **kwargs: Any) -> bytes:
        """No state."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: Any) -> PaperTokenizer:
        """No state."""
        return self

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """No state."""

    def from_disk(self, path: str | Path, **kwargs: Any) -> PaperTokenizer:
        """No state."""
        return self


def create_tokenizer() -> Any:
    """The factory behind the registered name `paperkg.Tokenizer.v1`."""

    def make(nlp: Any) -> PaperTokenizer:
        return PaperTokenizer(nlp.vocab)

    return make
