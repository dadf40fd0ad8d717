"""Pages of every format that paperkg reads, whole and damaged, with what must come out of them."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

Text = tuple[str, str]
"""Title and abstract."""

_WORDS = (
    "model data graph causal language learning network method training inference sparse agent video robust policy "
    "reward token prompt image speech vision latent prior bound kernel tensor query cache shard proof"
).split()
_NOISE = "\0\x01\x1b\x7f\u202e\ufeff\U0010ffff\ud800"
_SIGNS = "\"{}[](),:;@<>&\\'`$%#\n\t \u2022\u00b7" + _NOISE


@dataclass(frozen=True)
class Page:
    """A page and what is in it.

    Attributes:
        format: its name.
        content: its bytes.
        untouched: title and abstract of the records that were not damaged.
    """

    format: str
    content: bytes
    untouched: frozenset[Text]


def texts(chance: random.Random, count: int) -> list[Text]:
    """Titles and abstracts of papers that do not exist; the titles differ."""
    made = []
    for number in range(count):
        title = (
            " ".join(chance.choices(_WORDS, k=chance.randint(5, 9))).capitalize()
            + f" {chance.randrange(10**9)}"
        )
        sentences = (
            " ".join(chance.choices(_WORDS, k=chance.randint(9, 16))).capitalize() + "."
            for _ in range(chance.randint(5, 9))
        )
        made.append((title, f"We study case {number}. " + " ".join(sentences)))
    return made


def _listing(one: Text, number: int) -> str:
    return f"{one[0]}\n\n{one[1]}\n\n\u2022 {number % 9 + 1} authors\n\u00b7\nMay {number % 28 + 1}, 2025"


def _json(one: Text, number: int) -> str:
    authors = [{"name": "Ann Bee", "id": number}, {"name": "C. Dee"}]
    return json.dumps(
        {"id": f"p{number}", "title": one[0], "abstract": one[1], "date": "2025-05-30", "authors": authors}
    )


def _bibtex(one: Text, number: int) -> str:
    return f"@article{{key{number},\n  title = {{{one[0]}}},\n  abstract = {{{one[1]}}},\n  year = 2025\n}}"


def _ris(one: Text, number: int) -> str:
    return f"TY  - JOUR\nID  - {number}\nTI  - {one[0]}\nAB  - {one[1]}\nPY  - 2025\nER  - "


def _atom(one: Text, number: int) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/2501.{number:05d}v1</id><title>{escape(one[0])}</title>"
        f"<summary>{escape(one[1])}</summary><published>2025-01-02T00:00:00Z</published></entry>"
    )


def _csv(one: Text, number: int) -> str:
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow((f"p{number}", *one, "2025-05-30"))
    return row.getvalue()


@dataclass(frozen=True)
class _Form:
    begin: str
    record: Callable[[Text, int], str]
    between: str
    end: str


FORMS = {
    "listing": _Form(
        "new\n\nDaily Papers\n\nbyAK and the research community\n\nJun 25\n\n", _listing, "\n\n", "\n"
    ),
    "JSON Lines": _Form("", _json, "\n", "\n"),
    "JSON array": _Form("[", _json, ",\n", "]\n"),
    "answer": _Form('{"total": 7, "data": [', _json, ", ", "]}"),
    "BibTeX": _Form("", _bibtex, "\n\n", "\n"),
    "RIS": _Form("", _ris, "\n\n", "\n"),
    "Atom": _Form(
        '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n', _atom, "", "</feed>\n"
    ),
    "CSV": _Form("id,title,abstract,date\n", _csv, "\n", "\n"),
}
"""What is read, by name."""


def page(form: str, records: list[str]) -> bytes:
    """A page of some records as they stand in it."""
    kind = FORMS[form]
    return (kind.begin + kind.between.join(records) + kind.end).encode("utf-8", "surrogatepass")


def _damaged(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    to = min(len(text), at + chance.choice((1, 2, 5, 30, 200)))
    match chance.randrange(12):
        case 0:
            return text[:at] + text[to:]
        case 1:
            return text[:at] + chance.choice(_SIGNS) + text[at:]
        case 2:
            return text[:at]
        case 3:
            return text[at:]
        case 4:
            return text[:at] + text[at:to] * chance.randint(2, 50) + text[to:]
        case 5:
            return text[:at] + "".join(chance.sample(text[at:to], to - at)) + text[to:]
        case 6:
            return text[:at] + "".join(chance.choices(_SIGNS, k=chance.randint(1, 30))) + text[to:]
        case 7:
            return text.replace(chance.choice('"{}<>,-'), chance.choice(_SIGNS))
        case 8:
            return text[:at] + chance.choice("([{\"'<`$\\") * chance.choice((10, 1_000, 20_000)) + text[at:]
        case 9:
            return text[:at] + "x" * chance.choice((300, 5_000, 100_000)) + text[at:]
        case 10:
            return (
                text.upper()
                if chance.random() < 0.5
                else text.replace("\n", "\r\n" if chance.random() < 0.5 else " ")
            )
        case _:
            return ""


def damaged_page(form: str, chance: random.Random) -> Page:
    """A page of 4 to 12 records, of which one to three are damaged, but never all."""
    given = texts(chance, chance.randint(4, 12))
    records = [FORMS[form].record(one, number) for number, one in enumerate(given)]
    touched = set(chance.sample(range(len(given)), chance.randint(1, 3)))
    for number in touched:
        for _ in range(chance.choice((1, 1, 3))):
            records[number] = _damaged(records[number], chance) if records[number] else ""
    content = page(form, records)
    if chance.random() < 0.1:  # bytes that are no UTF-8, in a damaged record
        number = min(touched)
        end = len(page(form, records[: number + 1])) - len(FORMS[form].end) - len(records[number]) // 2
        content = content[:end] + b"\xff\xc0" + content[end:] if records[number].isascii() else content
    return Page(form, content, frozenset(one for n, one in enumerate(given) if n not in touched))
