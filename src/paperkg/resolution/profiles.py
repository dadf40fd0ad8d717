"""Extracted entities that look alike, as one record: what resolution decides about.

All entities with one folded name, long form, type and layer are one profile, however many papers have them:
decisions are about profiles, so many papers cost little, and the order of papers cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paperkg.lexicon import Entry, Lexicon
from paperkg.model import EntityType, ExtractedEntity, Extraction
from paperkg.resolution.words import (
    content_words,
    is_abbreviation,
    is_one_word,
    kind,
    loose,
    same_meaning,
    with_version,
)
from paperkg.text.fold import fold, singular


@dataclass(frozen=True, slots=True, order=True)
class ProfileKey:
    """What the entities of a profile share.

    Attributes:
        label: folded name.
        long: folded long form, with the version if only the name has it; empty if there is none.
        shorts: folded abbreviations that stand for the long form, sorted.
        owner: id of the paper that introduces it, where a name of one word has no long form; else empty.
    """

    label: str
    long: str
    shorts: tuple[str, ...]
    type: EntityType
    named: bool
    owner: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Entities that look alike.

    Attributes:
        name: the name that comes first in the order of code points.
        words: content words of the long form, else of the name.
        ident: key under which it is the same as others: of the long form, else of the name.
        one_word: whether its name is one word without digits.
        canonical: its name in the lexicon; empty if that does not know it, or only with another long form.
        settled: whether the lexicon knows what the name stands for: another long form is of a homograph.
        members: places (extraction, entity).
    """

    key: ProfileKey
    name: str
    words: tuple[str, ...]
    ident: str
    one_word: bool
    canonical: str
    settled: bool
    members: tuple[tuple[int, int], ...]

    @property
    def kind(self) -> str:
        """The coarse kind of its type."""
        return kind(self.key.type)

    @property
    def papers(self) -> int:
        """Number of papers."""
        return len(self.members)


def meaning(entity: ExtractedEntity) -> tuple[str, str | None]:
    """The name and the long form of an entity, as far as they can be believed.

    A name of several words is its own long form, whatever part of it stands beside the abbreviation; but if
    the paper's long form means something else, that is right, and the name a guess from the abbreviation.
    """
    written = entity.long_form if entity.long_form and fold(entity.long_form) else None
    if len(content_words(entity.name)) > 1:
        if written and not same_meaning(entity.name, written):
            return written if entity.named else _term(written), written
        abbreviated = any(is_abbreviation(mention.text, entity.name) for mention in entity.mentions)
        return entity.name, entity.name if written or abbreviated else None
    return entity.name, written


def _term(long: str) -> str:
    """A long form as the name of a term: without the capitals of a title, in the singular."""
    words = [word.lower() if word.istitle() else word for word in long.split()]
    return " ".join([*words[:-1], singular(words[-1])])


def _key(entity: ExtractedEntity, paper: str, name: str, written: str | None) -> ProfileKey:
    label = fold(name)
    long = with_version(written, name) if written else ""
    shorts: set[str] = set()
    if written:
        texts = {mention.text for mention in entity.mentions}
        shorts = {fold(text) for text in texts if is_abbreviation(text, written)}
        if label != long:
            shorts.add(label)
    introduces = entity.relation == "introduces" and entity.named and not long and is_one_word(name)
    return ProfileKey(
        label, long, tuple(sorted(shorts)), entity.type, entity.named, paper if introduces else ""
    )


def profiles(extractions: Sequence[Extraction], lexicon: Lexicon) -> list[Profile]:
    """The profiles of some extractions, sorted by key."""
    members: dict[ProfileKey, list[tuple[int, int]]] = {}
    texts: dict[ProfileKey, tuple[str, str]] = {}
    for i, extraction in enumerate(extractions):
        for j, entity in enumerate(extraction.entities):
            name, written = meaning(entity)
            key = _key(entity, extraction.paper.id, name, written)
            members.setdefault(key, []).append((i, j))
            text = (name, written or name)
            texts[key] = min(texts.get(key, text), text)
    return [_profile(key, *texts[key], tuple(members[key]), lexicon) for key in sorted(members)]


def _profile(
    key: ProfileKey, name: str, long: str, members: tuple[tuple[int, int], ...], lexicon: Lexicon
) -> Profile:
    entry = _entry(key, name, long, lexicon)
    settled = entry is not None and any(len(content_words(text)) > 1 for text in (name, *entry.spellings))
    own = loose(long) + key.long.removeprefix(fold(long))
    return Profile(
        key=key,
        name=name,
        words=content_words(long),
        ident=_entry_ident(entry, lexicon) if entry and settled else own,
        one_word=is_one_word(name),
        canonical=entry.name if entry else "",
        settled=settled,
        members=members,
    )


def _entry(key: ProfileKey, name: str, long: str, lexicon: Lexicon) -> Entry | None:
    """The lexicon's entry for a long form, a name of several words, or the canonical name of something."""
    if key.long and key.long != fold(long):
        return None
    entries = [entry for entry in lexicon.lookup(long) if kind(entry.type) == kind(key.type)]
    if not key.long and len(content_words(name)) < 2:
        entries = [entry for entry in entries if fold(entry.name) == key.label]
    return min(entries, key=lambda entry: (entry.type != key.type, entry.name), default=None)


def _entry_ident(entry: Entry, lexicon: Lexicon) -> str:
    namesakes = [other for other in lexicon.lookup(entry.name) if fold(other.name) == fold(entry.name)]
    return loose(entry.name) if len(namesakes) == 1 else f"{loose(entry.name)} {entry.type}"
