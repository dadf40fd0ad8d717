"""From what a pass over a text saw to things that it may name, each with the ground on which it is believed."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from paperkg.extraction.abbreviations import find_abbreviations
from paperkg.extraction.decide import term_name
from paperkg.extraction.fast.lexemes import Word
from paperkg.extraction.fast.scan import Scan, TokenSpan
from paperkg.extraction.fast.spellings import Known
from paperkg.lexicon import Entry
from paperkg.model import EntityType
from paperkg.text.fold import fold

_NEAR = 3
"""A word within this many tokens of a name says what it is."""
_REACH = 9
"""A name at most this many tokens behind `we propose` is what is proposed."""
_TITLE_REACH = 6
_COLLECTIONS = ("Dataset", "Benchmark")
_DEFINING = frozenset((",", "is", "are", "(", ")", "-", "–", "—", ":", "which"))
_ARTICLES = frozenset("a an the our first new novel".split())
_ENDS_DEFINITION = frozenset((".", ",", ";", "that", "which", "for", "to", "of", "with", "by", "in", "on"))
_BENCH = re.compile(r".*(?:[Bb]ench|BENCH|Eval|Arena|Challenge|Gym|QA)(?:[-+]?\w{0,6})")
_SIZED = re.compile(r".*\d[BM](?:-\w{1,24}){0,4}|.*(?:GPT|Net|LM|Former|former|BERT|LLaMA|Llama|VLM|LLM).*")


@dataclass(slots=True)
class Guess:
    """Something that a text may name.

    Attributes:
        name, type, named: as in `ExtractedEntity`.
        ground: why it is believed, the key of a measured probability.
        spans: token spans of its mentions, not sorted.
        entry: the lexicon's, if it is known; long_form: as the paper writes it, if it does.
        key: its key, if the lexicon gives one.
    """

    name: str
    type: EntityType
    named: bool
    ground: str
    spans: list[TokenSpan] = field(default_factory=list)
    entry: Entry | None = None
    long_form: str | None = None
    key: str | None = None


def find(scanned: Scan) -> list[Guess]:
    """All that a text may name, each thing once."""
    guesses: dict[str, Guess] = {}
    at: dict[int, Guess] = {}
    """The guess whose mention begins at a word."""
    ends: dict[int, Guess] = {}
    for start, end, choices in scanned.known:
        guess = _known(scanned, start, end, choices, guesses)
        if guess is not None:
            guess.spans.append((start, end))
            at[start] = ends[end] = guess
    spans = _name_spans(scanned)
    if "(" in scanned.text:
        spans = _abbreviations(scanned, guesses, at, ends, spans)
    _names(scanned, guesses, at, ends, spans)
    return list(guesses.values())


def _known(
    scanned: Scan, start: int, end: int, choices: tuple[Known, ...], guesses: dict[str, Guess]
) -> Guess | None:
    """The guess for a known spelling, if a guard lets it pass; its ground says how well it is known."""
    written = ""
    for known in choices:
        entry, ground = known.entry, known.ground
        if entry.named or known.guard:
            written = written or scanned.written(start, end)
            exact = written in (known.spelling, known.spelling + "s")
            if known.guard:
                if not exact:
                    continue
                if entry.named:
                    ground = "name case"
                    if known.guard == "context":
                        ground = f"name context{'+' if _fits(scanned.words, start, end, entry.type) else '-'}"
            elif not exact and written.islower():
                ground = "name lower"
        guess = guesses.get(known.key)
        if guess is None:
            guess = guesses[known.key] = Guess(
                entry.name, entry.type, entry.named, ground, entry=entry, key=known.key
            )
        elif ground == "name context+":
            guess.ground = ground
        return guess
    return None


def _fits(words: list[Word], start: int, end: int, wanted: EntityType) -> bool:
    """Whether a noun near a span stands for its type."""
    near = (*words[max(0, start - _NEAR) : start], *words[end : end + _NEAR])
    return any(w.noun is not None and _same(w.noun, wanted) for w in near)


def _same(one: str, other: str) -> bool:
    return one == other or (one in _COLLECTIONS and other in _COLLECTIONS)


def _name_spans(scanned: Scan) -> list[TokenSpan]:
    """Spans of words that look like names: hyphens tie them together, a number behind belongs to them."""
    words, out = scanned.words, list[TokenSpan]()
    free = 0
    for i in scanned.names:
        if i < free:
            continue
        start, end = i, i + 1
        while end + 1 < len(words) and words[end].joins and scanned.glued(end - 1) and scanned.glued(end):
            follower = words[end + 1]
            if not (follower.name_like or follower.text[0].isupper() or follower.text.isdigit()):
                break
            end += 2
        while (
            start >= free + 2
            and words[start - 1].joins
            and scanned.glued(start - 1)
            and scanned.glued(start - 2)
        ):
            if not words[start - 2].text[0].isupper():
                break
            start -= 2
        free = end
        out.append((start, end))
    return out


def _abbreviations(
    scanned: Scan,
    guesses: dict[str, Guess],
    at: dict[int, Guess],
    ends: dict[int, Guess],
    spans: list[TokenSpan],
) -> list[TokenSpan]:
    """Gives short forms that the text defines to their long forms; returns the name spans that are left."""
    found = find_abbreviations(scanned.text)
    if not found:
        return spans
    starts = scanned.starts
    taken: set[str] = set()
    for pair in found:
        short = scanned.text[slice(*pair.short)]
        first, end = bisect_left(starts, pair.long[0]), bisect_left(starts, pair.long[1])
        if starts[first] != pair.long[0]:
            continue
        long = scanned.text[slice(*pair.long)]
        owner = ends.get(end)
        whole = owner is not None and (first, end) in owner.spans
        brief = at.get(bisect_left(starts, pair.short[0]))
        if whole and owner is not None:
            target = owner
        else:
            words = [w for w in long.split() if w[0].isalnum()]
            capitals = sum(w[0].isupper() for w in words)
            introduced = _introduced(scanned, first)
            named = introduced or (
                capitals >= 2 and capitals >= len(words) - 2 and not (brief and not brief.named)
            )
            type_ = (
                scanned.words[end - 1].noun or _definition(scanned, end) or (owner.type if owner else None)
            )
            if type_ is None or (introduced and type_ == "Task"):
                type_ = "Method"
            ground = "introduced long" if introduced else f"long {'named' if named else 'term'}"
            if brief is not None and brief.entry is not None and (not brief.named or brief.type == type_):
                target = brief
            else:
                name = short if named else term_name(long)
                target = guesses.setdefault(
                    f"{type_}|{fold(name)}", Guess(name, type_, named, ground, long_form=long)
                )
            target.spans.append((first, end))
            # What the long form is made of is not named by itself here.
            for other in {id(g): g for k, g in at.items() if first <= k < end and g is not target}.values():
                other.spans = [s for s in other.spans if not (first <= s[0] and s[1] <= end)]
        if target.long_form is None and target.name != long:
            target.long_form = long
        if brief is not None and brief is not target:
            target.spans += brief.spans
            brief.spans = []
        taken.add(short)
        for span in spans:
            text = scanned.written(*span)
            if text == short or (text[-1] == "s" and text[:-1] == short):
                target.spans.append(span)
                at[span[0]] = ends[span[1]] = target
    return [
        s
        for s in spans
        if scanned.written(*s).removesuffix("s") not in taken and scanned.written(*s) not in taken
    ]


def _introduced(scanned: Scan, index: int) -> bool:
    """Whether `propose` or the like stands shortly before a word in its sentence."""
    begin = max(scanned.sentence(index)[0], index - _REACH)
    return any(scanned.words[i].cue == "introduce" for i in range(begin, index))


def _names(
    scanned: Scan,
    guesses: dict[str, Guess],
    at: dict[int, Guess],
    ends: dict[int, Guess],
    spans: list[TokenSpan],
) -> None:
    """Adds guesses for names that the lexicon does not know, each with its best ground."""
    title = _title_name(scanned, at)
    by_text: dict[str, list[TokenSpan]] = {}
    if title is not None:
        text = scanned.written(*title)
        by_text[text] = [title]
        if title[1] == title[0] + 1 and not scanned.words[title[0]].name_like:
            first = scanned.words[title[0]]
            by_text[text] += [
                (i, i + 1)
                for i, w in enumerate(scanned.words)
                if w is first and i != title[0] and i not in at
            ]
    for span in spans:
        if span[0] not in at and span != title:
            text = scanned.written(*span)
            if text[-1] == "s" and text[:-1] in by_text:
                text = text[:-1]
            by_text.setdefault(text, []).append(span)
    for text, places in by_text.items():
        type_, ground = _judged(scanned, text, places, at, ends, title)
        key = f"{type_}|{fold(text)}"
        guess = guesses.get(key)
        if guess is None:
            guess = guesses[key] = Guess(text, type_, True, ground)
        guess.spans += places


def _title_name(scanned: Scan, at: dict[int, Guess]) -> TokenSpan | None:
    """What stands before the colon of a title, if it can be a name."""
    colon = scanned.text.find(":", 0, scanned.title_end)
    if colon < 1:
        return None
    words = scanned.words
    end = 0
    while end < _TITLE_REACH and end < len(words) and scanned.starts[end] < colon:
        end += 1
    if not end or end >= len(words) or words[end].text != ":" or 0 in at:
        return None
    if end == 1:
        return (0, 1) if words[0].text[0].isalnum() else None
    if any(w.name_like for w in words[:end]) and all(w.joins or not w.text[0].islower() for w in words[:end]):
        return (0, end)
    return None


def _judged(
    scanned: Scan,
    text: str,
    places: list[TokenSpan],
    at: dict[int, Guess],
    ends: dict[int, Guess],
    title: TokenSpan | None,
) -> tuple[EntityType, str]:
    """Type and ground of an unknown name."""
    words = scanned.words
    noun: EntityType | None = None
    grounds = set[str]()
    mate: EntityType | None = None
    for start, end in places:
        if title == (start, end):
            grounds.add("title")
        elif start and words[start - 1].naming:
            grounds.add("called")
        elif _introduced(scanned, start):
            grounds.add("introduced")
        after = words[end] if end < len(words) else None
        if noun is None:
            noun = (after.noun if after is not None else None) or _definition(scanned, end)
        if noun is None and start and words[start - 1].noun is not None:
            noun = words[start - 1].noun
        if mate is None:
            mate = _mate(scanned, start, end, at, ends)
    shape = "bench" if _BENCH.fullmatch(text) else "arch" if _SIZED.fullmatch(text) else ""
    by_shape: EntityType | None = {"bench": "Benchmark", "arch": "Model"}.get(shape)  # type: ignore[assignment]
    for ground in ("title", "called", "introduced"):
        if ground in grounds:
            if noun and noun != "Task":
                return noun, f"{ground} noun"
            return by_shape or _own_noun(
                scanned
            ) or "Method", f"{ground} {'twice' if len(places) > 1 else 'once'}"
    form = "upper" if text.isupper() and text.isalpha() else "camel"
    many = "2" if len(places) > 1 else "1"
    if noun:
        return noun, f"new noun {form}"
    if by_shape:
        return by_shape, f"new {shape}"
    if mate:
        return mate, f"new mate {form}"
    return "Method", f"new {form}{many}"


def _definition(scanned: Scan, end: int) -> EntityType | None:
    """The noun of a definition behind a span: `X, a novel ... framework that`, `X is the first benchmark`."""
    words = scanned.words
    at = end
    while at < len(words) and at < end + 4 and words[at].lower in _DEFINING:
        at += 1
    if at == end or at >= len(words) or words[at].lower not in _ARTICLES:
        return None
    found: EntityType | None = None
    for word in words[at + 1 : at + 14]:
        if word.lower in _ENDS_DEFINITION:
            return found
        found = word.noun or found
    return found


def _mate(
    scanned: Scan, start: int, end: int, at: dict[int, Guess], ends: dict[int, Guess]
) -> EntityType | None:
    """The type of the known name beside which a span stands in a list."""
    words = scanned.words
    for i in range(end, min(end + 3, len(words))):
        if i in at:
            return at[i].type if at[i].named and i > end else None
        if words[i].text not in (",", "and", "or", "/", "&"):
            break
    for i in range(start, max(start - 3, 0), -1):
        if i in ends and i < start:
            return ends[i].type if ends[i].named else None
        if words[i - 1].text not in (",", "and", "or", "/", "&"):
            break
    return None


def _own_noun(scanned: Scan) -> EntityType | None:
    """The type of collection that the paper calls its own: `our dataset`, `our new benchmark`."""
    words = scanned.words
    for i in scanned.ours:
        for word in words[i + 1 : i + 5]:
            if word.noun is not None:
                if word.noun in _COLLECTIONS:
                    return word.noun
                break
    return None
