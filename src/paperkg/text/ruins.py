"""What LaTeX, HTML and copying leave behind in a text: `3.5times`, ``` ``x'' ```, entities, white space."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

Edit = tuple[int, int, str]
"""Start, end, replacement. Lists of edits are in order and without overlap."""

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s{}$\\<>\"~^]+(?:(?:\\{1,2}[_%&#~]|~)[^\s{}$\\<>\"~^]*)*")
# Each alternative begins with plain characters, so that the search can skip ahead; what must stand before
# them is looked at afterwards.
_SIGN_RUIN = re.compile(
    r"(?P<space>\s{2,}|[^\S ]|\A | \Z)"
    r"|(?P<hidden>[\u00ad\u200b\u200c\u200d\u2060\ufeff]+)"
    r"|(?P<ligature>[\ufb00-\ufb06])"
    r"|(?P<garbled>\u00e2\u0080[\u0080-\u00bf]|[\u00c2-\u00c5][\u0080-\u009f])"
    r"|(?P<entity>&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|amp|lt|gt|quot|apos|nbsp|times|ndash|mdash|hellip);)"
    r"|(?P<quoted>(?<!`)`(?=[^\s`'])(?:[^`'\s]| (?! )){1,60}'(?!['\w]))"
    r"|(?P<quotes>``|''(?!')(?:(?<=[A-Za-z.,;:!?)]'')|(?<![\w']'')(?=\w)))"
    r"|(?P<dash>---?(?!-)(?:(?<=[\w)]--)(?=[\w(])|(?<=[\w)]---)(?=[\w(])|(?<=\s--)(?=\s)|(?<=\s---)(?=\s)))"
)
_ODD_SIGN = re.compile(
    "[\t-\r\x1c-\x1f\x80-\xa0\xad\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufb00-\ufb06\ufeff]"
)
_SIGN_TRIGGERS = ("  ", "`", "''", "--", "&", "\n", "\t", "\r")
_WORD_RUINS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (word, re.compile(pattern), replacement)
    for word, pattern, replacement in (
        ("times", r"times(?<=\dtimes)(?:[ ](?=\d))?(?![a-z])|times(?<![A-Za-z]times)(?=\d)", "×"),
        ("sim", r"sim(?<![A-Za-z]sim)(?=\d)(?!\d(?:real|sim))|sim(?<=\d sim)(?= \d)", "~"),
        ("approx", r"approx(?<![A-Za-z]approx)(?=\d)|approx(?<=[\u0370-\u03ff]approx)(?= ?\d)", "≈"),
        (
            "pm",
            r"pm(?<=\dpm)(?=\d+\.)|pm(?<=\d pm)(?= \d+\.\d)"
            r"|pm(?<![A-Za-z0-9.]pm)(?= ?\d{1,3}(?:\.\d{1,3})?%)",
            "±",
        ),
        ("plus", r"plus(?<![A-Za-z]plus)(?=\d)", "+"),
        ("minus", r"minus(?<![A-Za-z]minus)(?=\d)", "−"),
        ("le ", r"le(?<![A-Za-z]le)(?= \d)", "≤"),
        ("ge ", r"ge(?<![A-Za-z]ge)(?= \d)", "≥"),
        *(
            (word, rf"{word}(?<![A-Za-z]{word})(?![a-z])", sign)
            for word, sign in {
                "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "uparrow": "↑", "downarrow": "↓",
                "varepsilon": "ε", "infty": "∞", "leq": "≤", "geq": "≥", "neq": "≠", "propto": "∝",
            }.items()
        ),
    )
)  # fmt: skip
"""A word that must be there, where it is a ruin, what it was."""
_WRAPPED = re.compile(
    r"(?:text(?<![A-Za-z]text)|math(?<![A-Za-z]math))(?:bf|it|tt|sc|cal|bb|rm)?\{[^{}]{1,100}\}"
    r"|emph(?<![A-Za-z]emph)\{[^{}]{1,100}\}"
)


def ruin_edits(text: str) -> Iterator[Edit]:
    """Edits that tidy ruins of LaTeX and HTML, quotation marks, dashes and white space, in order."""
    edits = [*_sign_edits(text), *_word_edits(text)]
    if not edits:
        return
    addresses = [m.span() for m in ADDRESS.finditer(text)] if "://" in text or "www." in text else []
    edits.sort()
    address = 0
    for edit in edits:
        while address < len(addresses) and addresses[address][1] <= edit[0]:
            address += 1
        if address == len(addresses) or edit[1] <= addresses[address][0]:
            yield edit


def has_ruined_sign(text: str) -> bool:
    """Whether anything but words may be a ruin: False says that all signs and all white space are as they should be."""
    return (
        any(sign in text for sign in _SIGN_TRIGGERS)
        or text != text.strip()
        or not (text.isascii() or _ODD_SIGN.search(text) is None)
    )


def _sign_edits(text: str) -> Iterator[Edit]:
    if not has_ruined_sign(text):
        return
    for match in _SIGN_RUIN.finditer(text):
        start, end, found = match.start(), match.end(), match[0]
        match match.lastgroup:
            case "space":
                at_edge = start == 0 or end == len(text)
                # A line may be broken after a hyphen.
                broken = "\n" in found and not at_edge and text[start - 1] == "-" and text[end].isalpha()
                replacement = "" if at_edge or broken else " "
            case "hidden":
                replacement = ""
            case "ligature":
                replacement = unicodedata.normalize("NFKC", found)
            case "garbled":
                replacement = found.encode("latin-1").decode("utf-8", "ignore")
            case "entity":
                replacement = html.unescape(found).replace("\xa0", " ")
            case "quoted":
                yield start, start + 1, "‘"
                start, replacement = end - 1, "’"
            case "quotes":
                replacement = "“" if found == "``" or not text[:start][-1:].strip() else "”"
            case _:
                replacement = "–" if len(found) == 2 else "—"
        yield start, end, replacement


def _word_edits(text: str) -> Iterator[Edit]:
    for word, pattern, replacement in _WORD_RUINS:
        if word in text:
            for match in pattern.finditer(text):
                yield match.start(), match.end(), replacement
    if "{" in text:
        for match in _WRAPPED.finditer(text):
            yield match.start(), match.start() + match[0].index("{") + 1, ""
            yield match.end() - 1, match.end(), ""
