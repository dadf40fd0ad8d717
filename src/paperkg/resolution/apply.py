"""What people decided, applied to the entities that the rules made: one decision after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from paperkg.lexicon import Lexicon
from paperkg.model import Decision, EntityType, ExtractedEntity, Outcome, Relation
from paperkg.resolution.clusters import Cluster, Rule, cluster_of, iri_type
from paperkg.resolution.iris import entity_iri
from paperkg.resolution.profiles import Place, Profile
from paperkg.sources.ids import short_hash
from paperkg.text.fold import fold

BY_HAND: Rule = "decision"


class DoesNotApply(Exception):
    """Why a decision has nothing to change here."""


@dataclass(slots=True)
class Decided:
    """The entities of a graph while decisions are applied to them.

    Attributes:
        papers: ids of the papers, by the first number of a place.
        entities: what each place holds; `reject` takes places away.
        clusters: by IRI; no two share a place.
        replaced: IRIs that gave way, with what took their place; it may have given way itself.
        base: IRI under which entities stand.
        lexicon: types that IRIs are made of.
    """

    papers: Sequence[str]
    entities: dict[Place, ExtractedEntity]
    clusters: dict[str, Cluster]
    base: str
    lexicon: Lexicon
    replaced: dict[str, str] = field(default_factory=dict)

    def apply(self, decisions: Sequence[Decision]) -> tuple[Outcome, ...]:
        """Apply decisions in their order; pointers to new IRIs hold from the beginning.

        Returns:
            What came of each.
        """
        self.replaced |= {
            d.entity: d.to for d in decisions if d.verb == "moved" and d.entity not in self.clusters
        }
        return tuple(self._outcome(decision) for decision in decisions)

    def pointers(self) -> tuple[tuple[str, str], ...]:
        """Each IRI that gave way, with the one that stands now in its place, sorted."""
        found = {old: self._followed(old) for old in self.replaced if old not in self.clusters}
        return tuple(sorted((old, new) for old, new in found.items() if new in self.clusters))

    def _outcome(self, decision: Decision) -> Outcome:
        try:
            papers = self._applied(decision)
        except DoesNotApply as why:
            return Outcome(decision, 0, str(why))
        return Outcome(decision, len({self.papers[i] for i, _ in papers}))

    def _applied(self, decision: Decision) -> Iterable[Place]:
        """The places that it concerns.

        Raises:
            DoesNotApply: there is nothing to change.
        """
        if decision.verb == "moved" and decision.entity in self.clusters:
            raise DoesNotApply(f"{decision.entity} is still there")
        cluster = self._find(decision.entity)
        if decision.verb == "merge":
            return self._merge(cluster, self._find(decision.to))
        if decision.verb == "rename":
            return self._rename(cluster, decision.to)
        if decision.verb == "split":
            return self._split(cluster, decision)
        if decision.verb == "moved":
            return _places(cluster)
        return self._edge(cluster, decision)

    # --- which entity is meant

    def _followed(self, iri: str) -> str:
        seen = set[str]()
        while iri in self.replaced and iri not in self.clusters and iri not in seen:
            seen.add(iri)
            iri = self.replaced[iri]
        return iri

    def _find(self, text: str) -> Cluster:
        """The cluster with an IRI, else the only one with a name, else the only one that is ever spelled so."""
        iri = self._followed(text)
        if iri in self.clusters:
            return self.clusters[iri]
        key = fold(text)
        found = [c for c in self.clusters.values() if fold(c.name) == key] or [
            c for c in self.clusters.values() if any(key in self._spelled(place) for place in _places(c))
        ]
        if not key or not found:
            raise DoesNotApply(f"no entity {text!r}")
        if len(found) > 1:
            raise DoesNotApply(f"{text!r} names {', '.join(sorted(c.iri for c in found))}")
        return found[0]

    def _spelled(self, place: Place) -> set[str]:
        entity = self.entities[place]
        return {
            fold(text) for text in (entity.name, entity.long_form or "", *(m.text for m in entity.mentions))
        }

    # --- entities

    def _merge(self, one: Cluster, into: Cluster) -> Iterable[Place]:
        if one.iri == into.iri:
            raise DoesNotApply("they are one entity already")
        places = _places(one)
        self._replace(
            (one.iri, into.iri),
            replace(
                into,
                family=into.family or one.family,
                profiles=into.profiles + one.profiles,
                rules=into.rules + (BY_HAND,) * len(one.profiles),
            ),
        )
        self.replaced[one.iri] = into.iri
        return places

    def _rename(self, cluster: Cluster, name: str) -> Iterable[Place]:
        places = _places(cluster)
        type_ = iri_type(fold(name), [self.entities[p] for p in places], self.lexicon)
        iri = entity_iri(type_, name, base=self.base)
        if cluster.name == name:
            raise DoesNotApply("it has that name already")
        if iri != cluster.iri and iri in self.clusters:
            raise DoesNotApply(f"{iri} is another entity, with which it can be merged")
        self._replace((cluster.iri,), replace(cluster, iri=iri, name=name))
        if iri != cluster.iri:
            self.replaced[cluster.iri] = iri
        return places

    def _split(self, cluster: Cluster, decision: Decision) -> Iterable[Place]:
        """Of the parts that come out, one keeps the IRI: that of which it is made, else the largest."""
        parts: dict[str, dict[Profile, list[Place]]] = {}
        for profile in cluster.profiles:
            for place in profile.members:
                label = self._part(place, profile, decision)
                parts.setdefault(label, {}).setdefault(profile, []).append(place)
        if len(parts) < 2:
            raise DoesNotApply("it has one part only")
        made = dict[str, Cluster]()
        for label, members in sorted(parts.items()):
            profiles = [replace(profile, members=tuple(places)) for profile, places in members.items()]
            made[label] = cluster_of(profiles, self.entities, base=self.base)
        rest = "" if decision.papers else self._main(made, cluster.iri)
        done = [self._remaining(cluster, made[rest])]
        taken = {cluster.iri, *self.clusters}
        for label, part in made.items():
            if label != rest:
                iri = part.iri if part.iri not in taken else f"{cluster.iri}--{short_hash(label)}"
                done.append(replace(part, iri=iri, rules=(BY_HAND,) * len(part.profiles)))
                taken.add(iri)
        self._replace((cluster.iri,), *done)
        return [place for part in done[1:] for place in _places(part)]

    def _part(self, place: Place, profile: Profile, decision: Decision) -> str:
        if decision.papers:
            return "|".join(decision.papers) if self.papers[place[0]] in decision.papers else ""
        if decision.to == "by type":
            return self.entities[place].type
        return " ".join(profile.words) if profile.key.long else ""

    def _main(self, parts: Mapping[str, Cluster], iri: str) -> str:
        """Which of some parts keeps the IRI: the one of which it would be made, else the largest."""
        return min(parts, key=lambda label: (parts[label].iri != iri, -len(_places(parts[label])), label))

    def _remaining(self, cluster: Cluster, part: Cluster) -> Cluster:
        rules = {profile.key: rule for profile, rule in zip(cluster.profiles, cluster.rules, strict=True)}
        return replace(
            cluster, profiles=part.profiles, rules=tuple(rules[profile.key] for profile in part.profiles)
        )

    # --- edges

    def _edge(self, cluster: Cluster, decision: Decision) -> Iterable[Place]:
        """A person has looked at the edge, so what is left of it is certain."""
        places = [place for place in _places(cluster) if self.papers[place[0]] in decision.papers]
        if not places:
            raise DoesNotApply(f"paper {decision.papers[0]!r} does not name it")
        if decision.verb == "reject":
            self._reject(cluster, places)
            return places
        for place in places:
            entity = replace(self.entities[place], confidence=1.0)
            if decision.verb == "retype":
                entity = replace(entity, type=cast(EntityType, decision.to))
            elif decision.verb == "relate":
                entity = replace(entity, relation=cast(Relation, decision.to))
            self.entities[place] = entity
        return places

    def _reject(self, cluster: Cluster, places: Iterable[Place]) -> None:
        places = frozenset(places)
        for place in places:
            del self.entities[place]
        kept = [
            (replace(profile, members=left), rule)
            for profile, rule in zip(cluster.profiles, cluster.rules, strict=True)
            if (left := tuple(place for place in profile.members if place not in places))
        ]
        rest = replace(cluster, profiles=tuple(p for p, _ in kept), rules=tuple(rule for _, rule in kept))
        self._replace((cluster.iri,), *([rest] if kept else []))

    def _replace(self, gone: Iterable[str], *new: Cluster) -> None:
        for iri in gone:
            del self.clusters[iri]
        for cluster in new:
            self.clusters[cluster.iri] = cluster
            self.replaced.pop(cluster.iri, None)


def _places(cluster: Cluster) -> list[Place]:
    return [place for profile in cluster.profiles for place in profile.members]
