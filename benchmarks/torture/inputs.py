"""What is read: damaged pages, one bad record among many, odd characters in any encoding."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

from torture import bare
from torture.frame import Case, Measured, Run, megabytes, peak_memory, row, run_program
from torture.pages import FORMS, damaged_page, page, texts

CLI = (sys.executable, "-m", "paperkg")


def trouble_of(run: Run) -> str:
    """What is wrong with how a command ended: it must be done, or fail with one line."""
    error = run.stderr.decode(errors="replace")
    if run.status < 0:
        return f"ended by signal {-run.status}"
    if "Traceback" in error:
        return "a traceback"
    if run.status and len(error.strip().splitlines()) != 1:
        return f"{len(error.strip().splitlines())} lines of error"
    return ""


@row(
    "1",
    "10,000 damaged pages of 8 formats, each with untouched records",
    passes="no crash, no untouched record lost, <= 5 s and 500 MB a page",
)
def damaged_pages(case: Case) -> Measured:
    """Damages one to three records of a page and looks for the others."""
    from paperkg.errors import SourceError
    from paperkg.sources import read_papers

    count, slowest = case.count(10_000, 80), 0.0
    failures, untouched, lost = [], 0, Counter[str]()
    folder = case.scratch / "pages"
    folder.mkdir()
    for number in range(count):
        form = list(FORMS)[number % len(FORMS)]
        one = damaged_page(form, case.random)
        begun = time.perf_counter()
        try:
            papers, _ = read_papers(["-"], stdin=BytesIO(one.content))
        except SourceError:
            papers = []
        except Exception as error:  # whatever it is, it is what the row looks for
            failures.append(f"{form} page {number}: {type(error).__name__}: {error}")
            papers = []
        slowest = max(slowest, time.perf_counter() - begun)
        missing = one.untouched - {(p.title, p.abstract) for p in papers}
        untouched += len(one.untouched)
        lost[form] += len(missing)
        if number < case.count(200, 8):
            (folder / f"{number}.txt").write_bytes(one.content)
    run = run_program([*CLI, "extract", folder, "--fast", "-o", case.scratch / "out.jsonl"], seconds=600)
    if trouble := trouble_of(run):
        failures.append(f"extract of {case.count(200, 8)} of the pages: {trouble}")
    if run.status:
        failures.append(f"extract of {case.count(200, 8)} of the pages ended with {run.status}")
    failures += [f"{number} untouched records of {form} lost" for form, number in lost.items() if number]
    if slowest > 5:
        failures.append(f"a page took {slowest:.1f} s")
    if peak_memory() > 500e6:
        failures.append(f"memory of {megabytes(peak_memory())}")
    return Measured(
        {
            "pages": count,
            "untouched records": untouched,
            "of them lost": sum(lost.values()),
            "slowest page": f"{slowest:.2f} s",
            "memory": megabytes(peak_memory()),
            "pages through the command line": case.count(200, 8),
        },
        failures,
    )


_BAD = {
    "JSON Lines": [
        '{"title": ',
        "{'title': 'x'}",
        '{"title": 5}',
        "[]",
        "\0",
        '{"title": "x\\ud800"}',
        '{"abstract": "x"}',
    ],
    "JSON array": [
        '{"title": }',
        '{"title": NaN}',
        '{"title": "a", "n": ' + "9" * 5_000 + "}",
        '{"abstract": "x"}',
        "5",
    ],
    "BibTeX": [
        "@article{bad, title = {x, abstract = {y}\n",
        "@article{bad, abstract = {x}}",
        "@article{bad title}",
    ],
    "Atom": [
        "<entry><title>x</entry>",
        "<entry><title>&bad;</title></entry>",
        "<entry></entry>",
        "<entry><title>x",
    ],
    "CSV": ['p,"x" y,z,', "only one cell", "a,b,c,d,e,f", "p,,abstract,2025"],
    "RIS": ["TY  - JOUR\nAB  - x\nER  - ", "a line of no record", "TY  - JOUR\nTI  - \0\nER  - "],
}
BAD_ADDRESSES = [
    "http://a b.org/", "http://a.org/\n", "http://a.org/\t", "http://a.org/\0", "http://a.org/%zz", "a/b", "//a.org/x", "http://",
    "http:///x", "http://a.org/<b>", 'http://a.org/"', "http://a.org/{x}", "http://a.org/\\x", "http://a.org/^", "http://a.org/`",
    "http://a.org/|", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://a.org/\u202ex", "http://a.org/\u200b",
    "http://[::1", "http://a.org:99999999/", "http://a@", "HTTP://A.ORG/", "http://\u4e2d\u6587.org/", "http://a.org/" + "x" * 5_000,
    "http://a.org/\ud800", "http://a.org/> . <urn:x> <urn:y> <urn:z", "urn:x", "http://a.org/\x7f",
]  # fmt: skip
ODD_TEXTS = [
    "", "x", " x ", "\t\n\r", "\x01", "\x0b\x0c", "\x1b[31m", "\x7f", "\x85", "\xa0", "\u200b", "\u2028\u2029", "\u202e", "\ufeff",
    "\ufffe\uffff", "\ufdd0", "\U0001f469\u200d\U0001f467", "\U0010ffff", "e\u0301", "\u0130\u0131", '"""', "'''", "\\", "\\u0041",
    "<b>&amp;</b>", "]]>", "${x}", "{{x}}", "a\r\nb", "-->",
]  # fmt: skip


@row(
    "2",
    "one bad record among 1,000 in JSON Lines, JSON, BibTeX, Atom, CSV, RIS; 31 odd addresses, 30 odd texts",
    passes="all good ones kept; each skip with file, line, reason; RDF that two readers understand",
)
def one_bad_record(case: Case) -> Measured:
    """Puts one bad record, address or text among good ones."""
    from paperkg.errors import SourceError
    from paperkg.sources import read_papers

    count = case.count(1_000, 100)
    failures, tried = [], 0
    for form, bad in _BAD.items():
        for what in bad:
            given = texts(case.random, count)
            records = [FORMS[form].record(one, number) for number, one in enumerate(given)]
            records.insert(count // 2, what)
            line = page(form, records[: count // 2]).decode().count("\n")
            tried += 1
            try:
                papers, report = read_papers(["-"], stdin=BytesIO(page(form, records)))
            except SourceError as error:
                failures.append(f"{form} with {what[:30]!r}: {error}")
                continue
            missing = set(given) - {(p.title, p.abstract) for p in papers}
            if missing:
                failures.append(f"{form} with {what[:30]!r}: {len(missing)} lost")
            near = [s for s in report.skipped if s.file == "-" and abs(s.line - line) <= 4 and s.reason]
            if not near:
                failures.append(
                    f"{form} with {what[:30]!r}: not reported at line {line}: {report.skipped[:2]}"
                )
    failures += _odd_values(case)
    return Measured(
        {
            "bad records": tried,
            "among": count,
            "odd addresses": len(BAD_ADDRESSES),
            "odd texts": len(ODD_TEXTS),
        },
        failures,
        bare.addresses(BAD_ADDRESSES),
    )


def _odd_values(case: Case) -> Iterator[str]:
    """Addresses and texts that are no plain ones, through the whole of paperkg."""
    import pyoxigraph
    import rdflib

    import paperkg
    from paperkg.export import render
    from paperkg.rdf.terms import web_iri
    from paperkg.sources import read_papers

    records = [
        {"id": f"u{n}", "title": f"Address {n}", "abstract": "x", "url": x}
        for n, x in enumerate(BAD_ADDRESSES)
    ]
    records += [
        {"id": f"t{n}", "title": f"Odd {n} {x}|", "abstract": f"We use BERT. {x}|"}
        for n, x in enumerate(ODD_TEXTS)
    ]
    source = case.scratch / "odd.jsonl"
    source.write_text("\n".join(map(json.dumps, records)))
    papers, report = read_papers([source])
    for record in records:
        paper = next((p for p in papers if p.id == record["id"]), None)
        if paper is None:
            yield f"{record['title'][:20]!r} lost"
        elif (paper.title, paper.abstract) != (record["title"], record["abstract"]):
            yield f"{record['title'][:20]!r} changed"
        elif (
            "url" in record
            and paper.url is None
            and not any(s.line == int(paper.id[1:]) + 1 for s in report.skipped)
        ):
            yield f"{record['url'][:30]!r} dropped in silence"
        elif "url" in record and paper.url is not None and web_iri(paper.url) is None:
            yield f"{record['url'][:30]!r} kept, but it cannot be written as an IRI"
    kg = paperkg.build(source, fast=True)
    for form in ("nt", "ttl"):
        content = render(kg, form)
        kind = pyoxigraph.RdfFormat.N_TRIPLES if form == "nt" else pyoxigraph.RdfFormat.TURTLE
        titles = {
            q.object.value
            for q in pyoxigraph.parse(content, format=kind)
            if str(q.predicate).endswith("title>")
        }
        graph = rdflib.Graph().parse(data=content, format=form)
        others = {str(o) for _, p, o in graph if str(p).endswith("title")}
        wanted = {str(r["title"]) for r in records}
        if not wanted <= titles:
            yield f"{len(wanted - titles)} titles differ in {form} as pyoxigraph reads it"
        if not wanted <= others:
            yield f"{len(wanted - others)} titles differ in {form} as rdflib reads it"


def _encoded() -> dict[str, bytes]:
    """Files in encodings and with bytes that go wrong; the good record of each has the title that comes after it."""

    def lines(*records: object) -> str:
        return "\n".join(json.dumps(one, ensure_ascii=False) for one in records) + "\n"

    def paper(
        name: str, text: str = "We use BERT \u2013 na\u00efve \u4e2d\u6587 \U0001f600."
    ) -> dict[str, str]:
        return {"id": name, "title": f"Good {name} \u00e9\u4e2d\U0001f600", "abstract": text}

    utf8 = lines(paper("one"), paper("two")).encode()
    listing = (
        FORMS["listing"].begin + "Good one \u00e9\u4e2d\U0001f600\n\n" + "We use BERT. \u4e2d\u6587 " * 20
    )
    return {
        "plain.jsonl": utf8,
        "bom.jsonl": b"\xef\xbb\xbf" + utf8,
        "utf16le.jsonl": utf8.decode().encode("utf-16"),
        "utf16be.jsonl": b"\xfe\xff" + utf8.decode().encode("utf-16-be"),
        "crlf.jsonl": utf8.replace(b"\n", b"\r\n"),
        "latin1.jsonl": utf8 + '{"title": "caf\u00e9"}\n'.encode("latin-1"),
        "invalid.jsonl": utf8 + b'{"title": "\xff\xfe\xc0\x80"}\n',
        "cut.jsonl": utf8 + b'{"title": "\xe4\xb8"}\n',
        "overlong.jsonl": utf8 + b'{"title": "\xc0\xaf\xe0\x80\xaf"}\n',
        "surrogate-bytes.jsonl": utf8 + b'{"title": "\xed\xa0\x80"}\n',
        "surrogate.jsonl": utf8 + b'{"title": "x\\ud800y"}\n{"title": "t", "abstract": "\\udfff"}\n',
        "surrogate-in-fields.jsonl": utf8
        + b'{"id": "\\ud800", "title": "fields", "authors": ["\\ud800"], "url": "http://a.org/\\ud800", "date": "\\ud800"}\n'
        + b'{"title": "own", "abstract": "", "sources": ["\\ud800"], "listings": [{"page": "\\ud800", "position": 1}]}\n'
        + b'{"title": "own 2", "abstract": "", "listings": [], "date": "2025", "date_written": "\\ud800"}\n'
        + b'{"title": "own 3", "abstract": "", "listings": [], "date": "2025", "date_reason": "\\ud800"}\n'
        + b'{"title": "own 4", "abstract": "", "organisations": [{"slug": "\\ud800", "name": "x"}]}\n',
        "nul.jsonl": utf8 + b'{"title": "a\\u0000b"}\n{"title": "a\0b"}\n\0\0\0\n',
        "array.json": b"[" + utf8.replace(b"\n{", b",\n{") + b"]",
        "page.txt": listing.encode(),
        "page-broken.txt": listing.encode() + b"\n\n\xe2\x80\xa2 4 authors\n\xc2\xb7\nMay 1, 2025\n\n\xff\xff title\n\nabstract.\n",
        "page-nul.txt": listing.encode().replace(b"BERT", b"BE\0RT", 1),
        "bib.bib": "@article{a, title={Good one \u00e9\u4e2d\U0001f600}, abstract={We use BERT.}}\n".encode() + b"@article{b, title={\xff}, abstract={x}}\n",
        "atom.xml": (FORMS["Atom"].begin + "<entry><title>Good one \u00e9\u4e2d\U0001f600</title><summary>x</summary></entry></feed>").encode(),
        "atom-latin1.xml": (FORMS["Atom"].begin.replace("?>", ' encoding="iso-8859-1"?>') + "<entry><title>Good one \u00e9</title></entry></feed>").encode("latin-1"),
        "table.csv": "title,abstract\nGood one \u00e9\u4e2d\U0001f600,x\n".encode() + b"\xff,x\n",
        "table16.csv": "title,abstract\nGood one \u00e9\u4e2d\U0001f600,x\n".encode("utf-16"),
    }  # fmt: skip


@row(
    "3",
    "UTF-8 that is none, UTF-16, byte order marks, NUL, half surrogates in every field; the C locale",
    passes="no crash, no silent `?`, the good records kept, same bytes in both locales",
)
def odd_encodings(case: Case) -> Measured:
    """Builds from files in many encodings, in two locales."""
    from paperkg.errors import SourceError
    from paperkg.sources import read_papers

    failures = []
    files = _encoded()
    folder = case.scratch / "in"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
        try:
            papers, report = read_papers([folder / name])
        except SourceError as error:
            if name not in ("atom-latin1.xml", "page-nul.txt"):
                failures.append(f"{name}: {error}")
            continue
        if not any(
            p.title.startswith("Good one") and p.title.endswith("\u00e9\u4e2d\U0001f600") for p in papers
        ):
            failures.append(f"{name}: the good record is lost or changed")
        everything = repr(papers)
        if "?" in everything or "\ufffd" in everything or "\\ud800" in everything or "\\udc" in everything:
            failures.append(f"{name}: something was replaced, or half a surrogate kept")
        if (
            len(content) > len(files["plain.jsonl"]) + 40
            and name.endswith("jsonl")
            and not name.startswith("utf16")
            and not report.skipped
        ):
            failures.append(f"{name}: nothing is reported")
    locales = {
        "C": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        "C.UTF-8": {"LC_ALL": "C.UTF-8", "LANG": "C.UTF-8"},
    }
    outputs: dict[str, dict[str, bytes]] = {}
    for name, environment in locales.items():
        out = case.scratch / name
        words = ("build", folder, "--fast", "--processes", "1", "--out", out, "--name", "g")
        run = run_program([*CLI, *words], environment=environment, seconds=100)
        if (trouble := trouble_of(run)) or run.status:
            failures.append(f"build in {name}: {trouble or run.stderr[-200:].decode(errors='replace')}")
        shown = run_program([*CLI, "show", out / "g", "BERT"], environment=environment)
        if trouble := trouble_of(shown):
            failures.append(f"show in {name}: {trouble}")
        extracted = run_program([*CLI, "extract", folder, "--fast"], environment=environment)
        outputs[name] = {p.name: p.read_bytes() for p in sorted(out.glob("g.*")) if p.is_file()}
        outputs[name]["standard output of extract"] = extracted.stdout
    one, other = outputs.values()
    differing = [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]
    if differing or not one:
        failures.append(f"differs by locale: {', '.join(sorted(differing))}")
    return Measured(
        {"files": len(files), "outputs compared": len(one), "outputs that differ": len(differing)},
        failures,
        bare.encodings(case),
    )
