"""`paperkg serve`: what it says, and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from running import RunCommand

from paperkg.cli import serve


def test_it_serves_until_it_is_told_to_end(small: Path) -> None:
    command = [sys.executable, "-m", "paperkg", "serve", str(small), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line.startswith(f"serving {small} at http://127.0.0.1:")
            address = line.split(" at ")[1].split()[0]
            with urllib.request.urlopen(
                f"{address}sparql?query=ASK%20%7B%20%3Fp%20a%20pkg%3APaper%20%7D"
            ) as got:
                assert b'"boolean":true' in got.read()
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_a_port_that_is_in_use(small: Path, paperkg: RunCommand) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = paperkg("serve", small, "--port", str(taken.getsockname()[1]))
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert (
        "Address already in use (choose another --port" in ran.err and "cannot listen on 127.0.0.1" in ran.err
    )


def test_an_address_of_others(small: Path, paperkg: RunCommand) -> None:
    for host in ("192.0.2.1", "not an address", ""):
        ran = paperkg("serve", small, "--host", host)
        assert ran.status == 1
        assert ran.err.count("\n") == 1 and "cannot listen on" in ran.err


def test_no_graph(tmp_path: Path, paperkg: RunCommand) -> None:
    ran = paperkg("serve", tmp_path / "nothing", "--port", "0")
    assert ran.status == 1
    assert ran.err.count("\n") == 1 and "no built graph here" in ran.err


@pytest.mark.parametrize("origin", ["example.org", "https://example.org/path", "*", "null", "https://a b"])
def test_what_is_no_origin(small: Path, paperkg: RunCommand, origin: str) -> None:
    ran = paperkg("serve", small, "--cors", origin)
    assert ran.status == 2 and "https://example.org" in ran.err


def test_other_systems(small: Path, paperkg: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve.sys, "platform", "darwin")
    ran = paperkg("serve", small)
    assert ran.status == 1 and "needs Linux" in ran.err


@pytest.mark.parametrize("name", ["starlette", "uvicorn", "h11"])
def test_without_the_extra(
    small: Path, paperkg: RunCommand, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in [
        known for known in sys.modules if known.startswith(("paperkg.serve", "uvicorn", "starlette"))
    ]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, name, None)
    ran = paperkg("serve", small)
    assert ran.status == 1 and "pip install 'paperkg[serve]'" in ran.err
