from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import strategies
from paperkg.extraction import ExtractionCache, cache, extract_papers, extractor, identity, side_by_side
from paperkg.extraction.fast.extract import FastReader
from paperkg.lexicon import Entry, Lexicon, load_lexicon
from paperkg.model import Extraction, Paper


def papers(number: int, start: int = 0) -> list[Paper]:
    return [
        Paper(str(n), f"A study of GPT-{n}", f"We test BERT and GPT-{n} on GSM8K.")
        for n in range(start, start + number)
    ]


def fast_cache(path: Path, lexicon: Lexicon | None = None) -> ExtractionCache:
    return ExtractionCache(path, extractor(fast=True), lexicon)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "graph.store" / "extractions.sqlite"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the papers that were read."""
    ids: list[str] = []

    class Counting(FastReader):
        def __call__(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
            some = list(papers)
            ids.extend(paper.id for paper in some)
            return super().__call__(some)

    monkeypatch.setattr(side_by_side, "FastReader", Counting)
    return ids


@pytest.fixture
def unresolved(small_graph: Any) -> list[Extraction]:
    """Four papers, as the extractor gives them."""
    return [
        replace(e, entities=tuple(replace(entity, iri=None, resolved_by=None) for entity in e.entities))
        for e in small_graph.extractions
    ]


def test_what_was_put_is_found_with_the_paper_that_asks(file: Path, unresolved: list[Extraction]) -> None:
    made = unresolved
    with ExtractionCache(file, "x-1") as kept:
        for extraction in made:
            assert kept.get(extraction.paper) is None
            kept.put(extraction)
        assert [kept.get(e.paper) for e in made] == made
    with ExtractionCache(file, "x-1") as kept:
        other = replace(made[0].paper, id="other", url=None, listings=())
        assert kept.get(other) == replace(made[0], paper=other)
        assert kept.get(replace(other, abstract=other.abstract + " ")) is None
        assert kept.get(replace(other, title=other.title + other.abstract[0])) is None
        assert (kept.found, kept.lost, kept.trouble) == (1, 0, None)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_another_extractor_or_lexicon_finds_nothing(file: Path, unresolved: list[Extraction]) -> None:
    made = unresolved[0]
    own = load_lexicon([Entry("CLadder", "Dataset", True, own=True)])
    with ExtractionCache(file, "x-1") as kept:
        kept.put(made)
    with ExtractionCache(file, "x-2") as kept:
        assert kept.get(made.paper) is None
    with ExtractionCache(file, "x-1", own) as kept:
        assert kept.get(made.paper) is None
        kept.put(made)
        assert kept.get(made.paper) == made
    with ExtractionCache(file, "x-1", load_lexicon()) as kept:
        assert kept.get(made.paper) == made


def test_another_version_of_a_library_finds_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch, unresolved: list[Extraction]
) -> None:
    made = unresolved[0]
    with ExtractionCache(file, "x-1") as kept:
        kept.put(made)
    monkeypatch.setattr(identity, "version", lambda name: "99")
    with ExtractionCache(file, "x-1") as kept:
        assert kept.get(made.paper) is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.extractions())
def test_any_extraction_comes_back(tmp_path: Path, extraction: Extraction) -> None:
    with ExtractionCache(tmp_path / "any.sqlite", "x-1", Lexicon([])) as kept:
        kept.put(extraction)
        again = kept.get(extraction.paper)
    try:
        cache.check(extraction)
    except ValueError:
        assert again is None
    else:
        assert again == extraction


def test_only_new_papers_are_read_and_all_come_in_order(file: Path, read: list[str]) -> None:
    some = papers(700)
    expected = list(extract_papers(some, fast=True))
    read.clear()
    with fast_cache(file) as kept:
        first = some[100:300] + some[650:]
        assert list(extract_papers(first, fast=True, cache=kept)) == expected[100:300] + expected[650:]
        assert read == [paper.id for paper in first]
        read.clear()
        done: list[int] = []
        assert list(extract_papers(iter(some), fast=True, cache=kept, progress=done.append)) == expected
        assert read == [paper.id for paper in some[:100] + some[300:650]]
        assert sum(done) == 700
        read.clear()
        assert list(extract_papers(some, fast=True, cache=kept)) == expected
        assert read == []
    with fast_cache(file) as kept:
        assert list(extract_papers(some, fast=True, processes=2, cache=kept)) == expected
    assert read == []


def test_what_several_processes_read_is_kept(file: Path) -> None:
    some = papers(200)
    with fast_cache(file) as kept:
        made = list(extract_papers(some, fast=True, processes=2, cache=kept))
    with fast_cache(file) as kept:
        assert [kept.get(paper) for paper in some] == made


def test_known_papers_are_taken_as_a_stream(file: Path) -> None:
    some = papers(2_000)
    with fast_cache(file) as kept:
        for extraction in extract_papers(some, fast=True, cache=kept):
            assert extraction
        taken: list[Paper] = []

        def stream() -> Iterator[Paper]:
            for paper in some:
                taken.append(paper)
                yield paper

        found = extract_papers(stream(), fast=True, processes=2, cache=kept)
        assert next(found).paper == some[0]
        assert len(taken) < 1_000


def test_a_cache_of_another_extractor_is_refused(file: Path) -> None:
    with fast_cache(file) as kept, pytest.raises(ValueError, match="another extractor"):
        next(extract_papers(papers(1), cache=kept))
    with fast_cache(file) as kept, pytest.raises(ValueError, match="another extractor"):
        next(extract_papers(papers(1), fast=True, lexicon=Lexicon([]), cache=kept))


def test_an_interrupted_run_goes_on_where_it_was(file: Path, read: list[str]) -> None:
    some = papers(100)
    with pytest.raises(KeyboardInterrupt), fast_cache(file) as kept:
        for number, _ in enumerate(extract_papers(some, fast=True, cache=kept)):
            if number == 40:
                raise KeyboardInterrupt
    read.clear()
    with fast_cache(file) as kept:
        assert len(list(extract_papers(some, fast=True, cache=kept))) == 100
    assert len(read) <= 60


def test_a_killed_run_goes_on_where_it_was(file: Path, read: list[str]) -> None:
    code = f"""
import os, signal
from pathlib import Path
from test_cache import fast_cache, papers
from paperkg.extraction import extract_papers
with fast_cache(Path({str(file)!r})) as kept:
    for number, _ in enumerate(extract_papers(papers(1000), fast=True, cache=kept)):
        if number == 600:
            os.kill(os.getpid(), signal.SIGKILL)
"""
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": folders})
    assert done.returncode == -signal.SIGKILL
    with fast_cache(file) as kept:
        found = list(extract_papers(papers(1000), fast=True, cache=kept))
        assert (kept.lost, kept.trouble) == (0, None)
    assert found == list(extract_papers(papers(1000), fast=True))
    assert len(read) <= 1000 - 512 + 1000


@pytest.mark.parametrize(
    "content",
    [b"no database", b"SQLite format 3\x00" + b"\xff" * 4096, b"\x00" * 100_000, bytes(range(256)) * 40],
    ids=range(4),
)
def test_a_file_that_is_no_cache_is_made_anew(
    file: Path, content: bytes, unresolved: list[Extraction]
) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    made = unresolved
    with ExtractionCache(file, "x-1") as kept:
        kept.put(made[0])
        assert kept.get(made[0].paper) == made[0]
        assert (kept.lost, kept.trouble) == (1, None)


def test_a_database_of_somebody_else_is_made_anew(file: Path) -> None:
    file.parent.mkdir()
    with sqlite3.connect(file) as foreign:
        foreign.execute("CREATE TABLE extractions (key, found)")
        foreign.execute("CREATE VIEW all_of_it AS SELECT load_extension('evil')")
    foreign.close()
    with ExtractionCache(file, "x-1") as kept:
        assert kept.get(papers(1)[0]) is None
        assert (kept.lost, kept.trouble) == (1, None)


def test_a_cut_or_scribbled_file_costs_entries_at_most(file: Path) -> None:
    some = papers(400)
    expected = list(extract_papers(some, fast=True))
    with fast_cache(file) as kept:
        list(extract_papers(some, fast=True, cache=kept))
    whole = file.read_bytes()
    chance = random.Random(7)
    for round_ in range(9):
        content = bytearray(whole)
        for _ in range(chance.choice([1, 30, 3_000])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        file.write_bytes(content[: chance.randrange(len(content))] if round_ % 3 == 0 else content)
        with fast_cache(file) as kept:
            assert list(extract_papers(some, fast=True, cache=kept)) == expected
            kept.drop_unused(some)
            assert kept.trouble is None
        with fast_cache(file) as kept:
            assert list(extract_papers(some, fast=True, cache=kept)) == expected


def entries(file: Path, change: Any) -> None:
    """Change each value of a cache."""
    with sqlite3.connect(file) as db:
        for key, found in db.execute("SELECT key, found FROM extractions").fetchall():
            db.execute("UPDATE extractions SET found = ? WHERE key = ?", (change(found), key))
    db.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found[:-3],
        lambda found: found + b"\x00",
        lambda found: b"",
        lambda found: zlib.compress(b"[]"),
        lambda found: zlib.compress(b"[" * 1_000_000),
        lambda found: zlib.compress(b'{"entities":1}'),
        lambda found: zlib.compress(b'{"entities":[],"entity_relations":[],"results":[1],"links":[]}'),
        lambda found: zlib.compress(b"0" * 100_000_000),
        lambda found: zlib.compress(b"\xff\xfe"),
    ],
    ids=range(9),
)
def test_an_entry_that_is_no_extraction_is_missing(
    file: Path, change: Any, unresolved: list[Extraction]
) -> None:
    made = unresolved[0]
    with ExtractionCache(file, "x-1") as kept:
        kept.put(made)
    entries(file, change)
    with ExtractionCache(file, "x-1") as kept:
        assert kept.get(made.paper) is None
        assert (kept.found, kept.lost) == (0, 1)
        kept.put(made)
        assert kept.get(made.paper) == made


def test_an_entry_with_false_evidence_is_missing(file: Path, unresolved: list[Extraction]) -> None:
    made = unresolved[0]
    entity = made.entities[0]
    for wrong in (
        replace(entity, evidence=replace(entity.evidence, text="it says so")),
        replace(entity, confidence=7.0),
        replace(entity, iri="https://example.org/x"),
    ):
        with ExtractionCache(file, "x-1") as kept:
            kept.put(replace(made, entities=(wrong, *made.entities[1:])))
            assert kept.get(made.paper) is None


def test_what_no_paper_uses_is_dropped(file: Path, unresolved: list[Extraction]) -> None:
    some = papers(300)
    with fast_cache(file) as kept:
        list(extract_papers(some, fast=True, cache=kept))
    size = file.stat().st_size
    with ExtractionCache(file, "x-1") as kept:
        kept.put(unresolved[0])
    with fast_cache(file) as kept:
        assert kept.drop_unused(iter(some[:20])) == 281
        assert [kept.get(paper) is not None for paper in some] == [True] * 20 + [False] * 280
        assert kept.drop_unused(some) == 0
    assert file.stat().st_size < size / 2


def test_an_error_of_the_papers_is_not_the_caches(file: Path) -> None:
    def stream() -> Iterator[Paper]:
        yield from papers(3)
        raise OSError("the disk of the papers")

    with fast_cache(file) as kept:
        list(extract_papers(papers(3), fast=True, cache=kept))
        with pytest.raises(OSError, match="of the papers"):
            kept.drop_unused(stream())
        with pytest.raises(OSError, match="of the papers"):
            list(extract_papers(stream(), fast=True, cache=kept))
    with fast_cache(file) as kept:
        assert all(kept.get(paper) for paper in papers(3))


def test_without_a_place_nothing_is_kept_and_nothing_fails(tmp_path: Path, file: Path) -> None:
    (tmp_path / "a-file").write_text("")
    for path in (tmp_path / "a-file" / "x.sqlite", tmp_path):
        with fast_cache(path) as kept:
            assert len(list(extract_papers(papers(40), fast=True, cache=kept))) == 40
            assert kept.drop_unused(papers(40)) == 0
            assert kept.trouble is not None
    with fast_cache(file) as kept, fast_cache(file) as second:
        assert second.trouble is not None
        assert "locked" in second.trouble
        assert len(list(extract_papers(papers(40), fast=True, cache=second))) == 40
        assert len(list(extract_papers(papers(40), fast=True, cache=kept))) == 40
        assert kept.trouble is None


def test_a_full_disk_costs_the_cache_only(file: Path) -> None:
    code = f"""
import resource
from pathlib import Path
from test_cache import fast_cache, papers
from paperkg.extraction import extract_papers
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
with fast_cache(Path({str(file)!r})) as kept:
    assert len(list(extract_papers(papers(2000), fast=True, cache=kept))) == 2000
assert kept.trouble, kept.trouble
"""
    folders = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parent.parent)])
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": folders}, check=True)
    with fast_cache(file) as kept:
        assert (kept.lost, kept.trouble) == (0, None)
        assert [None for e in map(kept.get, papers(256)) if e is None] == []
