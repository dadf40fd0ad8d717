"""One function a measure, from paired papers to counts or a share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from paperkg.evaluation.annotation import Entity, Result
from paperkg.evaluation.pairing import Pairing
from paperkg.evaluation.scores import Bin, Counts, Mistake, MistakeKind, Scores
from paperkg.evaluation.spelling import address, fold, number, unit
from paperkg.model import ENTITY_TYPES, RELATIONS

SURE = 0.9
BINS = 10
_AS_ONE = {"Benchmark": "Dataset"}

Pairings = Sequence[Pairing]
Match = tuple[Entity, Entity]


def scores(pairings: Pairings, missing: tuple[str, ...]) -> Scores:
    """All measures; `missing` are the papers that were not read."""
    judged = list(_judged(pairings))
    bins = by_confidence(judged)
    clusters = [(gold.identity, found.identity) for gold, found in _matches(pairings)]
    sure = [right for confidence, right in judged if confidence is not None and confidence >= SURE]
    return Scores(
        named=layer(pairings, named=True),
        term=layer(pairings, named=False),
        all=entities(pairings, _right_type),
        edges=entities(pairings, _right_edge),
        untyped=entities(pairings, lambda _: True),
        results=results(pairings, _same_result),
        results_strict=results(pairings, _same_result_strictly),
        entity_relations=entity_relations(pairings),
        links=links(pairings),
        types=by_type(pairings),
        relations=by_relation(pairings),
        type_accuracy=_share(map(_right_type, _matches(pairings))),
        relation_accuracy=_share(_right_edge(match) for match in _matches(pairings) if _right_type(match)),
        surfaces=surfaces(pairings),
        resolution=pairwise(clusters),
        b_cubed=b_cubed(clusters),
        sure_precision=_share(sure),
        sure_share=len(sure) / len(judged) if judged else 0.0,
        calibration=calibration(bins, len(judged)),
        bins=bins,
        papers=len(pairings),
        missing=missing,
        mistakes=mistakes(pairings),
    )


# --- entities and edges


def entities(pairings: Pairings, right: Callable[[Match], bool]) -> Counts:
    """All entities; a match is a hit if it is right."""
    return Counts(
        hits=sum(map(right, _matches(pairings))),
        gold=sum(len(p.gold.entities) for p in pairings),
        found=sum(len(p.found.entities) for p in pairings),
    )


def layer(pairings: Pairings, *, named: bool) -> Counts:
    """The entities of one layer; a hit has the right type and stands in it on both sides."""
    return Counts(
        hits=sum(
            gold.named is found.named is named and _right_type((gold, found))
            for gold, found in _matches(pairings)
        ),
        gold=sum(e.named is named for p in pairings for e in p.gold.entities),
        found=sum(e.named is named for p in pairings for e in p.found.entities),
    )


def by_type(pairings: Pairings) -> dict[str, Counts]:
    """Hits of `all`, gold and found by type."""
    types = [type_ for type_ in ENTITY_TYPES if type_ not in _AS_ONE]
    return _grouped(pairings, types, key=_type, right=_right_type)


def by_relation(pairings: Pairings) -> dict[str, Counts]:
    """Hits of `edges`, gold and found by relation."""
    return _grouped(pairings, RELATIONS, key=lambda entity: entity.relation, right=_right_edge)


def _grouped(
    pairings: Pairings,
    groups: Iterable[str],
    *,
    key: Callable[[Entity], str | None],
    right: Callable[[Match], bool],
) -> dict[str, Counts]:
    hits = Counter(key(match[0]) for match in _matches(pairings) if right(match))
    gold = Counter(key(entity) for p in pairings for entity in p.gold.entities)
    found = Counter(key(entity) for p in pairings for entity in p.found.entities)
    return {group: Counts(hits[group], gold[group], found[group]) for group in groups}


def surfaces(pairings: Pairings) -> float:
    """Of gold's spellings of the entities found, the share that stands among their mentions."""
    return _share(
        fold(spelling) in mentioned
        for gold, found in _matches(pairings)
        for mentioned in [set(map(fold, found.spellings))]
        for spelling in gold.spellings
    )


# --- what stands beside entities


def entity_relations(pairings: Pairings) -> Counts:
    """Relations between entities, by gold's names where they were matched."""
    hits = gold = found = 0
    for p in pairings:
        names = p.gold_names()
        wanted = {(fold(s), predicate, fold(o)) for s, predicate, o in p.gold.relations}
        had = {(_named(names, s), predicate, _named(names, o)) for s, predicate, o in p.found.relations}
        hits, gold, found = hits + len(wanted & had), gold + len(wanted), found + len(had)
    return Counts(hits, gold, found)


def results(pairings: Pairings, same: Callable[[Result, Result, dict[str, str]], bool]) -> Counts:
    """Reported numbers; each that was found hits one of gold at most, in their order."""
    hits = gold = found = 0
    for p in pairings:
        names = p.gold_names()
        free = list(p.found.results)
        gold, found = gold + len(p.gold.results), found + len(free)
        for wanted in p.gold.results:
            place = next((i for i, had in enumerate(free) if same(wanted, had, names)), None)
            if place is not None:
                del free[place]
                hits += 1
    return Counts(hits, gold, found)


def _same_result(wanted: Result, had: Result, names: dict[str, str]) -> bool:
    if number(wanted.value) != number(had.value):
        return False
    arguments = [(a, b) for a, b in ((wanted.metric, had.metric), (wanted.on, had.on)) if a]
    return not arguments or any(_same_argument(a, b, names) for a, b in arguments)


def _same_result_strictly(wanted: Result, had: Result, names: dict[str, str]) -> bool:
    arguments = ((wanted.system, had.system), (wanted.metric, had.metric), (wanted.on, had.on))
    return (
        number(wanted.value) == number(had.value)
        and unit(wanted.value) == unit(had.value)
        and wanted.kind == had.kind
        and all(_same_argument(a, b, names) for a, b in arguments if a)
    )


def _same_argument(wanted: str, had: str | None, names: dict[str, str]) -> bool:
    return bool(had) and _named(names, had or "") == fold(wanted)


def links(pairings: Pairings) -> Counts:
    """Links, by URL and kind."""
    hits = gold = found = 0
    for p in pairings:
        wanted = {(address(url), kind) for url, kind in p.gold.links}
        had = {(address(url), kind) for url, kind in p.found.links}
        hits, gold, found = hits + len(wanted & had), gold + len(wanted), found + len(had)
    return Counts(hits, gold, found)


# --- one thing across papers


def pairwise(clusters: Sequence[tuple[str, str]]) -> float:
    """F1 over pairs of entities that are one thing.

    Args:
        clusters: gold's and the predicted identity of each entity.
    """

    def pairs(keys: Iterable[Hashable]) -> int:
        return sum(n * (n - 1) // 2 for n in Counter(keys).values())

    gold, found = pairs(g for g, _ in clusters), pairs(f for _, f in clusters)
    return Counts(pairs(clusters), gold, found).f1


def b_cubed(clusters: Sequence[tuple[str, str]]) -> float:
    """B-cubed F1: the mean over entities of how much their two clusters have in common.

    Args:
        clusters: gold's and the predicted identity of each entity.
    """
    if not clusters:
        return 0.0
    both, gold, found = Counter(clusters), Counter(g for g, _ in clusters), Counter(f for _, f in clusters)
    precision = sum(n * n / found[f] for (_, f), n in both.items()) / len(clusters)
    recall = sum(n * n / gold[g] for (g, _), n in both.items()) / len(clusters)
    return 2 * precision * recall / (precision + recall)


# --- confidence


def by_confidence(judged: Iterable[tuple[float | None, bool]]) -> tuple[Bin, ...]:
    """Edges by confidence, in steps of a tenth.

    Args:
        judged: the confidence of each edge, and whether it is right.
    """
    steps: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in judged:
        if confidence is not None:
            steps[min(BINS - 1, int(confidence * BINS))].append((confidence, right))
    return tuple(
        Bin(
            low=step / BINS,
            edges=len(edges),
            confidence=sum(confidence for confidence, _ in edges) / len(edges),
            right=sum(right for _, right in edges) / len(edges),
        )
        for step, edges in sorted(steps.items())
    )


def calibration(bins: Iterable[Bin], edges: int) -> float:
    """Expected calibration error.

    Args:
        bins: the edges that have a confidence.
        edges: the number of all.
    """
    return sum(b.edges * abs(b.confidence - b.right) for b in bins) / edges if edges else 0.0


def _judged(pairings: Pairings) -> Iterator[tuple[float | None, bool]]:
    """The confidence of each edge that was found, and whether it is right."""
    for p in pairings:
        yield from ((found.confidence, _right_edge((gold, found))) for gold, found in p.matches)
        yield from ((entity.confidence, False) for entity in p.extra)


# --- mistakes


def mistakes(pairings: Pairings) -> tuple[Mistake, ...]:
    """What went wrong with entities and edges, the most frequent first, then in the order of their text."""
    counted: Counter[tuple[MistakeKind, str, str]] = Counter()
    for p in pairings:
        counted.update(("missed", e.type, e.name) for e in p.missed)
        counted.update(("extra", e.type, e.name) for e in p.extra)
        for gold, found in p.matches:
            if not _right_type((gold, found)):
                counted["type", f"{gold.type} -> {found.type}", gold.name] += 1
            elif gold.relation != found.relation:
                counted["relation", f"{gold.relation} -> {found.relation}", gold.name] += 1
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Mistake(kind, what, name, times) for (kind, what, name), times in ordered)


# --- small parts


def _matches(pairings: Pairings) -> Iterator[Match]:
    return (match for p in pairings for match in p.matches)


def _type(entity: Entity) -> str:
    return _AS_ONE.get(entity.type, entity.type)


def _right_type(match: Match) -> bool:
    gold, found = match
    return _type(gold) == _type(found)


def _right_edge(match: Match) -> bool:
    gold, found = match
    return _right_type(match) and gold.relation == found.relation


def _named(names: dict[str, str], name: str) -> str:
    key = fold(name)
    return names.get(key, key)


def _share(rights: Iterable[bool]) -> float:
    values = list(rights)
    return sum(values) / len(values) if values else 0.0
