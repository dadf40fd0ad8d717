"""Entities of papers that look alike, as one record: what resolution decides about.

All entities with one folded name, long form, type and layer are one profile, however many papers have them:
decisions are about profiles, so many papers cost little, and the order of papers cannot matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paperkg.lexicon import Entry, Lexicon
from paperkg.model import EntityType
from paperkg.resolution.occurrences import Occurrence
from paperkg.resolution.words import content_words, is_abbreviation, kind, loose, with_version
from paperkg.text.fold import fold

if TYPE_CHECKING:
    from paperkg.resolution.readings import Reading

Counts = tuple[tuple[str, int], ...]
"""Texts with how often each occurs, sorted by text."""


@dataclass(frozen=True, slots=True, order=True)
class ProfileKey:
    """What the entities of a profile share.

    Attributes:
        label: folded name.
        long: folded long form, with the version if only the name has it; empty if there is none.
        shorts: folded abbreviations that stand for the long form, sorted.
        thing: which of several things of its name it is; empty if there is nothing to tell apart.
        concluded: whether the long form is a conclusion, and not the paper's.
    """

    label: str
    long: str
    shorts: tuple[str, ...]
    type: EntityType
    named: bool
    thing: str
    concluded: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted of the entities of a profile.

    Attributes:
        names: how often it is named how.
        long: of its long forms, or its names where it has none, the first in the order of code points.
        papers: number of papers, at least 1.
        introducing: number of those that introduce it.
        families: how often the extraction gave it which family.
        first: the first id of its papers.
        first_introducing: the first id of those that introduce it; empty if none does.
    """

    names: Counts
    long: str
    papers: int
    introducing: int
    families: Counts
    first: str
    first_introducing: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Entities that look alike.

    Attributes:
        tally: what is counted of them.
        words: content words of the long form, else of the name.
        ident: key under which it is the same as others: of the long form, else of the name.
        canonical: its name in the lexicon; empty if that does not know it, or only with another long form.
        settled: whether the lexicon knows what the name stands for: another long form is of a homograph.
    """

    key: ProfileKey
    tally: Tally
    words: tuple[str, ...]
    ident: str
    canonical: str
    settled: bool

    @property
    def name(self) -> str:
        """Of its names the first in the order of code points."""
        return self.tally.names[0][0]

    @property
    def kind(self) -> str:
        """The coarse kind of its type."""
        return kind(self.key.type)

    @property
    def papers(self) -> int:
        """Number of papers."""
        return self.tally.papers


def shorts_of(said: Occurrence, name: str, long: str | None) -> set[str]:
    """The folded abbreviations that the paper of an entity uses for its long form."""
    if not long:
        return set()
    return {fold(text) for text in set(said.texts) if is_abbreviation(text, long)} | (
        {fold(name)} - {fold(long)}
    )


def profile_key(said: Occurrence, reading: Reading) -> ProfileKey:
    """The key of the profile of an entity that is read so."""
    return ProfileKey(
        label=fold(reading.name),
        long=with_version(reading.long, reading.name) if reading.long else "",
        shorts=tuple(sorted(shorts_of(said, reading.name, reading.long))),
        type=said.type,
        named=said.named,
        thing=reading.thing,
        concluded=reading.concluded,
    )


def tally_of(alike: Iterable[tuple[str, Occurrence, str, str | None]]) -> Tally:
    """What is counted of entities of one profile: each with the id of its paper, and name and long form as read."""
    known = [(paper, said, name, long or name) for paper, said, name, long in alike]
    introducing = [paper for paper, said, *_ in known if said.relation == "introduces"]
    return Tally(
        names=_counted(name for *_, name, _ in known),
        long=min(long for *_, long in known),
        papers=len(known),
        introducing=len(introducing),
        families=_counted(said.family for _, said, *_ in known if said.family),
        first=min(paper for paper, *_ in known),
        first_introducing=min(introducing, default=""),
    )


def _counted(texts: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(texts).items()))


def profile_of(key: ProfileKey, tally: Tally, lexicon: Lexicon) -> Profile:
    """The profile of the entities with a key, of which so much was counted."""
    name, long = tally.names[0][0], tally.long
    entry = None if key.thing else _entry(key, name, long, lexicon)
    settled = entry is not None and any(len(content_words(text)) > 1 for text in (name, *entry.spellings))
    own = loose(long) + key.long.removeprefix(fold(long))
    return Profile(
        key=key,
        tally=tally,
        words=content_words(long),
        ident=_entry_ident(entry, lexicon) if entry and settled else f"{own} {key.thing}".rstrip(),
        canonical=entry.name if entry else "",
        settled=settled,
    )


def _entry(key: ProfileKey, name: str, long: str, lexicon: Lexicon) -> Entry | None:
    """The lexicon's entry for a long form, a name of several words, or the canonical name of something."""
    if key.long and key.long != fold(long):
        return None
    known = lexicon.lookup(long)
    entries = [entry for entry in known if kind(entry.type) == kind(key.type)]
    if not entries and len(known) == 1 and len(content_words(long)) > 1:
        return known[0]
    if not key.long and len(content_words(name)) < 2:
        entries = [entry for entry in entries if fold(entry.name) == key.label]
    return min(entries, key=lambda entry: (entry.type != key.type, entry.name), default=None)


def _entry_ident(entry: Entry, lexicon: Lexicon) -> str:
    namesakes = [other for other in lexicon.lookup(entry.name) if fold(other.name) == fold(entry.name)]
    return loose(entry.name) if len(namesakes) == 1 else f"{loose(entry.name)} {entry.type}"
