"""With which settings a graph is built, and how the work is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from paperkg import __version__
from paperkg.extraction import (
    FAST_EXTRACTOR,
    ExtractionCache,
    extract_papers,
    extractor,
    useful_processes,
)
from paperkg.extraction.threshold import keep_sure
from paperkg.lexicon import Entry, Lexicon, load_lexicon, parse_lexicon
from paperkg.model import Extraction, InputFile, LeftOut, Paper, Provenance, Skip, SourceReport

Progress = Callable[[str, int, int], None]
"""Is called as each stage begins and goes on: with its name (`reading`, `extracting`, `resolving`, `writing`), the number
of papers that are done, and that of all, 0 where it is not known."""

LEXICON = "lexicon"


def silent(stage: str, done: int, of: int) -> None:
    """The progress of which nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Running:
    """How papers are read; it changes nothing in the result.

    Attributes:
        processes: how many read side by side; as many as are of use if None.
        progress: called as the stages go on.
        cluster: address of the Ray cluster that reads them, if one does.
    """

    processes: int | None = None
    progress: Progress = silent
    cluster: str | None = None

    def count(self, papers: int, *, fast: bool) -> int | None:
        """The number of processes for so many papers; None for all of a cluster."""
        if self.cluster is not None:
            return self.processes
        return self.processes or useful_processes(papers, fast=fast)


@dataclass(frozen=True)
class Settings:
    """What a graph depends on beside its papers and what people decided.

    Attributes:
        base: IRI under which all resources stand.
        fast: whether papers are read by rules and lexicon alone.
        min_confidence: what has less confidence is left out, 0 to 1.
        own: a user's lexicon, as an input and as text, if any.
    """

    base: str
    fast: bool = False
    min_confidence: float = 0.0
    own: tuple[InputFile, str] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.min_confidence <= 1:
            raise ValueError(f"min_confidence must lie between 0 and 1, not at {self.min_confidence}")

    @classmethod
    def of(cls, made: Provenance, base: str) -> Settings:
        """Those with which a graph was made."""
        files = [file for file in made.files if file.format == LEXICON]
        return cls(
            base,
            made.extractor == FAST_EXTRACTOR,
            float(dict(made.settings).get("min_confidence", 0)),
            (files[0], made.lexicon) if files else None,
        )

    @property
    def extractor(self) -> str:
        """Name and version of what reads papers."""
        return extractor(fast=self.fast)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Known names and terms."""
        return load_lexicon(self._entries)

    @property
    def reader_lexicon(self) -> Lexicon | None:
        """The same for who reads papers: None for that of the package alone."""
        return self.lexicon if self.own else None

    @property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(parse_lexicon(self.own[1].encode(), self.own[0].name)) if self.own else ()

    def provenance(self, report: SourceReport) -> Provenance:
        """How a graph is made of what was read, but for what people decided."""
        settings = [("base", self.base)]
        if self.min_confidence:
            settings += [
                ("min_confidence", str(self.min_confidence)),
                *((f"left_out_{what}", str(number)) for what, number in asdict(report.left_out).items()),
            ]
        return Provenance(
            version=__version__,
            extractor=self.extractor,
            files=(*report.files, *([self.own[0]] if self.own else [])),
            settings=tuple(settings),
            skipped=report.skipped,
            listings=report.listings,
            lexicon=self.own[1] if self.own else "",
        )


def read_lexicon(path: str | Path | None) -> tuple[InputFile, str] | None:
    """A user's lexicon: what it is as an input, and its text.

    Raises:
        SourceError: it is none.
        OSError: it cannot be read.
    """
    if path is None:
        return None
    content = Path(path).read_bytes()
    entries = parse_lexicon(content, str(path))
    file = InputFile(Path(path).name, hashlib.sha256(content).hexdigest(), LEXICON, len(entries))
    return file, content.decode("utf-8-sig")


def read_all(
    papers: Iterable[Paper],
    number: int,
    settings: Settings,
    running: Running,
    cache: ExtractionCache | None = None,
    *,
    stage: str = "extracting",
) -> Iterator[tuple[Extraction, LeftOut]]:
    """What is sure enough in each of some papers, in their order, and how much is not.

    Args:
        papers: they are read as a stream.
        number: how many they are.
        settings: say how they are read.
        running: says by whom.
        cache: what it holds is not read again.
        stage: is told to who wants to know.
    """
    running.progress(stage, 0, number)
    found = extract_papers(
        papers,
        fast=settings.fast,
        lexicon=settings.reader_lexicon,
        processes=running.count(number, fast=settings.fast),
        cluster=running.cluster,
        cache=cache,
    )
    for done, extraction in enumerate(found, 1):
        yield keep_sure(extraction, settings.min_confidence)
        running.progress(stage, done, number)


def still_skipped(report: SourceReport, was: Provenance) -> tuple[Skip, ...]:
    """What was skipped, also in files that were read before and still have a paper."""
    names = {file.name for file in report.files}
    return tuple(sorted({*report.skipped, *(skip for skip in was.skipped if skip.file in names)}))
