"""Reads annotated texts of others: SciERC, TDMSci and SciER, as their authors publish them.

Every reader gives texts with character offsets, so that a mention is found only where its exact span is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from paperkg.extraction.neural.candidates import STOP_WORDS


class Mention(NamedTuple):
    """An annotated span: offsets of its first character and behind its last one, and its label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """An annotated text.

    Attributes:
        key: its name in the data set.
        text: what is read.
        mentions: the annotated spans, each once.
    """

    key: str
    text: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """How a data set is read.

    Attributes:
        read: gives the texts of a file.
        stop_words: words with which no mention begins or ends; in SciERC a mention may be a pronoun.
        step: texts a training step; a sentence is a small one.
        length_noise: by how many pieces texts of one step may differ in length, about.
    """

    read: Callable[[Path], Iterator[Text]]
    stop_words: frozenset[str] = STOP_WORDS
    step: int = 6
    length_noise: float = 40.0


PRONOUNS = frozenset("it its they their them this that these those which one".split())
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_NO_SPACE_BEFORE = re.compile(r"[)\]},.;:?!%]|'(s|re|ve|ll|d|m)?|n't")


def join_tokens(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """A running text of tokens in the style of the Penn Treebank, and the offsets of each token in it."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    length, quoted, before = 0, False, ""
    for token in tokens:
        closes = token == "''" and quoted
        if token in ("``", "''"):
            quoted = not closes
            written = '"'
        else:
            written = _BRACKETS.get(token, token)
        glued = not parts or closes or before in ("(", "[", "{", "``")
        if not glued and not _NO_SPACE_BEFORE.fullmatch(written):
            parts.append(" ")
            length += 1
        spans.append((length, length + len(written)))
        parts.append(written)
        length += len(written)
        before = "``" if written == '"' and not closes else written
    return "".join(parts), spans


def _records(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def read_scierc(path: Path) -> Iterator[Text]:
    """The abstracts of SciERC (JSON Lines; `ner` counts tokens through the abstract, its ends inclusive)."""
    for record in _records(path):
        text, spans = join_tokens([token for sentence in record["sentences"] for token in sentence])
        mentions = {
            Mention(spans[first][0], spans[last][1], label)
            for sentence in record["ner"]
            for first, last, label in sentence
        }
        yield Text(record["doc_key"], text, tuple(sorted(mentions)))


def read_tdmsci(path: Path) -> Iterator[Text]:
    """The sentences of TDMSci (a token, its offset and its IOB tag a line)."""
    sentence: list[tuple[str, int, str]] = []
    number = 0
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        fields = line.split("\t")
        if len(fields) == 3:
            sentence.append((fields[0], int(fields[1]), fields[2]))
        elif sentence:
            number += 1
            yield _sentence(f"{path.stem} {number}", sentence)
            sentence = []


def _sentence(key: str, tokens: Iterable[tuple[str, int, str]]) -> Text:
    text, base = "", None
    mentions: list[Mention] = []
    inside = ""
    for token, offset, tag in tokens:
        base = offset if base is None else base
        text += " " * max(0, offset - base - len(text))
        start, text = len(text), text + token
        label = tag[2:]
        if tag.startswith("B-") or (label and label != inside):
            mentions.append(Mention(start, len(text), label))
        elif label:
            mentions[-1] = mentions[-1]._replace(end=len(text))
        inside = label
    return Text(key, text, tuple(mentions))


def read_scier(path: Path) -> Iterator[Text]:
    """The sentences of SciER (JSON Lines; `ner` gives spellings in order, of which the next place is taken)."""
    for number, record in enumerate(_records(path), 1):
        text = record["sentence"]
        mentions: list[Mention] = []
        at: dict[str, int] = {}
        for written, label in record["ner"]:
            start = text.find(written, at.get(written, 0))
            if start >= 0:
                at[written] = start + len(written)
                mentions.append(Mention(start, start + len(written), label))
        yield Text(f"{record['doc_id']} {number}", text, tuple(mentions))


FORMATS = {
    "scierc": Format(read_scierc, STOP_WORDS - PRONOUNS),
    "tdmsci": Format(read_tdmsci, step=24, length_noise=6.0),
    "scier": Format(read_scier, step=24, length_noise=6.0),
}
"""The data sets by name."""
