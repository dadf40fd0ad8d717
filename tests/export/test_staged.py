"""Files that are replaced as one: the old set or the new one, at whatever call the process is killed."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from paperkg.errors import GraphError
from paperkg.export.files import locked, new_file, write_file
from paperkg.export.manifest import FileState
from paperkg.export.staged import file_state, has_file, open_file, read_file, reserved, settle, staged

OLD = {"a": b"old a", "b.c": b"old b", "gone": b"old"}
NEW = {"a": b"new a", "b.c": b"new b" * 1000, "more": b"new"}
ENDINGS = sorted({*OLD, *NEW})


@pytest.fixture
def stem(tmp_path: Path) -> Path:
    for ending, content in OLD.items():
        (tmp_path / f"g.{ending}").write_bytes(content)
    return tmp_path / "g"


def change(stem: Path) -> None:
    with reserved(stem), staged(stem) as stage:
        for ending, content in NEW.items():
            stage.write(ending, content)
        stage.remove("gone")


def on_disk(stem: Path) -> dict[str, bytes]:
    return {path.name.removeprefix("g."): path.read_bytes() for path in stem.parent.iterdir()}


def as_read(stem: Path) -> dict[str, bytes]:
    return {ending: read_file(stem, ending) for ending in ENDINGS if has_file(stem, ending)}


def test_all_files_change_together(stem: Path) -> None:
    with reserved(stem), staged(stem) as stage:
        with stage.open("a") as out:
            for _ in range(3):
                out.write(b"piece ")
        stage.remove("gone")
        stage.remove("never there")
        stage.remove("b.c")
        stage.write("b.c", b"")
        assert stage.states == {"a": FileState.of(b"piece " * 3), "b.c": FileState.of(b"")}
        assert as_read(stem) == OLD
    assert on_disk(stem) == {"a": b"piece " * 3, "b.c": b""}
    assert file_state(stem, "a") == FileState.of(b"piece " * 3)
    assert file_state(stem, "gone") is None


def test_a_file_that_nobody_closed_is_closed(stem: Path) -> None:
    with reserved(stem), staged(stem) as stage:
        stage.open("a").write(b"new")
    assert on_disk(stem) == OLD | {"a": b"new"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, OSError])
def test_an_error_changes_nothing(stem: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), reserved(stem), staged(stem) as stage:
        stage.write("a", b"new")
        stage.open("more").write(b"half")
        raise error
    assert on_disk(stem) == OLD


def test_a_folder_in_the_place_of_a_file_changes_nothing(stem: Path) -> None:
    (stem.parent / "g.more").mkdir()
    with pytest.raises(IsADirectoryError) as caught:
        change(stem)
    assert caught.value.filename == str(stem.parent / "g.more")
    (stem.parent / "g.more").rmdir()
    assert on_disk(stem) == OLD


def test_a_first_move_that_is_refused_changes_nothing(stem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, target: Path) -> Path:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        with pytest.raises(PermissionError) as caught:
            change(stem)
    assert caught.value.filename == str(stem.parent / "g.a")
    assert on_disk(stem) == OLD


def killed_at(stem: Path, call: int, work: Callable[[Path], None]) -> bool:
    """Whether a process that does this work was killed just before that call on the files of a set."""
    pid = os.fork()
    if pid:
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert status in (0, -signal.SIGKILL)
        return status != 0
    status, calls = 1, itertools.count()

    def watch(event: str, args: tuple[object, ...]) -> None:
        is_of_the_set = f"{stem.parent}/" in " ".join(map(str, args))
        if event.startswith(("open", "os.", "shutil.")) and is_of_the_set and next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        sys.addaudithook(watch)
        work(stem)
        status = 0
    finally:
        os._exit(status)


def test_a_kill_before_any_call_leaves_the_old_set_or_the_new_one(tmp_path: Path) -> None:
    seen = []
    for call in range(100):
        folder = tmp_path / str(call)
        folder.mkdir()
        stem = folder / "g"
        for ending, content in OLD.items():
            (folder / f"g.{ending}").write_bytes(content)
        if not killed_at(stem, call, change):
            break
        read = as_read(stem)
        assert read in (OLD, NEW)
        seen.append(read == NEW)
        copy = folder / "copy"
        shutil.copytree(folder, copy)
        settle(copy / "g")
        assert as_read(copy / "g") == read, "who opens it finishes what was begun"
        if read == NEW:
            shutil.rmtree(copy / ".g.staged", ignore_errors=True)  # empty, if it was killed that late
            (copy / ".g.lock").unlink(missing_ok=True)
            assert on_disk(copy / "g") == NEW
        change(stem)
        shutil.rmtree(copy)
        assert on_disk(stem) == NEW, "the next writer leaves nothing else behind"
    else:
        pytest.fail("it never ends")
    assert seen == sorted(seen), "the new set once and for all"
    assert sum(seen) >= 6, "killed between the moves"
    assert len(seen) - sum(seen) >= 6


@pytest.fixture
def half_moved(stem: Path) -> Path:
    """What a writer leaves that is killed behind the first move."""
    folder = stem.parent / ".g.staged"
    folder.mkdir()
    for ending in ("b.c", "more"):
        (folder / ending).write_bytes(NEW[ending])
    (folder / "journal").write_text('{"moved": ["a", "b.c", "more"], "removed": ["gone"]}')
    (stem.parent / "g.a").write_bytes(NEW["a"])
    return stem


def test_who_may_not_write_reads_the_new_set_where_it_is(half_moved: Path) -> None:
    assert as_read(half_moved) == NEW
    with pytest.raises(FileNotFoundError):
        read_file(half_moved, "gone")
    with locked(half_moved):
        settle(half_moved)  # another one writes
        assert (half_moved.parent / ".g.staged" / "journal").exists()
        assert as_read(half_moved) == NEW
    settle(half_moved)
    assert on_disk(half_moved) == NEW


@pytest.mark.parametrize(
    "journal",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"moved": ["a"]}',
        b'{"moved": ["../a"], "removed": []}',
        b'{"moved": [1], "removed": []}',
        b'{"moved": 1, "removed": []}',
        b"[" * 100_000,
    ],
)
def test_a_journal_that_no_writer_left_is_none(stem: Path, journal: bytes) -> None:
    folder = stem.parent / ".g.staged"
    folder.mkdir()
    (folder / "a").write_bytes(b"new")
    (folder / "journal").write_bytes(journal)
    settle(stem)
    assert as_read(stem) == OLD
    change(stem)
    assert on_disk(stem) == NEW


def test_a_link_in_the_place_of_the_hidden_folder_is_not_followed(stem: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").write_bytes(b"kept")
    (tmp_path / ".g.staged").symlink_to(other)
    with pytest.raises(FileExistsError):
        change(stem)
    assert (other / "kept").read_bytes() == b"kept"


def test_a_reader_gets_what_is_being_moved(half_moved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file goes to its place between the look at the journal and the opening."""
    from paperkg.export import staged as module

    real = module._read_journal

    def late(folder: Path) -> object:
        journal = real(folder)
        monkeypatch.undo()
        settle(half_moved)
        return journal

    monkeypatch.setattr(module, "_read_journal", late)
    with open_file(half_moved, "more") as file:
        assert file.read() == NEW["more"]


def test_one_file_is_whole_or_not_there(tmp_path: Path) -> None:
    write_file(tmp_path / "a", b"1")
    with pytest.raises(ValueError, match="late"), new_file(tmp_path / "a") as out:
        out.write(b"2" * 3_000_000)
        raise ValueError("late")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1"}
    (tmp_path / ".a.new").write_bytes(b"of a writer that was killed")
    with new_file(tmp_path / "a") as out:
        with pytest.raises(GraphError, match=r"a: is being written .*choose another name"):
            write_file(tmp_path / "a", b"3")
        out.write(b"2")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"2"}


def test_errors_name_the_file_that_the_user_knows(stem: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            change(stem)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.filename == str(stem.parent / "g.b.c")
    assert on_disk(stem) == OLD


def test_a_reader_that_is_killed_while_it_finishes_changes_nothing(
    half_moved: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for call in range(100):
        stem = shutil.copytree(half_moved.parent, tmp_path_factory.mktemp("copy") / "of") / "g"
        killed = killed_at(stem, call, settle)
        assert as_read(stem) == NEW
        change(stem)
        assert on_disk(stem) == NEW
        if not killed:
            break
    assert call >= 8
