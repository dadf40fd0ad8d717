"""Papers in shards, each a file: for machines that share a disk and no more.

What is found in a shard depends on nothing but the shard and the reader. It is written as a whole, and then its seal
beside it, which says of what papers and by which reader it is: a shard with its seal is not read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from paperkg.errors import SourceError
from paperkg.export.files import new_file, write_file
from paperkg.extraction import ExtractionCache, extract_papers, reader_identity
from paperkg.extraction.lines import extraction_of, paper_line, read_lines
from paperkg.lexicon import Lexicon
from paperkg.model import Extraction, Paper


class Seal(NamedTuple):
    """What stands beside a shard that is done.

    Attributes:
        papers: SHA-256 of the file of papers.
        reader: what read them, by `reader_identity`.
        found: SHA-256 of the file of what was found.
    """

    papers: str
    reader: str
    found: str


def split_papers(papers: Iterable[Paper], folder: Path, size: int = 10_000) -> list[Path]:
    """Write papers as shards.

    Args:
        papers: any number; they are read as a stream.
        folder: gets `00000.jsonl`, `00001.jsonl`, ...; made if missing.
        size: papers of a shard.

    Returns:
        The files, in the order of the papers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stream, files = iter(papers), list[Path]()
    while shard := list(islice(stream, size)):
        files.append(folder / f"{len(files):05}.jsonl")
        write_file(files[-1], b"".join(map(paper_line, shard)))
    return files


def read_shard(
    papers: Path, found: Path, *, fast: bool = False, lexicon: Lexicon | None = None, processes: int = 1
) -> bool:
    """Extract what the papers of a shard name, unless that is done.

    Args:
        papers: JSON Lines of `split_papers`.
        found: gets JSON Lines as `paperkg extract` writes them, in the order of the papers; its seal goes beside it.
        fast, lexicon, processes: as for `extract_papers`.

    Returns:
        Whether the papers were read.

    Raises:
        SourceError: a line is no paper.
        GraphError: another process is writing what is found.
    """
    with papers.open("rb") as file:
        source = hashlib.file_digest(file, "sha256").hexdigest()
    reader = reader_identity(fast=fast, lexicon=lexicon)
    if _seal(found) == (source, reader, _hash(found)):
        return False
    digest = hashlib.sha256()

    def read(stream: Iterable[Paper]) -> Iterator[Extraction]:
        return extract_papers(stream, fast=fast, lexicon=lexicon, processes=processes)

    try:
        with papers.open("rb") as lines, new_file(found) as out:
            for line in read_lines(lines, read):
                digest.update(line)
                out.write(line)
    except ValueError as error:
        raise SourceError(str(error), file=str(papers), hint="split the papers again") from error
    seal = Seal(source, reader, digest.hexdigest())
    write_file(_seal_of(found), json.dumps(seal._asdict(), indent=1).encode() + b"\n")
    return True


def keep_shard(found: Path, cache: ExtractionCache) -> int:
    """Put what was found in a shard into a cache, where `build` finds it.

    Returns:
        How many papers it has.

    Raises:
        SourceError: it is not done, was changed, or is of another reader than the cache.
    """
    seal = _seal(found)
    if seal is None or seal.found != _hash(found):
        raise SourceError("is not done, or was changed", file=str(found), hint="read the shard again")
    if seal.reader != cache.identity:
        hint = "the extractor, the versions of libraries, or the lexicon"
        raise SourceError("was made by another reader than this one", file=str(found), hint=hint)
    number = 0
    with found.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                cache.put(extraction_of(line))
            except ValueError as error:
                raise SourceError(str(error), file=str(found), line=number) from error
    return number


def _seal_of(found: Path) -> Path:
    return found.with_name(f"{found.name}.seal.json")


def _seal(found: Path) -> Seal | None:
    try:
        return Seal(**json.loads(_seal_of(found).read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError):
        return None


def _hash(found: Path) -> str:
    try:
        with found.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
