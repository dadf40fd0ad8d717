"""The work on a shard as a pure function: lines of papers in, lines of extractions out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from paperkg.check import check
from paperkg.extraction.side_by_side import Reader
from paperkg.model import Extraction, Paper
from paperkg.records import extraction_from_json, extraction_to_line, paper_from_json, paper_to_line


def paper_line(paper: Paper) -> bytes:
    """A paper as a line of JSON."""
    return f"{paper_to_line(paper)}\n".encode("utf-8", "backslashreplace")


def read_lines(lines: Iterable[bytes], read: Reader) -> Iterator[bytes]:
    """What is found in papers.

    Args:
        lines: a paper each, as `paper_line` writes it; they are read as a stream.
        read: reads papers.

    Returns:
        An extraction each, as JSON, in the order of the papers.

    Raises:
        ValueError: a line is no paper.
    """
    for extraction in read(map(_paper, lines)):
        yield f"{extraction_to_line(extraction)}\n".encode("utf-8", "backslashreplace")


def extraction_of(line: bytes) -> Extraction:
    """The extraction on a line.

    Raises:
        ValueError: it is none.
    """
    try:
        extraction = extraction_from_json(json.loads(line))
        check(extraction)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is no extraction of a paper") from error
    return extraction


def _paper(line: bytes) -> Paper:
    try:
        paper = paper_from_json(json.loads(line))
        check(Extraction(paper))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is no paper") from error
    return paper
