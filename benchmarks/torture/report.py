"""The table as a page: docs/torture.md, from the figures of the last run of each row."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from torture.frame import ROOT, Row
from torture.runner import Outcome

RESULTS = Path(__file__).parent / "results.json"
PAGE = ROOT / "docs" / "torture.md"
LIBRARIES = ("paperkg", "pyoxigraph", "rdflib", "pyvis", "spacy", "networkx", "starlette", "uvicorn", "h11")
HEAD = """\
# Faults, load and attack

Each row is a test of the built product; `make torture` runs all of them and writes this page, `python benchmarks/torture 24`
runs one, and the tests run a hundredth of each with a fixed seed. A row that fails stays in the table with its figures. Memory is that of the
row's largest process unless it says otherwise. Bare libraries stand in the table below: they read no pages and have no server, so that
some rows have nothing to compare. `load` is how many processes wanted a processor, where other work ran beside the row: times
are longer then.
"""


def keep(one: Row, outcome: Outcome, share: float, seed: int) -> None:
    """Put what came of a row in the place of what came of it before."""
    known = _known()
    known[one.key] = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "share": share,
        "seed": seed,
        "seconds": round(outcome.seconds, 1),
        "peak": outcome.peak,
        "load": round(os.getloadavg()[1], 1),
        "machine": _machine(),
        "versions": _versions(),
        "figures": outcome.figures,
        "failures": outcome.failures,
        "others": outcome.others,
    }
    RESULTS.write_text(json.dumps(known, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def write_page(rows: Sequence[Row]) -> None:
    """Write the page from what is kept."""
    kept = _known()
    known = {one.key: kept[one.key] for one in rows if one.key in kept}
    lines = [HEAD, *_conditions(known), "", "| row | test | passes if | measured | verdict |"]
    lines += ["| --- | --- | --- | --- | --- |"]
    for one in rows:
        cells = (one.key, one.test, one.passes, *_findings(one, known.get(one.key)))
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    lines += [
        "",
        "## The same tests of bare libraries",
        "",
        "| row | library | does |",
        "| --- | --- | --- |",
    ]
    for one in rows:
        for name, does in known.get(one.key, {}).get("others", {}).items():
            lines.append(f"| {one.key} | {_cell(name)} | {_cell(does)} |")
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")


def _known() -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    return known


def _findings(one: Row, known: dict[str, Any] | None) -> tuple[str, str]:
    if known is None:
        return "not run yet", "open"
    part = "" if known["share"] == 1 else f"; {known['share']:.2%} of the counts"
    said = [f"{name}: {value}" for name, value in known["figures"].items()]
    said += known["failures"][:5]
    if len(known["failures"]) > 5:
        said.append(f"and {len(known['failures']) - 5} more")
    load = known.get("load", 0)
    busy = f", load {load:g}" if load > 1.5 * (os.cpu_count() or 1) else ""
    said.append(f"{known['seconds']:,.0f} s, {known['peak'] / 1e6:,.0f} MB{busy}{part}")
    verdict = "**fails**" if known["failures"] else "passes"
    return "<br>".join(said), f"{verdict}: {one.gap}" if one.gap and known["failures"] else verdict


def _conditions(known: dict[str, dict[str, Any]]) -> list[str]:
    """When and with what the rows ran, each combination once."""
    groups: dict[str, list[str]] = {}
    for key, result in known.items():
        versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
        groups.setdefault(f"{result['date']}, {result['machine']}: {versions}", []).append(key)
    if len(groups) == 1:
        return [f"- {next(iter(groups))}"]
    return [f"- {said} (rows {', '.join(keys)})" for said, keys in groups.items()]


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    cores = len(os.sched_getaffinity(0))
    return f"{names[0] if names else platform.machine()}, {cores} cores, {memory:.0f} GiB, Linux {platform.release()}"


def _versions() -> dict[str, str]:
    return {"Python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
