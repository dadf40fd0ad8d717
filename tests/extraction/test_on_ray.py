from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from ray_cluster import Mortal

from paperkg.api import build
from paperkg.errors import PaperkgError
from paperkg.extraction import ExtractionCache, extract_papers, extractor, reader_identity
from paperkg.extraction.lines import paper_line
from paperkg.extraction.on_ray import read_on_ray
from paperkg.extraction.side_by_side import make_reader
from paperkg.model import Extraction, Paper, PartialDate
from paperkg.records import extraction_to_line

HERE = Path(__file__).parent
if find_spec("ray") is None:
    pytest.skip("Ray, of the extra `ray`, is not installed", allow_module_level=True)


def papers(number: int) -> list[Paper]:
    return [
        Paper(
            str(n),
            f"A study of GPT-{n}",
            f"We test BERT and GPT-{n} on GSM8K and reach an accuracy of {n % 100}%. " * (n % 7 + 1)
            + "\u2028\U0001f600",
            date=PartialDate("Feb 8", month=2, day=8),
        )
        for n in range(number)
    ]


class RunningCluster:
    """A cluster of two machines, in processes of its own."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self._program = program
        self.address = self._told()

    def _told(self) -> str:
        if self._program.stdout is None:
            raise RuntimeError("no pipe")
        return self._program.stdout.readline().strip()

    def kill_a_machine(self) -> None:
        """Kill the second one with all that runs on it."""
        if self._program.stdin is None:
            raise RuntimeError("no pipe")
        self._program.stdin.write("kill\n")
        self._program.stdin.flush()
        if self._told() != "killed":
            raise RuntimeError("it was not killed")


@contextmanager
def running(folder: Path) -> Iterator[RunningCluster]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", os.urandom(16).hex())
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
        program = [sys.executable, HERE / "ray_cluster.py"]
        pipe = subprocess.PIPE
        with (
            (folder / "cluster.log").open("w") as log,
            subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=log, text=True) as process,
        ):
            yield RunningCluster(process)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    with running(tmp_path_factory.mktemp("ray")) as made:
        yield made


SOME = papers(300)
PORTIONS = [SOME[n : n + 32] for n in range(0, 300, 32)]


@pytest.fixture(scope="module")
def expected() -> list[Extraction]:
    return list(extract_papers(SOME, fast=True))


def mortal(folder: Path, deaths: int, address: str) -> list[Extraction]:
    """Read on a cluster with a reader that dies."""
    make = partial(Mortal, folder, "150", deaths)
    found = read_on_ray(PORTIONS, address, None, make, partial(reader_identity, fast=True))
    return [extraction for portion in found for extraction in portion]


def test_a_cluster_finds_what_one_machine_does(cluster: RunningCluster, expected: list[Extraction]) -> None:
    done: list[int] = []
    found = list(
        extract_papers(SOME, fast=True, processes=None, cluster=cluster.address, progress=done.append)
    )
    assert found == expected
    assert list(map(extraction_to_line, found)) == list(map(extraction_to_line, expected))
    assert sum(done) == 300


def test_a_graph_has_the_same_bytes(cluster: RunningCluster, tmp_path: Path) -> None:
    source = tmp_path / "papers.jsonl"
    source.write_bytes(b"".join(map(paper_line, SOME[:60])))
    for place, address in ("here", None), ("there", cluster.address):
        build(source, out=tmp_path / place, cluster=address)
    names = sorted(path.name for path in (tmp_path / "here").iterdir() if path.is_file())
    assert len(names) > 5
    for name in names:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_another_worker_reads_the_portions_of_one_that_dies(
    cluster: RunningCluster, expected: list[Extraction], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert mortal(tmp_path, 1, cluster.address) == expected
    assert capfd.readouterr() == ("", "")  # Ray would tell of the death on standard output
    (died,) = tmp_path.iterdir()
    assert int(died.name.split("-")[1]) != os.getpid()


def test_a_paper_that_no_worker_survives_is_an_error(cluster: RunningCluster, tmp_path: Path) -> None:
    with pytest.raises(PaperkgError, match="die again and again"):
        mortal(tmp_path, 99, cluster.address)
    assert len(list(tmp_path.iterdir())) == 5


def test_workers_of_another_version_are_refused(cluster: RunningCluster) -> None:
    make = partial(make_reader, fast=True, lexicon=None)
    with pytest.raises(PaperkgError, match="other things"):
        list(read_on_ray(PORTIONS, cluster.address, 1, make, own_process))


def own_process() -> str:
    """An identity that no two processes share."""
    return str(os.getpid())


def test_what_is_known_is_not_read_on_the_cluster(
    cluster: RunningCluster, expected: list[Extraction], tmp_path: Path
) -> None:
    with ExtractionCache(tmp_path / "c.sqlite", extractor(fast=True)) as kept:
        on_ray = partial(extract_papers, fast=True, processes=2, cache=kept)
        assert list(on_ray(SOME[100:200], cluster=cluster.address)) == expected[100:200]
        assert list(on_ray(SOME, cluster=cluster.address)) == expected
        assert kept.found == 100
        assert list(on_ray(SOME, cluster="127.0.0.1:1")) == expected


def test_a_machine_that_dies_changes_nothing(tmp_path: Path) -> None:
    many = papers(800)
    with running(tmp_path) as cluster:
        found = extract_papers(many, fast=True, processes=None, cluster=cluster.address)
        first = [next(found) for _ in range(100)]
        cluster.kill_a_machine()
        assert [*first, *found] == list(extract_papers(many, fast=True))


def test_no_cluster_is_an_error() -> None:
    with pytest.raises(PaperkgError, match=r"no cluster at 127\.0\.0\.1:1"):
        list(extract_papers(papers(1), fast=True, cluster="127.0.0.1:1"))
