"""LaTeX in titles and abstracts: one pass that finds what to replace, linear in the text."""

from __future__ import annotations

import re
import unicodedata

from paperkg.text.latex_names import DROPPED, SYMBOLS, UNWRAPPED
from paperkg.text.ruins import ADDRESS, Edit

_GLUED = re.compile(
    "(mathbb|mathcal|mathbf|mathrm|mathsf|mathit|boldsymbol|widetilde|tilde|widehat|sqrt|textbf|textit|texttt|emph)"
    "([A-Za-z]{1,20})"
)
_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "r": "\u030a", "k": "\u0328",
}  # fmt: skip
_SUPERSCRIPTS = str.maketrans("0123456789+-=()niT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ")
_SUBSCRIPTS = str.maketrans("0123456789+-=()aeijkmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ")

_TOKEN = re.compile(
    rf"(?P<url>{ADDRESS.pattern})"
    r"|(?P<cite>[\s~]{0,3}\\(?:cite[a-z]{0,8}|ref|eqref|label|footnotemark|begin|end)\*?"
    r"(?:\[[^\]{}]{0,100}\]){0,2}\{[^{}]{0,500}\})"
    r"|(?P<accent>\\(?:[\"'`^~=.]|[cvuHrk](?=\{| [A-Za-z]\b))[ ]?"
    r"(?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])|[A-Za-z]))"
    r"|\\(?P<name>[A-Za-z]{1,40})\*?(?P<gap>[ ]?)"
    r"|(?P<escaped>\\{1,2}[%&_#$])|(?P<space>\\[,;:! ])|(?P<sign>\\.)"
    r"|(?P<open>\{)|(?P<close>\})|(?P<dollar>\${1,2})|(?P<script>[\^_])|(?P<tie>~)",
    re.DOTALL,
)
_SIGNS = {"{": "{", "}": "}", "|": "‖", "\\": " ", **dict.fromkeys("-/@()[]", "")}
_WORD_LETTERS = frozenset(("o", "O", "l", "L", "i", "j", "ss", "ae", "AE", "oe", "OE", "aa", "AA"))
"""Commands for letters inside words: a blank after one ends its name and is no text."""
_SCRIPT = re.compile(
    r"[\^_](?:\{([^{}]{1,12})\}|\\(circ|degree|star|ast|prime|dagger|top)(?![A-Za-z])|([A-Za-z0-9*+-]))"
)
_DEGREE = re.compile(r"\^\\?circ(?![a-z])")
_CLOSED = {"footnote": [")"], "frac": ["/", ""], "tfrac": ["/", ""], "dfrac": ["/", ""]}
"""What the closing braces of a command's arguments become, where that is not nothing."""
_LONGEST_MATHS = 600
_SIGNS_OF_LATEX = tuple("\\${^~")


def _maths(text: str) -> dict[int, int]:
    """The places of dollar signs that open and close maths, by the rule that tells them from prices.

    An opening sign stands before a non-space; a closing one after a non-space and not before a digit.
    """
    signs = [m for m in re.finditer(r"\\[\\$]|\${1,2}", text) if m[0][0] == "$"]
    pairs: dict[int, int] = {}
    place = 0
    while place + 1 < len(signs):
        opening, closing = signs[place], signs[place + 1]
        inner = text[opening.end() : closing.start()][: _LONGEST_MATHS + 1]
        price = inner[:1].isdigit() and "\\" not in inner and len(inner.split()) > 2
        if (
            inner.strip()
            and not price
            and len(inner) <= _LONGEST_MATHS
            and not inner[0].isspace()
            and not text[closing.start() - 1].isspace()
            and ("\\" in inner or not text[closing.end() : closing.end() + 1].isdigit())
        ):
            pairs[opening.start()] = closing.start()
            place += 1
        place += 1
    return pairs


def _accented(token: str) -> str:
    mark, letter = _ACCENTS[token[1]], token[2:].strip(" {}\\")
    return unicodedata.normalize("NFC", {"ı": "i"}.get(letter, letter) + mark)


def _scripted(text: str, start: int) -> tuple[int, str] | None:
    """The end and the plain form of the superscript or subscript at a place, if it is a short one."""
    match = _SCRIPT.match(text, start)
    if not match:
        return None
    braced, symbol, single = match.groups()
    inner = (braced or symbol or single).strip()
    if text[start] == "^" and inner.removeprefix("\\") in ("circ", "degree"):
        return match.end(), "°"
    if text[start] == "^" and inner.removeprefix("\\") in ("star", "ast", "prime", "dagger", "top"):
        return match.end(), SYMBOLS[inner.removeprefix("\\")]
    table = _SUPERSCRIPTS if text[start] == "^" else _SUBSCRIPTS
    word = len(inner) > 1 and inner.isalpha()
    if inner and not word and all(ord(c) in table for c in inner):
        return match.end(), inner.translate(table)
    return None


class _Scanner:
    """One pass over a text; keeps the open braces, whether they are part of LaTeX, and where maths ends."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.maths = _maths(text)
        self.closing = -1
        self.edits: list[Edit] = []
        self.braces: list[tuple[int, bool, str]] = []
        """Open braces: place, whether they are dropped, what the closing one becomes."""
        self.arguments: list[str] = []
        """What becomes of the argument of the last command, if a brace follows directly."""
        self.expected = -1

    def run(self) -> list[Edit]:
        place = 0
        while match := _TOKEN.search(self.text, place):
            place = self._token(match)
        return sorted(self.edits)

    def _edit(self, start: int, end: int, replacement: str) -> int:
        if self.text[start:end] != replacement:
            self.edits.append((start, end, replacement))
        return end

    def _token(self, match: re.Match[str]) -> int:
        """Deals with what the match found and says where to go on."""
        start, end, found = match.start(), match.end(), match[0]
        before, after = self.text[max(0, start - 1) : start], self.text[end : end + 1]
        match match.lastgroup:
            case "url":
                for escape in re.finditer(r"\\{1,2}(?=[_%&#~])", found):
                    self._edit(start + escape.start(), start + escape.end(), "")
            case "cite":
                self._edit(start, end, "")
            case "accent":
                self._edit(start, end, _accented(found))
            case "gap":
                return self._command(match["name"], match)
            case "escaped":
                self._edit(start, end, found[-1])
            case "space":
                tight = found == "\\!" or before in (".", " ", "") or after in ("%", "\\", " ", "")
                self._edit(start, end, "" if tight else " ")
            case "sign" if found[1] in _SIGNS:
                self._edit(start, end, _SIGNS[found[1]])
            case "open":
                self._open(start)
            case "close":
                self._close(start)
            case "dollar" if start in self.maths or start == self.closing:
                self.closing = self.maths.get(start, -1)
                self._edit(start, end, "")
            case "script":
                return self._script(start)
            case "tie" if before.isalpha() or before in tuple(".)},"):
                if after.isalnum() or after in tuple("([\\$"):
                    self._edit(start, end, " ")
        return end

    def _script(self, start: int) -> int:
        braced = self.text[start + 1 : start + 2] == "{"
        if (self.closing > start or braced) and (plain := _scripted(self.text, start)):
            return self._edit(start, plain[0], plain[1])
        if match := _DEGREE.match(self.text, start):
            return self._edit(start, match.end(), "°")
        if braced:
            self.arguments, self.expected = [""], start + 1
        return start + 1

    def _command(self, name: str, match: re.Match[str]) -> int:
        start, end = match.start(), match.end()
        if name not in UNWRAPPED and (glued := _GLUED.fullmatch(name)):
            return self._edit(start, start + 1 + len(glued[1]), "√" if glued[1] == "sqrt" else "")
        if name in UNWRAPPED:
            return self._dressing(name, start, end)
        if name in DROPPED:
            return self._edit(start, end, "")
        if name in SYMBOLS:
            return self._edit(start, end, SYMBOLS[name] + ("" if name in _WORD_LETTERS else match["gap"]))
        if self.text.startswith("{", end) and not self.text.startswith("{}", end):
            # A macro of the authors around a text: the text is what it shows.
            return self._dressing(name, start, end)
        self._edit(start, start + 1, "")
        return end

    def _dressing(self, name: str, start: int, end: int) -> int:
        """A command that only dresses its argument; the first of two is a colour or an address."""
        self.arguments = list(_CLOSED.get(name, [""]))
        if name in ("textcolor", "href", "color") and self.text.startswith("{", end):
            close = self.text.find("}", end, end + 500)
            end = close + 1 if close >= 0 else end
            self.arguments = [] if name == "color" else [""]
        self.expected = end
        return self._edit(start, end, {"sqrt": "√", "footnote": " ("}.get(name, ""))

    def _open(self, start: int) -> None:
        if start == self.expected:
            closes = self.arguments.pop(0) if self.arguments else ""
            self.braces.append((start, True, closes))
            return
        latex = self.closing > start or self.text[start + 1 : start + 2] == "\\"
        self.braces.append((start, latex, ""))

    def _close(self, start: int) -> None:
        if not self.braces:
            return
        opened, latex, closes = self.braces.pop()
        glued = self.text[opened - 1 : opened].isalnum() or (
            self.text[start + 1 : start + 2].isalpha() or self.text[start + 1 : start + 2] in ("^", "_")
        )
        if latex or (glued and start - opened <= 200):
            self._edit(opened, opened + 1, "")
            self._edit(start, start + 1, closes)
        if opened == self.expected and self.arguments:
            self.expected = start + 1


def has_latex(text: str) -> bool:
    """Whether a text may hold LaTeX."""
    return any(sign in text for sign in _SIGNS_OF_LATEX)


def latex_edits(text: str) -> list[Edit]:
    """Edits that turn LaTeX into plain text; addresses keep everything but their escapes."""
    if not has_latex(text):
        return []
    return _Scanner(text).run()
