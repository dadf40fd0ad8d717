"""Measures how many IRIs of a graph change when papers come, and how many of these a pointer can follow.

    python benchmarks/stable_iris.py EXTRACTED.jsonl [--share 0.1] [--times 5]

EXTRACTED is what `paperkg extract` writes. A share of the papers is taken away, at random, and comes back: the other papers' entities
are resolved without them and with them. An edge has changed if its entity has another IRI then; an IRI is no longer there if it was the
other papers' and is nobody's then.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

from paperkg.lexicon import load_lexicon
from paperkg.model import Decision, Extraction
from paperkg.records import extraction_from_json
from paperkg.resolution import DEFAULT_BASE, resolve
from paperkg.resolution.ledger import Ledger

Places = dict[tuple[str, str], str]
"""From a paper and the key that an entity has in it to the entity's IRI."""


def places(resolved: list[Extraction]) -> Places:
    """Where each paper's entities went."""
    return {(x.paper.id, e.key): e.iri or "" for x in resolved for e in (x.extracted or x).entities}


def followed(kept: list[Extraction], papers: list[Extraction]) -> tuple[Decision, ...]:
    """The pointers that are left when the other papers come back."""
    there = {extraction.paper.id for extraction in kept}
    with Ledger(load_lexicon(), DEFAULT_BASE) as ledger:
        for extraction in kept:
            ledger.put(extraction)
        ledger.resolve()
        for extraction in papers:
            if extraction.paper.id not in there:
                ledger.put(extraction)
        return ledger.resolve().moved


def why(old: str, new: str) -> str:
    """What in an IRI is another."""
    (*_, old_type, old_name), (*_, new_type, new_name) = old.split("/"), new.split("/")
    if old_type != new_type and old_name != new_name:
        return "type and name"
    if old_type != new_type:
        return "type"
    return "digest" if old_name.split("--")[0] == new_name.split("--")[0] else "name"


def main() -> None:
    """Print the figures, and some of the changes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("extracted", type=Path)
    parser.add_argument("--share", type=float, default=0.1, help="share of the papers that is taken away")
    parser.add_argument("--times", type=int, default=3, help="how often")
    parser.add_argument("--shown", type=int, default=0, help="changes to show")
    given = parser.parse_args()
    lines = given.extracted.read_text(encoding="utf-8").splitlines()
    papers = [extraction_from_json(json.loads(line)) for line in lines]
    all_papers = resolve(papers)
    whole = places(all_papers)
    edges, moved, causes, pointers = Counter[str](), Counter[str](), Counter[str](), 0
    for time in range(given.times):
        kept = random.Random(time).sample(papers, round(len(papers) * (1 - given.share)))
        some = resolve(kept)
        fewer = places(some)
        pointers += len(followed(kept, papers))
        gone = {(whole[place], iri) for place, iri in fewer.items() if whole[place] != iri}
        edges["all"] += len(fewer)
        edges["changed"] += sum(whole[place] != iri for place, iri in fewer.items())
        moved["all"] += len(set(fewer.values()))
        moved["changed"] += len({new for _, new in gone} - set(whole.values()))
        causes.update(why(old, new) for old, new in gone)
        for old, new in sorted(gone)[: given.shown]:
            print(f"  {new} -> {old}")
    print(f"{len(papers)} papers, a share of {given.share:g} taken away {given.times} times")
    print(
        f"edges that lead to another IRI  {edges['changed']} of {edges['all']}: {edges['changed'] / edges['all']:.4%}"
    )
    print(
        f"IRIs that are no longer there   {moved['changed']} of {moved['all']}: {moved['changed'] / moved['all']:.4%}"
    )
    print(f"of these, with a pointer to go on  {pointers}")
    print(f"pairs of IRIs by what changed   {dict(causes.most_common())}")


if __name__ == "__main__":
    main()
