"""What can be said of a candidate from its spelling, its places and the text around them: a list of feature names.

The scorer weighs features; nothing is decided here. A feature is a short string; a number is put into a bucket.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from paperkg.extraction.candidates import Candidate, Token, is_shaped, span_text
from paperkg.extraction.known import Match
from paperkg.text.fold import fold_words

Features = list[str]

TYPE_NOUNS = {
    "model": "Model", "models": "Model", "network": "Model", "networks": "Model", "llm": "Model", "llms": "Model",
    "architecture": "Model", "transformer": "Model", "transformers": "Model", "encoder": "Model", "tokenizer": "Model",
    "vlm": "Model", "agent": "Method", "framework": "Method", "frameworks": "Method", "method": "Method", "methods": "Method",
    "approach": "Method", "approaches": "Method", "algorithm": "Method", "algorithms": "Method", "strategy": "Method",
    "loss": "Method", "system": "Method", "toolkit": "Method", "library": "Method", "pipeline": "Method", "paradigm": "Method",
    "technique": "Method", "mechanism": "Method", "module": "Method", "optimizer": "Method", "dataset": "Dataset",
    "datasets": "Dataset", "corpus": "Dataset", "corpora": "Dataset", "collection": "Dataset", "benchmark": "Benchmark",
    "benchmarks": "Benchmark", "testbed": "Benchmark", "challenge": "Benchmark", "leaderboard": "Benchmark",
    "suite": "Benchmark", "score": "Metric", "scores": "Metric", "metric": "Metric", "metrics": "Metric", "accuracy": "Metric",
    "rate": "Metric", "task": "Task", "tasks": "Task", "problem": "Task", "problems": "Task",
}  # fmt: skip
"""The nouns that papers give to things, with the type that each stands for."""
MAX_PLACES = 30
"""Of a spelling that stands more often, only the first places are looked at."""
_LISTING = frozenset((",", "and", "or", "/", "&", "the", "(", ")"))
_SIZE = re.compile(r"\d+(\.\d+)?[BMK]")
_INTRODUCE = frozenset(
    "propose proposes introduce introduces introducing present presents presenting develop develops release releases build "
    "design devise contribute construct create dubbed named called termed establish formalize coin unveil".split()
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One text, read: tokens, candidates, and what is known of their spellings.

    Attributes:
        known: by candidate key, what the lexicon says.
        frequency: by candidate key, (papers that hold it, papers in which it stands alone between function words),
            per 40,000 papers of the field.
    """

    text: str
    title_end: int
    tokens: list[Token]
    candidates: dict[str, Candidate]
    known: dict[str, tuple[Match, ...]]
    frequency: dict[str, tuple[int, int]]
    sentences: int

    @property
    def title_tokens(self) -> list[Token]:
        """The tokens of the title."""
        return [t for t in self.tokens[:80] if t.start < self.title_end]


def _bucket(value: float) -> str:
    return str(min(12, int(math.log2(value + 1) * 1.5)))


@lru_cache(maxsize=1 << 14)
def shape(word: str) -> str:
    """The case pattern of a word, runs shortened: `GPT-4o` gives `X-dx`."""
    out: list[str] = []
    for c in word:
        kind = (
            "X" if c.isupper() else "x" if c.isalpha() else "d" if c.isdigit() else "_" if c.isspace() else c
        )
        if not out or out[-1] != kind:
            out.append(kind)
    return "".join(out[:8])


def _suffix_known(reading: Reading, words: tuple[str, ...]) -> str | None:
    """The longest known tail of a spelling: 'causal language model' ends in the known 'language model'."""
    for i in range(1, len(words)):
        tail = "".join(words[i:])
        for key in (tail, "=" + tail):
            if key in reading.known:
                entry = reading.known[key][0].entry
                return f"{entry.type}{'N' if entry.named else 'T'}"
    return None


def _definition_after(tokens: list[Token], end: int, start: int) -> str | None:
    """The type noun of a definition that follows a span: `X, a novel ... framework that`, `X is the first benchmark`."""
    sentence = tokens[start].sentence
    i = end
    while i < len(tokens) and tokens[i].lower in (",", "(", ")", "is", "are", "-", "–", "—", ":", "which"):
        i += 1
    if (
        i == end
        or i >= len(tokens)
        or tokens[i].lower not in ("a", "an", "the", "our", "two", "three", "one")
    ):
        return None
    found = None
    for token in tokens[i + 1 : i + 16]:
        if token.sentence != sentence or token.lower in (
            "that",
            "which",
            "for",
            "to",
            "of",
            "with",
            "by",
            "in",
            "on",
            ".",
            ",",
        ):
            if found or token.sentence != sentence or token.lower in (".", "that", "which"):
                return found
            continue
        if token.lower in TYPE_NOUNS:
            found = token.lower
    return found


def own_nouns(reading: Reading) -> frozenset[str]:
    """The types of the nouns that the paper gives to its own work: `our framework`, `this new benchmark`, `A Dataset for`."""
    lowers = [t.lower for t in reading.tokens]
    out = set()
    for i, word in enumerate(lowers[:-4]):
        if word in ("our", "this", "proposed", "novel", "new"):
            out |= {TYPE_NOUNS[w] for w in lowers[i + 1 : i + 4] if w in TYPE_NOUNS}
    return frozenset(out)


def list_neighbours(reading: Reading) -> tuple[dict[int, str], dict[int, str]]:
    """Types of known spellings by their first and by the token behind their last, to look at the neighbours in a list."""
    starts: dict[int, str] = {}
    ends: dict[int, str] = {}
    for key, matches in reading.known.items():
        for match in matches:
            if match.exact or not match.guard:
                label = match.entry.type + ("N" if match.entry.named else "T")
                for start, end in reading.candidates[key].spans:
                    starts.setdefault(start, label)
                    ends.setdefault(end, label)
    return starts, ends


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is computed once a text: own nouns, and the places of known spellings."""

    own: frozenset[str]
    starts: dict[int, str]
    ends: dict[int, str]


def survey(reading: Reading) -> Surroundings:
    """Computes what `features` needs of a whole text."""
    return Surroundings(own_nouns(reading), *list_neighbours(reading))


def _mates(reading: Reading, around: Surroundings, start: int, end: int) -> set[str]:
    tokens = reading.tokens
    out = set()
    i = end
    while i < len(tokens) and i < end + 3 and tokens[i].lower in _LISTING:
        i += 1
    if i > end and i in around.starts:
        out.add(f"mate={around.starts[i]}")
    i = start
    while i > 0 and i > start - 3 and tokens[i - 1].lower in _LISTING:
        i -= 1
    if i < start and i in around.ends:
        out.add(f"mate={around.ends[i]}")
    return out


def spelling_features(reading: Reading, candidate: Candidate) -> Features:
    """Features of the candidate's own words."""
    text = span_text(reading.text, reading.tokens, candidate.spans[0])
    words = fold_words(text)
    plain = candidate.key.lstrip("=")
    last, first = words[-1], words[0]
    out = [
        f"key={plain}",
        f"last={last}",
        f"first={first}",
        f"last2={' '.join(words[-2:])}",
        f"n={len(words)}",
        f"suf={last[-3:]}",
        f"suf4={last[-4:]}",
        f"shape={'_'.join(shape(w) for w in text.split()[:4])}",
        f"lastshape={shape(text.split()[-1])}",
        f"len={_bucket(len(text))}",
    ]
    out += [f"w={w}" for w in words]
    if is_shaped(text):
        out += [
            "shaped",
            f"shaped{len(words)}",
            f"pre={plain[:3]}",
            f"end={plain[-3:]}",
            f"end4={plain[-4:]}",
        ]
        if text.isupper():
            out.append("allcaps")
        if _SIZE.fullmatch(text):
            out.append("size")
    for match in reading.known.get(candidate.key, ()):
        layer = "N" if match.entry.named else "T"
        exact = "=" if match.exact else "~"
        out += [
            f"known={match.entry.type}{layer}{exact}",
            f"known{layer}",
            f"guard={match.guard}{layer}{exact}",
        ]
        if match.entry.prior is not None:
            out += [
                f"prior={int(match.entry.prior * 10)}",
                f"prior={int(match.entry.prior * 10)}n{len(words)}",
            ]
    if candidate.key not in reading.known:
        out.append("unknown")
        tail = _suffix_known(reading, words)
        if tail:
            out += [f"tail={tail}", f"tailn={tail}{len(words)}"]
    common, alone = reading.frequency.get(candidate.key, (0, 0))
    shaped = "S" if candidate.key[0] == "=" else "t"
    out += [f"df={shaped}{_bucket(common)}", f"dfn={len(words)}{_bucket(common)}"]
    if common:
        share = int(10 * alone / common)
        out += [f"alone={share}", f"alonen={min(4, len(words))}{share}{min(3, int(math.log10(common + 1)))}"]
    return out


def place_features(reading: Reading, candidate: Candidate, around: Surroundings) -> Features:
    """Features of the places: title, sentence, neighbours, and whether the candidate stands free or within a longer one."""
    tokens = reading.tokens
    out: set[str] = set()
    free = 0
    title = False
    titlecase_inside = 0
    shaped = candidate.key[0] == "="
    for start, end in candidate.spans[:MAX_PLACES]:
        before = tokens[start - 1] if start else None
        after = tokens[end] if end < len(tokens) else None
        left_free = before is None or before.breaks or before.sentence != tokens[start].sentence
        right_free = after is None or after.breaks or after.sentence != tokens[start].sentence
        free += left_free and right_free
        in_title = tokens[start].start < reading.title_end
        title |= in_title
        zone = "T" if in_title else ""
        if before is None or before.sentence != tokens[start].sentence:
            out.add(f"{zone}p=<s>")
        else:
            out |= {f"{zone}p={before.lower}", f"ps={shape(before.text)}"}
            if start > 1:
                out.add(f"p2={tokens[start - 2].lower} {before.lower}")
            if before.is_hyphen and not before.space_after:
                out.add("hyphen-before")
            if not in_title and tokens[start].text[0].isupper():
                titlecase_inside += 1
        if after is None or after.sentence != tokens[start].sentence:
            out.add(f"{zone}f=</s>")
        else:
            out |= {f"{zone}f={after.lower}", f"fs={shape(after.text)}"}
            if end + 1 < len(tokens):
                out.add(f"f2={after.lower} {tokens[end + 1].lower}")
            if after.is_hyphen and not tokens[end - 1].space_after:
                out.add("hyphen-after")
            if after.lower in TYPE_NOUNS:
                out.add(f"nextnoun={TYPE_NOUNS[after.lower]}")
            noun = _definition_after(tokens, end, start)
            if noun:
                out |= {f"appos={noun}", f"appos={TYPE_NOUNS[noun]}"}
        previous = [
            t.lower for t in tokens[max(0, start - 5) : start] if t.sentence == tokens[start].sentence
        ]
        if _INTRODUCE.intersection(previous):
            out.add("introduced")
            if before is not None and before.lower in _INTRODUCE:
                out.add("introduced-right")
            noun = next((w for w in reversed(previous) if w in TYPE_NOUNS), None)
            if noun:
                out.add(f"intronoun={TYPE_NOUNS[noun]}")
        for word in previous[-3:]:
            if word in TYPE_NOUNS:
                out.add(f"prevnoun={TYPE_NOUNS[word]}")
        if shaped:
            window = [*tokens[max(0, start - 7) : start], *tokens[end : end + 7]]
            out |= {f"ctx={t.lower}" for t in window if t.is_word and t.sentence == tokens[start].sentence}
        if after is not None and after.text == ":" and in_title and start == 0:
            out.add("title-colon")
        if before is not None and before.text in "\"“'`‘" and after is not None and after.text in "\"”'’":
            out.add("quoted")
        out |= _mates(reading, around, start, end)
        out.add("left-free" if left_free else "left-bound")
        out.add("right-free" if right_free else "right-bound")
    if "introduced" in out or "title-colon" in out:
        out |= {f"own={t}" for t in around.own}
    if "title-colon" in out:
        nouns = [
            TYPE_NOUNS[t.lower]
            for t in reading.title_tokens[candidate.spans[0][1] :]
            if t.lower in TYPE_NOUNS
        ]
        out |= {f"subtitle={t}" for t in nouns[:1]}
    n = min(len(candidate.spans), MAX_PLACES)
    out.add(f"count={min(n, 6)}")
    out.add(f"free={'all' if free == n else 'some' if free else 'none'}")
    if title:
        out.add("title")
        out.add(f"title-free={'y' if free else 'n'}")
    if n > 1 and free:
        out.add("repeated-free")
    if titlecase_inside:
        out.add("capital-inside")
        out.add(f"capital-inside-{min(5, candidate.spans[0][1] - candidate.spans[0][0])}")
    first = tokens[candidate.spans[0][0]]
    out.add(f"at={int(5 * first.sentence / max(1, reading.sentences))}")
    if candidate.partner is not None:
        out.add("short-form" if candidate.is_short else "long-form")
        other = reading.candidates[candidate.partner]
        out.add(f"othercount={min(len(other.spans), 4)}")
        other_text = span_text(reading.text, tokens, other.spans[0])
        words = fold_words(other_text)
        out |= {f"otherlast={words[-1]}", f"otherlast2={' '.join(words[-2:])}"}
        for start, end in other.spans[:2]:
            noun = _definition_after(tokens, end + 1, start)
            if noun:
                out.add(f"appos={TYPE_NOUNS[noun]}")
        out.add(f"othercase={'X' if any(w[0].isupper() for w in other_text.split()) else 'x'}")
    return sorted(out)


def features(reading: Reading, candidate: Candidate, around: Surroundings) -> Features:
    """All features of a candidate; `around` comes from `survey`."""
    return [*spelling_features(reading, candidate), *place_features(reading, candidate, around)]
