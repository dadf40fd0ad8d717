from __future__ import annotations

import json
import sqlite3
import threading
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperkg.errors import SourceError
from paperkg.model import InputFile, Paper, SourceReport
from paperkg.sources import open_papers
from paperkg.sources.skips import by_kind


def record(number: int, **more: object) -> str:
    return json.dumps({"id": f"p{number}", "title": f"Paper {number}", "abstract": f"Text {number}.", **more})


def written(folder: Path, files: dict[str, Iterable[str]]) -> list[Path]:
    folder.mkdir(exist_ok=True, parents=True)
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines), "utf-8")
    return sorted(folder / name for name in files)


def opened(
    sources: list[Path], known: Iterable[Paper] = (), known_files: Iterable[InputFile] = ()
) -> tuple[list[Paper], SourceReport]:
    with open_papers(sources, known=known, known_files=known_files) as papers:
        return list(papers), papers.report


def test_a_stream_can_be_read_again_and_again(tmp_path: Path) -> None:
    sources = written(tmp_path, {"a.jsonl": [record(n) for n in range(3_000)]})
    with open_papers(sources) as papers:
        assert len(papers) == 3_000
        one, other = iter(papers), iter(papers)
        assert [next(one).id, next(one).id, next(other).id] == ["p0", "p1", "p0"]
        assert [p.id for p in papers] == [f"p{n}" for n in range(3_000)]
        assert [next(one).id, next(other).id] == ["p2", "p1"]
        elsewhere = list[Paper]()
        reader = threading.Thread(target=lambda: elsewhere.extend(papers))
        reader.start()
        reader.join()
        assert len(elsewhere) == 3_000
        assert papers.report.files[0].records == 3_000


def test_memory_does_not_hold_what_is_read(tmp_path: Path) -> None:
    text = "An abstract of some length. " * 80
    sources = written(tmp_path, {"a.jsonl": (record(n, abstract=text) for n in range(8_000))})
    tracemalloc.start()
    try:
        with open_papers(sources) as papers:
            assert sum(1 for _ in papers) == 8_000
            assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_what_is_left_out_is_listed_up_to_a_thousand_and_counted(tmp_path: Path) -> None:
    lines = [record(1), *["bad"] * 2_500, *[record(n, date="soon") for n in range(2, 1_503)]]
    _, report = opened(written(tmp_path, {"a.jsonl": lines}))
    assert len(report.skipped) == 2_002
    counted = [s for s in report.skipped if "more" in s.reason]
    assert [(s.kind, s.line, s.reason.partition(",")[0]) for s in counted] == [
        ("record", 2_501, "1"),
        ("field", 4_002, "501 more up to this line"),
    ]
    assert by_kind(report.skipped) == {"record": 2_500, "field": 1_501}
    assert counted[0].reason == "1,500 more up to this line, which are not listed one by one"


def test_many_papers_of_one_title(tmp_path: Path) -> None:
    texts = [f"Text number {n} of {n * n}." for n in range(400)]
    lines = [json.dumps({"title": "Same", "abstract": text}) for text in [*texts, *texts]]
    papers, report = opened(written(tmp_path, {"a.jsonl": lines}))
    assert [p.abstract for p in papers] == texts
    assert len({p.id for p in papers}) == 400
    assert report.skipped == ()


def test_no_room_for_the_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("paperkg.sources.pile.Pile.arrange", full)
    with pytest.raises(SourceError, match="the temporary file cannot be written: database or disk is full"):
        opened(written(tmp_path, {"a.jsonl": [record(1)]}))


def test_an_error_of_the_user_of_a_stream_is_left_as_it_is(tmp_path: Path) -> None:
    with (
        pytest.raises(sqlite3.OperationalError, match="mine"),
        open_papers(written(tmp_path, {"a": [record(1)]})),
    ):
        raise sqlite3.OperationalError("mine")


def test_a_file_that_is_known_is_not_read_again(tmp_path: Path) -> None:
    sources = written(tmp_path / "in", {"a.jsonl": [record(1), record(2)], "b.jsonl": [record(3), "bad"]})
    papers, report = opened(sources)
    assert len(report.skipped) == 1
    again, more = opened([tmp_path / "in"], papers, report.files)
    assert (again, more.files, more.skipped) == (papers, report.files, ())
    # What was removed stays so, and a file without a paper is not named any more.
    again, more = opened([tmp_path / "in"], papers[:2], report.files)
    assert again == papers[:2]
    assert [f.name for f in more.files] == ["a.jsonl"]
    again, more = opened([], papers[2:], report.files)
    assert again == papers[2:]
    assert [f.name for f in more.files] == ["b.jsonl"]
    # A file of that name that says something else is read.
    sources = written(tmp_path / "other", {"a.jsonl": [record(1, url="https://x.org/a"), record(4)]})
    again, more = opened(sources, papers, report.files)
    assert sorted(p.id for p in again) == ["p1", "p2", "p3", "p4"]
    assert [p.url for p in again if p.id == "p1"] == ["https://x.org/a"]
    assert [f.name for f in more.files] == ["a.jsonl", "a.jsonl", "b.jsonl"]


def test_the_same_file_in_two_folders_is_one(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        written(tmp_path / folder, {"a.jsonl": [record(1)]})
    papers, report = opened([tmp_path / "one", tmp_path / "two"])
    assert [p.id for p in papers] == ["p1"]
    assert len(report.files) == 1


def test_papers_of_an_earlier_build_stay_in_their_place(tmp_path: Path) -> None:
    own = [record(n, sources=["page.txt"], listings=[]) for n in (1, 2)]
    papers, report = opened(written(tmp_path / "in", {"m.papers.jsonl": own}))
    assert papers[0].sources == ("page.txt",)
    files = written(tmp_path / "in", {"a.jsonl": [record(3)], "z.jsonl": [record(4)]})
    again, more = opened(files, papers, report.files)
    assert (again, more) == opened([tmp_path / "in"])
    assert [p.id for p in again] == ["p3", "p1", "p2", "p4"]


def test_known_papers_are_found_by_the_ids_that_they_have(tmp_path: Path) -> None:
    def openalex(title: str) -> str:
        return json.dumps(
            {"id": "https://openalex.org/W12", "title": title, "abstract_inverted_index": {"x": [0]}}
        )

    def bibtex(title: str) -> list[str]:
        return ["@article{key,", f" title = {{{title}}},", " abstract = {x}", "}"]

    for first, second, number in (
        ([openalex("Old name")], [openalex("New name")], 1),
        (["TY  - JOUR", "TI  - Same", "AB  - x", "ID  - 7", "ER  - "], [record(7).replace("p7", "7")], 2),
        (bibtex("Old name"), [json.dumps({"id": "key", "title": "New name", "abstract": "y"})], 2),
        (bibtex("The same long name as there"), bibtex("The same long name as there"), 1),
    ):
        one = written(tmp_path / "one", {"a": first})
        two = written(tmp_path / "two", {"b": second})
        papers, report = opened(one)
        assert opened(two, papers, report.files)[0] == opened([*one, *two])[0]
        assert len(opened([*one, *two])[0]) == number


TITLES = ["Deep Learning", "A title that identifies the paper", "Same", "Same!", "!!!", "\u4e2d\u6587"]
ABSTRACT = "We propose a thing and show that it works on the data. It is good."
IDS = ["", "", "x1", "x2", "2401.00001", "2401.00002", "same", "deep-learning"]
"""An id goes with one title, so that no two sources disagree."""
RECORDS = st.builds(
    lambda title, cut, number, more: {
        **(
            {"id": f"{IDS[number]}{title if IDS[number] and not IDS[number][0].isdigit() else ''}"}
            if IDS[number]
            else {}
        ),
        "title": f"{TITLES[title]} {IDS[number]}" if IDS[number][:1].isdigit() else TITLES[title],
        "abstract": f"Number {number if IDS[number] else 0}.{title}. {ABSTRACT}"[: cut or None],
        **more,
    },
    st.integers(0, len(TITLES) - 1),
    st.sampled_from([0, 0, 0, 30]),
    st.integers(0, len(IDS) - 1),
    st.sampled_from(
        [{}, {"date": "2025-01-02"}, {"url": "https://x.org/a"}, {"authors": ["A. Bee", "C. Dee"]}]
    ),
)
FILES = st.dictionaries(
    st.sampled_from(["a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl"]),
    st.lists(RECORDS, min_size=1, max_size=4),
    min_size=2,
    max_size=4,
)


@settings(max_examples=400, deadline=None)
@given(FILES, st.randoms(use_true_random=False))
def test_adding_gives_what_reading_all_gives(
    files: dict[str, list[dict[str, object]]], chance: object
) -> None:
    with TemporaryDirectory() as folder:
        sources = written(Path(folder), {name: map(json.dumps, lines) for name, lines in files.items()})
        papers, report = opened(sources)
        if report.skipped:
            return  # where sources disagree, the first one keeps its word, and that may be the added one
        chance.shuffle(sources)  # type: ignore[attr-defined]
        known: tuple[list[Paper], SourceReport] = ([], SourceReport())
        for source in sources:
            known = opened([source], known[0], known[1].files)
        assert known[0] == papers
        assert known[1].files == report.files
