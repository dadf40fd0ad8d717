"""The rules that join profiles: candidates from blocks of equal keys, a decision for each from evidence.

Likeness of strings alone never joins two things. Homographs stay apart where the evidence says that they are
two: two long forms, or one bare word for things of different kinds.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from paperkg.resolution.groups import Groups
from paperkg.resolution.profiles import Profile
from paperkg.resolution.words import loose, same_definition
from paperkg.text.fold import fold

CLEARLY = 4
"""How many times as many papers a meaning needs as the next one to be taken for the usual one."""
FEW = 3
"""Least number of papers of a meaning that is taken for the usual one of several."""

_ABBREVIATION_INSIDE = re.compile(r"\b[A-Z][A-Za-z]{0,7}[A-Z]s?\b")


def join_all(profiles: Sequence[Profile]) -> Groups:
    """The groups of profiles that are one thing."""
    groups = Groups(len(profiles))
    shorts = {short for profile in profiles for short in profile.key.shorts}
    bare = {i for i, p in enumerate(profiles) if not (p.key.long or p.settled) and p.key.label in shorts}
    _join_equal(groups, profiles, [place for place in range(len(profiles)) if place not in bare])
    _join_definitions(groups, profiles)
    _join_abbreviations(groups, profiles, sorted(bare))
    _join_words_inside(groups, profiles)
    return groups


def _blocks(keys: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for key, place in keys:
        blocks[key].append(place)
    return blocks


def _join_equal(groups: Groups, profiles: Sequence[Profile], places: Iterable[int]) -> None:
    """Join equal names, and a long form with the same name elsewhere."""
    for block in _blocks((profiles[place].ident, place) for place in places).values():
        kinds = _kinds_apart([profiles[place] for place in block])
        for part in _blocks((kinds.get(profiles[place].kind, ""), place) for place in block).values():
            groups.join(part)


def _kinds_apart(block: Sequence[Profile]) -> dict[str, str]:
    """If a bare word names things of several kinds: for each kind the one to which it counts; else nothing.

    A kind counts by itself if a paper introduces the word as such, or several papers use it so: a single
    paper may be typed wrongly, and goes to the commonest kind. Names of several words, with digits or with a
    long form, and terms, are one thing however they are typed.
    """
    if not all(profile.one_word and profile.key.named and not profile.key.long for profile in block):
        return {}
    papers: Counter[str] = Counter()
    introduced = {profile.kind for profile in block if profile.key.owner}
    for profile in block:
        papers[profile.kind] += profile.papers
    sure = [kind for kind in sorted(papers) if kind in introduced or papers[kind] > 1]
    if len(sure) < 2:
        return {}
    commonest = max(sure, key=lambda kind: papers[kind])
    return {kind: kind if kind in sure else commonest for kind in papers}


def _join_definitions(groups: Groups, profiles: Sequence[Profile]) -> None:
    """Join long forms of one abbreviation that mean the same."""
    for short, block in _blocks((s, place) for place, p in enumerate(profiles) for s in p.key.shorts).items():
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place in block:
            places[profiles[place].words].append(place)
        kinds = {words: {profiles[place].kind for place in same} for words, same in places.items()}
        for one, other in combinations(sorted(places), 2):
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


def _join_abbreviations(groups: Groups, profiles: Sequence[Profile], bare: Iterable[int]) -> None:
    """Join an abbreviation that stands alone with the thing of its kind that it abbreviates elsewhere.

    Those that fit none, or several, are joined among themselves. So they never join two meanings.
    """
    meanings = _meanings(groups, profiles)
    left = []
    for place in bare:
        profile = profiles[place]
        found = meanings[profile.key.label]
        root = _usual(_fitting(profile, found))
        if root is None:
            left.append(place)
        else:
            groups.join((place, root))
    _join_equal(groups, profiles, left)


def _fitting(profile: Profile, meanings: Mapping[int, list[Profile]]) -> Mapping[int, list[Profile]]:
    """The meanings of a profile's own type, else of its kind, else, for a term, the only one there is."""
    same = {root: p for root, p in meanings.items() if any(x.key.type == profile.key.type for x in p)}
    like = {root: p for root, p in meanings.items() if any(x.kind == profile.kind for x in p)}
    only = meanings if len(meanings) == 1 and not profile.key.named else {}
    return same or like or only


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
