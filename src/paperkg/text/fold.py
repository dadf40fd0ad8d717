"""Keys under which two spellings of one name are equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"(?<!\d)\.|\.(?!\d)|[^\w+#%&*.]+")


_IRREGULAR = {
    "analyses": "analysis", "hypotheses": "hypothesis", "diagnoses": "diagnosis", "syntheses": "synthesis",
    "matrices": "matrix", "vertices": "vertex", "indices": "index", "caches": "cache",
}  # fmt: skip
_NO_PLURALS = frozenset(
    """
    series species bias gas lens atlas canvas chaos always news physics mathematics dynamics ethics semantics
    robotics statistics graphics kinematics analytics linguistics economics genomics proteomics optics
    forensics bioinformatics aesthetics mechanics thermodynamics pragmatics econometrics electronics
    """.split()
)


@lru_cache(maxsize=1 << 16)
def singular(word: str) -> str:
    """A lower-case word without its plural ending: `policies` -> `policy`, `processes` -> `process`."""
    if word in _NO_PLURALS:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words(text: str) -> tuple[str, ...]:
    """The words of a spelling, case-folded; all but `+ # % & *` and the point of a number separates them."""
    return _short_words(text) if len(text) <= _SHORT else _words(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).replace("_", " ").split())


_SHORT = 60
"""Longer spellings seldom come again; remembering them would take much memory."""
_short_words = lru_cache(maxsize=1 << 16)(_words)


def fold_words(text: str) -> tuple[str, ...]:
    """The words of a spelling, the last one in the singular."""
    found = words(text)
    return (*found[:-1], singular(found[-1])) if found else ()


def fold(text: str) -> str:
    """The key of a spelling: `LLaMA-2`, `Llama 2` and `LlaMA2` give one, `GPT-4` and `GPT-4o` two."""
    return "".join(fold_words(text))
