"""Texts that are made to hurt: each is a short piece again and again, up to a size."""

from __future__ import annotations

import itertools
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass

SIZES = (20_000, 100_000, 1_000_000)
"""Characters."""

CHARACTERS = {
    "combining accents": "\u0301",
    "a letter with accents": "a\u0301\u0302\u0303",
    "a letter with 500 accents": "e" + "\u0301" * 500 + " ",
    "zero-width joiners": "\u200d",
    "zero-width spaces in words": "a\u200bb",
    "soft hyphens": "ex\u00adam\u00adple ",
    "right-to-left marks": "\u202ea\u202c",
    "joined emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "mathematical letters": "\U0001d400\U0001d7d8 ",
    "ideographs": "\u6f22\u5b57",
    "Hangul": "\ud55c\uad6d\uc5b4 ",
    "Arabic": "\u0644\u063a\u0629 ",
    "one that becomes 18": "\ufdfa",
    "one that becomes two in lower case": "\u0130",
    "sharp s": "\u00df",
    "ligatures": "\ufb03",
    "no-break spaces": "\u00a0",
    "blanks": " ",
    "tabs": "\t",
    "line feeds": "\n",
    "blank lines": "a\n\n",
    "carriage returns": "\r\n",
    "ideographic spaces": "\u3000a",
    "curly quotes": "\u201c\u201d",
    "dashes": "\u2013\u2014",
    "ellipses": "\u2026",
    "garbled bytes": "\u00e2\u0080\u0099",
    "other digits": "\u0663",
    "superscript digits": "\u00b2x",
    "fractions": "\u00bd ",
    "private use": "\ue000",
    "unassigned": "\u0378",
    "Greek": "\u03b1\u03b2 ",
    "control characters": "\x85\x9d",
}
WORDS = {
    "one letter": "a",
    "one capital": "A",
    "one digit": "7",
    "capitals with blanks": "A ",
    "letters with blanks": "a ",
    "digits with blanks": "1 ",
    "digits and letters": "a1",
    "a capital inside": "aB",
    "words": "word ",
    "capitalised words": "Word ",
    "shouted words": "WORD ",
    "function words": "of the ",
    "the": "the ",
    "verbs": "using ",
    "we propose": "we propose ",
    "hyphens": "a-b",
    "hyphens between names": "GPT-4-",
    "hyphens with blanks": "a - b ",
    "compounds": "state-of-the-art ",
    "ordinary compounds": "training-free-",
    "apostrophes": "a's",
    "apostrophes of words": "word's's",
    "camels": "DeepCausalNet",
    "camels with blanks": "DeepCausalNet ",
    "stops": "a. ",
    "stops without blanks": "a.b",
    "sentences of two": "It works. ",
    "sentences of a name": "We use X. ",
    "initials": "A.B.",
    "et al.": "et al. ",
    "no end": "very long sentence that has and of words without ",
    "plural s": "LMs ",
    "plurals": "models ",
    "underscores": "a_b ",
    "at signs": "a@b.c ",
    "arXiv ids": "arXiv:2401.00001 ",
    "sizes": "7B ",
    "versions": "v1.2.3 ",
    "GPT-4/4/4": "/4",
    "GPT-1, 2, 3": "GPT-3.5, 4, 5 and 6 ",
    "slashes": "GPT-3.5/4 ",
}
NAMES = {
    "a known name": "BERT ",
    "a known name without blanks": "BERT",
    "known names in a list": "BERT, GPT-4, ",
    "known names by turns": "ImageNet CIFAR-10 MNIST ",
    "known terms": "large language model ",
    "known long forms": "convolutional neural network ",
    "known tasks": "question answering, ",
    "guarded names": "PAL DROP RACE ",
    "our own name": "We propose BERT on ImageNet for image classification. ",
    "comparisons": "GPT-4 outperforms BERT on SQuAD by 5.3% F1. ",
    "variants": "GPT-4 is a variant of GPT-3, ",
    "names in brackets": "(BERT) ",
    "names in quotes": '"BERT" ',
    "a dataset": "the CLadder dataset ",
    "metrics": "accuracy F1 BLEU ",
    "results by turns": "BERT (91.2%), GPT-4 (93.4%), ",
    "result series": "91.2, 93.4 and 95.1 on ImageNet, CIFAR-10 and MNIST, ",
}
SHORT_FORMS = {
    "defined": "Alpha Beta (AB) ",
    "defined before": "AB (Alpha Beta) ",
    "defined of one letter": "A B (AB) ",
    "defined with stops": "Alpha Beta (AB). ",
    "never closed": "(AB ",
    "never opened": "AB) ",
    "nested": "((AB) ",
    "long inside": "AB (" + "alpha beta " * 14 + ") ",
    "long before": "alpha beta " * 14 + "(AB) ",
    "letters of the short form": "a " * 60 + "(AAAAAAAAAAAAAA) ",
    "with year": "Alpha Beta (AB, 2024) ",
}
NUMBERS = {
    "percent": "95.3% ",
    "percent without blanks": "95.3%",
    "thousands": "1,000",
    "thousands with blanks": "1,000,000 ",
    "stops between": "1.2.3.",
    "ranges": "3-5-",
    "ranges with to": "3% to 5% to ",
    "spreads": "3 \u00b1 4 ",
    "spreads of latex": "3\\pm4",
    "hedged": "up to 5.4% ",
    "hedges alone": "up to at least more than ",
    "signs": "+-",
    "signed": "+5 -5 ",
    "dollars": "$5 ",
    "times": "3x ",
    "in words": "two-fold ",
    "an order": "an order of magnitude ",
    "units": "3 ms 4 GB 5 FPS ",
    "points": "5 percentage points ",
    "slashes": "51.7/37.5/",
    "dates": "2024-01-01 ",
    "exponents": "1e9 ",
    "at": "Hit@10 ",
}
ADDRESSES = {
    "addresses": "http://a.b/c ",
    "addresses without blanks": "http://a.b/c",
    "secure ones": "https://github.com/a/b ",
    "schemes alone": "http://",
    "schemes with blanks": "http : / / a",
    "schemes in schemes": "https://https:/",
    "www": "www.",
    "www with blanks": "www.a.b ",
    "www without end": "www.a",
    "hosts": "a.b.c.",
    "labels": "a-a.",
    "dots and slashes": "./",
    "code": "github.com/a/b ",
    "code alone": "github.com/",
    "pages": "a.github.io/b ",
    "pages without blanks": "a.github.io",
    "broken": "https://github.com/a/ b ",
    "broken hosts": "https://a. com/ ",
    "mirrors": "hf-mirror.com/a/b ",
    "mirror labels": "hf-mirror.",
    "escapes": "https://a.b/c\\_d\\_",
    "percent signs": "http://a.b/%%%%",
    "brackets": "(http://a.b/c) ",
    "brackets inside": "http://a.b/(",
    "closing brackets": "http://a.b/c))))))) ",
    "stops behind": "http://a.b/c........ ",
    "at signs": "http://a@",
    "ports": "http://a.b:80/ ",
    "brackets of an address": "http://[::1]/ ",
    "tildes": "http://a.b/~",
    "many parts": "a/",
    "data": "https://doi.org/10.5281/zenodo.1 ",
    "code is at": "Our code is available at https://github.com/a/b. ",
}
RUINS = {
    "commands": "\\a",
    "commands with braces": "\\textbf{",
    "commands with blanks": "\\textbf ",
    "commands, closed": "\\textbf{a} ",
    "fractions": "\\frac{a}{b}",
    "fractions, open": "\\frac{",
    "colours": "\\textcolor{red}{",
    "citations": "\\cite{a}",
    "citations, open": "\\cite{",
    "citations with options": "\\cite[a][b]{",
    "tildes": "~\\cite",
    "footnotes": "\\footnote{a",
    "maths": "$a$ ",
    "maths, long": "$" + "a" * 599 + "$ ",
    "maths of prices": "$5 and ",
    "display": "$$a$$",
    "scripts": "a^{b}_{c}",
    "scripts, open": "a^{",
    "scripts alone": "^_",
    "degrees": "^\\circ",
    "accents": '\\"a',
    "accents in braces": '\\"{a}',
    "accents, open": "\\'{",
    "double backslashes": "\\\\",
    "glued": "mathcalA",
    "wrapped": "text{a}",
    "wrapped, open": "text{",
    "quotes": "``a'' ",
    "quotes, open": "``a ",
    "one quote": "`a ",
    "one quote, long": "`" + "a" * 59,
    "one quote, closed": "`a' ",
    "quotes alone": "''",
    "entities": "&amp;",
    "entities, open": "&amp",
    "entities of entities": "&amp;amp;",
    "numbers of characters": "&#38;",
    "large numbers of characters": "&#999999;",
    "long dashes": "a---b",
    "long dashes with blanks": "a -- b ",
    "times": "3times",
    "times with blanks": "3 times ",
    "sim": "sim3",
    "plus and minus": "plus3minus3pm3%",
    "arrows": "rightarrow",
    "tags": "<b>",
    "scripts of pages": "<script>alert(1)</script>",
    "comments": "<!--",
    "tables": "| a | b ",
}
SOLID = {"one word": "x", "one number": "1", "one address": "http://a.b/", "one sentence": "word and "}


@dataclass(frozen=True)
class Bomb:
    """A text that is made to hurt; `str()` gives the text.

    Attributes:
        name: what it is.
        piece: what it repeats.
        size: characters.
        begin: what stands before.
    """

    name: str
    piece: str
    size: int
    begin: str = ""

    def __str__(self) -> str:
        """The text."""
        return (self.begin + self.piece * (self.size // len(self.piece) + 1))[: self.size]


def _pieces() -> Iterator[tuple[str, str]]:
    for mark in string.punctuation:
        yield f"{mark} alone", mark
        yield f"{mark} with blanks", f"{mark} "
        yield f"{mark} between letters", f"a{mark}"
        yield f"{mark} between capitals", f"B{mark}"
        yield f"{mark} between digits", f"3{mark}"
        yield f"{mark} before words", f"{mark}word "
        yield f"{mark} behind words", f"word{mark} "
        yield f"eight {mark}", mark * 8 + " "
    groups = {
        "characters": CHARACTERS,
        "words": WORDS,
        "names": NAMES,
        "short forms": SHORT_FORMS,
        "numbers": NUMBERS,
        "addresses": ADDRESSES,
        "ruins": RUINS,
    }
    for group, pieces in groups.items():
        for name, piece in pieces.items():
            yield f"{group}: {name}", piece


def plain_bombs(size: int) -> list[Bomb]:
    """One of each kind: every punctuation mark in eight ways, and all that the lists above hold."""
    return [
        *(Bomb(name, piece, size) for name, piece in _pieces()),
        *(Bomb(f"solid: {name}", piece[-1], size, piece[:-1]) for name, piece in SOLID.items()),
    ]


def pair_bombs(size: int) -> list[Bomb]:
    """Every two punctuation marks by turns."""
    return [
        Bomb(f"pair {one}{other}", one + other, size)
        for one, other in itertools.permutations(string.punctuation, 2)
    ]


def mixed_bombs(size: int, count: int, chance: random.Random) -> list[Bomb]:
    """Two to four pieces of any kind by turns."""
    pieces = [piece for _, piece in _pieces()]
    made = []
    for _ in range(count):
        piece = "".join(chance.choice(pieces) for _ in range(chance.randint(2, 4)))
        made.append(Bomb(f"mixed {piece!r:.60}", piece, size))
    return made


def changing_bombs(size: int, names: list[str]) -> list[tuple[str, str]]:
    """Names and texts of bombs in which no two pieces are alike; `names` are known ones."""

    def upto(pieces: Iterator[str]) -> str:
        made, length = [], 0
        while length < size and (piece := next(pieces, "")):
            made.append(piece)
            length += len(piece)
        return "".join(made)[:size]

    numbers = itertools.count
    letters = string.ascii_uppercase
    codes = ["".join(code) for code in itertools.product(letters, repeat=3)]
    return [
        ("each known name once", upto(f"{name}, " for name in names)),
        ("each known name once, without commas", upto(f"{name} " for name in names)),
        ("each known name in a sentence", upto(f"We use {name}. " for name in names)),
        ("each known name proposed", upto(f"We propose {name} and " for name in names)),
        (
            "each known name compared",
            upto(f"{name} beats {name} by {n}.5%. " for n, name in enumerate(names)),
        ),
        ("new names", upto(f"{code.title()}{code}Net " for code in codes)),
        ("new names in a list", upto(f"{code.title()}{code}Net, " for code in codes)),
        (
            "new names with results",
            upto(f"{code.title()}Net ({n % 90}.{n % 10}%), " for n, code in enumerate(codes)),
        ),
        ("new benchmarks", upto(f"the {code.title()}Bench benchmark, " for code in codes)),
        ("new short forms", upto(f"{a}lpha {b}eta {c}amma ({a}{b}{c}) " for a, b, c in codes)),
        ("new short forms, short", upto(f"{a}l {b}e {c}a ({a}{b}{c}) " for a, b, c in codes)),
        ("new short forms before", upto(f"{a}{b}{c} ({a}lpha {b}eta {c}amma) " for a, b, c in codes)),
        ("new words", upto(f"w{n:x} " for n in numbers())),
        ("new short words", upto(f"{code.lower()} " for code in codes)),
        ("new capitals", upto(f"{code} " for code in codes)),
        ("new versions", upto(f"GPT-{n} " for n in numbers())),
        ("numbers upwards", upto(f"{n} " for n in numbers())),
        ("results upwards", upto(f"accuracy of {n}.5% on ImageNet, " for n in numbers())),
        ("addresses upwards", upto(f"https://github.com/a/b{n} " for n in numbers())),
        ("all characters", upto(chr(n) for n in numbers(0x21) if not 0xD800 <= n <= 0xDFFF)),
        (
            "all characters with blanks",
            upto(f"{chr(n)} " for n in numbers(0x21) if not 0xD800 <= n <= 0xDFFF),
        ),
        ("longer brackets", upto("(" * n + "a" + ")" * n + " " for n in numbers(1))),
        ("longer words", upto("a" * n + " " for n in numbers(1))),
        ("longer compounds", upto("-".join("ab" * n) + " " for n in numbers(1))),
    ]


def list_bombs(size: int) -> list[tuple[str, dict[str, object]]]:
    """Names and fields of records of at most `size` characters that list as much as fits in."""
    fields: dict[str, list[object]] = {
        "authors": [f"Ann {n:x}" for n in range(size // 15)],
        "listings": [{"page": f"{n:x}", "position": n, "comments": n} for n in range(size // 55)],
        "organisations": [{"slug": f"{n:x}", "name": f"{n:x}"} for n in range(size // 40)],
        "sources": [f"{n:x}" for n in range(size // 10)],
    }
    return [
        *((name, {name: listed}) for name, listed in fields.items()),
        ("authors in a string", {"authors": ", ".join(map(str, fields["authors"]))}),
        ("a little of each list", {name: listed[: len(listed) // 4] for name, listed in fields.items()}),
        ("one author", {"authors": ["A" * (size - 1_000)]}),
    ]
