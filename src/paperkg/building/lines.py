"""papers.jsonl of a large graph, of which lines are read and copied where they stand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

from paperkg.building.contents import Contents
from paperkg.model import Extraction
from paperkg.records import extraction_from_json

_CHUNK = 1 << 20


class OldLines:
    """The papers of a large graph as they are written now."""

    def __init__(self, file: BinaryIO, contents: Contents) -> None:
        """In its papers.jsonl, which is as its manifest says."""
        self._file = file
        self._at: dict[int, tuple[int, int]] = {}
        start = 0
        for number, size in contents.order():
            self._at[number] = start, size
            start += size

    def in_order(self, numbers: Iterable[int]) -> list[int]:
        """The numbers of some papers, as their lines stand."""
        return sorted(numbers, key=self._at.__getitem__)

    def extraction(self, number: int) -> Extraction:
        """A paper."""
        return extraction_from_json(json.loads(self.line(number)))

    def line(self, number: int) -> bytes:
        """Its line."""
        start, size = self._at[number]
        self._file.seek(start)
        return self._file.read(size)

    def copy(self, numbers: Iterable[int], new: dict[int, bytes], out: BinaryIO) -> None:
        """Write the lines of papers, some of them new ones, in an order; what stands together is copied as one."""
        start = end = 0
        for number in numbers:
            line = new.get(number)
            if line is None:
                at, size = self._at[number]
                if at == end:
                    end += size
                    continue
                self._copy(start, end, out)
                start, end = at, at + size
            else:
                self._copy(start, end, out)
                start = end
                out.write(line)
        self._copy(start, end, out)

    def _copy(self, start: int, end: int, out: BinaryIO) -> None:
        self._file.seek(start)
        while start < end:
            start += out.write(self._file.read(min(_CHUNK, end - start)))
