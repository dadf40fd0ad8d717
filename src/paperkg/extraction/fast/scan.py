"""One pass over the words of a text: known spellings, words that look like names, cues, sentences."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from spacy.tokens import Doc

from paperkg.extraction.fast.lexemes import Lexemes, Word
from paperkg.extraction.fast.spellings import Known

TokenSpan = tuple[int, int]
MAX_TOKENS = 12
"""The longest spelling, in tokens."""


@dataclass(slots=True)
class Scan:
    """What one pass over a text finds.

    Attributes:
        text: the text; title_end: where its title ends.
        words: its words; starts: the offset of each.
        known: token spans that the lexicon knows, in order, without overlap, with what each may be.
        names: indices of words outside them that look like names.
        cues: indices of cue words; sentences: index of the first word of each sentence.
        ours: indices of `we` and `our`.
    """

    text: str
    title_end: int
    words: list[Word]
    starts: list[int]
    known: list[tuple[int, int, tuple[Known, ...]]] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    cues: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)
    ours: list[int] = field(default_factory=list)

    def written(self, start: int, end: int) -> str:
        """The text of a token span."""
        last = end - 1
        return self.text[self.starts[start] : self.starts[last] + len(self.words[last].text)]

    def end_of(self, index: int) -> int:
        """The offset behind a word."""
        return self.starts[index] + len(self.words[index].text)

    def sentence(self, index: int) -> TokenSpan:
        """The token span of the sentence in which a word stands."""
        place = bisect_right(self.sentences, index)
        end = self.sentences[place] if place < len(self.sentences) else len(self.words)
        return self.sentences[place - 1], end

    def glued(self, index: int) -> bool:
        """Whether no space stands between a word and the next."""
        return index + 1 < len(self.words) and self.starts[index + 1] == self.end_of(index)


def scan(doc: Doc, text: str, title_end: int, lexemes: Lexemes) -> Scan:
    """Reads a text once, from left to right; of overlapping known spellings the first and longest stays.

    Args:
        text: that of the Doc, which takes time to put together; title_end: where its title ends.
    """
    words = list(map(lexemes.__getitem__, doc.to_array("ORTH").tolist()))
    out = Scan(text, title_end, words, doc.to_array("IDX").tolist(), sentences=[0])
    known, names, cues, sentences, ours = out.known, out.names, out.cues, out.sentences, out.ours
    free = 0
    count = len(words)
    for i, word in enumerate(words):
        if not word.seen:
            continue
        if word.stops:
            if i + 1 < count and (word.gap or not words[i + 1].text[0].islower()):
                sentences.append(i + 1)
            continue
        if word.cue:
            cues.append(i)
        elif word.we:
            ours.append(i)
        if i < free:
            continue
        node = word.node
        if node is not None and i + 1 < count:
            follower = words[i + 1]
            if not follower.parts or follower.first in node or follower.last in node:
                found = _longest(words, i)
                if found is not None:
                    known.append((i, found[0], found[1]))
                    free = found[0]
                    continue
        if word.known:
            known.append((i, i + 1, word.known))
            free = i + 1
            continue
        if word.name_like:
            names.append(i)
    return out


def _longest(words: list[Word], start: int) -> tuple[int, tuple[Known, ...]] | None:
    """The end of the longest known spelling from a word on, and what it may be."""
    word = words[start]
    best = (start + 1, word.known) if word.known else None
    node = word.node
    at = start + 1
    last = min(len(words), start + MAX_TOKENS)
    while node and at < last:
        word = words[at]
        at += 1
        if not word.parts:
            if (word.joins or (word.gap and not word.stops) or word.text == "/") and at < last:
                continue
            break
        for part in word.parts[:-1]:
            node = node.get(part)
            if not node:
                return best
        whole = node.get(word.last)
        if whole is not None and whole.known:
            best = (at, whole.known)
        node = whole if word.last == word.parts[-1] else node.get(word.parts[-1])
    return best
