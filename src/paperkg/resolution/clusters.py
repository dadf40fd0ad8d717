"""From groups of profiles to the entities of the graph: IRI, name, family, and why each profile belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from paperkg.lexicon import Lexicon
from paperkg.model import EntityType
from paperkg.resolution.consensus import elected, elected_type
from paperkg.resolution.iris import entity_iri
from paperkg.resolution.occurrences import Occurrence
from paperkg.resolution.profiles import Profile
from paperkg.resolution.words import is_one_word, kind
from paperkg.sources.ids import short_hash
from paperkg.text.fold import fold

Rule = Literal["name", "long form", "word forms", "abbreviation", "definition", "words in it", "decision"]
"""Why an entity of a paper is this entity of the graph.

- `name`: its folded name is the one of which the entity's IRI is made;
- `long form`: its long form is, or its name is a long form of the entity;
- `word forms`: equal but for the forms of words (LLM-as-judge, LLM-as-a-judge) or of a year;
- `abbreviation`: it is an abbreviation that papers define, and the entity is the meaning that fits;
- `definition`: its long form means the same as another one of the same abbreviation;
- `words in it`: equal when abbreviations inside the name are written out (multimodal LLM);
- `decision`: a person said so.
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """An entity of the graph: what belongs to it, and for each profile by which rule."""

    iri: str
    name: str
    family: str | None
    profiles: tuple[Profile, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Votes:
    """What the papers of an entity say of it, counted.

    Attributes:
        types: papers by the type that they give it; introduced: those of them that introduce it.
        named: number of papers to which it has a proper name.
        families: papers by the family that the extraction gave it.
    """

    types: Counter[EntityType]
    introduced: Counter[EntityType]
    named: int
    families: Counter[str]

    @classmethod
    def of_profiles(cls, group: Iterable[Profile]) -> Votes:
        """As their tallies have it."""
        votes = cls(Counter(), Counter(), 0, Counter())
        named = 0
        for profile in group:
            votes.types[profile.key.type] += profile.papers
            votes.introduced[profile.key.type] += profile.tally.introducing
            votes.families.update(dict(profile.tally.families))
            named += profile.papers * profile.key.named
        return replace(votes, named=named)

    @classmethod
    def of_members(cls, members: Iterable[Occurrence]) -> Votes:
        """Counted anew, of entities that people have changed."""
        members = tuple(members)
        return cls(
            Counter(member.type for member in members),
            Counter(member.type for member in members if member.relation == "introduces"),
            sum(member.named for member in members),
            Counter(member.family for member in members if member.family),
        )


def told_apart(made: Sequence[Cluster]) -> list[Cluster]:
    """The entities of a graph with IRIs of their own, no two the same.

    Of namesakes that type and long form do not tell apart, the usual thing has the plain IRI, else the one that
    the first paper names, in the order of ids: papers that come later seldom change it. The others' carry a digest
    of the first paper that introduces them, else names them.
    """
    out = list(made)
    taken = Counter(cluster.iri for cluster in made)
    namesakes = sorted(
        (cluster.iri, _is_marked(cluster), min(p.tally.first for p in cluster.profiles), place)
        for place, cluster in enumerate(made)
        if taken[cluster.iri] > 1
    )
    last = ""
    for iri, *_, place in namesakes:
        if iri == last:
            digest = _digest(_first(made[place]), made[place])
            out[place] = replace(made[place], iri=f"{iri}--{digest}")
        last = iri
    return out


def cluster_of(
    group: Iterable[Profile], votes: Votes, *, base: str, lexicon: Lexicon | None = None
) -> Cluster:
    """The entity that some profiles are, with an IRI that namesakes may have as well.

    Args:
        group: profiles that are one thing.
        votes: what their papers say of it.
        base: IRI under which entities stand.
        lexicon: types that do not change with the papers.
    """
    group = tuple(group)
    text = _text(group)
    return Cluster(
        iri=entity_iri(iri_type(text, votes, lexicon), text, base=base),
        name=_name(group, votes),
        family=elected(votes.families) if votes.families else None,
        profiles=group,
        rules=tuple(_rule(profile, text, group) for profile in group),
    )


def iri_type(text: str, votes: Votes, lexicon: Lexicon | None) -> EntityType:
    """The type in an IRI: the lexicon's, which papers that come and go do not change, else the commonest.

    Of a single word that is a name in the lexicon, and that papers use for another kind of thing, the lexicon
    says nothing.

    Args:
        text: folded name or long form.
        votes: what papers say of the entity.
        lexicon: known names and terms, if any.
    """
    common = elected_type(votes.types, votes.introduced)
    known = [entry for entry in lexicon.lookup(text) if fold(entry.name) == text] if lexicon else []
    if len(known) != 1:
        return common
    homograph = known[0].named and is_one_word(known[0].name) and kind(known[0].type) != kind(common)
    return common if homograph else known[0].type


def _is_marked(cluster: Cluster) -> bool:
    """Whether it is told from what papers usually mean by its name."""
    return all(profile.key.thing for profile in cluster.profiles)


def _first(cluster: Cluster) -> str:
    """The id of the first paper that introduces it, else of the first that names it."""
    tallies = [profile.tally for profile in cluster.profiles]
    introducing = [tally.first_introducing for tally in tallies if tally.introducing]
    return min(introducing or [tally.first for tally in tallies])


def _digest(paper: str, cluster: Cluster) -> str:
    """What tells a namesake from others: its first paper, and what it is there."""
    what = min((p.key.label, p.key.long, p.key.type) for p in cluster.profiles)
    return short_hash("\n".join((paper, *what)))


def _text(group: Sequence[Profile]) -> str:
    """What the IRI is made of: the name that the lexicon knows, else a long form, else the name; folded.

    Never the majority's: of several long forms the shortest (without `and`, without more words around it), of
    several names the first in the order of code points, which more papers seldom change.
    """
    known = {fold(profile.canonical) for profile in group if profile.canonical}
    long_forms = {profile.key.long for profile in group if profile.key.long}
    if texts := known or long_forms:
        return min(texts, key=lambda text: (len(text), text))
    return min(profile.key.label or profile.name for profile in group)


def _name(group: Sequence[Profile], votes: Votes) -> str:
    """The canonical name: the lexicon's, else the usual one; of a term not an abbreviation."""
    known = Counter[str]()
    names = Counter[str]()
    for profile in group:
        if profile.canonical:
            known[profile.canonical] += profile.papers
        names.update(dict(profile.tally.names))
    if known:
        return elected(known)
    if 2 * votes.named < votes.types.total():
        shorts = {short for profile in group for short in profile.key.shorts}
        names = Counter({name: n for name, n in names.items() if fold(name) not in shorts}) or names
    return elected(names)


def _rule(profile: Profile, text: str, group: Sequence[Profile]) -> Rule:
    if profile.key.concluded:
        return "abbreviation"
    if profile.key.label == text:
        return "name"
    if profile.key.long == text or any(other.key.long == profile.key.label for other in group):
        return "long form"
    if any(profile.ident == other.ident and profile is not other for other in group):
        return "word forms"
    return "definition" if profile.key.long else "words in it"
