"""What paperkg must stand: faults, load and attack, one row of a table a test. One command runs all and prints the table.

    python benchmarks/torture [--share 1.0] [--seed 1] [--write] [--list] [ROW...]

`--share` is the part of the full counts that runs; the tests run a hundredth of each row, `make torture` all of it.
`--write` puts the figures into results.json, row by row, and writes docs/torture.md from it anew; `--list --write` writes the page alone. Each row runs in a
process of its own, which is killed with all its children at the row's time limit.

How to add a row: in one of the modules of this folder (`MODULES` of frame.py lists them), write

    from torture.frame import Case, Measured, row

    @row("4", "text bombs: 20k to 1M of each punctuation mark", passes="<= 1 s a record, <= 100 MB more")
    def text_bombs(case: Case) -> Measured:
        worst = 0.0
        for size in range(case.count(300)):         # 300 at share 1.0, 3 in the tests, never less than 1
            ...                                      # case.random: seeded; case.scratch: an empty folder
        return Measured(
            {"records": case.count(300), "slowest": f"{worst:.2f} s"},   # shown in this order
            failures=[...] ,                          # sentences; the row passes if there are none
            others={"spaCy": "20k brackets: 34 s"},  # the same test of bare libraries, in the same run
        )

Import heavy modules inside the function. A row that takes minutes even at a hundredth says `slow="why"` (the tests then skip
it, and tests/skipped.tsv must list it). A row that fails for a reason that is known and stands says `gap="why"`:
the tests expect it to fail, and the table shows both. `minutes=` is the time limit at share 1.0 (15 if not said); at a smaller
share it is at least five minutes. `run_program` runs a program under limits and says how long it took and its peak of memory; a bare library
that may hang or crash belongs in such a process. Raise nothing for a failure: a row that raises is shown as an error.
"""
