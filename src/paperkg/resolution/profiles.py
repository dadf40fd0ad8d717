"""Extracted entities that look alike, as one record: what resolution decides about.

All entities with one folded name, long form, type and layer are one profile, however many papers have them:
decisions are about profiles, so many papers cost little, and the order of papers cannot matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paperkg.model import EntityType, ExtractedEntity, Extraction
from paperkg.resolution.words import content_words, is_abbreviation, is_one_word, kind, loose, with_version
from paperkg.text.fold import fold


@dataclass(frozen=True, slots=True, order=True)
class ProfileKey:
    """What the entities of a profile share.

    Attributes:
        label: folded name.
        long: folded long form, with the version if only the name has it; empty if no paper gives one.
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
        words: content words of the long form, else of the name.
        ident: key under which it is the same as others: of the long form, else of the name.
        one_word: whether its name is one word without digits.
        tokens: words of the name as written; the name that comes first in the order of code points.
        members: places (extraction, entity).
    """

    key: ProfileKey
    words: tuple[str, ...]
    ident: str
    one_word: bool
    name: str
    members: tuple[tuple[int, int], ...]

    @property
    def kind(self) -> str:
        """The coarse kind of its type."""
        return kind(self.key.type)

    @property
    def papers(self) -> int:
        """Number of papers."""
        return len(self.members)


def _long_form(entity: ExtractedEntity) -> str | None:
    if entity.long_form and fold(entity.long_form):
        return entity.long_form
    texts = {mention.text for mention in entity.mentions}
    return entity.name if any(is_abbreviation(text, entity.name) for text in texts) else None


def _key(entity: ExtractedEntity, paper: str) -> tuple[ProfileKey, str | None]:
    label = fold(entity.name)
    written = _long_form(entity)
    long = with_version(written, entity.name) if written else ""
    shorts: set[str] = set()
    if written:
        texts = {mention.text for mention in entity.mentions}
        shorts = {fold(text) for text in texts if is_abbreviation(text, written)}
        if label != long and len(content_words(entity.name)) == 1:
            shorts.add(label)
    introduces = entity.relation == "introduces" and entity.named and not long and is_one_word(entity.name)
    owner = paper if introduces else ""
    return ProfileKey(label, long, tuple(sorted(shorts)), entity.type, entity.named, owner), written


def profiles(extractions: Sequence[Extraction]) -> list[Profile]:
    """The profiles of some extractions, sorted by key."""
    members: dict[ProfileKey, list[tuple[int, int]]] = {}
    texts: dict[ProfileKey, tuple[str, str]] = {}
    for i, extraction in enumerate(extractions):
        for j, entity in enumerate(extraction.entities):
            key, written = _key(entity, extraction.paper.id)
            members.setdefault(key, []).append((i, j))
            text = (entity.name, written or entity.name)
            texts[key] = min(texts.get(key, text), text)
    return [_profile(key, *texts[key], tuple(members[key])) for key in sorted(members)]


def _profile(key: ProfileKey, name: str, long: str, members: tuple[tuple[int, int], ...]) -> Profile:
    return Profile(
        key=key,
        words=content_words(long),
        ident=loose(long) + key.long.removeprefix(fold(long)),
        one_word=is_one_word(name),
        name=name,
        members=members,
    )
