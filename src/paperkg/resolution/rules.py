"""The rules that join profiles: candidates from blocks of equal keys, a decision for each from evidence.

Likeness of strings alone never joins two things. Homographs stay apart where the evidence says that they are
two: two long forms, or one bare word for things of different kinds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from paperkg.resolution.groups import Groups
from paperkg.resolution.profiles import Profile
from paperkg.resolution.words import definitions_to_compare, loose, same_definition
from paperkg.text.fold import fold

CLEARLY = 4
"""How many times as many papers a meaning needs as the next one to be taken for the usual one."""
FEW = 3
"""Least number of papers of a meaning that is taken for the usual one of several."""

_ABBREVIATION_INSIDE = re.compile(r"\b[A-Z][A-Za-z]{0,7}[A-Z]s?\b")


def join_all(profiles: Sequence[Profile]) -> Groups:
    """The groups of profiles that are one thing."""
    groups = Groups(len(profiles))
    for block in _blocks((profile.ident, place) for place, profile in enumerate(profiles)).values():
        groups.join(block)
    _join_definitions(groups, profiles)
    _join_words_inside(groups, profiles)
    return groups


def _blocks(keys: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for key, place in keys:
        blocks[key].append(place)
    return blocks


def _join_definitions(groups: Groups, profiles: Sequence[Profile]) -> None:
    """Join long forms of one abbreviation that mean the same."""
    for short, block in _blocks((s, place) for place, p in enumerate(profiles) for s in p.key.shorts).items():
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place in block:
            places[profiles[place].words].append(place)
        kinds = {words: {profiles[place].kind for place in same} for words, same in places.items()}
        for one, other in definitions_to_compare(short, places):
            if kinds[one] & kinds[other] and same_definition(short, one, other):
                groups.join((places[one][0], places[other][0]))


def _meanings(groups: Groups, profiles: Sequence[Profile]) -> dict[str, dict[int, list[Profile]]]:
    """For each abbreviation the groups that define it, by root, with the profiles that do."""
    meanings: dict[str, dict[int, list[Profile]]] = defaultdict(lambda: defaultdict(list))
    for place, profile in enumerate(profiles):
        for short in profile.key.shorts:
            meanings[short][groups.find(place)].append(profile)
    return meanings


def _usual(meanings: Mapping[int, Sequence[Profile]]) -> int | None:
    """The root of the only meaning, or of that which clearly most papers have."""
    papers = {root: sum(profile.papers for profile in defining) for root, defining in meanings.items()}
    ranked = sorted(papers, key=lambda root: (-papers[root], root))
    if len(ranked) > 1 and papers[ranked[0]] < max(FEW, CLEARLY * papers[ranked[1]]):
        return None
    return ranked[0] if ranked else None


def _join_words_inside(groups: Groups, profiles: Sequence[Profile]) -> None:
    """Join names that are equal when the abbreviations in them are written out."""
    usual: dict[str, str] = {}
    for short, found in _meanings(groups, profiles).items():
        root = _usual(found)
        if root is not None:
            usual[short] = " ".join(min(profile.words for profile in found[root]))

    def in_full(match: re.Match[str]) -> str:
        return usual.get(fold(match[0]), match[0])

    named = {profile.ident: place for place, profile in enumerate(profiles)}
    for place, profile in enumerate(profiles):
        written = _ABBREVIATION_INSIDE.sub(in_full, profile.name)
        if written != profile.name and not profile.key.long and len(profile.words) > 1:
            other = named.get(loose(written))
            if other is not None:
                groups.join((place, other))
