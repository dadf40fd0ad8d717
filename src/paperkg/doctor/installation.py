"""The installation: Python, packages, what paperkg ships, and what the system lets it do.

Nothing of paperkg but this room is imported here, and packages are tried in a process of their own: a broken one can
end it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import locale
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from paperkg import __version__
from paperkg.doctor.finding import Finding, good, note, size, wrong

PACKAGE = Path(__file__).parent.parent
SHIPPED = Path(__file__).with_name("shipped.tsv")
OLDEST = (3, 11)
LEAST_ROOM = 500_000_000
MODULES = (
    "packaging click rich numpy spacy onnxruntime networkx rdflib pyoxigraph oxrdflib jinja2 pyvis bibtexparser loky zstandard"
).split()
"""The packages without which paperkg does not work."""
_AGAIN = "install paperkg again: pip install --force-reinstall paperkg"
_TRY_S = 120
_TRY = """
import importlib, sys
for name in sys.argv[1:]:
    print(name, flush=True)
    importlib.import_module(name)
print("paperkg", flush=True)
from paperkg.extraction import extract_papers
from paperkg.model import Paper
paper = Paper("1", "CLadder: A Benchmark", "We introduce CLadder, a benchmark. We evaluate GPT-4 on it.")
for fast in (True, False):
    [found] = extract_papers([paper], fast=fast)
    if not found.entities:
        raise ValueError("nothing is found in a paper")
print("all", flush=True)
"""
"""Imports one package after the other and reads a paper; the last line of its output is what it was at."""


def examine_installation() -> Iterator[Finding]:
    """All checks of the installation, the quick ones first."""
    yield _python()
    yield from _packages()
    yield _shipped()
    yield _imports()
    yield _locale()
    yield _temporary()


def _python() -> Finding:
    told = f"{'.'.join(map(str, sys.version_info[:3]))} on {sys.platform}, {sys.executable}"
    if sys.version_info < OLDEST:
        return wrong("python", told, "paperkg needs Python 3.11 or later")
    if sys.platform != "linux":
        return note("python", told, "serve and the guards against runaway queries need Linux")
    return good("python", told)


def _packages() -> Iterator[Finding]:
    """Whether each package that paperkg asks for is there in a version that will do."""
    try:
        asked = importlib.metadata.requires("paperkg") or []
    except importlib.metadata.PackageNotFoundError:
        yield note(
            "packages", "paperkg runs from its source and was not installed", "pip install it, or go on"
        )
        return
    try:
        from packaging.requirements import Requirement
    except ImportError:
        yield wrong("packages", "packaging is missing", "pip install packaging")
        return
    wanting: dict[str, list[str]] = {"": [], **{extra: [] for extra in _extras()}}
    for requirement in map(Requirement, asked):
        marker = requirement.marker
        extra = next((e for e in wanting if marker is None or marker.evaluate({"extra": e})), None)
        have = _version(requirement.name)
        if extra is None:
            continue  # it is for another system or Python
        if have is None:
            wanting[extra].append(f"{requirement.name} is missing")
        elif not requirement.specifier.contains(have, prereleases=True):
            wanting[extra].append(f"{requirement.name} is {have}, not {requirement.specifier}")
    if own := wanting.pop(""):
        yield wrong("packages", "; ".join(own), "pip install --upgrade paperkg")
    else:
        yield good("packages", f"paperkg {__version__} and what it needs")
    for extra, lacks in wanting.items():
        if lacks:
            mend = f"for what it gives: pip install 'paperkg[{extra}]'"
            yield note(f"extra {extra}", "; ".join(lacks), mend)
        else:
            yield good(f"extra {extra}", "complete")


def _extras() -> list[str]:
    return sorted(importlib.metadata.metadata("paperkg").get_all("Provides-Extra") or [])


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def shipped_files() -> Iterator[tuple[str, Path]]:
    """The weights, tables and vocabularies of the package, by their names in it."""
    for file in sorted(PACKAGE.rglob("*")):
        name = file.relative_to(PACKAGE).as_posix()
        if (file.suffix in (".npz", ".onnx", ".tsv", ".ttl") or file.name == "vocab.txt") and file != SHIPPED:
            yield name, file


def _shipped() -> Finding:
    """Whether the weights and tables are as they were shipped."""
    bad = []
    told = [line.split("\t") for line in SHIPPED.read_text("utf-8").splitlines()]
    for name, digest in told:
        try:
            with (PACKAGE / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    bad.append(f"{name} is not as it was shipped")
        except FileNotFoundError:
            bad.append(f"{name} is missing")
        except OSError as error:
            bad.append(f"{name} cannot be read: {error.strerror}")
    if bad:
        return wrong("weights and tables", "; ".join(bad), _AGAIN)
    return good("weights and tables", f"{len(told)} files, as they were shipped")


def _imports() -> Finding:
    """Whether the packages can be imported, and a paper be read."""
    try:
        done = subprocess.run(  # noqa: S603 - this Python, and names that stand in this file
            [sys.executable, "-P", "-c", _TRY, *MODULES],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TRY_S,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        told = f"took more than {_TRY_S} s and was stopped, at {_last(slow.stdout)}"
        return note("reading a paper", told, "run doctor again when the machine is less busy")
    except OSError as error:
        return wrong("reading a paper", f"{sys.executable} cannot be run: {error.strerror}", _AGAIN)
    at = _last(done.stdout)
    if at == "all" and done.returncode == 0:
        return good("reading a paper", "works, the usual way and the fast one")
    cause = (done.stderr.strip().splitlines() or [f"it ended with status {done.returncode}"])[-1]
    mend = _AGAIN if at == "paperkg" else f"pip install --force-reinstall {at}"
    return wrong("reading a paper", f"fails at {at}: {cause}", mend)


def _last(output: bytes | str | None) -> str:
    """The last word that a program printed; one that was stopped gives bytes."""
    text = output.decode("utf-8", "replace") if isinstance(output, bytes) else output or ""
    return (text.split() or ["python"])[-1]


def _locale() -> Finding:
    encoding = (getattr(sys.stdout, "encoding", None) or locale.getpreferredencoding(False)).lower()
    if encoding.replace("-", "") == "utf8":
        return good("locale", "UTF-8")
    return note(
        "locale", f"the terminal is {encoding}: some characters are shown as escapes", "set LC_ALL=C.UTF-8"
    )


def _temporary() -> Finding:
    """Whether there is room for what does not fit into memory."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return wrong("temporary files", f"cannot be written: {error}", "set TMPDIR to a folder that can be")
    if free < LEAST_ROOM:
        return wrong(
            "temporary files",
            f"{folder} has {size(free)} left",
            "free some space, or set TMPDIR to another folder",
        )
    return good("temporary files", f"{folder}, {size(free)} free")
