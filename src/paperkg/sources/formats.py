"""The formats that can be read, by content. A new format is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from paperkg.sources import atom, bibtex, csv_files, json_files, listing, ris
from paperkg.sources.entry import Reader


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        name: its short name in reports.
        title: how messages call it.
        matches: whether a text that begins with the given characters (up to a million) is of this format.
        read: its reader.
    """

    name: str
    title: str
    matches: Callable[[str], bool]
    read: Reader


FORMATS = (
    Format("csv", "CSV with the columns title and abstract", csv_files.matches, csv_files.read),
    Format("listing", "a saved Daily Papers page", listing.matches, listing.read),
    Format("atom", "an Atom feed", atom.matches, atom.read),
    Format("bibtex", "BibTeX", bibtex.matches, bibtex.read),
    Format("ris", "RIS", ris.matches, ris.read),
    Format("json", "JSON or JSON Lines", json_files.matches, json_files.read),
)
"""In the order in which they are tried: first what the first line decides, then what any line may."""


def detect(head: str) -> Format | None:
    """The format of a text that begins with `head`."""
    return next((f for f in FORMATS if f.matches(head)), None)
