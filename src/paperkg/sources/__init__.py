"""Reading papers from files: finding, safely opening, detecting, parsing, merging."""

from paperkg.sources.reader import read_papers

__all__ = ["read_papers"]
