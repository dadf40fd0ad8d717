"""Two sets of files held against each other, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from paperkg.comparison.difference import Change, ChangedPaper, Difference, Made, NamedPaper, Numbers
from paperkg.comparison.entities import EntityTable
from paperkg.comparison.papers import STATEMENTS, changed_paper
from paperkg.sources.skips import by_kind

if TYPE_CHECKING:
    from paperkg.export.manifest import Manifest
    from paperkg.export.paper_lines import PaperLines, Side

T = TypeVar("T")


def diff(
    old: str | Path,
    new: str | Path,
    *,
    most: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Difference:
    """What changed between two built graphs.

    Both are read line by line: memory grows with what is listed, not with the graphs.

    Args:
        old, new: the graphs, each by its path without ending, or any file of it.
        most: of each kind list this many at most, and count the rest; all if None.
        progress: called with the stage (`reading`, `comparing`) and the numbers of papers that are done and of all.

    Raises:
        GraphError: there is no such graph, or its papers were changed, cut or removed.
    """
    from paperkg.export.paper_lines import PaperLines

    with PaperLines(old, new, progress) as lines:
        return _Comparison(lines, most).difference()


class _Comparison:
    """One run of `diff`."""

    def __init__(self, lines: PaperLines, most: int | None) -> None:
        self._lines, self._most = lines, most
        self._entities = EntityTable(lines, dict(lines.manifest(1).provenance.replaced))
        self._came, self._went, self._changed = Counter[str](), Counter[str](), Counter[str]()

    def difference(self) -> Difference:
        went = self._listed("papers", self._went, self._papers_only_in(0))
        came = self._listed("papers", self._came, self._papers_only_in(1))
        changed_papers = self._listed("papers", self._changed, self._changed_papers())
        with self._lines.reading(1):
            self._entities.count_known(self._lines.same())
            entities = Change(
                self._listed("entities", self._came, self._entities.came()),
                self._listed("entities", self._went, self._entities.went()),
            )
            changed_entities = self._listed("entities", self._changed, self._entities.changed())
        kinds = ("papers", "entities", *STATEMENTS)
        return Difference(
            numbers={
                kind: Numbers(self._came[kind], self._went[kind], self._changed[kind]) for kind in kinds
            },
            papers=Change(came, went),
            changed_papers=changed_papers,
            entities=entities,
            changed_entities=changed_entities,
            made=_made(self._lines.manifest(0), self._lines.manifest(1)),
        )

    def _listed(self, kind: str, number: Counter[str], items: Iterable[T]) -> tuple[T, ...]:
        """As many as are to be listed; all are counted."""
        kept: list[T] = []
        for item in items:
            number[kind] += 1
            if self._most is None or len(kept) < self._most:
                kept.append(item)
        return tuple(kept)

    def _papers_only_in(self, side: Side) -> Iterator[NamedPaper]:
        number = self._came if side else self._went
        for record in self._lines.only_in(side):
            with self._lines.reading(side):
                self._entities.count(side, record)
                for kind, statements in STATEMENTS.items():
                    number[kind] += sum(1 for _ in statements(record))
                paper = NamedPaper(record["id"], record["title"])
            yield paper

    def _changed_papers(self) -> Iterator[ChangedPaper]:
        for old, new in self._lines.changed():
            with self._lines.reading(0):
                self._entities.count(0, old)
            with self._lines.reading(1):
                self._entities.count(1, new)
                paper = changed_paper(old, new)
            for kind in STATEMENTS:
                change = getattr(paper, kind)
                self._came[kind] += len(change.came)
                self._went[kind] += len(change.went)
            yield paper


def _made(old: Manifest, new: Manifest) -> tuple[Made, ...]:
    """What is not the same in how two graphs were made."""
    made = [_facts(manifest) for manifest in (old, new)]
    return tuple(
        Made(what, made[0].get(what, ""), made[1].get(what, ""))
        for what in dict.fromkeys((*made[0], *made[1]))
        if made[0].get(what) != made[1].get(what)
    )


def _facts(manifest: Manifest) -> dict[str, str]:
    made = manifest.provenance
    return {
        "paperkg": made.version,
        "extractor": made.extractor,
        "base": manifest.base,
        **dict(made.settings),
        **{f"input {file.name}": file.sha256 for file in made.files},
        "decisions": str(len(made.outcomes)),
        "skipped": str(by_kind(made.skipped).total()),
        "listings": str(made.listings),
    }
