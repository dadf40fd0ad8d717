"""Every regular expression of the package, and strings that are made to hurt each."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import random
import re
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

SIZE = 100_000
"""Characters of an attack string."""
WAYS = ("match", "fullmatch", "finditer")
_METHODS = {
    "match": {"match"},
    "fullmatch": {"fullmatch"},
    **{name: {"finditer"} for name in ("search", "findall", "finditer", "sub", "subn", "split")},
}
_FUNCTIONS = {"compile", *_METHODS}
_CATEGORIES = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_WORD": "a",
    "CATEGORY_NOT_WORD": "-",
}


@dataclass
class Regex:
    """A regular expression of the package.

    Attributes:
        pattern: compiled.
        place: where it stands.
        uses: the methods that are called on it: of `match`, `fullmatch`, `finditer` (for all that search).
    """

    pattern: re.Pattern[str]
    place: str
    uses: set[str]


def own_regexes() -> tuple[list[Regex], list[str]]:
    """The regular expressions of all modules, and the modules that cannot be imported here.

    Found are the compiled ones that a module, a class, a function's defaults or a collection of theirs holds, and those that are
    written in a call of `re`. What is done with one is read from the sources; where that is not clear it counts as used in all
    ways.
    """
    import paperkg

    found: dict[re.Pattern[str], Regex] = {}
    missing = []
    sources = {
        str(file): file.read_text("utf-8")
        for place in paperkg.__path__
        for file in sorted(Path(place).rglob("*.py"))
    }
    for info in pkgutil.walk_packages(paperkg.__path__, "paperkg."):
        if info.name.endswith("__main__"):
            continue
        try:
            module = importlib.import_module(info.name)
        except ImportError as error:
            missing.append(f"{info.name}: {error}")
            continue
        for name, value in vars(module).items():
            for pattern in _held(value, module, set()):
                known = found.setdefault(pattern, Regex(pattern, f"{info.name}.{name}", set()))
                own = sources[str(module.__file__)]
                known.uses |= _uses(name, own if name.startswith("_") else "\n".join(sources.values()))
    for place in paperkg.__path__:
        for file in sorted(Path(place).rglob("*.py")):
            for line, method, pattern in _written(file):
                if method != "compile" or pattern not in found:
                    known = found.setdefault(
                        pattern, Regex(pattern, f"{file.relative_to(place)}:{line}", set())
                    )
                    known.uses |= _METHODS.get(method, set(WAYS))
    return list(found.values()), missing


def _uses(name: str, sources: str) -> set[str]:
    """How the regular expressions that a name holds are used, as far as can be seen."""
    ways: set[str] = set()
    for method in re.findall(rf"\b{re.escape(name)}(?:\[[^\n]{{0,40}}?\])?\.(\w+)\(", sources):
        ways |= _METHODS.get(method, set())
    return ways or set(WAYS)


def _held(value: Any, module: ModuleType, seen: set[int]) -> Iterator[re.Pattern[str]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, dict):
        if len(value) < 10_000:
            for part in (*value.keys(), *value.values()):
                yield from _held(part, module, seen)
    elif isinstance(value, tuple | list | set | frozenset):
        if len(value) < 10_000:
            for part in value:
                yield from _held(part, module, seen)
    elif isinstance(value, FunctionType):
        for part in (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()):
            yield from _held(part, module, seen)
    elif getattr(type(value), "__module__", "").startswith("paperkg") or (
        isinstance(value, type) and value.__module__ == module.__name__
    ):
        members = dict(getattr(value, "__dict__", {}))
        for name in getattr(type(value), "__slots__", ()):
            members[name] = getattr(value, name, None)
        for part in members.values():
            yield from _held(part, module, seen)


def _written(file: Path) -> Iterator[tuple[int, str, re.Pattern[str]]]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr in _FUNCTIONS
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            flags = 0
            for part in [*node.args[1:], *(keyword.value for keyword in node.keywords)]:
                for inner in ast.walk(part):
                    if isinstance(inner, ast.Attribute) and inner.attr in re.RegexFlag.__members__:
                        flags |= re.RegexFlag[inner.attr]
            yield node.lineno, node.func.attr, re.compile(node.args[0].value, flags)


class _Writer:
    """Writes strings that a pattern nearly matches, from its parse tree."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.tree = parser.parse(pattern.pattern, pattern.flags)
        self.pumps: dict[tuple[str, str], None] = {}
        """What stands before a repetition, and what is repeated."""
        self.alphabet: dict[str, None] = {}

    def texts(self) -> tuple[str, list[tuple[str, str]], list[str]]:
        whole = self._sequence(self.tree, "", 0)
        return whole, list(self.pumps), list(self.alphabet)

    def _sequence(self, tree: Any, before: str, choice: int) -> str:
        made = ""
        for operator, argument in tree:
            made += self._one(str(operator), argument, before + made, choice)
        return made

    def _one(self, operator: str, argument: Any, before: str, choice: int) -> str:
        match operator:
            case "LITERAL":
                return self._sign(chr(argument))
            case "NOT_LITERAL":
                return self._sign("a" if argument != ord("a") else "b")
            case "ANY":
                return self._sign("a")
            case "IN":
                return self._sign(_member(argument, choice))
            case "BRANCH":
                made = [self._sequence(tree, before, choice) for tree in argument[1]]
                return made[choice % len(made)]
            case "SUBPATTERN":
                return self._sequence(argument[-1], before, choice)
            case "ATOMIC_GROUP":
                return self._sequence(argument, before, choice)
            case "ASSERT" | "ASSERT_NOT":
                self._sequence(argument[1], before, choice)
                return ""
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, tree = argument
                bodies = [self._sequence(tree, before, n) for n in range(3)]
                if most > 1:
                    self.pumps.update({(before, body): None for body in bodies if body})
                return bodies[choice % 3] * max(least, 1)
        return ""

    def _sign(self, sign: str) -> str:
        self.alphabet[sign] = None
        return sign


def _member(members: Any, choice: int) -> str:
    """A character of a class."""
    signs, negated = [], False
    for operator, argument in members:
        match str(operator):
            case "LITERAL":
                signs.append(chr(argument))
            case "RANGE":
                signs += [chr(argument[0]), chr(argument[1])]
            case "CATEGORY":
                signs.append(_CATEGORIES[str(argument)])
            case "NEGATE":
                negated = True
    if not negated:
        return signs[choice % len(signs)]
    tried = [s for s in "a1 -.A/\u00e9" if not _in_class(members, s)]
    return tried[choice % len(tried)] if tried else "\u00e9"


def _in_class(members: Any, sign: str) -> bool:
    for operator, argument in members:
        name = str(operator)
        if (name == "LITERAL" and sign == chr(argument)) or (
            name == "RANGE" and argument[0] <= ord(sign) <= argument[1]
        ):
            return True
        if name == "CATEGORY":
            kind = str(argument)
            plain = {"DIGIT": sign.isdigit(), "SPACE": sign.isspace(), "WORD": sign.isalnum() or sign == "_"}[
                kind.rpartition("_")[2]
            ]
            if plain != ("_NOT_" in kind):
                return True
    return False


def attacks(pattern: re.Pattern[str], least: int = 10, size: int = SIZE) -> list[str]:
    """Strings of the alphabet of a pattern: each repetition pumped, with and without an end that does not fit, and chance."""
    whole, pumps, alphabet = _Writer(pattern).texts()
    chance = random.Random(repr(pattern.pattern))
    made: dict[str, None] = {}
    for before, body in pumps:
        for unit in (body, before + body):
            made[(before + unit * (size // len(unit) + 1))[: size - 1] + "\x00"] = None
    if whole:
        made[(whole * (size // len(whole) + 1))[:size]] = None
    if whole[:-1]:
        made[(whole[:-1] * (size // len(whole[:-1]) + 1))[:size]] = None
    for sign in alphabet:
        made[sign * (size - 1) + "\x00"] = None
        made[(sign + " ") * (size // 2)] = None
    signs = [*alphabet, " ", "a", "\n"]
    while len(made) < least or (len(made) < 3 * least and len(signs) > 4):
        made["".join(chance.choices(signs, k=size))] = None
    return list(made)


def longer(text: str) -> str:
    """An attack string of twice the length."""
    return text[:-1] + text[:-1] + text[-1:] * 2 if text.endswith("\x00") else text + text
