"""The command line in children of this process, which has loaded everything: killed, short of disk, without rights."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_WATCHED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.scandir", "os.truncate", "os.link")
_CLONE_NEWNS, _CLONE_NEWUSER = 0x0002_0000, 0x1000_0000
_MS_RDONLY, _MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
_CAPABILITIES_3 = 0x2008_0522
_RIGHTS_OVER_FILES = 0b1111
"""CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER: what lets root write where nobody may."""


@dataclass(frozen=True)
class Ended:
    """What became of a child: exit status, or minus the signal that killed it; what it wrote; seconds."""

    status: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def refused_in_one_line(self) -> bool:
        """It failed as the command line is to fail: a status, one line, no traceback."""
        lines = self.stderr.splitlines()
        return self.status in (1, 3) and len(lines) == 1 and lines[0].startswith("paperkg: ")


class Child:
    """A process that runs one command line."""

    def __init__(
        self,
        words: Sequence[str],
        *,
        first: Callable[[], None] = lambda: None,
        last: Callable[[], None] = lambda: None,
    ) -> None:
        """Start it.

        Args:
            words: those behind `paperkg`.
            first: done in the child before.
            last: done in the child afterwards.
        """
        self._begun = time.monotonic()
        self._out, out = os.pipe()
        self._err, err = os.pipe()
        with warnings.catch_warnings():  # other threads of this process hold no lock that the child needs
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if self.pid == 0:
            status = 70
            try:
                gc.disable()
                os.dup2(out, 1)
                os.dup2(err, 2)
                sys.stdout = os.fdopen(1, "w", closefd=False)
                sys.stderr = os.fdopen(2, "w", closefd=False)
                resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
                first()
                status = _command_line(words)
                sys.stderr.flush()
                last()
            finally:
                os._exit(status)
        os.close(out)
        os.close(err)

    def kill(self) -> None:
        """Kill it, if it lives."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self, most: float = 120) -> Ended:
        """Wait for its end; after `most` seconds it is killed."""
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - self._begun > most:
                self.kill()
            time.sleep(0.001)
        seconds = time.monotonic() - self._begun
        return Ended(os.waitstatus_to_exitcode(status), _all(self._out), _all(self._err), seconds)


def _command_line(words: Sequence[str]) -> int:
    from paperkg.cli.app import run

    return run(list(words))


def _all(pipe: int) -> str:
    with os.fdopen(pipe, "rb") as file:
        return file.read().decode("utf-8", "replace")


def warm(words: Sequence[str]) -> None:
    """Run a command line here, so that children find what it loads; its output goes nowhere."""
    kept = os.dup(1), os.dup(2)
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 1)
        os.dup2(nothing.fileno(), 2)
    try:
        status = _command_line(words)
        sys.stdout.flush()
    finally:
        for number, copy in enumerate(kept, 1):
            os.dup2(copy, number)
            os.close(copy)
    if status:
        raise RuntimeError(f"paperkg {' '.join(words)} ended with {status}")
    gc.collect()
    gc.freeze()


class Calls:
    """The calls of a process on the files below a folder, as Python's audit hooks tell of them."""

    def __init__(self, folder: Path, kill_at: int | None = None) -> None:
        """Kill the process just before the call of that number, from 0."""
        self._folder = str(folder)
        self._kill_at = kill_at
        self.number = 0

    def watch(self) -> None:
        """Begin; there is no end but that of the process."""
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[object, ...]) -> None:
        if event in _WATCHED and (self._folder in str(args) or (event != "open" and _is_relative(args))):
            if self.number == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            self.number += 1


def _is_relative(args: tuple[object, ...]) -> bool:
    """Whether a call names a file by an open folder, as the removal of a whole tree does."""
    return any(isinstance(part, int) and part > 2 for part in args)


def limit_files(size: int) -> None:
    """Let no file grow above a size."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def give_up_rights() -> None:
    """Let the rights of files hold for this process, as they do for anybody but root."""
    if os.geteuid() == 0:
        header = struct.pack("Ii", _CAPABILITIES_3, 0)
        kept = ((1 << 32) - 1) & ~_RIGHTS_OVER_FILES
        data = struct.pack("6I", kept, kept, 0, 0xFFFF_FFFF, 0xFFFF_FFFF, 0)
        held = (ctypes.c_uint32 * 6)()
        _libc().capget(header, held)
        data = struct.pack("6I", held[0] & kept, held[1] & kept, 0, held[3], held[4], 0)
        _checked(_libc().capset(header, data))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(status: int) -> None:
    if status:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def own_mounts() -> None:
    """Let what is mounted from now on be there for this process and its children alone.

    Raises:
        OSError: this machine lets nobody do so.
    """
    user, group = os.getuid(), os.getgid()
    if user == 0:
        _checked(_libc().unshare(_CLONE_NEWNS))
    else:
        _checked(_libc().unshare(_CLONE_NEWNS | _CLONE_NEWUSER))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    _checked(_libc().mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None))


def mount_small(folder: Path, size: int) -> None:
    """Put an empty disk of that many bytes on a folder."""
    _checked(_libc().mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, f"size={size}".encode()))


def mount_read_only(folder: Path) -> None:
    """Let nobody write below a folder, root neither."""
    place = str(folder).encode()
    _checked(_libc().mount(place, place, None, _MS_BIND, None))
    _checked(_libc().mount(None, place, None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY, None))


def can_mount() -> bool:
    """Whether this machine lets a process have mounts of its own."""
    pid = os.fork()
    if pid == 0:
        status = 1
        with suppress(OSError):
            own_mounts()
            status = 0
        os._exit(status)
    return os.waitpid(pid, 0)[1] == 0
