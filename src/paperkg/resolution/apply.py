"""What people decided, applied to the entities of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Protocol, cast

from paperkg.lexicon import Lexicon
from paperkg.model import Decision, EntityType, Outcome, Relation
from paperkg.resolution.clusters import Cluster, Rule, Votes, cluster_of, iri_type
from paperkg.resolution.iris import entity_iri
from paperkg.resolution.occurrences import Occurrence, Place
from paperkg.resolution.profiles import Profile, ProfileKey, profile_of, tally_of
from paperkg.resolution.rebuild import Resolved
from paperkg.sources.ids import short_hash
from paperkg.text.fold import fold

BY_HAND: Rule = "decision"


class DoesNotApply(Exception):
    """Why a decision has nothing to change here."""


class Member(NamedTuple):
    """An entity of a paper among those of its profile.

    Attributes:
        paper: id of the paper.
        name, long: how resolution reads it.
    """

    place: Place
    paper: str
    said: Occurrence
    name: str
    long: str | None
    profile: ProfileKey


class Members(Protocol):
    """Who knows all papers."""

    def members(self, profiles: Iterable[ProfileKey]) -> list[Member]:
        """The entities of some profiles, in the order of their places."""

    def spelled(self, key: str) -> list[Member]:
        """The entities that their papers call so: by a folded name, long form or mention."""


@dataclass(slots=True)
class _Thing:
    """An entity of the graph that a decision is about: its entities of papers, each with its rule."""

    iri: str
    name: str
    family: str | None
    places: dict[Place, Rule]


class Decided:
    """The entities of a graph while decisions are applied to them. What no decision is about is never looked at."""

    def __init__(self, clusters: Iterable[Cluster], papers: Members, base: str, lexicon: Lexicon) -> None:
        """Begin.

        Args:
            clusters: the entities without decisions; no two share an IRI or a profile.
            papers: what belongs to them.
            base: IRI under which entities stand.
            lexicon: types that IRIs are made of.
        """
        self._clusters = {cluster.iri: cluster for cluster in clusters}
        self._papers, self._base, self._lexicon = papers, base, lexicon
        self._profiles: dict[ProfileKey, Profile] = {}
        self._things: dict[str, _Thing] = {}
        self._members: dict[Place, Member] = {}
        self._before: dict[Place, Resolved] = {}
        self._edges: dict[Place, Occurrence] = {}
        """What people say of edges that they have looked at."""
        self._rejected: set[Place] = set()
        self._replaced: dict[str, str] = {}
        """IRIs that gave way, with what took their place; it may have given way itself."""
        self._names: dict[str, set[str]] | None = None

    def apply(self, decisions: Sequence[Decision]) -> tuple[Outcome, ...]:
        """Apply decisions in their order; pointers to new IRIs hold from the beginning.

        Returns:
            What came of each.
        """
        self._replaced |= {d.entity: d.to for d in decisions if d.verb == "moved" and d.entity not in self}
        return tuple(self._outcome(decision) for decision in decisions)

    def pointers(self) -> tuple[tuple[str, str], ...]:
        """Each IRI that gave way, with the one that stands now in its place, sorted."""
        found = {old: self._followed(old) for old in self._replaced if old not in self}
        return tuple(sorted((old, new) for old, new in found.items() if new in self))

    def changes(self) -> dict[Place, Resolved | None]:
        """What entities of papers are now, where decisions made them something else; None of those rejected."""
        found: dict[Place, Resolved | None] = dict.fromkeys(self._rejected)
        for thing in self._things.values():
            for place, rule in thing.places.items():
                now = Resolved(thing.iri, thing.name, thing.family, rule)
                if edge := self._edges.get(place):
                    now = replace(now, type=edge.type, relation=edge.relation, certain=True)
                if now != self._before[place]:
                    found[place] = now
        return found

    def __contains__(self, iri: str) -> bool:
        return iri in self._clusters or iri in self._things

    def _outcome(self, decision: Decision) -> Outcome:
        try:
            places = self._applied(decision)
        except DoesNotApply as why:
            return Outcome(decision, 0, str(why))
        return Outcome(decision, len({place[0] for place in places}))

    def _applied(self, decision: Decision) -> Iterable[Place]:
        """The places that it concerns.

        Raises:
            DoesNotApply: there is nothing to change.
        """
        if decision.verb == "moved" and decision.entity in self:
            raise DoesNotApply(f"{decision.entity} is still there")
        thing = self._find(decision.entity)
        if decision.verb == "merge":
            return self._merge(thing, self._find(decision.to))
        if decision.verb == "rename":
            return self._rename(thing, decision.to)
        if decision.verb == "split":
            return self._split(thing, decision)
        if decision.verb == "moved":
            return list(thing.places)
        return self._edge(thing, decision)

    # --- which entity is meant

    def _followed(self, iri: str) -> str:
        seen = set[str]()
        while iri in self._replaced and iri not in self and iri not in seen:
            seen.add(iri)
            iri = self._replaced[iri]
        return iri

    def _find(self, text: str) -> _Thing:
        """The entity with an IRI, else the only one with a name, else the only one that is ever spelled so."""
        iri = self._followed(text)
        if iri in self:
            return self._open(iri)
        key = fold(text)
        found = self._named(key) or self._spelled(key) if key else set()
        if not found:
            raise DoesNotApply(f"no entity {text!r}")
        if len(found) > 1:
            raise DoesNotApply(f"{text!r} names {', '.join(sorted(found))}")
        return self._open(found.pop())

    def _named(self, key: str) -> set[str]:
        if self._names is None:
            self._names = {}
            names = [(cluster.name, cluster.iri) for cluster in self._clusters.values()]
            names += [(thing.name, thing.iri) for thing in self._things.values()]
            for name, iri in names:
                self._names.setdefault(fold(name), set()).add(iri)
        return set(self._names.get(key, ()))

    def _spelled(self, key: str) -> set[str]:
        members = self._papers.spelled(key)
        wanted = {member.profile for member in members}
        for cluster in list(self._clusters.values()):
            if any(profile.key in wanted for profile in cluster.profiles):
                self._open(cluster.iri)
        at = {place: thing.iri for thing in self._things.values() for place in thing.places}
        return {at[member.place] for member in members if member.place in at}

    def _open(self, iri: str) -> _Thing:
        """The entity with an IRI, with all that belongs to it."""
        cluster = self._clusters.pop(iri, None)
        if cluster is not None:
            rules = {profile.key: rule for profile, rule in zip(cluster.profiles, cluster.rules, strict=True)}
            self._profiles |= {profile.key: profile for profile in cluster.profiles}
            thing = _Thing(iri, cluster.name, cluster.family, {})
            for member in self._papers.members(rules):
                rule = thing.places[member.place] = rules[member.profile]
                self._members[member.place] = member
                self._before[member.place] = Resolved(iri, cluster.name, cluster.family, rule)
            self._things[iri] = thing
        return self._things[iri]

    def _said(self, place: Place) -> Occurrence:
        return self._edges.get(place) or self._members[place].said

    # --- entities

    def _merge(self, one: _Thing, into: _Thing) -> Iterable[Place]:
        if one.iri == into.iri:
            raise DoesNotApply("they are one entity already")
        self._drop(one)
        into.family = into.family or one.family
        into.places |= dict.fromkeys(one.places, BY_HAND)
        self._replaced[one.iri] = into.iri
        return list(one.places)

    def _rename(self, thing: _Thing, name: str) -> Iterable[Place]:
        votes = Votes.of_members(map(self._said, thing.places))
        iri = entity_iri(iri_type(fold(name), votes, self._lexicon), name, base=self._base)
        if thing.name == name:
            raise DoesNotApply("it has that name already")
        if iri != thing.iri and iri in self:
            raise DoesNotApply(f"{iri} is another entity, with which it can be merged")
        self._drop(thing)
        self._add(_Thing(iri, name, thing.family, thing.places))
        if iri != thing.iri:
            self._replaced[thing.iri] = iri
        return list(thing.places)

    def _split(self, thing: _Thing, decision: Decision) -> Iterable[Place]:
        """Of the parts that come out, one keeps the IRI: that of which it is made, else the largest."""
        parts: dict[str, list[Place]] = {}
        for place in sorted(thing.places):
            parts.setdefault(self._part(place, decision), []).append(place)
        if len(parts) < 2:
            raise DoesNotApply("it has one part only")
        made = {label: self._entity(places) for label, places in sorted(parts.items())}
        rest = "" if decision.papers else self._main(parts, made, thing.iri)
        for label, part in made.items():
            if label != rest:
                iri = part.iri if part.iri not in self else f"{thing.iri}--{short_hash(label)}"
                self._add(_Thing(iri, part.name, part.family, dict.fromkeys(parts[label], BY_HAND)))
                for place in parts[label]:
                    del thing.places[place]
        return [place for label, places in parts.items() if label != rest for place in places]

    def _part(self, place: Place, decision: Decision) -> str:
        member = self._members[place]
        if decision.papers:
            return "|".join(decision.papers) if member.paper in decision.papers else ""
        if decision.to == "by type":
            return self._said(place).type
        return " ".join(self._profiles[member.profile].words) if member.profile.long else ""

    def _entity(self, places: Iterable[Place]) -> Cluster:
        """The entity that some entities of papers would be by themselves."""
        alike: dict[ProfileKey, list[Member]] = {}
        for place in places:
            member = self._members[place]
            alike.setdefault(member.profile, []).append(member)
        profiles = [
            profile_of(key, tally_of((m.paper, m.said, m.name, m.long) for m in members), self._lexicon)
            for key, members in sorted(alike.items())
        ]
        return cluster_of(profiles, Votes.of_members(map(self._said, places)), base=self._base)

    def _main(self, parts: Mapping[str, list[Place]], made: Mapping[str, Cluster], iri: str) -> str:
        """Which of some parts keeps the IRI: the one of which it would be made, else the largest."""
        return min(made, key=lambda label: (made[label].iri != iri, -len(parts[label]), label))

    def _add(self, thing: _Thing) -> None:
        self._things[thing.iri] = thing
        self._replaced.pop(thing.iri, None)
        if self._names is not None:
            self._names.setdefault(fold(thing.name), set()).add(thing.iri)

    def _drop(self, thing: _Thing) -> None:
        del self._things[thing.iri]
        if self._names is not None:
            self._names[fold(thing.name)].discard(thing.iri)

    # --- edges

    def _edge(self, thing: _Thing, decision: Decision) -> Iterable[Place]:
        """A person has looked at the edge, so what is left of it is certain."""
        places = [place for place in thing.places if self._members[place].paper in decision.papers]
        if not places:
            raise DoesNotApply(f"paper {decision.papers[0]!r} does not name it")
        for place in places:
            said = self._said(place)
            if decision.verb == "reject":
                self._rejected.add(place)
                del thing.places[place]
            elif decision.verb == "retype":
                self._edges[place] = replace(said, type=cast(EntityType, decision.to))
            elif decision.verb == "relate":
                self._edges[place] = replace(said, relation=cast(Relation, decision.to))
            else:
                self._edges[place] = said
        if not thing.places:
            self._drop(thing)
        return places
