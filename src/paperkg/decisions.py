"""Decisions made by hand as a table of tab-separated text: `NAME.decisions.tsv`, to be edited and kept in git.

A line is a decision: verb, entity, to, papers, note (`paperkg.model.Decision`); empty cells at the end may be
missing. Lines that begin with `#`, empty lines and the line of headings mean nothing. They are applied in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from paperkg.errors import DecisionError
from paperkg.model import ENTITY_TYPES, RELATIONS, VERBS, Decision, Outcome

COLUMNS = ("verb", "entity", "to", "papers", "note")
SPLITS = ("by type", "by long-form")
"""The ways to split an entity other than by papers."""
LONGEST = 200
"""Most characters of a name."""
HEAD = (
    "# What people decided about this graph, applied in this order by each build: docs/decisions.md of paperkg.\n"
    + "\t".join(COLUMNS)
    + "\n"
)

_WRITTEN = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "|": "\\|", " ": "\\s"}
_READ = {written[1]: meant for meant, written in _WRITTEN.items()}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_TO_ESCAPE = re.compile(r"[\\\t\n\r|]|^ | $")
_IRI = re.compile(r"(?:https?://|urn:)[!#-;=?-\[\]_a-z~]+")
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")


def parse_decisions(content: bytes, file: str) -> tuple[Decision, ...]:
    """The decisions in a file, in their order.

    Args:
        content: bytes of the file; an empty one has no decisions.
        file: its name, for errors.

    Raises:
        DecisionError: a line is no decision.
    """
    return tuple(decision for _, decision in _lines(content, file))


def with_decision(content: bytes, decision: Decision) -> bytes:
    """The content of a file with one more decision at its end; the rest stays as it is written."""
    text = content.decode("utf-8", "surrogatepass") or HEAD
    end = "" if text.endswith("\n") else "\n"
    return f"{text}{end}{render_decision(decision)}\n".encode("utf-8", "surrogatepass")


def without_decision(content: bytes, number: int, file: str) -> bytes:
    """The content of a file without its decision of that number, from 1; empty if nothing but `HEAD` is left.

    Raises:
        DecisionError: there is no such decision, or a line is none.
    """
    places = [place for place, _ in _lines(content, file)]
    if not 1 <= number <= len(places):
        raise DecisionError(f"there is no decision {number}", file=file, hint=f"there are {len(places)}")
    lines = content.split(b"\n")
    del lines[places[number - 1] - 1]
    left = b"\n".join(lines)
    return b"" if left == HEAD.encode() else left


def render_decisions(outcomes: Iterable[Outcome]) -> bytes:
    """A file of the decisions of a graph; nothing if there are none."""
    content = b""
    for outcome in outcomes:
        content = with_decision(content, outcome.decision)
    return content


def render_decision(decision: Decision) -> str:
    """A decision as a line without its end; `parse_decisions` is the inverse."""
    papers = "|".join(_escaped(paper) for paper in decision.papers)
    cells = [decision.verb, _escaped(decision.entity), _escaped(decision.to), papers, _escaped(decision.note)]
    while not cells[-1]:
        cells.pop()
    return "\t".join(cells)


def check_decision(decision: Decision) -> None:
    """Make sure that a decision says what its verb needs and no more.

    Raises:
        DecisionError: it does not.
    """
    verb, to, papers = decision.verb, decision.to, decision.papers
    if not decision.entity:
        raise DecisionError(f"{verb} needs an entity", hint="its IRI or name stands in the second column")
    if verb == "split":
        if (to in SPLITS) == bool(papers) or (to and to not in SPLITS):
            raise DecisionError(f"split needs either papers or one of {', '.join(SPLITS)}")
    elif len(papers) != (verb in ("accept", "reject", "retype", "relate")):
        raise DecisionError(f"{verb} needs {'no' if verb in ('merge', 'rename', 'moved') else 'one'} paper")
    if verb == "moved" and not (_IRI.fullmatch(decision.entity) and _IRI.fullmatch(to)):
        raise DecisionError("moved needs two IRIs, the old one and the new one")
    if verb == "rename" and (len(to) > LONGEST or not to.isprintable() or not to.strip()):
        raise DecisionError(f"{to!r:.60} is no name (printable, at most {LONGEST} characters)")
    known = {"retype": ENTITY_TYPES, "relate": RELATIONS}.get(verb, ())
    if known and to not in known:
        raise DecisionError(f"{verb} to {to!r:.60} is not possible", hint=f"one of {', '.join(known)}")
    if bool(to) == (verb in ("accept", "reject")) and verb != "split":
        missing = "nothing more" if to else "the entity, name or IRI that it becomes"
        raise DecisionError(f"{verb} needs {missing}", hint="in the file, the third column")


def _lines(content: bytes, file: str) -> Iterator[tuple[int, Decision]]:
    """Each decision with the number of its line."""
    for number, raw in enumerate(content.split(b"\n"), 1):
        try:
            line = raw.decode("utf-8", "surrogatepass").removesuffix("\r")
            if number == 1:
                line = line.removeprefix("\ufeff")
            if not line.strip() or line.startswith("#") or tuple(line.split("\t")) == COLUMNS:
                continue
            yield number, _decision(line)
        except UnicodeDecodeError:
            raise DecisionError("not UTF-8", file=file, line=number, hint="save it as UTF-8") from None
        except DecisionError as error:
            raise DecisionError(error.cause, file=file, line=number, hint=error.hint) from None


def _decision(line: str) -> Decision:
    cells = [cell.strip(" ") for cell in line.split("\t")]
    if len(cells) > len(COLUMNS) and any(cells[len(COLUMNS) :]):
        hint = "tabs stand between cells; one within a cell is written \\t"
        raise DecisionError(f"{len(cells)} cells, not {len(COLUMNS)}", hint=hint)
    verb, entity, to, papers, note = (*cells, "", "", "", "")[: len(COLUMNS)]
    for known in VERBS:
        if verb == known:
            break
    else:
        raise DecisionError(f"an unknown verb {verb!r:.40}", hint=f"one of {', '.join(VERBS)}")
    ids = _BAR.sub("\\1\n", papers).split("\n") if papers else []
    decision = Decision(known, _meant(entity), _meant(to), tuple(map(_meant, ids)), _meant(note))
    check_decision(decision)
    return decision


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _WRITTEN[match[0]], text)


def _meant(cell: str) -> str:
    return _ESCAPE.sub(lambda match: _READ.get(match[1], match[0]), cell.strip(" "))
