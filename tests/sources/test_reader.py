from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import zstandard

from paperkg.errors import SourceError
from paperkg.sources import read_papers

SEEDS = Path(__file__).parents[2] / "seeds"


def record(number: int, **more: object) -> str:
    return json.dumps({"id": f"p{number}", "title": f"Paper {number}", "abstract": f"Text {number}.", **more})


def test_order_of_arguments_and_doubles_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(record(1) + "\n")
    (tmp_path / "a.jsonl").write_text(record(2) + "\n")
    one = read_papers([tmp_path / "b.jsonl", tmp_path / "a.jsonl"])
    assert one == read_papers([tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    assert one == read_papers([tmp_path, tmp_path / "a.jsonl", str(tmp_path)])
    assert [p.id for p in one[0]] == ["p2", "p1"]
    assert [(f.name, f.format, f.records, len(f.sha256)) for f in one[1].files] == [
        ("a.jsonl", "json", 1, 64),
        ("b.jsonl", "json", 1, 64),
    ]


def test_reads_folders_in_folders(tmp_path: Path) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    (tmp_path / "x" / "y" / "a.jsonl").write_text(record(1))
    (tmp_path / "b.jsonl").write_text(record(2))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "c.jsonl").write_text(record(3))
    (tmp_path / "notes.md").write_text("# Notes\n\nNothing here.\n")
    papers, report = read_papers([tmp_path])
    assert [f.name for f in report.files] == ["b.jsonl", "x/y/a.jsonl"]
    assert [p.sources for p in papers] == [("b.jsonl",), ("x/y/a.jsonl",)]
    assert [(s.file, s.kind, s.reason) for s in report.skipped] == [
        (".git", "file", "hidden"),
        ("notes.md", "file", "not of a known format"),
    ]


def test_follows_no_link_out_of_a_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jsonl").write_text(record(9))
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    (inside / "a.jsonl").write_text(record(1))
    (inside / "link.jsonl").symlink_to(outside / "secret.jsonl")
    (inside / "linked").symlink_to(outside)
    (inside / "deep" / "loop").symlink_to(inside)
    os.mkfifo(inside / "pipe.jsonl")
    begun = time.monotonic()
    papers, report = read_papers([inside])
    assert time.monotonic() - begun < 5
    assert [p.id for p in papers] == ["p1"]
    assert sorted((s.file, s.reason.split(":")[0]) for s in report.skipped) == [
        ("deep/loop", "a link"),
        ("link.jsonl", "a link"),
        ("linked", "a link"),
        ("pipe.jsonl", "no regular file"),
    ]
    # A link that the user names is followed.
    assert [p.id for p in read_papers([inside / "link.jsonl"])[0]] == ["p9"]


def test_a_pipe_or_a_device_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(SourceError, match="not a regular file") as caught:
            read_papers([path])
        assert caught.value.file == str(path)
        assert "standard input" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("make", "cause", "line"),
    [
        (lambda p: None, "no such file or folder", None),
        (lambda p: p.mkdir(), "no papers found", None),
        (lambda p: p.write_bytes(b""), "an empty file", None),
        (lambda p: p.write_bytes(b" \n\n"), "an empty file", None),
        (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0"), "not of a known format", None),
        (lambda p: p.write_text("Once upon a time."), "not of a known format", None),
        (lambda p: p.write_text('{"id": 1, "abstract": "x"}\n'), "no title", 1),
        (
            lambda p: p.write_text('\n{"id": "a", "title": \n{"id"\n'),
            "bad JSON: expecting value at column 22",
            2,
        ),
        (lambda p: p.write_text('[\n{"title": }]'), "bad JSON: expecting value at column 11", 2),
        (lambda p: p.write_text("[5\n"), "not a JSON object", 1),
        (lambda p: p.write_text("[\n\n"), "bad JSON: the text ends before the array does", 3),
        (
            lambda p: p.write_text("[]\nmore"),
            "bad JSON: more text after the end of the array; it cannot be read",
            2,
        ),
        (lambda p: p.write_bytes(b"\x1f\x8bnonsense"), "damaged gzip data", None),
        (
            lambda p: p.write_bytes(gzip.compress(record(1).encode())[:-4]),
            "gzip data that ends too early",
            None,
        ),
        (lambda p: p.write_bytes(b"\xff\xfe{\x00\n\x00x"), "it is not UTF-16 text", None),
    ],
)
def test_errors_name_file_line_and_cause(
    tmp_path: Path, make: Callable[[Path], None], cause: str, line: int | None
) -> None:
    path = tmp_path / "given"
    make(path)
    with pytest.raises(SourceError) as caught:
        read_papers([path])
    assert (caught.value.cause, caught.value.line) == (cause, line)
    assert caught.value.file == str(path)
    assert "\n" not in str(caught.value)


def test_no_source_at_all() -> None:
    with pytest.raises(SourceError, match="no source given"):
        read_papers([])


def test_an_unreadable_file_in_a_folder_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(record(1))
    (tmp_path / "b.json").write_text("[\n\n nonsense")
    papers, report = read_papers([tmp_path])
    assert [p.id for p in papers] == ["p1"]
    assert [(s.file, s.line, s.kind, s.reason) for s in report.skipped] == [
        ("b.json", 3, "file", "bad JSON: expecting value at column 2; what follows cannot be read")
    ]
    with pytest.raises(SourceError) as caught:
        read_papers([tmp_path / "b.json"])
    assert caught.value.line == 3


def test_a_folder_with_one_bad_file_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('[{"title": }]')
    with pytest.raises(SourceError, match="bad JSON") as caught:
        read_papers([tmp_path])
    assert caught.value.file == str(tmp_path / "b.json")


def test_reads_standard_input_and_gzip() -> None:
    papers, report = read_papers(["-"], stdin=BytesIO(gzip.compress((record(1) + "\n" + record(2)).encode())))
    assert [p.id for p in papers] == ["p1", "p2"]
    assert report.files[0].name == "-"
    with pytest.raises(SourceError, match=r"standard input: an empty file"):
        read_papers(["-"], stdin=BytesIO(b""))


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)  # as the program zstd does


def test_packed_members_in_a_row_are_one_file() -> None:
    parts = [f"{record(n)}\n".encode() for n in range(50)]
    for pack in (gzip.compress, zstd):
        papers, report = read_papers(["-"], stdin=BytesIO(b"".join(map(pack, parts))))
        assert [p.id for p in papers] == [f"p{n}" for n in range(50)]
        assert report.skipped == ()
    skippable = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    papers, _ = read_papers(["-"], stdin=BytesIO(zstd(parts[0]) + skippable + zstd(parts[1])))
    assert len(papers) == 2


@pytest.mark.parametrize(("pack", "name"), [(gzip.compress, "gzip"), (zstd, "Zstandard")])
def test_packed_bombs_and_damage_are_refused(
    tmp_path: Path, pack: Callable[[bytes], bytes], name: str
) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(pack(b"[" + bytes(100 << 20)))
    begun = time.monotonic()
    with pytest.raises(SourceError, match=f"{name} data that unpacks to more than 200 times its size"):
        read_papers([bomb])
    assert time.monotonic() - begun < 5
    packed = pack("\n".join(record(n) for n in range(1_000)).encode())
    for cut in (4, 10, len(packed) // 2, len(packed) - 1):
        bomb.write_bytes(packed[:cut])
        with pytest.raises(SourceError, match=f"{name} data that ends too early"):
            read_papers([bomb])
    bomb.write_bytes(packed[:100] + bytes(20) + packed[120:])
    with pytest.raises(SourceError, match=f"damaged {name} data"):
        read_papers([bomb])


def test_deep_folders_end(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(60):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.jsonl").write_text(record(1))
    (tmp_path / "a.jsonl").write_text(record(2))
    papers, report = read_papers([tmp_path])
    assert [p.id for p in papers] == ["p2"]
    assert "levels deep" in report.skipped[0].reason


def test_odd_names(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/\xff\n<b>.jsonl"
    Path(os.fsdecode(odd)).write_text(record(1))
    papers, report = read_papers([tmp_path])
    assert [p.id for p in papers] == ["p1"]
    assert report.files[0].name == "\ufffd\n<b>.jsonl"
