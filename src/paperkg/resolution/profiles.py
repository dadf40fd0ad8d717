"""Extracted entities that look alike, as one record: what resolution decides about.

All entities with one folded name, long form, type and layer are one profile, however many papers have them:
decisions are about profiles, so many papers cost little, and the order of papers cannot matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paperkg.lexicon import Entry, Lexicon
from paperkg.model import EntityType, ExtractedEntity, Extraction
from paperkg.resolution.words import content_words, is_abbreviation, kind, loose, with_version
from paperkg.text.fold import fold

if TYPE_CHECKING:
    from paperkg.resolution.readings import Reading

Place = tuple[int, int]
"""Number of an extraction, and of an entity in it."""


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
class Profile:
    """Entities that look alike.

    Attributes:
        names: how often it is named how.
        words: content words of the long form, else of the name.
        ident: key under which it is the same as others: of the long form, else of the name.
        canonical: its name in the lexicon; empty if that does not know it, or only with another long form.
        settled: whether the lexicon knows what the name stands for: another long form is of a homograph.
        members: places (extraction, entity).
    """

    key: ProfileKey
    names: tuple[tuple[str, int], ...]
    words: tuple[str, ...]
    ident: str
    canonical: str
    settled: bool
    members: tuple[Place, ...]

    @property
    def name(self) -> str:
        """Of its names the first in the order of code points."""
        return self.names[0][0]

    @property
    def kind(self) -> str:
        """The coarse kind of its type."""
        return kind(self.key.type)

    @property
    def papers(self) -> int:
        """Number of papers."""
        return len(self.members)


def shorts_of(entity: ExtractedEntity, name: str, long: str | None) -> set[str]:
    """The folded abbreviations that the paper of an entity uses for its long form."""
    if not long:
        return set()
    texts = {mention.text for mention in entity.mentions}
    return {fold(text) for text in texts if is_abbreviation(text, long)} | ({fold(name)} - {fold(long)})


def _key(entity: ExtractedEntity, reading: Reading) -> ProfileKey:
    return ProfileKey(
        label=fold(reading.name),
        long=with_version(reading.long, reading.name) if reading.long else "",
        shorts=tuple(sorted(shorts_of(entity, reading.name, reading.long))),
        type=entity.type,
        named=entity.named,
        thing=reading.thing,
        concluded=reading.concluded,
    )


def profiles(extractions: Sequence[Extraction], lexicon: Lexicon) -> list[Profile]:
    """The profiles of some extractions, sorted by key."""
    from paperkg.resolution.meanings import load_meanings
    from paperkg.resolution.readings import readings
    from paperkg.resolution.topics import load_topics

    members: dict[ProfileKey, list[Place]] = {}
    names: dict[ProfileKey, Counter[str]] = {}
    longs: dict[ProfileKey, str] = {}
    for place, reading in readings(extractions, lexicon, load_meanings(), load_topics()).items():
        key = _key(extractions[place[0]].entities[place[1]], reading)
        members.setdefault(key, []).append(place)
        names.setdefault(key, Counter())[reading.name] += 1
        long = reading.long or reading.name
        longs[key] = min(longs.get(key, long), long)
    return [_profile(key, names[key], longs[key], tuple(members[key]), lexicon) for key in sorted(members)]


def _profile(
    key: ProfileKey, names: Counter[str], long: str, members: tuple[Place, ...], lexicon: Lexicon
) -> Profile:
    name = min(names)
    entry = None if key.thing else _entry(key, name, long, lexicon)
    settled = entry is not None and any(len(content_words(text)) > 1 for text in (name, *entry.spellings))
    own = loose(long) + key.long.removeprefix(fold(long))
    return Profile(
        key=key,
        names=tuple(sorted(names.items())),
        words=content_words(long),
        ident=_entry_ident(entry, lexicon) if entry and settled else f"{own} {key.thing}".rstrip(),
        canonical=entry.name if entry else "",
        settled=settled,
        members=members,
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
