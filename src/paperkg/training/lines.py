"""What the training programs read and print: JSON Lines files, and figures in words."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from paperkg.evaluation import Counts


def read_lines(*files: Path) -> Iterator[dict[str, Any]]:
    """The records of some files, packed with gzip or not, one after the other; blank lines are passed over."""
    for file in files:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
            yield from (json.loads(line) for line in lines if line.strip())


def json_lines(records: Iterable[Mapping[str, Any]]) -> str:
    """Records as the text of a JSON Lines file."""
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def said(counts: Counts) -> str:
    """Precision, recall and F1 in a line."""
    return f"P {counts.precision:.3f} R {counts.recall:.3f} F1 {counts.f1:.3f}"
