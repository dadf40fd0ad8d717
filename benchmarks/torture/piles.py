"""Piles of papers that hurt together: each is short, and all are made to meet in one name."""

from __future__ import annotations

import json
import string
from collections.abc import Callable
from pathlib import Path

from torture.frame import Case, Measured, megabytes, row, run_python

_TIMES = 4
_MOST_TIMES = 6.0
"""More than four: the larger graph gets a store on disk, the smaller one may not."""


def _word(number: int) -> str:
    letters = ""
    while number or not letters:
        number, letter = divmod(number, 26)
        letters = string.ascii_lowercase[letter] + letters
    return letters


def _name(number: int) -> str:
    return f"{_word(number).title()}Net"


def _about(number: int) -> str:
    topics = "speech image video robot language graph protein causality retrieval privacy music law".split()
    return " and ".join(topics[number // len(topics) ** place % len(topics)] for place in range(3))


def _both(
    abstract: Callable[[int], str], title: Callable[[int], str] | None = None
) -> Callable[[int], dict[str, str]]:
    def fields(number: int) -> dict[str, str]:
        said = title(number) if title else f"A paper of the words {_word(number)} and {_word(31 * number)}"
        return {"id": f"i{number}", "title": said, "abstract": abstract(number)}

    return fields


def _clash(number: int) -> dict[str, str]:
    return {
        "id": "one",
        "title": "One id of many",
        "date": f"{1000 + number % 9000}",
        "abstract": f"BERT {number}.",
    }


_PILES: dict[str, Callable[[int], dict[str, str]]] = {
    "one short form, long forms of many words": _both(
        lambda n: f"We propose A{_word(n)} B{_word(7 * n)} C{_word(3 * n)} Network (ABCN), a model."
    ),
    "one short form, long forms that begin alike": _both(
        lambda n: f"We propose Alpha Beta{_word(n)} Charlie Network (ABCN), a model."
    ),
    "one short form, longer and longer forms": _both(
        lambda n: (
            f"We propose {' '.join(_word(n + k).title() for k in range(n % 6))} Alpha Beta Network (ABN), a model."
        )
    ),
    "a known short form, defined anew or not": _both(
        lambda n: (
            f"We propose A{_word(n)} S{_word(n)} R{_word(n)} (ASR), a model."
            if n % 2
            else "We use ASR for speech."
        )
    ),
    "a word that all introduce": _both(lambda n: f"We introduce TRACE, a benchmark for {_about(n)}."),
    "names with a short form in them": _both(
        lambda n: (
            f"We propose A{_word(n)} S{_word(n)} R{_word(n)} (ASR), a model. We use multimodal ASR {_word(n)} networks."
        )
    ),
    "one long form, many short ones": _both(
        lambda n: f"We propose Alpha Beta Network (AB{_word(n).upper()}N), a model."
    ),
    "versions": _both(lambda n: f"We propose GPT-{n}, a language model. It beats GPT-{n + 1}."),
    "a chain": _both(lambda n: f"We propose {_name(n)}, a model. We compare with {_name(n + 1)}."),
    "plurals": _both(lambda n: f"We propose {_name(n)}s, a model. We use {_name(n)}."),
    "names of many parts": _both(
        lambda n: f"We propose {'-'.join(_word(n + k).title() for k in range(n % 40 + 1))}Net, a model."
    ),
    "one name of all kinds": _both(
        lambda n: f"We propose Foo, a {('model', 'benchmark', 'dataset', 'metric')[n % 4]} of {_word(n)}."
    ),
    "the same names in all": _both(
        lambda n: f"{_word(n).title()}. We use {', '.join(map(_name, range(1_000, 1_025)))}."
    ),
    "one result in all": _both(lambda n: f"BERT has an accuracy of {n % 100}.{n % 10}% on SQuAD."),
    "one title": _both(lambda n: f"We propose {_name(n)}.", lambda _: "A title of many papers"),
    "one title, one text": _both(lambda _: "We propose BERT, a model.", lambda _: "A title of many papers"),
    "one id": _clash,
}

_BUILD = """
import sys, time
import paperkg

pile, small, out = sys.argv[1:]
paperkg.build(small, fast=True, processes=1)
begun = time.process_time()
paperkg.build(pile, fast=True, processes=1).save(out)
print(time.process_time() - begun)
"""


def _cost(pile: Callable[[int], dict[str, str]], count: int, folder: Path) -> tuple[float, int]:
    """Seconds of processor and bytes of memory of a process that builds and writes the graph."""
    small, file = folder / "small.jsonl", folder / "pile.jsonl"
    small.write_text(json.dumps({"title": "A small start", "abstract": "We propose BERT."}), "utf-8")
    file.write_text("".join(json.dumps(pile(number)) + "\n" for number in range(count)), "utf-8")
    run = run_python(_BUILD, str(file), str(small), str(folder / "pile"), seconds=1_800)
    if run.status:
        raise RuntimeError(f"ended with {run.status}: {run.stderr.decode(errors='replace')[-300:]}")
    return float(run.stdout), run.peak


@row(
    "4b",
    "piles of 2,000 and 8,000 short papers, alike in one thing: a short form, a long form, a name, versions, a name of all kinds, a title, "
    "an id; from their file to the files of the graph, the fast way",
    passes="four times as many papers take <= 6 times as long and as much memory",
    minutes=60,
)
def piles(case: Case) -> Measured:
    """A process for each pile; what is loaded once does not count."""
    figures: dict[str, object] = {}
    failures: list[str] = []
    steepest, slowest, most = (0.0, ""), (0.0, ""), (0, "")
    count = case.count(2_000, least=200)
    names = case.random.sample(sorted(_PILES), case.count(len(_PILES), least=3))
    for name in names:
        once, little = _cost(_PILES[name], count, case.scratch)
        took, memory = _cost(_PILES[name], _TIMES * count, case.scratch)
        steepest, slowest = max(steepest, (took / once, name)), max(slowest, (took, name))
        most = max(most, (memory, name))
        if took > _MOST_TIMES * case.slack * once or memory > _MOST_TIMES * little:
            failures.append(
                f"{name}: {once:.1f} s, {megabytes(little)}, then {took:.1f} s, {megabytes(memory)}"
            )
    figures["piles"] = len(names)
    figures["steepest"] = f"{steepest[0]:.2f} times ({steepest[1]})"
    figures["slowest"] = f"{slowest[0]:.1f} s for {_TIMES * count:,} papers ({slowest[1]})"
    figures["most memory"] = f"{megabytes(most[0])} ({most[1]})"
    return Measured(figures, failures)
