"""Row 36: what is known of the libraries below, and whether the guards before them hold."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from torture.canaries import CANARIES, Canary
from torture.clients import listener, made_quads, running
from torture.frame import Case, Measured, Run, row, run_python

_SECONDS = 20.0
_NOT_FOUND = b"HTTP/1.1 404 no\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_MEMORY = 6 << 30
_PATIENCE = 4.0
"""Seconds after which what does not end has no end, times the slack of the row."""


def _ask(code: str, port: int, seconds: float) -> Run:
    folder = str(Path(__file__).parent.parent)
    return run_python(code, str(port), seconds=seconds, memory=_MEMORY, environment={"PYTHONPATH": folder})


def _sings(canary: Canary, port: int, calls: list[bytes], slack: float) -> str:
    """`yes`, `no`, or why it could not be asked."""
    calls.clear()
    run = _ask(canary.sings, port, _SECONDS * slack if canary.ends else _PATIENCE * slack)
    if not canary.ends:
        return "yes" if run.status < 0 or run.late else "no"
    if calls:
        return "yes"
    said = run.stdout.decode(errors="replace").strip()
    last = (run.stderr.decode(errors="replace").strip().splitlines() or ["nothing said"])[-1]
    return said if said in ("yes", "no") and run.status == 0 else f"status {run.status}: {last[:160]}"


def _trouble(canary: Canary, port: int, calls: list[bytes], case: Case) -> str:
    """What is wrong with the guard; nothing if it holds."""
    calls.clear()
    if canary.holds.startswith("server: "):
        return _server_trouble(case, canary.holds.removeprefix("server: "))
    run = _ask(canary.holds, port, 2 * _SECONDS * case.slack)
    time.sleep(0.05)
    if calls:
        return f"a request went out: {calls[0][:60]!r}"
    if run.stdout.decode(errors="replace").strip() == "yes" and run.status == 0:
        return ""
    last = (run.stderr.decode(errors="replace").strip().splitlines() or ["it says no"])[-1]
    return f"status {run.status}: {last[:160]}"


def _server_trouble(case: Case, query: str) -> str:
    """Whether a server ends a query that has no end, and answers the next one."""
    from torture.queries import works

    folder = case.scratch / "server"
    folder.mkdir(exist_ok=True)
    with running(made_quads(folder, 6_000), query_time=2, query_memory=256 << 20) as server:
        begun = time.monotonic()
        status = server.post(query).status
        took = time.monotonic() - begun
        if status not in (422, 503) or took > 4 * case.slack:
            return f"the server says {status} after {took:.1f} s"
        return "" if works(server)[0] else "the server does not answer the next query"


def _audit(case: Case, failures: list[str]) -> str:
    """What the registry's advisories say of the packages that the lock file names."""
    if case.share < 1:
        return "not asked"
    from audit import NoAnswerError, audit

    try:
        found = audit()
    except NoAnswerError as error:
        return f"nothing learned: {error}"
    failures.extend(found.vulnerable)
    asked = len(found.audited) + len(found.unknown)
    if not found.audited:
        return f"nothing learned: the registry answers for none of {asked} packages"
    return f"{len(found.audited)} of {asked} packages looked at, {len(found.vulnerable)} with advisories"


@row(
    "36",
    f"dependencies: their advisories (pip-audit); {len(CANARIES)} known faults of libraries, each asked in a limited process, and the guard before it",
    passes="no advisory; every fault could be asked, every guard holds; a fault that is gone is shown with the guard that it leaves needless",
    minutes=30,
)
def canaries(case: Case) -> Measured:
    """A fault that is mended is no failure: it says which guard can go."""
    failures: list[str] = []
    figures: dict[str, object] = {"advisories": _audit(case, failures)}
    some = case.random.sample(CANARIES, case.count(len(CANARIES), 6))
    some.sort(key=CANARIES.index)
    still: dict[str, list[str]] = {}
    gone = []
    with listener(_NOT_FOUND) as (port, calls):
        for canary in some:
            answer = _sings(canary, port, calls, case.slack)
            if answer == "yes":
                still.setdefault(canary.guard, []).append(canary.fact)
            elif answer == "no":
                gone.append(f"{canary.fact}: the guard {canary.guard} has become needless")
            else:
                failures.append(f"could not be asked: {canary.fact}: {answer}")
            if trouble := _trouble(canary, port, calls, case):
                failures.append(f"{canary.guard} does not hold ({canary.fact}): {trouble}")
    figures["faults asked, still there"] = f"{len(some)}, {sum(map(len, still.values()))}"
    figures |= {f"kept off by {guard}": "; ".join(facts) for guard, facts in sorted(still.items())}
    figures |= {f"no longer ({number})": what for number, what in enumerate(gone, 1)}
    figures["Python"] = sys.version.split()[0]
    return Measured(figures, failures)
