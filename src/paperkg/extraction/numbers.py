"""Numbers in running text: what is written, what it is worth, and with which unit and hedge.

A `Quantity` is a number that stands for itself. Digits that belong to a name (GPT-4, 7B, 512x512, Hit@10, v2)
are none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from paperkg.extraction.located import Offsets

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_SIGN = re.compile(r"(?:\+|-|\u2212|plus |minus )\$?$")
_SPREAD = re.compile(r"\s?(?:\+/-|\u00b1|\\pm|pm)\s?\d{1,9}(?:\.\d{1,9})?")
_DASH = re.compile(r"\$?\s?(?:--?|\u2013|\u2014)\s?\$?[+-]?")
_TO = re.compile(r"\s(?:to|up to)\s[+-]?")
_UNIT = re.compile(
    r"""\$?(?:
      \s?\\?%p\b | \s?\\?\$?\\?% (?:\s?points?\b)? | [\s-]?percentage[ -]points?(?:\s\(pp\))?
    | [\s-]?percent\b
    | \s?p\.p\. | \s?pp\b | [\s-](?:(?:accuracy|absolute|AUROC|AUC|F1|BLEU|Elo)\s)?(?:points?|pts)\b | p\b
    | \s?(?:\\times|\u00d7|times\b|[xX]\b) | [\s-]?fold\b | [\s-]orders?\sof\smagnitude\b
    | \s?(?:dB|bpp|FPS|fps|[KMGT]i?B|[KMG]bps|[kMG]?Hz|ms|µs|mm|cm|km)\b
    | [\s-](?:milliseconds?|seconds?|minutes?|hours?|days?|bits?|tokens?/s(?:ec(?:ond)?)?)\b
    | \s?[smhK]\b | [MB]\b
    )\$?""",
    re.VERBOSE,
)
_HEDGE = re.compile(
    r"""(?:^|(?<=[\s(:\[$~]))(?:
      up\sto(?:\san?)? | at\sleast | at\smost | as\s(?:much|high|low|little|few)\sas
    | no\smore\sthan | no\sless\sthan
    | (?:more|less|fewer|greater|higher|lower|better)\sthan | over | under | above | below | exceeding
    | approaching
    | around | about | approximately | approx\.? | nearly | almost | roughly | within | \\sim | sim
    | \\?(?:leq|geq) | ~ | \u223c | \u2248 | < | > | \u2264 | \u2265
    )\s?\$?$""",
    re.VERBOSE,
)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORDED = re.compile(
    rf"""(?<![\w-])(?P<number>{"|".join(_WORDS)}|an(?=\sorder\b))
    (?P<unit>-?fold|\stimes|\sorders?\sof\smagnitude|\spercent)\b""",
    re.VERBOSE,
)
"""Numbers in words, where a unit says that they are measures."""
_REACH = 24
"""Longest stretch before or after a number in which its hedge or its unit is looked for."""
_MOST_DIGITS = 24
"""With commas and point; longer rows of digits are no measures, and few numbers of 300 digits can be computed with."""
_GLUE = frozenset("@_^/\\.#&")
_CANONICAL = (
    ("%p", "points"),
    ("%", "%"),
    ("percentage", "points"),
    ("percent", "%"),
    ("point", "points"),
    ("pts", "points"),
    ("pp", "points"),
    ("p.p", "points"),
    ("times", "x"),
    ("\u00d7", "x"),
    ("fold", "x"),
    ("X", "x"),
    ("order", "orders of magnitude"),
    ("millisecond", "ms"),
    ("second", "s"),
    ("minute", "min"),
    ("hour", "h"),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Attributes:
        start, end: the value as written, with hedge, sign and unit.
        first, last: the digits alone (of the first number of a range).
        number: its worth, negative after a minus sign.
        unit: `%`, `points`, `x`, `ms`, ... or the empty string.
        hedge: `up to`, `over`, `~`, ... or the empty string.
        signed: whether a plus or minus stands before it.
        ranged: whether it is the lower end of a range or carries a spread.
    """

    start: int
    end: int
    first: int
    last: int
    number: float
    unit: str
    hedge: str
    signed: bool
    ranged: bool


def find_quantities(text: str, taken: Sequence[Offsets] = ()) -> list[Quantity]:
    """The numbers of a text, in order.

    Args:
        text: any text.
        taken: sorted spans (names, addresses) whose digits do not count.
    """
    found: list[Quantity] = []
    place, at, done = 0, 0, 0
    while match := _NUMBER.search(text, at):
        first, last = match.span()
        at = last
        while place < len(taken) and taken[place][1] <= first:
            place += 1
        if place < len(taken) and taken[place][0] <= first:
            continue
        quantity = _quantity(text, match, done)
        if quantity is not None:
            found.append(quantity)
            at = done = quantity.end
    return _with_worded(text, found, taken)


def _with_worded(text: str, found: list[Quantity], taken: Sequence[Offsets]) -> list[Quantity]:
    """The quantities with those in words ('two-fold', 'an order of magnitude') that overlap nothing, in order."""
    busy = sorted([*taken, *((q.start, q.end) for q in found)])
    worded = []
    for match in _WORDED.finditer(text):
        start, end = match.span()
        at = bisect_left(busy, (end, 0))
        if at and busy[at - 1][1] > start:
            continue
        hedge = _HEDGE.search(text, max(0, start - _REACH), start)
        word = match["number"]
        worded.append(
            Quantity(
                hedge.start() if hedge else start,
                end,
                start,
                match.end("number"),
                1.0 + _WORDS.index(word) if word in _WORDS else 1.0,
                _unit(text, match.end("number"))[1],
                " ".join(hedge[0].split()) if hedge else "",
                False,
                False,
            )
        )
    return sorted([*found, *worded], key=lambda q: q.start) if worded else found


def _quantity(text: str, match: re.Match[str], done: int) -> Quantity | None:
    """The quantity around some digits, None where a name holds them; the one before it ended at `done`."""
    first, last = match.span()
    if last - first > _MOST_DIGITS:
        return None
    sign = _SIGN.search(text, max(done, first - 7), first)
    start = sign.start() if sign else first
    before = text[start - 1 : start] if start > done else ""
    if sign and sign[0][0] == "-" and (before.isalnum() or before in ")]}"):
        return None
    if before == "$":
        start -= 1
        before = text[start - 1 : start]
    if before == "/" and done == start - 1:
        before = ""  # the second number of 51.7/37.5
    if before.isalnum() or before in _GLUE:
        return None
    end, unit = _unit(text, last)
    number = float(match[0].replace(",", ""))
    ranged = False
    spread = _SPREAD.match(text, end)
    if spread:
        ranged, end = True, spread.end()
        after, more = _unit(text, end)
        end, unit = (after, more) if more else (end, unit)
    else:
        upper = _upper(text, end, start, number)
        if upper:
            ranged, (end, unit) = True, upper
    if not unit and end < len(text) and (text[end].isalnum() or text[end] == "_"):
        return None
    if not unit and text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha():
        return None
    hedge = _HEDGE.search(text, max(done, start - _REACH), start)
    negative = sign is not None and sign[0][0] in "-\u2212m"
    return Quantity(
        hedge.start() if hedge else start,
        end,
        first,
        last,
        -number if negative else number,
        unit,
        " ".join(hedge[0].split()).strip("$ ") if hedge else "",
        sign is not None,
        ranged,
    )


def _unit(text: str, at: int) -> tuple[int, str]:
    """Where the unit that begins at `at` ends, and its usual form."""
    match = _UNIT.match(text, at)
    if not match:
        return at, ""
    written = match[0].strip(" -$\\")
    for start, usual in _CANONICAL:
        if start in written:
            return match.end(), usual
    return match.end(), written


def _upper(text: str, at: int, start: int, lower: float) -> tuple[int, str] | None:
    """The end and the unit of `3-5%`, `3% to 5%` after their lower end.

    'from 3% to 5%', '0.9 to 0.7' and '(0.7 to 0.9)' are no ranges: they give two numbers.
    """
    joint = _DASH.match(text, at)
    bracketed = text[start - 1 : start] == "("
    if not joint and not text.endswith("from ", 0, start):
        joint = _TO.match(text, at)
    if not joint:
        return None
    number = _NUMBER.match(text, joint.end())
    if not number or len(number[0]) > _MOST_DIGITS or float(number[0].replace(",", "")) <= lower:
        return None
    end, unit = _unit(text, number.end())
    if not unit and text[end : end + 1].isalnum():
        return None
    if bracketed and text[end : end + 1] == ")" and joint[0].startswith(" "):
        return None
    return end, unit or _unit(text, at)[1]
