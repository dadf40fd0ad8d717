"""Runs rows, each in a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

from torture.frame import ROOT, Case, Row, peak_memory, rows, run_program


@dataclass(frozen=True)
class Outcome:
    """What came of a row.

    Attributes:
        figures: what was measured, as text.
        failures: what did not pass.
        others: what bare libraries do in the same test.
        seconds: how long it took.
        peak: bytes of memory of the row's largest process.
    """

    figures: dict[str, str]
    failures: tuple[str, ...]
    others: dict[str, str]
    seconds: float
    peak: int

    @property
    def passed(self) -> bool:
        """Whether there is no failure."""
        return not self.failures


def run_row(one: Row, share: float, seed: int) -> Outcome:
    """Run a row in a process of its own and wait for it."""
    limit = one.seconds(share)
    with tempfile.TemporaryDirectory(prefix=f"torture-{one.key}-") as folder:
        place = Path(folder)
        (place / "scratch").mkdir()
        command = (sys.executable, Path(__file__).parent, one.key)
        run = run_program(
            [*command, "--inside", folder, "--share", str(share), "--seed", str(seed)],
            seconds=limit,
            environment={"TMPDIR": str(place / "scratch")},
            folder=ROOT,
        )
        result = place / "outcome.json"
        if not result.exists():
            last = run.stderr.decode(errors="replace").strip().splitlines()[-3:]
            why = f"did not end within {limit:g} s" if run.late else f"its process ended with {run.status}"
            return Outcome({}, (": ".join((why, " | ".join(last))),), {}, run.seconds, run.peak)
        known = json.loads(result.read_text("utf-8"))
    return Outcome(known["figures"], tuple(known["failures"]), known["others"], run.seconds, known["peak"])


def run_inside(key: str, share: float, seed: int, folder: Path) -> None:
    """Run a row in this process and leave what came of it in a folder."""
    function = next(one.function for one in rows() if one.key == key)
    try:
        measured = function(Case(share, seed, folder / "scratch"))
        figures = {name: _text(value) for name, value in measured.figures.items()}
        failures, others = tuple(measured.failures), dict(measured.others)
    except Exception as error:
        traceback.print_exc()
        place = traceback.extract_tb(error.__traceback__)[-1]
        figures, others = {}, {}
        failures = (f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})",)
    peak = max(peak_memory(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
    outcome = asdict(Outcome(figures, failures, others, 0.0, peak))
    (folder / "outcome.json").write_text(json.dumps(outcome), "utf-8")


def _text(value: object) -> str:
    return (
        f"{value:,}" if isinstance(value, int) else f"{value:.3g}" if isinstance(value, float) else str(value)
    )
