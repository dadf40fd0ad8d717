from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from paperkg.errors import SourceError
from paperkg.export import papers_bytes
from paperkg.export.shards import keep_shard, read_shard, split_papers
from paperkg.extraction import ExtractionCache, extract_papers, extractor
from paperkg.lexicon import Entry, load_lexicon
from paperkg.model import Paper, PartialDate


def papers(number: int) -> list[Paper]:
    date = PartialDate("Feb 8", month=2, day=8)
    return [
        Paper(
            str(n), f"A study of GPT-{n}\u2028", f"We test BERT on GSM8K\n with {n}% \U0001f600.", date=date
        )
        for n in range(number)
    ]


@pytest.fixture
def shards(tmp_path: Path) -> list[Path]:
    return split_papers(iter(papers(25)), tmp_path / "papers", size=10)


def test_shards_together_are_what_one_run_finds(shards: list[Path], tmp_path: Path) -> None:
    assert [shard.name for shard in shards] == ["00000.jsonl", "00001.jsonl", "00002.jsonl"]
    found = [tmp_path / f"found-{shard.name}" for shard in shards]
    for source, target in reversed(list(zip(shards, found, strict=True))):
        assert read_shard(source, target, fast=True)
    together = b"".join(target.read_bytes() for target in found)
    assert together == papers_bytes(tuple(extract_papers(papers(25), fast=True)))
    with ExtractionCache(tmp_path / "c.sqlite", extractor(fast=True)) as cache:
        assert [keep_shard(target, cache) for target in found] == [10, 10, 5]
        assert [cache.get(paper) for paper in papers(25)] == list(extract_papers(papers(25), fast=True))


def test_a_shard_that_is_done_is_not_read_again(shards: list[Path], tmp_path: Path) -> None:
    found = tmp_path / "found.jsonl"
    assert read_shard(shards[0], found, fast=True)
    content, when = found.read_bytes(), found.stat().st_mtime_ns
    assert not read_shard(shards[0], found, fast=True)
    assert found.stat().st_mtime_ns == when
    found.write_bytes(content[:-10])  # cut
    assert read_shard(shards[0], found, fast=True)
    assert found.read_bytes() == content
    own = load_lexicon([Entry("study", "Task", False, own=True)])
    assert read_shard(shards[0], found, fast=True, lexicon=own)  # another lexicon
    assert found.read_bytes() != content
    shards[0].write_bytes(shards[1].read_bytes())  # other papers
    assert read_shard(shards[0], found, fast=True, lexicon=own)
    (tmp_path / "found.jsonl.seal.json").write_text("[" * 100_000)
    assert read_shard(shards[0], found, fast=True, lexicon=own)


def test_a_shard_that_fails_leaves_what_was_there(shards: list[Path], tmp_path: Path) -> None:
    found = tmp_path / "found.jsonl"
    read_shard(shards[0], found, fast=True)
    before = found.read_bytes()
    for wrong in (b"no json\n", b'{"id": 1, "title": "x", "abstract": "y"}\n', b"[]\n", b"{}\n", b"\xff\n"):
        shards[0].write_bytes(shards[1].read_bytes() + wrong)
        with pytest.raises(SourceError, match=r"00000\.jsonl: is no paper"):
            read_shard(shards[0], found, fast=True)
        assert found.read_bytes() == before


def test_a_shard_of_another_reader_or_changed_is_not_kept(shards: list[Path], tmp_path: Path) -> None:
    found = tmp_path / "found.jsonl"
    with ExtractionCache(tmp_path / "c.sqlite", extractor()) as cache:
        with pytest.raises(SourceError, match="is not done"):
            keep_shard(found, cache)
        read_shard(shards[0], found, fast=True)
        with pytest.raises(SourceError, match="another reader"):
            keep_shard(found, cache)
    with ExtractionCache(tmp_path / "d.sqlite", extractor(fast=True)) as cache:
        assert keep_shard(found, cache) == 10
        found.write_bytes(found.read_bytes().replace(b"GSM8K", b"GSM8k"))
        with pytest.raises(SourceError, match="was changed"):
            keep_shard(found, cache)
        seal = tmp_path / "found.jsonl.seal.json"
        told = json.loads(seal.read_bytes())
        found.write_bytes(b"{}\n")
        seal.write_text(json.dumps(told | {"found": hashlib.sha256(b"{}\n").hexdigest()}))
        with pytest.raises(SourceError, match=r"found\.jsonl:1: is no extraction"):
            keep_shard(found, cache)
