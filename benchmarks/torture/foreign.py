"""Requests under another name, from pages of others, and for what is outside the graph."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from pathlib import Path

from torture.clients import Server, overheard, running, seeds, worked
from torture.frame import Case, Measured, row
from torture.queries import works

HOSTS = (
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example:8000",
    "localhost@evil.example",
    "0.0.0.0",
    "10.0.0.1",
    "[::ffff:10.0.0.1]",
    "LOCALHOST.",
    "localhost%00.evil.example",
    "2130706433",
    "0x7f000001",
    "",
    " ",
    "localhost/../evil",
    "localhost#evil",
    "xn--localhost",
    "\u017flocalhost",
    "*",
    "localhost:99999999",
)
"""Names that are not those of a server on the loopback address."""
ORIGINS = (
    "http://evil.example",
    "https://localhost.evil.example",
    "http://localhost:1",
    "http://127.0.0.1.evil.example",
    "null",
    "file://",
    "chrome-extension://abc",
    "http://localhost:{port}@evil.example",
    "http://localhost:{port}.evil.example",
    "http://localhost:{port}/",
    "",
)
"""Origins that are not the server's own; {port} is its port."""
DOTS = (
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "..%2f",
    "%2e%2e%2f",
    "..%5c",
    "..\\",
    "%252e%252e",
    "%c0%ae%c0%ae",
    "..;",
    "....//",
)
TARGETS = ("secret.txt", "etc/passwd", "seeds.decisions.tsv", "proc/self/environ", "%00", "etc/passwd%00.css")
STARTS = (
    "/",
    "/static/",
    "/assets/",
    "/id/",
    "/id/paper/",
    "/ontology/",
    "/sparql/",
    "/query/",
    "/.well-known/",
    "//evil.example/",
)


@row(
    "30",
    "Host and Origin of others on every page, two Hosts, none, OPTIONS",
    passes="403 (400 where HTTP says so) before any work, and no answer may be read by others",
)
def strangers(case: Case) -> Measured:
    """Before any work: the processor time of the workers does not grow."""
    failures: list[str] = []
    seen: Counter[str] = Counter()
    graph = seeds(case.scratch)
    with overheard(case.scratch, failures), running(graph) as server:
        port = server.port
        works(server)
        paths = (
            "/",
            "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D",
            "/sparql",
            "/query",
            "/find?q=a",
            "/ontology",
            "/nothing",
        )
        before = worked(server)
        for host, path, method in itertools.product(HOSTS, paths, ("GET", "HEAD", "OPTIONS", "POST")):
            raw = (
                f"{method} {path} HTTP/1.1\r\nHost: ".encode() + host.encode() + b"\r\nConnection: close\r\n"
            )
            _refused(server, raw, f"Host {host!r} {method} {path}", failures, seen, (400, 403))
        hosts = ("localhost", "evil.example", f"127.0.0.1:{port}")
        for first, second in itertools.product(hosts, repeat=2):
            raw = f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: {first}\r\nHost: {second}\r\nConnection: close\r\n".encode()
            _refused(server, raw, f"two Hosts {first} {second}", failures, seen, (400, 403))
        for version in ("1.1", "1.0"):
            _refused(
                server,
                f"GET / HTTP/{version}\r\nConnection: close\r\n".encode(),
                "no Host",
                failures,
                seen,
                (400, 403),
            )
        target = b"GET http://evil.example/sparql HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n"
        _refused(server, target, "a whole URL", failures, seen, (400, 403))
        for origin, path in itertools.product(ORIGINS, ("/sparql", "/", "/query")):
            said = origin.format(port=port)
            if not said:
                continue
            raw = f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: {said}\r\nConnection: close\r\nContent-Length: 6\r\nContent-Type: application/sparql-query\r\n".encode()
            _refused(server, raw, f"Origin {said} to {path}", failures, seen, (403,), b"ASK {}")
            for method in ("GET", "OPTIONS"):
                got = server.request(method, path, origin=said, access_control_request_method="POST")
                seen[f"{method} {got.status}"] += 1
                if got.status != 403:
                    failures.append(f"{got.status} to {method} {path} of {said}")
                if any(name.startswith("access-control-allow") for name in got.headers):
                    failures.append(f"{method} {path} of {said} may be read: {got.headers}")
                if got.headers.get("cross-origin-resource-policy") != "same-origin":
                    failures.append(f"{method} {path}: no Cross-Origin-Resource-Policy")
        used = worked(server) - before
        if used > 0.05:
            failures.append(f"the workers worked for {used:.2f} s")
        own_page = server.post("ASK {}", origin=f"http://127.0.0.1:{port}")
        if own_page.status != 200:
            failures.append(f"the server's own page gets {own_page.status}")
    return Measured(
        {
            "requests": sum(seen.values()),
            **{f"answered {status}": count for status, count in sorted(seen.items())},
            "work of the workers": f"{used:.2f} s",
        },
        failures,
    )


def _refused(
    server: Server,
    raw: bytes,
    what: str,
    failures: list[str],
    seen: Counter[str],
    statuses: tuple[int, ...],
    body: bytes = b"",
) -> None:
    answer = server.raw(raw + b"\r\n" + body, wait=10)
    status = answer[9:12].decode()
    seen[status or "closed"] += 1
    if status not in map(str, statuses):
        failures.append(f"{status} to {what}")
    if b"access-control-allow" in answer.lower():
        failures.append(f"may be read: {what}")


@row(
    "31",
    "paths with `..`, `%2e`, `%00`, `//host/` and the like, at every place of the server",
    passes="nothing outside the set is read, no redirect to another host",
)
def paths(case: Case) -> Measured:
    """A file beside the set holds a secret; no answer may."""
    failures: list[str] = []
    seen: Counter[str] = Counter()
    graph = seeds(case.scratch)
    secret = "hidden-among-the-files"
    (case.scratch / "secret.txt").write_text(secret)
    (case.scratch / "seeds.decisions.tsv").write_text("")
    known = Path("/etc/passwd").read_bytes()[:20]
    targets = [
        start + dots.rstrip("/") + "/" * (dots[-1] not in "/\\fc") + (dots + "/") * depth + target
        for start, dots, depth, target in itertools.product(STARTS, DOTS, (0, 3, 9), TARGETS)
    ]
    targets += [
        start + odd
        for start in STARTS
        for odd in (
            "%00",
            "%",
            "%zz",
            "%ff",
            "\\",
            "//",
            "/evil.example",
            "%2f%2fevil.example",
            "%0d%0aX:%20y",
            "a" * 9_000,
            "?q=%00",
            "#",
            ";a=b",
            "%u002e",
        )
    ]
    targets += [
        "//evil.example",
        "//evil.example/..",
        "///evil.example/%2e%2e",
        "/\\evil.example",
        "/id//evil.example/",
    ]
    targets = case.random.sample(targets, case.count(len(targets), 200))
    with overheard(case.scratch, failures), running(graph) as server:
        for target in targets:
            raw = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
            answer = server.raw(raw, wait=10)
            status = answer[9:12].decode()
            seen[status or "closed"] += 1
            head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
            if secret.encode() in answer or known in answer or b"PATH=" in answer:
                failures.append(f"{target}: a file outside the set was read")
            if status[:1] == "5" or not status:
                failures.append(f"{target}: {status or 'no answer'}")
            led = re.search(r"(?im)^(?:content-)?location: *(.*)$", head)
            to = led[1].strip() if led else ""
            if to.startswith(("//", "/\\")) or (":" in to.partition("/")[0] and "localhost" not in to):
                failures.append(f"{target}: leads to {to}")
            if "\nX: y" in head:
                failures.append(f"{target}: writes a header")
        if not works(server)[0]:
            failures.append("the server does not answer afterwards")
    return Measured(
        {"paths": len(targets), **{f"answered {status}": count for status, count in sorted(seen.items())}},
        failures,
    )
