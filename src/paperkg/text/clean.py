"""The clean form of a stored text, and the way back to the source's characters.

Titles and abstracts are stored as the source has them, and offsets refer to that. What people and the
pipeline read is `clean(text).text`: LaTeX and its ruins tidied, white space single. The map between the two
is kept as lists of edits.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from paperkg.text.extent import MOST_CHARACTERS
from paperkg.text.latex import latex_edits
from paperkg.text.ruins import Edit, ruin_edits


@dataclass(frozen=True, slots=True)
class _Layer:
    """Edits of one text: what stood at `before[i]:before_end[i]` stands at `after[i]:after_end[i]`."""

    before: tuple[int, ...]
    before_end: tuple[int, ...]
    after: tuple[int, ...]
    after_end: tuple[int, ...]

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        return _move(start, end, (self.after, self.after_end), (self.before, self.before_end))

    def to_clean(self, start: int, end: int) -> tuple[int, int]:
        return _move(start, end, (self.before, self.before_end), (self.after, self.after_end))


_Sides = tuple[tuple[int, ...], tuple[int, ...]]


def _move(start: int, end: int, here: _Sides, there: _Sides) -> tuple[int, int]:
    """A span on the other side of the edits: whole edits where it touches them, not those beside it."""
    place = bisect_right(here[1], start) - 1
    new_start = start + (there[1][place] - here[1][place] if place >= 0 else 0)
    if place + 1 < len(here[0]) and here[0][place + 1] < start:
        new_start = there[0][place + 1]
    if end <= start:
        return new_start, new_start
    place = bisect_left(here[0], end)
    if place and here[1][place - 1] > end:
        new_end = there[1][place - 1]
    elif place:
        new_end = end + there[1][place - 1] - here[1][place - 1]
    else:
        new_end = end
    return new_start, max(new_start, new_end)


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text for readers, with the way back.

    Attributes:
        text: the clean form.
        layers: the edits that made it, in the order in which they were applied.
    """

    text: str
    layers: tuple[_Layer, ...] = ()

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """The span of the stored text that holds a clean span: a replaced sign counts as a whole."""
        for layer in reversed(self.layers):
            start, end = layer.to_source(start, end)
        return start, end

    def to_clean(self, start: int, end: int) -> tuple[int, int]:
        """The span of the clean text that holds a stored span; empty where nothing is left of it."""
        for layer in self.layers:
            start, end = layer.to_clean(start, end)
        return start, end


def _applied(text: str, edits: Iterable[Edit]) -> tuple[str, _Layer | None]:
    parts, last, shift = list[str](), 0, 0
    before, before_end, after, after_end = list[int](), list[int](), list[int](), list[int]()
    for start, end, replacement in edits:
        if start < last:
            continue
        parts += (text[last:start], replacement)
        before.append(start)
        before_end.append(end)
        after.append(start + shift)
        shift += len(replacement) - (end - start)
        after_end.append(end + shift)
        last = end
    if not before:
        return text, None
    parts.append(text[last:])
    return "".join(parts), _Layer(tuple(before), tuple(before_end), tuple(after), tuple(after_end))


def clean(text: str) -> CleanText:
    r"""The clean form of a stored text; what is longer than any abstract is cleaned as far as it is read, and ends as it is.

    >>> clean(r"a \textit{training-free} way, 15\% of i.\,i.\,d. data").text
    'a training-free way, 15% of i.i.d. data'
    """
    end = len(text[:MOST_CHARACTERS].rstrip()) if len(text) > MOST_CHARACTERS else len(text)
    text, rest = text[:end], text[end:]
    layers = list[_Layer]()
    for edits in (latex_edits, ruin_edits):
        text, layer = _applied(text, edits(text))
        if layer:
            layers.append(layer)
    return CleanText(text + rest, tuple(layers))
