"""The origins against a server on this machine that answers in the shapes of the real ones."""

from __future__ import annotations

import gzip
import json
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import paperkg
from paperkg.cli.app import run
from paperkg.errors import FetchError
from paperkg.origins import Origin, bounded, fetch, origin, origins
from paperkg.origins.http import polite_session
from paperkg.origins.known import Arxiv, DailyPapers, OpenAlex, SemanticScholar

Answer = tuple[int, bytes, dict[str, str]]


@dataclass
class Site:
    """A server and what it was asked."""

    address: str = ""
    asked: list[tuple[str, dict[str, str], object]] = field(default_factory=list)
    answer: Callable[[str, dict[str, str], object], Answer] = lambda *_: (404, b"", {})


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            site.asked.append((parts.path, query, body))
            status, content, headers = site.answer(parts.path, query, body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site.address = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


def as_json(value: object) -> Answer:
    return 200, json.dumps(value).encode(), {"Content-Type": "application/json"}


def daily(number: int) -> object:
    paper = {
        "id": f"2505.{number:05d}",
        "title": f"A Study of Thing Number {number}",
        "summary": f"We study thing {number} at some length.",
        "publishedAt": "2025-05-30T00:00:00.000Z",
        "authors": [{"name": "Ann Bee"}],
    }
    return {"paper": paper, "publishedAt": "2025-05-31T00:00:00.000Z"}


def feed(*numbers: int) -> bytes:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2401.{n:05d}v2</id><title>Paper With The Number {n}</title>"
        f"<summary>Text {n}.</summary><published>2024-01-02T00:00:00Z</published></entry>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()


@pytest.mark.parametrize(
    ("wanted", "parameter"), [("2025-05-30", "date"), ("2025-W22", "week"), ("2025-05", "month")]
)
def test_daily_papers_are_asked_for_by_time_page_by_page(site: Site, wanted: str, parameter: str) -> None:
    def answer(path: str, query: dict[str, str], body: object) -> Answer:
        start = int(query["p"]) * 3
        return as_json([daily(n) for n in range(start, min(start + int(query["limit"]), 5))])

    site.answer = answer
    papers, report = fetch(DailyPapers(address=site.address, pause=0, page=3), [wanted])
    assert [p.id for p in papers] == [f"2505.{n:05d}" for n in range(5)]
    assert (papers[0].title, papers[0].authors) == ("A Study of Thing Number 0", ("Ann Bee",))
    assert {query[parameter] for _, query, _ in site.asked} == {wanted}
    assert len(site.asked) == 2
    assert report.skipped == ()


def test_daily_papers_are_searched_for_by_words(site: Site) -> None:
    site.answer = lambda *_: as_json([daily(1), daily(2)])
    papers, _ = fetch(DailyPapers(address=site.address, pause=0), ["causal reasoning"], most=1)
    assert site.asked == [("/papers/search", {"q": "causal reasoning", "limit": "1"}, None)]
    assert [p.id for p in papers] == ["2505.00001"]


def test_arxiv_by_ids_and_by_query(site: Site) -> None:
    def answer(path: str, query: dict[str, str], body: object) -> Answer:
        if "id_list" in query:
            return 200, feed(*(int(known[5:]) for known in query["id_list"].split(","))), {}
        start = int(query["start"])
        return 200, feed(*range(start, min(start + int(query["max_results"]), 5))), {}

    site.answer = answer
    arxiv = Arxiv(address=site.address, pause=0, page=2)
    papers, _ = fetch(arxiv, ["2401.00007", "arXiv:2401.00003v1", "https://arxiv.org/abs/2401.00009"])
    assert [p.id for p in papers] == ["2401.00007", "2401.00003", "2401.00009"]
    papers, _ = fetch(arxiv, ["cat:cs.CL", "AND", "abs:causal"], most=4)
    assert [p.id for p in papers] == [f"2401.{n:05d}" for n in range(4)]
    assert site.asked[-1][1]["search_query"] == "cat:cs.CL AND abs:causal"


def test_a_refusal_of_arxiv_is_said(site: Site) -> None:
    refusal = (
        b"<feed><entry><id>http://arxiv.org/api/errors#x</id><summary>incorrect id format\nfor x</summary>"
    )
    site.answer = lambda *_: (200, refusal, {})
    with pytest.raises(FetchError, match="arXiv refuses: incorrect id format for x"):
        fetch(Arxiv(address=site.address, pause=0), ["some query"])


def test_openalex_and_semantic_scholar_by_ids(site: Site) -> None:
    work = {
        "id": "https://openalex.org/W1",
        "title": "A Work of Some Kind",
        "abstract_inverted_index": {"Some": [0], "words": [1]},
    }
    site.answer = lambda *_: as_json({"meta": {"count": 1}, "results": [work]})
    papers, _ = fetch(OpenAlex(address=site.address, pause=0), ["https://openalex.org/W1"])
    assert (papers[0].id, papers[0].abstract) == ("W1", "Some words")
    assert site.asked[-1][1]["filter"] == "openalex:W1"
    with pytest.raises(FetchError, match="is no id of OpenAlex"):
        fetch(OpenAlex(address=site.address), ["W1|W2"])

    known = {
        "paperId": "649d",
        "externalIds": {"ArXiv": "2106.15928"},
        "title": "A Paper",
        "abstract": "Text.",
    }
    site.answer = lambda *_: as_json([known, None])
    papers, report = fetch(SemanticScholar(address=site.address, pause=0), ["2106.15928", "649d"])
    assert [p.id for p in papers] == ["2106.15928"]
    assert site.asked[-1][2] == {"ids": ["ARXIV:2106.15928", "649d"]}
    assert [skip.reason for skip in report.skipped] == ["not a JSON object"]


def test_what_passes_is_tried_again_and_what_stays_is_said(site: Site) -> None:
    states = iter([503, 429])
    site.answer = lambda *_: (next(states, 200), feed(1), {"Retry-After": "0"})
    papers, _ = fetch(
        Arxiv(address=site.address, pause=0), ["2401.00001"], session=polite_session(backoff=0.001)
    )
    assert (len(papers), len(site.asked)) == (1, 3)
    site.answer = lambda *_: (503, b"", {})
    with pytest.raises(FetchError, match="arXiv answers 503"):
        fetch(Arxiv(address=site.address, pause=0), ["2401.00002"], session=polite_session(backoff=0.001))
    site.answer = lambda *_: (404, b"", {})
    with pytest.raises(FetchError, match="arXiv answers 404"):
        fetch(Arxiv(address=site.address, pause=0), ["2401.00003"])


def test_answers_are_kept_and_read_without_a_network(site: Site) -> None:
    site.answer = lambda *_: (200, feed(1), {})
    arxiv = Arxiv(address=site.address, pause=0)
    first, again = fetch(arxiv, ["2401.00001"]), fetch(arxiv, ["2401.00001"])
    assert first == again
    assert len(site.asked) == 1


def test_an_origin_that_cannot_be_reached_is_named(site: Site) -> None:
    away = Arxiv(address="http://127.0.0.1:9", pause=0)
    with pytest.raises(FetchError, match=r"arXiv cannot be reached: .*offline"):
        fetch(away, ["2401.00001"], session=polite_session(backoff=0))


def test_it_goes_to_no_other_host(site: Site) -> None:
    moved = {"/api/query": "/api/v2/query", "/api/v2/query": ""}
    site.answer = lambda path, *_: (
        (302, b"", {"Location": moved[path]}) if moved[path] else (200, feed(1), {})
    )
    papers, _ = fetch(Arxiv(address=f"{site.address}/api", pause=0), ["2401.00001"])
    assert [p.id for p in papers] == ["2401.00001"]
    for there in ("http://169.254.169.254/secret", "file:///etc/passwd", "//localhost:1/x", "/api/query"):
        site.answer = lambda *_, there=there: (307, b"", {"Location": there})  # type: ignore[misc]
        with pytest.raises(FetchError, match=r"sends to another host|answers 307"):
            fetch(Arxiv(address=f"{site.address}/api", pause=0), ["2401.00002"])
    assert {path for path, *_ in site.asked} == {"/api/query", "/api/v2/query"}


def test_answers_have_bounds(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    arxiv = Arxiv(address=site.address, pause=0)
    monkeypatch.setattr(bounded, "LARGEST", 1_000_000)
    packed = gzip.compress(feed(1) + b" " * 200_000_000, 9)
    site.answer = lambda *_: (200, packed, {"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="more than 1,000,000 bytes"):
            fetch(arxiv, ["2401.00001"])
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    monkeypatch.setattr(bounded, "LONGEST_S", -1)
    site.answer = lambda *_: (200, feed(1), {})
    with pytest.raises(FetchError, match="does not end within"):
        fetch(arxiv, ["2401.00001"])


@pytest.mark.parametrize("answer", [b"[" * 100_000, b"[" + b"1" * 5_000 + b"]", b"\xff", b'{"results": {}}'])
def test_an_odd_answer_is_an_error(site: Site, answer: bytes) -> None:
    site.answer = lambda *_: (200, answer, {})
    with pytest.raises(FetchError):
        fetch(DailyPapers(address=site.address, pause=0), ["2025-05-30"])


def test_nothing_found_is_an_error(site: Site) -> None:
    site.answer = lambda *_: as_json([])
    with pytest.raises(FetchError, match="no papers found"):
        fetch(DailyPapers(address=site.address, pause=0), ["2025-05-30"])
    site.answer = lambda *_: (200, b"<html>sign in</html>", {})
    with pytest.raises(FetchError, match="no JSON"):
        fetch(DailyPapers(address=site.address, pause=0), ["2025-05-31"])


def test_the_origins_are_plug_ins() -> None:
    assert list(origins()) == ["arxiv", "daily", "openalex", "semantic-scholar"]
    assert all(known.address.startswith("https://") and known.pause > 0 for known in origins().values())
    with pytest.raises(FetchError, match=r"no origin 'nowhere' \(there are arxiv, daily"):
        origin("nowhere")


def test_the_command_writes_what_build_reads(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answer = lambda *_: (200, feed(1, 2), {})
    known: Origin = Arxiv(address=site.address, pause=0)
    monkeypatch.setattr("paperkg.origins.origin", lambda name: known)
    out = tmp_path / "two.jsonl"
    assert run(["fetch", "arxiv", "2401.00001", "2401.00002", "-o", str(out)]) == 0
    assert "2 papers" in capsys.readouterr().err
    found, _ = paperkg.extract(out, fast=True)
    assert [x.paper.title for x in found] == ["Paper With The Number 1", "Paper With The Number 2"]
    assert run(["fetch", "--help"]) == 0
    assert "semantic-scholar" in capsys.readouterr().out


def test_the_origin_of_the_documentation(site: Site) -> None:
    page = (Path(__file__).parents[2] / "docs" / "fetch.md").read_text("utf-8")
    names: dict[str, type] = {}
    exec(page.split("```python\n")[1].split("```")[0], names)
    mine: Origin = names["Mine"]()
    mine.address, mine.pause = site.address, 0.0
    site.answer = lambda *_: (200, b'[{"id": "x1", "title": "A", "abstract": "B"}]', {})
    papers, _ = fetch(mine, ["causal", "graphs"], most=7)
    assert [paper.id for paper in papers] == ["x1"]
    assert site.asked == [("/search", {"q": "causal graphs", "limit": "7"}, None)]
