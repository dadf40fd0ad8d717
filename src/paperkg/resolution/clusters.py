"""From groups of profiles to the entities of the graph: IRI, name, family, and why each profile belongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from paperkg.lexicon import Lexicon
from paperkg.model import EntityType, ExtractedEntity
from paperkg.resolution.consensus import common_type, commonest
from paperkg.resolution.iris import entity_iri
from paperkg.resolution.profiles import Place, Profile
from paperkg.resolution.words import is_one_word, kind
from paperkg.sources.ids import short_hash
from paperkg.text.fold import fold

Entities = Mapping[Place, ExtractedEntity]
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


def clusters(
    groups: Iterable[Sequence[Profile]],
    entities: Entities,
    papers: Sequence[str],
    *,
    base: str,
    lexicon: Lexicon,
) -> list[Cluster]:
    """The entities of the graph. No two have one IRI.

    Of namesakes that type and long form do not tell apart, the usual thing has the plain IRI, else the one that
    the first paper names, in the order of ids: papers that come later seldom change it. The others' carry a digest
    of the first paper that introduces them, else names them.

    Args:
        groups: profiles that are one thing.
        entities: what stands at the places of the profiles.
        papers: ids of the papers, by the first number of a place.
        base: IRI under which entities stand.
        lexicon: types that do not change with the papers.
    """
    made = [cluster_of(group, entities, base=base, lexicon=lexicon) for group in groups]
    taken = Counter(cluster.iri for cluster in made)
    namesakes = sorted(
        (
            cluster.iri,
            _is_marked(cluster),
            min(papers[i] for p in cluster.profiles for i, _ in p.members),
            place,
        )
        for place, cluster in enumerate(made)
        if taken[cluster.iri] > 1
    )
    last = ""
    for iri, *_, place in namesakes:
        if iri == last:
            digest = _digest(_first(made[place], entities, papers), made[place])
            made[place] = replace(made[place], iri=f"{iri}--{digest}")
        last = iri
    return made


def cluster_of(
    group: Iterable[Profile], entities: Entities, *, base: str, lexicon: Lexicon | None = None
) -> Cluster:
    """The entity that some profiles are, with an IRI that namesakes may have as well."""
    group = tuple(group)
    members = [entities[place] for profile in group for place in profile.members]
    text = _text(group)
    families = [member.family for member in members if member.family]
    return Cluster(
        iri=entity_iri(iri_type(text, members, lexicon), text, base=base),
        name=_name(group, members),
        family=commonest(families) if families else None,
        profiles=group,
        rules=tuple(_rule(profile, text, group) for profile in group),
    )


def iri_type(text: str, members: Collection[ExtractedEntity], lexicon: Lexicon | None) -> EntityType:
    """The type in an IRI: the lexicon's, which papers that come and go do not change, else the commonest.

    Of a single word that is a name in the lexicon, and that papers use for another kind of thing, the lexicon
    says nothing.

    Args:
        text: folded name or long form.
        members: what papers say of the entity.
        lexicon: known names and terms, if any.
    """
    common = common_type(members)
    known = [entry for entry in lexicon.lookup(text) if fold(entry.name) == text] if lexicon else []
    if len(known) != 1:
        return common
    homograph = known[0].named and is_one_word(known[0].name) and kind(known[0].type) != kind(common)
    return common if homograph else known[0].type


def _is_marked(cluster: Cluster) -> bool:
    """Whether it is told from what papers usually mean by its name."""
    return all(profile.key.thing for profile in cluster.profiles)


def _first(cluster: Cluster, entities: Entities, papers: Sequence[str]) -> str:
    """The id of the first paper that introduces it, else of the first that names it."""
    _, paper = min(
        (entities[place].relation != "introduces", papers[place[0]])
        for profile in cluster.profiles
        for place in profile.members
    )
    return paper


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


def _name(group: Sequence[Profile], members: Sequence[ExtractedEntity]) -> str:
    """The canonical name: the lexicon's, else the usual one; of a term not an abbreviation."""
    known = [name for profile in group for name in [profile.canonical] * profile.papers if name]
    if known:
        return commonest(known)
    names = [name for profile in group for name, times in profile.names for _ in range(times)]
    if 2 * sum(member.named for member in members) < len(members):
        shorts = {short for profile in group for short in profile.key.shorts}
        names = [name for name in names if fold(name) not in shorts] or names
    return commonest(names)


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
