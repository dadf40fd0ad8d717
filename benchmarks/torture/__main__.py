"""The command: see the package's docstring."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parent.parent)

import torture  # noqa: E402
from torture.frame import rows  # noqa: E402
from torture.report import keep, write_page  # noqa: E402
from torture.runner import run_inside, run_row  # noqa: E402


def main() -> int:
    """Run the rows that are asked for and print the table."""
    parser = argparse.ArgumentParser(
        description=torture.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("row", nargs="*")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside:
        run_inside(asked.row[0], asked.share, asked.seed, asked.inside)
        return 0
    known = rows()
    if unknown := set(asked.row) - {one.key for one in known}:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    failed = 0
    for one in known:
        if asked.row and one.key not in asked.row:
            continue
        print(f"{one.key:>4}  {one.test}\n      passes if {one.passes}", flush=True)
        if asked.list:
            continue
        outcome = run_row(one, asked.share, asked.seed)
        for name, value in outcome.figures.items():
            print(f"      {name}: {value}")
        for name, value in outcome.others.items():
            print(f"      bare {name}: {value}")
        for failure in outcome.failures:
            print(f"      fails: {failure}")
        verdict = "passes" if outcome.passed else f"FAILS {f'({one.gap})' if one.gap else ''}"
        print(f"      {verdict} in {outcome.seconds:.1f} s, {outcome.peak / 1e6:,.0f} MB", flush=True)
        failed += not outcome.passed
        if asked.write:
            keep(one, outcome, asked.share, asked.seed)
            write_page(known)
    if asked.write:
        write_page(known)
    return 3 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
